#!/bin/sh
# Answers for programs and spreadsheets: --tsv, --csv, --rows hits, --fields, -l, -c, --matrix, facets.
set -u
here=$(cd "$(dirname "$0")" && pwd)
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
index=$TMP/index
"$GAOSOU_INDEX_BIN" add "$index" - --quiet <"$here/query_filings.jsonl" || exit 1

# expect WANTED ARGUMENTS...: standard output is WANTED, a printf format
expect() {
    # shellcheck disable=SC2059
    printf "$1" >"$TMP/wanted"
    shift
    "$GAOSOU_QUERY_BIN" "$index" "$@" >"$TMP/out" 2>"$TMP/err" || { echo "$*: exit $?"; bad=1; }
    cmp -s "$TMP/wanted" "$TMP/out" || { echo "$*:"; diff "$TMP/wanted" "$TMP/out"; bad=1; }
}

expect 'ruiyun-2023:2\nmuyun-q1:3\nevil:1\nplain:1\n' '净利润|募集资金' -c
expect 'muyun-q1\nruiyun-2023\n' '净利润 增长' -l
expect '{"id":"muyun-q1","hits":4,"spans":[[6,21],[30,39]],"sentence":"公司净利润增长放缓。净利润质量提高。"}\n' \
    '净利润 增长' --jsonl --limit 1 --fields id,hits,spans,sentence
expect 'id\tcodes\tpage_label\nruiyun-2023\t603999,8999.HK\t1\n' 募集资金 --tsv --fields id,codes,page_label
# a byte-order mark, CRLF, quotes; texts that look like numbers stay texts
expect '\357\273\277codes,page_label,date\r\n"603999,8999.HK","=""1""",2024-03-29\r\n' \
    募集资金 --csv --fields codes,page_label,date
# every sentence with an occurrence is a row
"$GAOSOU_QUERY_BIN" "$index" '净利润|募集资金' --rows hits --tsv --quiet >"$TMP/out" || bad=1
[ "$(wc -l <"$TMP/out")" -eq 8 ] || { echo 'not 7 rows:'; cat "$TMP/out"; bad=1; }
# the totals go to standard error, or nowhere
expect 'id\nruiyun-2023\n' 募集资金 --tsv --fields id
grep -q '1 filing, 1 hit' "$TMP/err" || { echo 'no totals on standard error'; bad=1; }

# no spreadsheet takes a text for a formula
printf '%s\n' '{"id":"=cmd|x","title":"@SUM(1)","text":"+增长的正文，含\"引号\"。"}' >"$TMP/formula.jsonl"
"$GAOSOU_INDEX_BIN" add "$TMP/formula" "$TMP/formula.jsonl" --quiet || exit 1
index=$TMP/formula
expect "\357\273\277id,title\r\n'=cmd|x,'@SUM(1)\r\n" 增长 --csv --fields id,title
# in TSV ids can be used and spans fit
expect "id\ttitle\tspans\n=cmd|x\t@SUM(1)\t1-7\n" 增长 --tsv --fields id,title,spans
expect "\357\273\277id,sentence\r\n'=cmd|x,\"'+增长的正文，含\"\"引号\"\"。\"\r\n" 增长 --csv --fields id,sentence

# full-width signs are formulas, too, where characters are so
printf '%s\n' '{"id":"a","title":"－公司","text":"正文。"}' '{"id":"b","title":"＝公司","text":"正文。"}' >"$TMP/wide.jsonl"
"$GAOSOU_INDEX_BIN" add "$TMP/wide" "$TMP/wide.jsonl" --quiet || exit 1
index=$TMP/wide
expect "\357\273\277title\r\n'－公司\r\n'＝公司\r\n" 正文 --csv --fields title

# facets alone as a table
index=$TMP/index
expect 'field\tvalue\tcount\nexchange\tSSE\t1\nyear\t2024\t1\n' 募集资金 --tsv --facet exchange,year --limit 0
expect '\357\273\277field,value,count\r\nyear,2024,1\r\nname,瑞云股份,1\r\n' 募集资金 --csv --facet year,name --limit 0 --facet-limit all

# a matrix is written whole or not at all
index=$TMP/index
"$GAOSOU_QUERY_BIN" "$index" '净利润|增长' --matrix "$TMP/matrix.csv" --limit all --quiet || bad=1
[ "$(head -1 "$TMP/matrix.csv" | tr -d '\r')" = "$(printf '\357\273\277id,codes,name,date,title,净利润,增长')" ] ||
    { echo 'matrix:'; cat "$TMP/matrix.csv"; bad=1; }
[ "$(wc -l <"$TMP/matrix.csv")" -eq 5 ] || { echo 'matrix: not 4 filings'; bad=1; }
# what is there and is no matrix stays: a link is followed, a FIFO, a device and other files are refused
ln -s matrix.csv "$TMP/link.csv"
"$GAOSOU_QUERY_BIN" "$index" 净利润 --matrix "$TMP/link.csv" --quiet || { echo 'matrix over a link to one'; bad=1; }
[ -L "$TMP/link.csv" ] && head -1 "$TMP/matrix.csv" | grep -q '净利润' || { echo 'matrix: the link is gone'; bad=1; }
mkfifo "$TMP/fifo" && echo '{"id":"x","text":"x"}' >"$TMP/other.jsonl" && ln -s /dev/null "$TMP/device"
for target in fifo other.jsonl device; do
    "$GAOSOU_QUERY_BIN" "$index" 净利润 --matrix "$TMP/$target" --quiet 2>/dev/null
    [ $? -eq 2 ] || { echo "matrix over $target: no error"; bad=1; }
done
[ -p "$TMP/fifo" ] && [ "$(cat "$TMP/other.jsonl")" = '{"id":"x","text":"x"}' ] || { echo 'matrix: a file is gone'; bad=1; }
"$GAOSOU_QUERY_BIN" "$index" 净利润 --matrix "$TMP/nowhere/m.csv" --quiet 2>/dev/null
[ $? -eq 2 ] || { echo 'matrix into no folder: no error'; bad=1; }

# spans in UTF-16 code units, facets in JSON
"$GAOSOU_QUERY_BIN" "$index" 募集资金 --json --spans utf16 --facet exchange --no-snippets >"$TMP/out"
grep -qF '"facets":{"exchange":{"values":[{"value":"SSE","count":1}],"more":0,"unknown":0}}' "$TMP/out" ||
    { echo 'facets:'; cat "$TMP/out"; bad=1; }
"$GAOSOU_QUERY_BIN" "$index" 募集资金 --jsonl --spans utf16 --fields spans --rows hits 2>/dev/null >"$TMP/out"
grep -qF '{"spans":[[2,6]]}' "$TMP/out" || { echo 'utf16:'; cat "$TMP/out"; bad=1; }
exit $bad
