#!/bin/sh
# Wrong use of gaosou-query: exit code 2, one line on standard error, nothing on standard output.
set -u
here=$(cd "$(dirname "$0")" && pwd)
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
index=$TMP/index
"$GAOSOU_INDEX_BIN" add "$index" - --quiet <"$here/query_filings.jsonl" || exit 1
mkdir "$TMP/folder" && echo x >"$TMP/folder/file" && : >"$TMP/empty"

# refuse MESSAGE ARGUMENTS...: exit 2, and MESSAGE is in the one line of standard error
refuse() {
    message=$1
    shift
    "$GAOSOU_QUERY_BIN" "$@" >"$TMP/out" 2>"$TMP/err"
    got=$?
    [ $got -eq 2 ] || { echo "$*: exit $got, wanted 2"; bad=1; }
    [ -s "$TMP/out" ] && { echo "$*: standard output is not empty"; bad=1; }
    [ "$(wc -l <"$TMP/err")" -eq 1 ] || { echo "$*: not one line: $(cat "$TMP/err")"; bad=1; }
    grep -qF -- "$message" "$TMP/err" || { echo "$*: wanted: $message"; cat "$TMP/err"; bad=1; }
}

refuse "'净利润' is not an index; usage: gaosou-query INDEX QUERY" 净利润 "$index"
refuse "(the index is '$index')" 净利润 "$index"
refuse "'净利润' is not an index; usage: gaosou-query INDEX QUERY" 净利润
refuse "is not an index; usage: gaosou-query INDEX QUERY" "$TMP/folder" 净利润
refuse "is not an index; usage: gaosou-query INDEX QUERY" "$TMP/empty" 净利润
refuse "is not an index; usage: gaosou-query INDEX QUERY" "$TMP/nowhere" 净利润
LC_ALL=zh_CN.UTF-8
export LC_ALL
refuse '“净利润”不是索引' 净利润 "$index"
unset LC_ALL
refuse 'no index; usage: gaosou-query INDEX QUERY'
refuse 'no query; usage: gaosou-query INDEX QUERY' "$index"
refuse "unknown option '--frob'" "$index" --frob x
refuse "unknown option '-x'" "$index" -x
refuse "unknown option '-date:2024'; a query that begins with - follows -e or --" "$index" 净利润 -date:2024
refuse "unknown option '-RK3588'" "$index" 净利润 -RK3588
refuse 'no such day or month: 2024-06-31' "$index" date:2024-06-31
refuse '--limit wants a number or all' "$index" x --limit many
refuse '--limit wants a number or all' "$index" x --limit=-1
refuse '--offset wants a number' "$index" x --offset all
refuse '--limit wants a value' "$index" x --limit
refuse '--color wants auto, always or never' "$index" x --color red
refuse '--b wants a number from 0 to 1' "$index" x --b 2
refuse '--json takes no value' "$index" x --json=1
refuse '--sort wants score, newest, oldest, code or length' "$index" x --sort best
refuse '--within wants filing, sentence or paragraph' "$index" x --within word
refuse '--timeout wants a time such as 500ms' "$index" x --timeout soon
refuse '--timeout wants a time' "$index" x --timeout 0
refuse '--min-match wants a number from 1, or a percentage' "$index" x --any --min-match 101%
refuse '--min-match wants' "$index" x --any --min-match 0
refuse '--facet wants names with commas' "$index" x --facet code,,year
refuse '--facet takes at most' "$index" x --facet a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p --facet q
refuse '--context wants a number up to 1000' "$index" x --context 5000
refuse '--spans wants bytes or utf16' "$index" x --json --spans utf32
refuse '--rank wants plain, full' "$index" x --rank best
refuse '--csv and --json do not go together' "$index" x --csv --json
refuse '--min-match goes with --any or --batch only' "$index" x --min-match 2
refuse '--rows goes with --csv, --jsonl or --tsv only' "$index" x --rows hits
refuse '--cursor and --offset do not go together' "$index" x --cursor abc --offset 10
refuse '--show and --csv do not go together' "$index" --csv --show a
refuse '--batch reads its queries from standard input' "$index" --batch x
refuse '--threads goes with --batch only' "$index" x --threads 2
refuse '-F takes the whole query' "$index" 净利润refuse '-F takes the whole query' "$index" 净利润 -F 增长
refuse '-F takes the whole query' "$index" --any -F 增长
refuse 'column 1' "$index" '"净利润'
refuse 'column 1' "$index" ''
refuse 'only exclusions' "$index" -e -净利润
refuse 'column' "$index" ')('

# a query that is too long, and hostile ones: an answer or an error, never a crash
head -c 5000000 /dev/zero | tr '\0' a >"$TMP/long"
refuse 'longer than' "$index" -F - <"$TMP/long"
head -c 1000000 /dev/urandom >"$TMP/noise"
"$GAOSOU_QUERY_BIN" "$index" -F - <"$TMP/noise" >/dev/null 2>&1
[ $? -le 2 ] || { echo 'random bytes: crashed'; bad=1; }
"$GAOSOU_QUERY_BIN" "$index" "$(printf '\377\376净利润\300')" --json >"$TMP/out" 2>/dev/null
[ $? -le 2 ] || { echo 'broken UTF-8: crashed'; bad=1; }

# a damaged segment: an error, no answer that is wrong
cp -r "$index" "$TMP/damaged"
segment=$(ls "$TMP/damaged"/*.seg)
dd if=/dev/urandom of="$segment" bs=1 seek=64 count=3000 conv=notrunc 2>/dev/null
"$GAOSOU_QUERY_BIN" "$TMP/damaged" 净利润 >/dev/null 2>"$TMP/err"
[ $? -eq 2 ] || { echo "damaged segment: exit code is not 2"; cat "$TMP/err"; bad=1; }

# damage that only the passages meet (the text section comes first): an error, and no JSON object that looks whole
awk 'BEGIN { srand(1); for (i = 0; i < 300; i++) { printf "{\"id\":\"%d\",\"text\":\"净利润", i
    for (k = 0; k < 40; k++) printf " %d.%02d 芯片", rand() * 1e9, rand() * 100
    print "。\"}" } }' | "$GAOSOU_INDEX_BIN" add "$TMP/figures" - --quiet || exit 1
index=$TMP/figures
rm -r "$TMP/damaged" && cp -r "$index" "$TMP/damaged"
dd if=/dev/urandom of="$segment" bs=1 seek=4096 count=64 conv=notrunc 2>/dev/null
"$GAOSOU_QUERY_BIN" "$TMP/damaged" 净利润 --no-snippets >/dev/null || { echo 'damaged text: matters without passages'; bad=1; }
refuse 'section text' "$TMP/damaged" 净利润 --json
refuse 'section text' "$TMP/damaged" 净利润 --jsonl

# every byte of a segment in turn (with a stride): the right answer, or an error that names a section or the header
answer() { "$GAOSOU_QUERY_BIN" "$1" '净利润|芯*' --limit 20 --json 2>"$TMP/err" | sed 's/"took_us":[0-9]*//'; }
answer "$index" >"$TMP/right"
size=$(wc -c <"$segment")
at=0
while [ $at -lt "$size" ]; do
    cp "$index"/*.seg "$segment"
    printf '\245' | dd of="$segment" bs=1 seek=$at conv=notrunc 2>/dev/null
    answer "$TMP/damaged" >"$TMP/out"
    if [ -s "$TMP/err" ]; then
        grep -q 'section\|header\|no segment file\|page checksums' "$TMP/err" || { echo "byte $at: $(cat "$TMP/err")"; bad=1; }
        [ -s "$TMP/out" ] && { echo "byte $at: an error and an answer"; bad=1; }
    else
        cmp -s "$TMP/out" "$TMP/right" || { echo "byte $at: a wrong answer"; bad=1; }
    fi
    at=$((at + 4051))
done
: >"$TMP/damaged/manifest"
refuse 'manifest' "$TMP/damaged" 净利润

# output that cannot be written is an error, a reader that went away is none
if [ -w /dev/full ]; then
    "$GAOSOU_QUERY_BIN" "$index" 净利润 >/dev/full 2>"$TMP/err"
    [ $? -eq 2 ] || { echo '/dev/full: exit code is not 2'; bad=1; }
    grep -q 'standard output' "$TMP/err" || { echo "/dev/full: $(cat "$TMP/err")"; bad=1; }
fi
"$GAOSOU_QUERY_BIN" "$index" 净利润 --limit all 2>"$TMP/err" | head -n 1 >/dev/null
[ -s "$TMP/err" ] && { echo "closed pipe: $(cat "$TMP/err")"; bad=1; }

# a terminal sees nothing of what a filing holds against it
for format in --color=never --color=always --json --jsonl; do
    "$GAOSOU_QUERY_BIN" "$index" 净利润 $format 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | tr -d '\n' >"$TMP/out"
    LC_ALL=C grep -q '[[:cntrl:]]' "$TMP/out" && { echo "$format: a control character gets through"; bad=1; }
    grep -q "$(printf '\302\233\|\342\200\256')" "$TMP/out" && { echo "$format: a C1 or bidi control gets through"; bad=1; }
done

"$GAOSOU_QUERY_BIN" --help | grep -q 'exit code: 0 found, 1 nothing found, 2 an error' || { echo 'no --help'; bad=1; }
"$GAOSOU_QUERY_BIN" --version | grep -q '^gaosou-query [0-9]' || { echo 'no --version'; bad=1; }
LC_ALL=zh_CN "$GAOSOU_QUERY_BIN" --help | grep -q '用法' || { echo 'no --help in Chinese'; bad=1; }
exit $bad
