#!/bin/sh
# What gaosou-query prints, byte for byte: text, Chinese, colour, JSON, JSON lines, counts. Wanted output stands beside this file.
set -u
here=$(cd "$(dirname "$0")" && pwd)
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
index=$TMP/index
"$GAOSOU_INDEX_BIN" add "$index" - --quiet <"$here/query_filings.jsonl" || exit 1

# expect NAME EXIT ARGUMENTS...: standard output equals query_NAME.out, apart from the time and the last digits of scores;
# $vars are set in the environment
vars=
expect() {
    name=$1 code=$2
    shift 2
    env $vars "$GAOSOU_QUERY_BIN" "$@" >"$TMP/raw" 2>"$TMP/err"
    got=$?
    sed 's/"took_us":[0-9]*/"took_us":0/; s/\("score":[0-9]*\.[0-9]\{0,6\}\)[0-9]*/\1/g' "$TMP/raw" >"$TMP/out"
    [ -n "${GAOSOU_TEST_ACCEPT:-}" ] && [ $got -eq "$code" ] && cp "$TMP/out" "$here/query_$name.out"
    [ $got -eq "$code" ] || { echo "$name: exit $got, wanted $code"; bad=1; }
    diff -u "$here/query_$name.out" "$TMP/out" || bad=1
}

expect text 0 "$index" 净利润
expect color 0 "$index" 净利润 增长 --color always
expect page 0 "$index" 金融资产控制
vars=LC_ALL=zh_CN.UTF-8
expect chinese 0 "$index" 净利润 --limit 1
vars=
expect json 0 "$index" '净利润|募集资金' --json --limit 1
expect jsonl 0 "$index" --jsonl 净利润 --offset 1 --limit 2
grep -q '^4 filings, 6 hits' "$TMP/err" || { echo "jsonl: totals on standard error are $(cat "$TMP/err")"; bad=1; }
expect count 0 "$index" --count 净利润
expect count_json 0 "$index" --count --json 净利润 -亏损
expect no_snippets 0 "$index" title:报告 --no-snippets
expect quiet 0 "$index" --quiet 净利润
expect filter 0 "$index" 净利润 date:2024-03..2024-04
expect filter_alone 0 "$index" --no-snippets --unknown period:2023 -亏损
expect filter_json 0 "$index" --json --limit 0 'date:2024|title:公告'
expect filter_nothing 1 "$index" 净利润 date:..1999
vars=LC_ALL=zh_CN.UTF-8
expect filter_chinese 0 "$index" --no-snippets --limit 1 净利润 period:2023
vars=
expect nothing 1 "$index" 净利润增长放缓了 亏损
vars=LANG=zh_CN.UTF-8
expect nothing_chinese 1 "$index" 净利润 存货跌价准备金
vars=
expect nothing_json 1 "$index" --json 没有的词
expect nothing_count 1 "$index" --count 没有的词
expect any 0 "$index" --any 净利润增长了多少 --limit 2
expect literal 0 "$index" -F '净利润1,234.50万元，同比' --limit all

# GAOSOU_INDEX stands in for INDEX; an index as first argument wins
vars=GAOSOU_INDEX=$index
expect count 0 --count 净利润
vars=GAOSOU_INDEX=/nowhere
expect count 0 "$index" --count 净利润
vars=
printf '净利润\n' | expect count 0 "$index" --count -F -
expect count 0 --count -- "$index" 净利润
exit $bad
