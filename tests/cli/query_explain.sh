# --why-not tells what of a query fails in a filing, or its rank and what its score is made of.
: "${GAOSOU_INDEX_BIN:?}" "${GAOSOU_QUERY_BIN:?}"
. "$(dirname "$0")/index_lib.inc"
cat >f.jsonl <<'E'
{"id":"a","type":"年度报告","date":"2021-03-02","title":"云帆精工年报","text":"云帆精工的净利润增长很快，营业收入也在增长。公司没有亏损。"}
{"id":"b","date":"2020","text":"净利润稳定，募集资金、流动资金都够用。\n营业收入增长。\n"}
{"id":"c","text":"存货跌价准备计提。"}
{"id":"d-2020","text":"旧的。"}
E
run 0 "$GAOSOU_INDEX_BIN" add -q t f.jsonl
run 0 "$GAOSOU_INDEX_BIN" delete -q t d-2020

why() { # why EXIT ID QUERY...: its answer is in out
    code=$1 id=$2
    shift 2
    run "$code" "$GAOSOU_QUERY_BIN" t "$@" --why-not "$id"
}
why 0 a 净利润
has 'a: matches, rank 2'
has '净利润  0.'
has '1 times'
why 1 c 净利润
has 'c: does not match'
has '净利润: is not in it'
why 1 c 存货跌价准备金
has '存货跌价准备金: is not in it; the longest piece that is: 存货跌价准备'
why 1 b 净利润 type:年度报告
has 'b: cannot be judged; --unknown takes it in'
has 'type:年度报告: it has none'
why 0 b 净利润 type:年度报告 --unknown
has 'b: matches'
why 1 a 净利润 date:2020
has 'date:2020: it has: 2021-03-02'
why 1 b 净利润 date:2020-01..2020-06
has 'it has: 2020, which is too vague'
why 1 a 净利润 -亏损
has '亏损: excluded, but it is there'
why 1 a 'NEAR/3(净利润 亏损)'
has 'all of its parts are in it, but not together; at the nearest 18 apart'
why 0 a 'NEAR/18(净利润 亏损)'
why 1 a 'NEAR/17(净利润 亏损)'
why 1 a 'SENTENCE(净利润 亏损)'
has 'in one paragraph they are'
why 1 b 'SENTENCE(净利润 亏损)'
has '亏损: is not in it'
has 'lacks parts of it'
why 1 a '存货跌价|(净利润 流动资金)'
has '存货跌价: is not in it'
has '流动资金: is not in it'
why 1 d-2020 旧
has 'd-2020: was deleted or replaced'
why 1 aa 旧
has 'aa: no filing has this id'
has 'near it: a'
why 0 a --any 净利润增长
has 'best passage'
has 'sum '
why 1 a --any --min-match 100% 净利润增长存货
has 'different terms of at least'
run 1 env LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" t 净利润 -亏损 --why-not a
has 'a：不匹配'
has '被排除，而公告中有'
run 1 "$GAOSOU_QUERY_BIN" t 净利润 date:2020 --json --why-not a
has '"outcome":"fails"'
has '"failed":[{"part":"date:2020","reason":"filtered","piece":null,"value":"2021-03-02","nearest":null}]'
# The parts make the score of the answer, of every form that scores.
for q in 净利润 '净利润 营业收入' '净利润|(营业收入 亏损)|(增长 存货)' '增* 净利润' 'NEAR/20(净利润 增长)' 'SENTENCE(净利润 收入)'; do
    run 0 "$GAOSOU_QUERY_BIN" t "$q" --json --why-not a
    sum=$(sed 's/.*"score":\([^,]*\),"length".*/\1/' out)
    run 0 "$GAOSOU_QUERY_BIN" t "$q" id:a --json --fields score
    has "\"score\":$sum"
done

# --explain: the plan, what the run took, and the parts of each hit's score.
run 0 "$GAOSOU_QUERY_BIN" t '净利润 (收入|增*) type:年*' --unknown --explain
has 'explain: planning '
has_line '^  1\. and, cost '
has 'filter type:年*, cost '
has ', of 1 values 1 pass'
has 'leaf 净利润, cost 2, phrase, weight '
has '净利  lists 1, filings 2, bytes '
has 'score of rank 2'
run 0 "$GAOSOU_QUERY_BIN" t 净利润增长 --any --explain --json
has '"explain":{"plan_us":'
has '"plan":[{"kind":"or","depth":0,"order":1,'
has '"lists":[{"term":"净利","lists":1,"filings":2,"bytes":'
has '"scores":[{"rank":1,"score":'
has '"title":0,"passage":7.6'
run 0 "$GAOSOU_QUERY_BIN" t 净利润增长 --any --json
! grep -q '"explain"' out || fail 'explained without being asked'
printf '净 => 存货跌价\n' >rules
run 0 env LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" t '净|营业收入' --synonyms rules --explain
has '同义于 净'
run 1 "$GAOSOU_QUERY_BIN" t 没有的词 --explain --json
has '"scores":[]}}'
run 0 "$GAOSOU_QUERY_BIN" t type:年度报告 --explain
has '1 values 1 pass'
printf '{"q":"净利润","explain":true}\n' >lines
"$GAOSOU_QUERY_BIN" t --batch <lines >out 2>&1 || fail batch
has '"explain":{"plan_us":'

# Nothing found: the part that empties the answer, and what to try.
run 1 "$GAOSOU_QUERY_BIN" t 净利润 存货 -亏损 id:a
has 'one after the other:'
has_line '^  净利润  2 filings$'
has_line '^  存货  0 filings$'
run 1 "$GAOSOU_QUERY_BIN" t 'SENTENCE(净利润 亏损)' -存货 'NEAR/1(净利润 增长)' date:2020..
has_line '^  SENTENCE(净利润 and 亏损)  0 filings$'
run 1 "$GAOSOU_QUERY_BIN" t --json -- '-SENTENCE(净利润 增长)' 'NEAR/9(净利润 增长)' type:年度报告
has '"steps":[{"part":"NEAR/9(净利润, 增长)","total":1},{"part":"type:年度报告","total":1},{"part":"not SENTENCE(净利润 and 增长)","total":0}]'
run 1 "$GAOSOU_QUERY_BIN" t '"流动资金，募集资金"'
has 'try the words by themselves: 流动资金 募集资金 (1)'
run 1 "$GAOSOU_QUERY_BIN" t 净利润 or 存货
has 'an operator is written in capitals: or'
run 1 env LC_ALL=zh_CN.UTF-8 "$GAOSOU_QUERY_BIN" t 净利润 存货
has '依次加上：'
run 1 "$GAOSOU_QUERY_BIN" t 没有的词 --timeout 1h --json
has '"nothing_found":{"parts":[{"part":"没有的词","total":0}],"steps":[],"try":['
run 0 "$GAOSOU_QUERY_BIN" t 净利润 --json
! grep -q nothing_found out || fail 'nothing found where something is'
