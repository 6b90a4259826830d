#!/bin/sh
# Groups and patterns by the command: what they find and mark, how they are read, and the errors of what goes beyond the limits.
set -u
bad=0
TMP=${TMP:-$(mktemp -d)}

cat >"$TMP/filings.jsonl" <<'END'
{"id":"a","title":"青禾科技年度报告","text":"募投项目产能增长。营业收入下降，净利润增长。\n型号QH3588和QH3568，产能QH35。","date":"2024-03-01"}
{"id":"b","title":"蓝湾股份公告","text":"募投项目建设。产能不足。净利润下降。","date":"2023-03-01"}
{"id":"c","title":"松原股份公告","text":"产能与一二三四五六七募投，净利润。\n净利润增长率为百分之五；亏损增长。","date":"2024-05-01"}
END
"$GAOSOU_INDEX_BIN" add "$TMP/index" "$TMP/filings.jsonl" --quiet || exit 1

# The ids found, in the order of the input.
finds() {
    wanted=$1
    shift
    found=$(LC_ALL=C "$GAOSOU_QUERY_BIN" "$TMP/index" "$@" --jsonl 2>/dev/null | grep -o '"id":"[abc]"' | cut -d'"' -f4 | sort | tr -d '\n')
    [ "$found" = "$wanted" ] || { echo "$*: found '$found', wanted '$wanted'"; bad=1; }
}
finds a 'NEAR/2(募投 产能)'
finds abc 'NEAR(募投 产能)'
finds a '"产能 募投"~2'
finds ac 'SENTENCE(募投 产能)'
finds ac '募投 产能' --within sentence
finds ac '募投 产能 date:2024' --within sentence
finds b 'PARAGRAPH(净利润 -增长)  募投 建设'
finds b '净利润 -SENTENCE(净利润 增长) -SENTENCE(亏损)'
finds a 'QH35?8'
finds a 'qh3*8'
finds '' 'QH35?9'

says() {
    wanted=$1
    shift
    LC_ALL=${LANGUAGE_OF:-C} "$GAOSOU_QUERY_BIN" "$TMP/index" "$@" >"$TMP/out" 2>&1
    grep -qF -e "$wanted" "$TMP/out" || { echo "$*: wanted $wanted"; cat "$TMP/out"; bad=1; }
}
says 'Read as: NEAR/3(募投, 产能) or NEAR/3(募投 or 项目, 产能)' '"募投 产能"~3|NEAR/3(募投|项目 产能)'
says 'Read as: SENTENCE(募投 and not 下降)' 'SENTENCE(募投 -下降)'
says 'Read as: SENTENCE(募投 and 产能)' '募投 产能' --within sentence
says 'column 1: a distance needs two parts' 'NEAR/3(募投)'
says 'column 12: a filter cannot stand in SENTENCE' 'SENTENCE(A date:2024)'
says 'column 3: ? and * stand in words' '3.5?8'
says 'at most 1000' 'NEAR/1001(A B)'
says 'at most 16' 'NEAR(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17)'
says 'at most 100' "$(awk 'BEGIN { for (i = 0; i < 200; i++) printf "SENTENCE("; print "A" }')"
says 'at most 1024' "$(awk 'BEGIN { for (i = 0; i < 10000; i++) printf "A|"; print "B" }')"

# What stands elsewhere is not marked.
"$GAOSOU_QUERY_BIN" "$TMP/index" 'SENTENCE(募投 产能) 型号' --color always >"$TMP/out"
grep -q "型号" "$TMP/out" || { echo "nothing marked"; bad=1; }
[ "$(grep -o '"产能":[0-9]*' <<END | head -1
$("$GAOSOU_QUERY_BIN" "$TMP/index" 'SENTENCE(募投 产能) 型号' --json)
END
)" = '"产能":1' ] || { echo "产能 counts where it does not belong"; bad=1; }
exit $bad
