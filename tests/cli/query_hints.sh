#!/bin/sh
# What is said where nothing is found, where time is up, and how places are called.
set -u
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
TMP=${TMP:-$(mktemp -d)}
printf '%s\n' \
    '{"id":"a","name":"海河股份","company":"海河重工股份有限公司","code":"603999","date":"2023-01-02","text":"目 录\n一、募 集 資 金 用 途\n公司募集资金使用正常。\n1-1-6\n\f第一节 重要提示\n公司净利润增长。\n1-1-7\n\f其他事项。\n1-1-8\n","broker":"乙证券"}' \
    '{"id":"b","name":"海河环保","code":["603998","300777"],"date":"2024-01-02","text":"公司净利润增长。","broker":"甲证券"}' >"$TMP/in.jsonl"
"$GAOSOU_INDEX_BIN" add --filterable broker "$TMP/index" "$TMP/in.jsonl" --quiet || exit 1

# The answer to the query has the line; says_chinese: with Chinese messages.
says()
{
    line=$1
    shift
    "$GAOSOU_QUERY_BIN" "$TMP/index" "$@" >"$TMP/out" 2>&1
    grep -qF -e "$line" "$TMP/out" || { echo "$*: wanted: $line"; cat "$TMP/out"; bad=1; }
}
says_chinese()
{
    LANG=zh_CN.UTF-8
    export LANG
    says "$@"
    unset LANG
}

# a value that no filing has: those that begin with it, hold it, or are nearest
says 'there is name:海河股份' name:海河
says 'there is name:海河环保' 净利润 name:海河
says 'there is name:海河环保' 净利润 name:环保
says 'there is company:海河重工股份有限公司' company:重工股份
says 'there is code:300777' code:30077
says 'there is broker:甲证券' broker:甲
says_chinese '没有公告是这个值；有：name:海河股份' name:海河股分
says 'no filing has this value: name:丁丁丁' name:丁丁丁
says '{"kind":"value","text":"name:海河股份","total":null}' name:海河股分 --json
# dates that empty the answer
says 'found without date:1999 (2)' 净利润 date:1999
says_chinese '不加这个条件便有：date:2023（1 份）' 净利润 name:海河环保 date:2023
# nothing to look for
says 'there is nothing to search for' --any ''

# pages by their sheet, and what is printed on them
says 'page 2 (1-1-7)  公司净利润增长。' 净利润
says_chinese '第2页（印作 1-1-7）  公司净利润增长。' 净利润
# spaced-out headings are closed up, others keep their space
says '           一、募集資金用途' 使用正常
says '第一节 重要提示' 净利润
exit $bad
