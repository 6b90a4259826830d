#!/bin/sh
# Whether the cost a byte stays flat: builds, merges and searches indexes of 0.1, 1, 4 and 10 GB of text.
#   benchmarks/scale.sh BUILD_FOLDER [GB...]      `make bench-scale` calls it
# The text: generated filings, four fifths news and one fifth pages; where the corpora are (GAOSOU_CORPORA, default ../shared/corpora) their
# news and prospectus pages take the place of up to half of it. Built without stored text on one thread, and with it on two;
# --memory as it is by default, so that large ones are written in several runs. Then one merge, and searches in one process: 300 queries a class drawn
# from the index. Files are below BENCH_FOLDER (default: a temporary folder): 10 GB need about 25 GB of disk; a quarter of an
# hour. One JSON line for each build, and a row of a Markdown table on standard error.
set -eu
build=$1
shift
[ $# -gt 0 ] || set -- 0.1 1 4 10
for gb in "$@"; do
    case $gb in *[!0-9.]* | *.*.* | . | '') gb=0 ;; esac
    awk -v gb="$gb" 'BEGIN { exit !(gb >= 0.01 && gb <= 1000) }' || {
        echo "GB: not a number from 0.01 to 1000: $*" >&2
        exit 2
    }
done
here=$(cd "$(dirname "$0")" && pwd)
corpora=${GAOSOU_CORPORA:-$here/../../shared/corpora}
case $build in /*) ;; *) build=$here/../$build ;; esac
scratch=$(mktemp -d "${BENCH_FOLDER:-${TMPDIR:-/tmp}}/scale.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
index=$scratch/index

now() { date +%s.%N; }

inputs() { # inputs GB: writes $scratch/*.jsonl
    rm -f "$scratch"/*.jsonl
    bytes=$(echo "$1" | awk '{printf "%.0f", $1 * 1e9}')
    real=0
    if [ -d "$corpora" ] && command -v zstd >/dev/null 2>&1; then
        for name in news/docs prospectus/pages; do
            zstd -dc "$corpora/$name.jsonl.zst" 2>/dev/null | head -c $((bytes / 4)) | sed '$d' >"$scratch/real-${name%%/*}.jsonl"
        done
        real=$(cat "$scratch"/real-*.jsonl | wc -c)
    fi
    "$build/benchmarks/gen_corpus" --bytes $(((bytes - real) / 5 * 4)) --seed 1 >"$scratch/news.jsonl"
    "$build/benchmarks/gen_corpus" --bytes $(((bytes - real) / 5)) --seed 1 --style pages >"$scratch/pages.jsonl"
}

watched() { # watched COMMAND...: sets seconds, cpu (seconds) and rss (highest RssAnon, MB, looked at ten times a second)
    from=$(now)
    "$@" &
    pid=$!
    rss=0 ticks=0
    while kill -0 $pid 2>/dev/null; do
        kb=$(awk '/^RssAnon:/ {print $2}' /proc/$pid/status 2>/dev/null) || true
        [ "${kb:-0}" -le $rss ] || rss=$kb
        ticks=$(sed 's/.*) //' /proc/$pid/stat 2>/dev/null | awk -v t=$ticks '{n = $12 + $13} END {print (n > t ? n : t)}')
        sleep 0.1
    done
    wait $pid
    seconds=$(echo "$from $(now)" | awk '{printf "%.2f", $2 - $1}')
    cpu=$(echo "$ticks $(getconf CLK_TCK)" | awk '{printf "%.2f", $1 / $2}')
    rss=$((rss / 1024))
}

stat_of() { # stat_of NAME
    "$build/gaosou-index" stats "$index" | awk -F '\t' -v name="$1" '$1 == name {print $2}'
}

searches() { # sets found: "CLASS": [p50, p99] in microseconds
    found=
    for class in phrase short or text; do
        any=
        [ $class != text ] || any=--any
        "$build/benchmarks/bench_query" --index "$index" --draw $class --number 300 --seed 7 >"$scratch/queries.tsv"
        pair=$("$build/benchmarks/bench_query" --index "$index" --queries "$scratch/queries.tsv" --repeat 3 $any |
            sed 's/.*"p50_us":\([0-9.]*\).*"p99_us":\([0-9.]*\).*/\1,\2/')
        found="$found${found:+,}\"$class\":[$pair]"
    done
}

measure() { # measure GB THREADS TEXT
    rm -rf "$index"
    option=--no-text
    [ "$3" = no ] || option=--quiet
    watched "$build/gaosou-index" add --quiet $option --threads "$2" "$index" "$scratch"/*.jsonl
    segments=$(stat_of segments) built=$seconds built_cpu=$cpu built_rss=$rss
    watched "$build/gaosou-index" merge "$index" >"$scratch/merge.log"
    found=
    [ "$3" = no ] || searches
    [ -n "$text" ] || text=$(stat_of "text bytes")
    bytes=$(stat_of bytes)
    echo "$text $built $built_cpu $built_rss $segments $seconds $rss $bytes $(stat_of filings)" | awk -v gb="$1" -v threads="$2" -v kept="$3" -v found="$found" '{
        printf "{\"bench\":\"scale\",\"gb\":%s,\"threads\":%d,\"text\":\"%s\",\"filings\":%d,\"text_bytes\":%.0f,\"seconds\":%s,\"cpu_seconds\":%s,\"mb_per_s\":%.1f,\"mb_per_cpu_s\":%.1f,\"rss_anon_mb\":%d,\"segments\":%d,\"merge_seconds\":%s,\"merge_rss_anon_mb\":%d,\"index_bytes\":%.0f,\"ratio\":%.4f,\"us\":{%s}}\n",
            gb, threads, kept, $9, $1, $2, $3, $1 / 1e6 / $2, $1 / 1e6 / $3, $4, $5, $6, $7, $8, $8 / $1, found
        gsub(/[":\[]|phrase|short|or|text/, "", found); gsub(/\],?/, " | ", found); gsub(/,/, ", ", found)
        if (found == "") found = "- | - | - | - |"
        printf "| %s | %s, %d | %d | %.0f (%.0f) | %d | %d | %s | %.3f | %s\n", gb, kept, threads, $9, $1 / 1e6 / $2, $1 / 1e6 / $3, $4, $5, $6, $8 / $1, found >"/dev/stderr"
    }'
}

echo "| GB | text, threads | filings | MB/s (of CPU time) | RssAnon MB | segments | merge s | bytes / text | phrase p50, p99 | short | or | text --any |" >&2
echo "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |" >&2
for gb in "$@"; do
    inputs "$gb"
    text= # an index without text does not say how much there was: the first one of a size does
    measure "$gb" 2 yes
    measure "$gb" 1 no
done
