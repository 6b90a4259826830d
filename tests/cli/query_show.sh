#!/bin/sh
# --show: one filing with its pages, and the hits of a query marked in it.
set -u
here=$(cd "$(dirname "$0")" && pwd)
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
index=$TMP/index
"$GAOSOU_INDEX_BIN" add "$index" - --quiet <"$here/query_filings.jsonl" || exit 1

# says WANTED: the last output has this text
says() {
    grep -qF -- "$1" "$TMP/out" || { echo "wanted: $1"; cat "$TMP/out"; bad=1; }
}
# run CODE ARGUMENTS...
run() {
    code=$1
    shift
    "$GAOSOU_QUERY_BIN" "$index" "$@" >"$TMP/out" 2>&1
    got=$?
    [ $got -eq "$code" ] || { echo "$*: exit $got, wanted $code"; bad=1; }
}

run 0 --show ruiyun-2023
says 'id         ruiyun-2023'
says '— page 2 —'
says '同比增长12%'
run 0 --show ruiyun-2023 -e '净利润|募集资金'
says '2 hits: page 1 ×2'
says '公司【募 集 资 金】使用'
grep -qF '润】1,234.50' "$TMP/out" || { echo 'a hit across a line end is not marked'; bad=1; }
run 0 --show ruiyun-2023 --color always 募集资金
says "$(printf '\033[1;31m募 集 资 金\033[0m')"
run 0 --show ruiyun-2023 --json -e 净利润
says '"spans":[[70,80]]}'
run 1 --show ruiyun-2023 -e 没有的词
run 2 --show nowhere
says "no filing has the id 'nowhere'"
# nothing of a filing steers the terminal
run 0 --show evil
[ "$(tr -d '\n\t' <"$TMP/out" | tr -d '[:print:]\200-\377' | wc -c)" -eq 0 ] || { echo 'controls got through'; bad=1; }
exit $bad
