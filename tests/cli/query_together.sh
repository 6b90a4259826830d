# How many of the filings found say it in one sentence and in one paragraph: the header's counts are those of --within.
: "${GAOSOU_INDEX_BIN:?}" "${GAOSOU_QUERY_BIN:?}"
. "$(dirname "$0")/index_lib.inc"
cat >f.jsonl <<'END'
{"id":"a","type":"年度报告","text":"云帆精工的净利润增长很快。"}
{"id":"b","text":"净利润稳定。营业收入增长。\n"}
{"id":"c","text":"净利润稳定。\n营业收入增长。\n"}
{"id":"d","text":"净利润\n\n增长，公司亏损。"}
{"id":"e","text":"净利润。"}
END
run 0 "$index" add -q t f.jsonl

same() { # same QUERY...: the counts beside the answer are those that --within gives
    for place in sentence paragraph; do
        "$GAOSOU_QUERY_BIN" t "$@" --within $place --count >"$place" || [ $? = 1 ] || fail "$*"
    done
    run 0 "$GAOSOU_QUERY_BIN" t "$@" --json --together
    has "\"together\":{\"sentence\":$(cat sentence),\"paragraph\":$(cat paragraph)}"
}
none() {
    "$GAOSOU_QUERY_BIN" t "$@" --json --together >out || [ $? = 1 ] || fail "$*"
    has '"together":null'
}

same 净利润 增长
has '{"sentence":2,"paragraph":3}'
same '净利润|营业收入' 增长
same 净利润 增长 type:年度报告
same 净利润 增长 --sort newest --limit 1
same 净利润 增长 --collapse --facet type
run 0 "$GAOSOU_QUERY_BIN" t 净利润 增长
has '4 filings, 8 hits; all in one sentence in 2, in one paragraph in 3'
run 0 env LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" t 净利润 增长
has '同在一句的 2 份，同在一段的 3 份'
# An exclusion looks at the whole filing as well: d says 亏损 elsewhere, so that none of its sentences counts.
printf '%s\n' '{"id":"g","text":"营业收入和净利润增长。公司亏损。"}' '{"id":"h","text":"净利润增长。"}' >g.jsonl
run 0 "$index" add -q u g.jsonl
run 0 "$GAOSOU_QUERY_BIN" u 净利润 增长 -亏损 --json --together
has '"total":1,'
has '"together":{"sentence":1,"paragraph":1}'
# Not asked for, one part, a group, a bag, filters that --within refuses.
run 0 "$GAOSOU_QUERY_BIN" t 净利润 增长 --json
has '"together":null'
none 净利润
none 净利润 -增长
none 'SENTENCE(净利润 增长)'
none --any 净利润增长
none '(净利润 type:年度报告)|增长'
