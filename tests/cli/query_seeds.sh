#!/bin/sh
# Counts, pages and fragments on real filings.
set -u
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
seeds=${GAOSOU_CORPORA:-}/seeds
[ -d "$seeds" ] || { echo "skipped: no folder $seeds (GAOSOU_CORPORA)"; exit 0; }
bad=0
index=$TMP/index
"$GAOSOU_INDEX_BIN" add "$index" "$seeds" --quiet || exit 1

# counts QUERY WANTED: filing:count for every filing that has any, by id
counts() {
    got=$("$GAOSOU_QUERY_BIN" "$index" "$1" --jsonl --no-snippets 2>/dev/null |
        sed 's/.*"id":"seeds\/\([0-9]*\).txt".*"terms":{"[^"]*":\([0-9]*\)}.*/\1:\2/' | sort | tr '\n' ' ')
    [ "$got" = "$2 " ] || { echo "$1: $got, wanted $2"; bad=1; }
}
counts 净利润 '000:1 001:3 002:31 003:15 004:23'
counts 存货跌价准备 '002:40 003:7 004:8'
counts 可编程片上系统 '002:17'
counts 知识产权授权使用费 '004:33'
counts 可转换公司债券 '002:24 003:1'
counts 应收账款周转率 '002:8 004:20'
counts 最高端的产品 '000:1'
counts 金融资产控制 '003:2'
counts 研发人员 '001:2 002:10 003:14 004:74'
counts 芯 '000:37 002:487 003:54 004:603'
counts 213452.21 '003:1'
counts 213,452.21 '003:1'
counts 34670453.65 '003:5'
counts 18115421.66 '003:5'

out=$("$GAOSOU_QUERY_BIN" "$index" 金融资产控制 --json)
case $out in
*'"page":18,"page_label":"18"'* | *'"page":19,"page_label":"19"'*) ;;
*) echo "金融资产控制: no page 18 or 19: $out"; bad=1 ;;
esac
case $out in
*'(2)保留了对该金融资产控制的,'*) ;;
*) echo "金融资产控制: the footer is not gone: $out"; bad=1 ;;
esac
case $out in
*共88页*) echo "金融资产控制: a footer is shown: $out"; bad=1 ;;
esac
"$GAOSOU_QUERY_BIN" "$index" 金融资产控制 --color always | grep -qF "保留了对该$(printf '\033[1;31m')金融资产控制$(printf '\033[0m')的" ||
    { echo '金融资产控制: the six characters are not marked as one'; bad=1; }
exit $bad
