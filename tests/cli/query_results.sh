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
    sed 's/"took_us":[0-9]*/"took_us":0/; s/"cursor":"[^"]*"/"cursor":"..."/; s/--cursor [A-Za-z0-9_-]*/--cursor .../; s/\("score":[0-9]*\.[0-9]\{0,6\}\)[0-9]*/\1/g' "$TMP/raw" >"$TMP/out"
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

# ids alone; behind the last page; filters without a query
[ "$("$GAOSOU_QUERY_BIN" "$index" 净利润 -l --limit 1)" = muyun-q1 ] || { echo '-l is not the id'; bad=1; }
[ "$("$GAOSOU_QUERY_BIN" "$index" 净利润 -c --limit 1)" = muyun-q1:3 ] || { echo '-c is not the id'; bad=1; }
"$GAOSOU_QUERY_BIN" "$index" 净利润 --offset 30 | grep -q '^no more behind 30: there are 4' || { echo 'nothing said behind the last page'; bad=1; }
echo '{"filters":"date:2024","limit":1}' | "$GAOSOU_QUERY_BIN" "$index" --batch | grep -q '"hits":\[{"rank":1' || { echo 'filters alone in a batch'; bad=1; }
# a facet that is none, in the language and with the nearest
LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" "$index" 净利润 --facet years 2>&1 | grep -q '不能按“years”统计；是否想用 year' || { echo 'facet error'; bad=1; }
# a tab is the end of a cell in a passage, inside a hit too
printf '%s\n' '{"id":"tab","title":"云帆公告","text":"证券简称：云帆精工\t编号：临九号文件"}' | "$GAOSOU_INDEX_BIN" add "$TMP/tab" - --quiet
"$GAOSOU_QUERY_BIN" "$TMP/tab" 云帆精工编号 | grep -q '云帆精工 编号' || { "$GAOSOU_QUERY_BIN" "$TMP/tab" 云帆精工编号; bad=1; }
# years in their order, their head in the language, what is unknown in the same columns
LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" "$index" id:\* --facet year --limit 0 --pager never >"$TMP/facet"
grep -q '^年份$' "$TMP/facet" || { cat "$TMP/facet"; bad=1; }
grep -E '^  [0-9]{4} ' "$TMP/facet" | sort -c || bad=1

# GAOSOU_INDEX stands in for INDEX; an index as first argument wins
vars=GAOSOU_INDEX=$index
expect count 0 --count 净利润
vars=GAOSOU_INDEX=/nowhere
expect count 0 "$index" --count 净利润
vars=
printf '净利润\n' | expect count 0 "$index" --count -F -
expect count 0 --count -- "$index" 净利润

# say PATTERN ARGUMENTS...: a line of the output has this pattern
say() {
    pattern=$1
    shift
    "$GAOSOU_QUERY_BIN" "$@" >"$TMP/out" 2>&1
    grep -q -- "$pattern" "$TMP/out" || { echo "$*: wanted $pattern"; cat "$TMP/out"; bad=1; }
}

# The filings of a lone character are exact, its hits need not be.
awk 'BEGIN { for (i = 0; i < 300; i++) { printf "{\"id\":\"%d\",\"text\":\"", i
    for (k = 0; k < 1 + i % 7; k++) printf "公司开公告"
    print "。\"}" } }' | "$GAOSOU_INDEX_BIN" add "$TMP/many" - --quiet || exit 1
say '^300 filings, at least [0-9]* hits' "$TMP/many" 公 --limit 2
say '"total":300,"total_relation":"eq","hits_total":[0-9]*,"hits_relation":"gte"' "$TMP/many" 公 --limit 2 --json
say '"total":300,"total_relation":"eq","hits_total":2394,"hits_relation":"eq"' "$TMP/many" 公 --count --json
say '^300 filings, 2394 hits' "$TMP/many" '公*'

# The 300 filings say seven things.
say '^293 of them say the same as another and are listed with it$' "$TMP/many" 公 --collapse
say '^ *also as: 13  20  27  34  41  48  55  62  and 33 more$' "$TMP/many" 公 --collapse
say '"total":300,.*"collapsed":293,' "$TMP/many" 公 --collapse --json
say '"duplicates":\["12","19",' "$TMP/many" 公 --collapse --jsonl --limit 1 --offset 1
say '"collapsed":293,.*"hits":\[\]' "$TMP/many" 公 --collapse --json --count
say '^300$' "$TMP/many" 公 --collapse --count
"$GAOSOU_QUERY_BIN" "$TMP/many" 公 --collapse --jsonl --no-snippets --limit all 2>"$TMP/err" >"$TMP/whole"
for i in 0 2 4 6; do
    "$GAOSOU_QUERY_BIN" "$TMP/many" 公 --collapse --jsonl --no-snippets --limit 2 --offset $i 2>"$TMP/err"
done >"$TMP/paged"
[ "$(wc -l <"$TMP/whole")" -eq 7 ] || { echo "--collapse shows not 7 hits"; bad=1; }
cmp "$TMP/whole" "$TMP/paged" || { echo "pages of --collapse do not fit together"; bad=1; }

# A shorter piece begins with no punctuation; the columns of parts and filters are one.
say '^try a shorter piece: 亏损扩大 (1)$' "$index" 甲，亏损扩大乙
say '^  净利润           4 filings$' "$index" 净利润 date:2021-03-01
say '^  date:2021-03-01  0 filings$' "$index" 净利润 date:2021-03-01
say '"company":null' "$index" 净利润 --json
say 'no syntax but quotes' --help
say ' -- QUERY' --help

# Behind -- nothing is an option.
say '^3 filings' "$index" 净利润 -- -亏损
say 'Read as: 净利润 and not RK3588' "$index" 净利润 -- -RK3588
say 'Read as: 净利润 and not RK3588' "$index" 净利润 -e -RK3588
exit $bad
