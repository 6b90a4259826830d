#!/bin/sh
# Sizes and instruction counts against those that are checked in, so that a loss shows in review without a clock.
#   benchmarks/check.sh BUILD_FOLDER          compares with sizes.csv and instructions.csv; exit 1 where something is worse
#   UPDATE=1 benchmarks/check.sh BUILD_FOLDER writes both files anew, to be looked at in the diff
# `make bench-check [UPDATE=1]` calls it. It takes about a minute and installs valgrind where that is missing.
#
# Sizes: bytes of every section of the index of 20 MB of generated filings and of examples/filings, with text and without; each may grow by
# 0.5% (or 64 bytes) before this fails. The bytes of an index are a function of its input, so there is no noise.
# Instructions: what callgrind counts in our own functions for the works of check_work.c on scalar paths; each may grow by 2%. One thread,
# a fixed input, and nothing counted in the C library, libm and libzstd, whose code depends on the processor; so a program gives one
# number. (zstd's assembly has no names: what has none is left out, too.) Another compiler gives other numbers: the first line of the file names the one that was used, and under
# another the counts are shown and not judged.
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/.." && pwd)
case $build in /*) ;; *) build=$root/$build ;; esac
update=${UPDATE:-0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compiler="$(${CC:-cc} --version | sed 1q) $(uname -m)"
gen=$build/benchmarks/gen_corpus
check=$build/benchmarks/check_work

if ! command -v valgrind >/dev/null 2>&1; then
    echo "installing valgrind" >&2
    as_root=
    [ "$(id -u)" -eq 0 ] || as_root=sudo
    { $as_root apt-get update && $as_root apt-get install -y --no-install-recommends valgrind; } >"$work/log" 2>&1 || {
        tail -n 5 "$work/log" >&2
        echo "bench-check needs valgrind, and it cannot be installed here" >&2
        exit 2
    }
fi

# ---- inputs; everything by relative names, so that no path has a part in a count ----
cd "$work"
cp -R "$root/examples/filings" filings
cp "$here/queries/check.tsv" queries.tsv
"$gen" --bytes 16m --seed 11 >generated-news.jsonl
"$gen" --bytes 4m --seed 11 --style pages >generated-pages.jsonl
"$gen" --bytes 2m --seed 12 >news.jsonl
"$gen" --bytes 1m --seed 12 --style pages >pages.jsonl

# ---- sizes ----
index() { # index CORPUS TEXT INPUT...: one more index, and its rows
    corpus=$1 text=$2
    shift 2
    set -- "$corpus-$text" "$@"
    if [ "$text" = no ]; then set -- --no-text "$@"; fi
    "$build/gaosou-index" add --quiet --threads 1 "$@" >&2
    "$build/gaosou-index" stats "$corpus-$text" | awk -F '\t' -v head="$corpus,$text" '
        $1 == "bytes" { print head ",all," $2 }
        $1 ~ /^section / { print head "," substr($1, 9) "," $2 }'
}
{
    echo "corpus,text,section,bytes"
    for text in no yes; do
        index generated $text generated-news.jsonl generated-pages.jsonl
        index examples $text filings
    done
} >sizes.csv

# ---- instructions ----
count() { # count NAME WORK ARGUMENT...: a row
    name=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file=counts --compress-strings=no --compress-pos=no --dump-line=no \
        --collect-atstart=no --toggle-collect=check_measured "$check" "$@" >log 2>&1 || {
        cat log >&2
        exit 2
    }
    # Cost lines are a position and a count; one behind "calls=" is the callee's and stands there again.
    awk -v name="$name" -v object="$check" '
        /^ob=/ { own = $0 == "ob=" object }
        /^fn=/ { fn = substr($0, 4); foreign = fn ~ /^(0x|ZSTD|HUF|FSE|HIST|XXH|ERR_|BIT_|MEM_|COVER|POOL|divsuf|inflate|deflate|adler|crc32)/ }
        /^calls=/ { getline; next }
        /^[0-9]/ && own && !foreign { sum += $2; if (fn ~ /avx|ssse3/) vector = fn }
        END { if (vector) { print "check.sh: a vector kernel ran: " vector >"/dev/stderr"; exit 1 }; printf "%s,%d\n", name, sum }' counts
}
{
    echo "# $compiler"
    echo "work,instructions"
    count "tokenise news" tokenise news.jsonl
    count "tokenise pages" tokenise pages.jsonl
    count "build" build news.jsonl built
    count "build pages with text" build-text pages.jsonl built-text
    for class in phrase short frequent all or word char prefix filtered; do
        count "query $class" query generated-yes queries.tsv $class
    done
    for class in any text; do
        count "query $class" any generated-yes queries.tsv $class
    done
    count "snippets phrase" snippets generated-yes queries.tsv phrase
} >instructions.csv

if [ "$update" = 1 ]; then
    cp "$work/sizes.csv" "$here/sizes.csv"
    cp "$work/instructions.csv" "$here/instructions.csv"
    echo "written: benchmarks/sizes.csv benchmarks/instructions.csv (git diff shows what changed)"
    exit 0
fi

# ---- comparison: the last field is the number, what stands before it the name ----
compare() { # compare FILE PERCENT SLACK JUDGE
    awk -F, -v percent="$2" -v slack="$3" -v judge="$4" -v file="$1" '
        /^#/ { next }
        { name = $1; for (i = 2; i < NF; i++) name = name " " $i; value = $NF + 0 }
        $NF !~ /^[0-9]+$/ { next }
        NR == FNR { old[name] = value; next }
        { seen[name] = 1; ratio = name in old && old[name] ? value / old[name] : 0; note = "" }
        !(name in old) { note = "new"; bad++ }
        name in old && value > old[name] * (1 + percent / 100) && value > old[name] + slack { note = "WORSE"; bad++ }
        name in old && value < old[name] * (1 - percent / 100) && value + slack < old[name] { note = "better" }
        judge && name in old && value < old[name] * 0.9 { much++ }
        { printf "%-36s %14s %14d %8.4f  %s\n", name, name in old ? old[name] : "-", value, ratio, note }
        END {
            for (name in old) if (!(name in seen)) { printf "%-36s %14d %14s %8s  gone\n", name, old[name], "-", "-"; bad++ }
            if (much) print much " rows of " file " are better by more than 10%: make bench-check UPDATE=1 keeps that"
            exit judge && bad ? 1 : 0
        }' "$here/$1" "$work/$1"
}
printf '%-36s %14s %14s %8s\n' "" "checked in" "now" ratio
bad=0
compare sizes.csv 0.5 64 1 || bad=1
judge=1
if [ "$(sed -n '1s/^# //p' "$here/instructions.csv")" != "$compiler" ]; then
    judge=0
    echo "instructions: counted with $(sed -n '1s/^# //p' "$here/instructions.csv"), here is $compiler: shown, not judged"
fi
compare instructions.csv 2 0 $judge || bad=1
if [ $bad -ne 0 ]; then
    echo "bench-check: worse than what is checked in, or other rows; where that is meant: make bench-check UPDATE=1, and say why in the commit"
    exit 1
fi
echo "bench-check: nothing is worse"
