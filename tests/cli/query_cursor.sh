#!/bin/sh
# --cursor: pages fit together while the index changes, on the command line, in batches; what does not fit is refused.
set -u
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
index=$TMP/index
query() { "$GAOSOU_QUERY_BIN" "$index" "$@"; }
filings() {
    for i in $(seq "$1" "$2"); do
        echo "{\"id\":\"f$i\",\"code\":\"6000$((i % 7))\",\"date\":\"2024-01-0$((i % 9 + 1))\",\"text\":\"净利润$(printf '增长%.0s' $(seq $((i % 5 + 1))))，公司第$i号公告。\"}"
    done
}
cursor_of() { sed -n 's/.*"cursor":"\([^"]*\)".*/\1/p'; }
ids_of() { grep -o '"id":"[^"]*"'; }
filings 1 40 | "$GAOSOU_INDEX_BIN" add "$index" - --quiet || exit 1

n=100
# pages NAME OPTIONS...: three filings at a time are all of them, once and in order, whatever is added meanwhile.
pages() {
    name=$1
    shift
    query "$@" --json --no-snippets --limit all | ids_of >"$TMP/all"
    query "$@" --json --no-snippets --limit 3 >"$TMP/page"
    ids_of <"$TMP/page" >"$TMP/got"
    cursor=$(cursor_of <"$TMP/page")
    while [ -n "$cursor" ]; do
        n=$((n + 1))
        filings $n $n | "$GAOSOU_INDEX_BIN" add "$index" - --quiet
        query "$@" --json --no-snippets --limit 3 --cursor "$cursor" >"$TMP/page" || { echo "$name: a page fails"; bad=1; break; }
        grep -q '"continued":true' "$TMP/page" || { echo "$name: no page says that the index has changed"; bad=1; }
        ids_of <"$TMP/page" >>"$TMP/got"
        cursor=$(cursor_of <"$TMP/page")
    done
    cmp -s "$TMP/all" "$TMP/got" || { echo "$name: pages differ from the whole"; diff "$TMP/all" "$TMP/got"; bad=1; }
}
pages score '净利润 增长'
pages any --any '净利润增长公司'
pages newest --sort newest 公司
pages code --sort code --ties sequence 公司
pages filters 'date:2024-01-05'

# Ranks go on; text tells the cursor; the last page has none.
query 公司 --json --limit 2 >"$TMP/page"
cursor=$(cursor_of <"$TMP/page")
query 公司 --json --limit 2 --cursor "$cursor" | grep -q '"hits":\[{"rank":3,' || { echo "the rank does not go on"; bad=1; }
query 公司 --limit 2 | grep -q '^next page: --offset 2$' || { echo "text does not tell the next page"; bad=1; }
next=$(query 公司 --json --limit 1 --cursor "$cursor" | cursor_of)
query 公司 --limit 1 --cursor "$cursor" | grep -q "^next page: --cursor $next\$" || { echo "text does not tell the cursor"; bad=1; }
query 公司 --json --limit all | grep -q '"cursor":null' || { echo "a whole answer has a cursor"; bad=1; }
query 公司 --json --limit 2 --cursor "$cursor" --no-snippets | sed 's/"took_us":[0-9]*,//' >"$TMP/one"
echo "{\"q\":\"公司\",\"limit\":2,\"cursor\":\"$cursor\",\"no_snippets\":true}" | query --batch | sed 's/"took_us":[0-9]*,//' >"$TMP/batch"
cmp -s "$TMP/one" "$TMP/batch" || { echo "a batch goes on otherwise"; bad=1; }

# What a score is made of adds up on later pages, too, though the index has grown since.
query --any 净利润增长公司 --limit 5 --json >"$TMP/page"
for i in $(seq 200 230); do
    echo "{\"id\":\"f$i\",\"text\":\"净利润，公司公司公司公司公司公司公司公司，另有说明的事项很多很多。\"}"
done | "$GAOSOU_INDEX_BIN" add "$index" - --quiet
query --any 净利润增长公司 --limit 2 --json --no-snippets --explain --cursor "$(cursor_of <"$TMP/page")" >"$TMP/page"
score=$(grep -o '"hits":\[{"rank":6,"score":[0-9.]*' "$TMP/page" | sed 's/.*://')
[ "$(grep -c "\"explain\":.*\"score\":$score" "$TMP/page")" = 1 ] || { echo "the explained score is not $score"; bad=1; }

# refuse PATTERN ARGUMENTS...
refuse() {
    pattern=$1
    shift
    "$GAOSOU_QUERY_BIN" "$@" >"$TMP/out" 2>"$TMP/err"
    got=$?
    [ $got -eq 2 ] || { echo "$*: exit $got, wanted 2"; bad=1; }
    grep -q -- "$pattern" "$TMP/err" || { echo "$*: said $(cat "$TMP/err")"; bad=1; }
}
filings 1 9 | "$GAOSOU_INDEX_BIN" add "$TMP/other" - --quiet
refuse 'another query' "$index" 公告 --cursor "$cursor"
refuse 'other options' "$index" 公司 --sort oldest --cursor "$cursor"
refuse 'another index' "$TMP/other" 公司 --cursor "$cursor"
refuse 'no cursor' "$index" 公司 --cursor abc
refuse 'no cursor' "$index" 公司 --cursor "${cursor}A"
exit $bad
