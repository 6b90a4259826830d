#!/bin/sh
# Filters on strings, ids and commits: what they take in, and what is said of values that are none.
set -u
bad=0
TMP=${TMP:-$(mktemp -d)}

cat >"$TMP/first.jsonl" <<'END'
{"id":"a/1","text":"甲公司研发投入增长。","code":["600901","900951"],"name":"甲山股份","company":"甲山（上海）股份有限公司","type":"年度报告","exchange":"SSE","board":"主板","sector":"机械","score":"9"}
{"id":"a/2","text":"乙公司研发投入下降。","code":"000902","name":"乙水科技","company":"乙水科技股份有限公司","type":"审计报告","exchange":"SZSE","board":"主板","sector":"软件","score":10.5}
{"id":"b/3","text":"丙公司研发投入持平。","code":"00903","name":"丙 木","exchange":"HKEX","sector":["软件","机械"]}
END
cat >"$TMP/second.jsonl" <<'END'
{"id":"b/4","text":"丁公司没有研发投入。","type":"内部通讯"}
END
"$GAOSOU_INDEX_BIN" add "$TMP/index" --filterable sector,score "$TMP/first.jsonl" --quiet || exit 1
"$GAOSOU_INDEX_BIN" add "$TMP/index" "$TMP/second.jsonl" --quiet || exit 1

# Rows: query, and the ids that it finds.
while IFS='|' read -r query wanted; do
    got=$("$GAOSOU_QUERY_BIN" "$TMP/index" -e "$query" --jsonl --quiet |
        sed 's/.*"id":"\([^"]*\)".*/\1/' | sort | tr '\n' ' ' | sed 's/ $//')
    [ "$got" = "$wanted" ] || { echo "$query: found '$got', wanted '$wanted'"; bad=1; }
done <<'END'
code:600901|a/1
code:900951|a/1
code:600901.SH,000902.SZ|a/1 a/2
code:600901.SZ|
code:0*|a/2 b/3
code:903.HK|b/3
code:000000..5|a/2 b/3
name:"丙 木"|b/3
name:甲*、乙*|a/1 a/2
company:甲山(上海)股份有限公司|a/1
(company:甲山（上海）股份有限公司 研发)|a/1
type:年报|a/1
type:audit-report|a/2
type:内部通讯|b/4
-type:年报 研发|a/2 b/4
exchange:上交所,hk|a/1 b/3
exchange:上海,深圳|a/1 a/2
exchange:香港|b/3
exchange:北交|
board:主*|a/1 a/2
id:a/1,b/4|a/1 b/4
id:b/*|b/3 b/4
id:A/1|
since:1|b/4
since:１|b/4
since:0 研发 -id:a/*|b/3 b/4
sector:软件|a/2 b/3
score:9..10.5|a/1 a/2
score:..9|a/1
研发 (sector:机械 OR exchange:SZ)|a/1 a/2 b/3
END

# Rows: query, column, and a piece of the message.
while IFS='|' read -r query column piece; do
    "$GAOSOU_QUERY_BIN" "$TMP/index" -e "$query" >/dev/null 2>"$TMP/err"
    code=$?
    [ $code -eq 2 ] && grep -q "column $column:.*$piece" "$TMP/err" ||
        { echo "$query: exit $code, $(cat "$TMP/err"); wanted column $column, $piece"; bad=1; }
done <<'END'
type:审计|6|did you mean type:审计报告
研发 type:年报,审记报告|12|did you mean type:审计报告
exchange:SES|10|did you mean exchange:SSE
type:公告|6|type:业绩公告, type:发行公告, type:合同公告
type:foo|6|the type 'foo'$
foo:x|1|there are title code
secto:软件|1|did you mean sector:?
name:"丙|6|quote is not closed
name:甲,,乙|8|missing in the list
since:x|7|wants a number
since:99999999999999999999|7|wants a number
score:9..2|7|runs backwards
END

# Beside a query, in every mode; and its errors say so.
[ "$("$GAOSOU_QUERY_BIN" "$TMP/index" --any '研发 投入' --filter 'sector:软件' --count)" = 2 ] || { echo "--any with --filter"; bad=1; }
[ "$("$GAOSOU_QUERY_BIN" "$TMP/index" -F '研发投入' --filter 'code:6*' --count)" = 1 ] || { echo "-F with --filter"; bad=1; }
"$GAOSOU_QUERY_BIN" "$TMP/index" 研发 --filter 'date:2024 type:审计' 2>"$TMP/err" >/dev/null
grep -q 'filters, column 16: .*审计报告' "$TMP/err" || { cat "$TMP/err"; bad=1; }

# What cannot be judged is counted by the field, a filterable one too.
"$GAOSOU_QUERY_BIN" "$TMP/index" 研发 sector:软件 name:乙水科技 --json >"$TMP/out"
grep -q '"unjudged":{"sector":1,"name":1}' "$TMP/out" || { grep -o '"unjudged":{[^}]*}' "$TMP/out"; bad=1; }
[ "$("$GAOSOU_QUERY_BIN" "$TMP/index" 研发 sector:软件 --unknown --count)" = 3 ] || { echo "--unknown"; bad=1; }
exit $bad
