#!/bin/sh
# gaosou-query --batch: text and JSON lines, bad lines, order, threads, a partner that waits, ends of input.
set -u
unset GAOSOU_INDEX NO_COLOR LC_ALL LC_MESSAGES LANG
bad=0
index=$TMP/index
"$GAOSOU_INDEX_BIN" add "$index" examples/filings --quiet || exit 1
query() { "$GAOSOU_QUERY_BIN" "$index" "$@"; }
# What took how long is left out.
same() { sed 's/"took_us":[0-9]*,//'; }

# A line of text is answered as --json answers it, and so is its twin in JSON.
for q in 净利润 '净利润 -亏损' 'title:年度报告 | 审计' 'date:2024 公司'; do
    query "$q" --json --limit 3 | same >"$TMP/one"
    printf '%s\n' "$q" | query --batch --limit 3 | same >"$TMP/batch"
    cmp -s "$TMP/one" "$TMP/batch" || { echo "$q: the batch's answer differs"; bad=1; }
    printf '{"q":"%s","limit":3}\r\n' "$q" | query --batch | same >"$TMP/batch"
    cmp -s "$TMP/one" "$TMP/batch" || { echo "$q: the answer to JSON differs"; bad=1; }
done
query --json --any --limit 2 --sort newest --no-snippets '公司 审计' | same >"$TMP/one"
echo '{"q":"公司 审计","any":true,"limit":2,"sort":"newest","no_snippets":true}' | query --batch | same >"$TMP/batch"
cmp -s "$TMP/one" "$TMP/batch" || { echo "options of a line: the answer differs"; bad=1; }
query --json -F '(1) 公司' | same >"$TMP/one"
echo '{"q":"(1) 公司","literal":true}' | query --batch | same >"$TMP/batch"
cmp -s "$TMP/one" "$TMP/batch" || { echo "literal: the answer differs"; bad=1; }
query --json --filter date:2024 公司 | same >"$TMP/one"
echo '{"q":"公司","filters":"date:2024"}' | query --batch | same >"$TMP/batch"
cmp -s "$TMP/one" "$TMP/batch" || { echo "filters: the answer differs"; bad=1; }

# wrong LINE PATTERN: the line gets an error object, and the next one its answer.
wrong() {
    printf '%s\n净利润\n' "$1" | query --batch >"$TMP/out"
    code=$?
    [ $code -eq 2 ] || { echo "$1: exit $code"; bad=1; }
    [ "$(wc -l <"$TMP/out")" -eq 2 ] || { echo "$1: not two lines"; bad=1; }
    head -n 1 "$TMP/out" | grep -q "^{\"error\":{\"status\":$2,\"message\":\".*$3.*\",\"line\":1}}\$" ||
        { echo "$1: $(head -n 1 "$TMP/out")"; bad=1; }
    tail -n 1 "$TMP/out" | grep -q '^{"query":"净利润".*"hits":\[{' || { echo "$1: the next line: $(tail -n 1 "$TMP/out")"; bad=1; }
}
wrong '(净利润' 50 'column 1'
wrong '' 50 'nothing to search for'
wrong '{"q":"x",}' 34 'column 10'
wrong '{"q":"x"} y' 34 'column 11'
wrong '{"limit":3}' 10 'q'
wrong '{"q":"x","Limit":3}' 34 'column 10: no such key: Limit'
wrong '{"q":"x","batch":true}' 34 'no such key: batch'
wrong '{"q":"x","index":"y"}' 34 'no such key: index'
wrong '{"q":"x","synonyms":"y"}' 34 'no such key: synonyms'
wrong '{"q":"x","这是一个很长很长很长很长很长很长很长很长很长很长很长的键":3}' 34 'no such key: 这是一个.*很…'
wrong '{"q":"x","q":"y"}' 34 'given twice: q'
wrong '{"q":"x","min_match":2}' 10 'min_match.*any'
wrong '{"q":"x","id":[1]}' 34 'id.*string or a number'
wrong '{"q":"x","limit":-1}' 10 'limit'
wrong '{"q":"x","limit":"many"}' 10 'limit'
wrong '{"q":"x","sort":"best"}' 10 'sort'
wrong '{"q":"x","any":1}' 34 'any.*true or false'
wrong '{"q":"x","any":true,"literal":true}' 10 'do not go together'
wrong '{"q":"x\u0000","cursor":"a\u0000"}' 10 'NUL'
wrong '{"q":3}' 34 'string'
wrong '{"q":"x","filters":["date:x"]}' 50 'date'
wrong '{"q":[[[[[[[[[[[[[[[[' 34 'string'
wrong "$(printf '{"q":"\377"}')" 34 'UTF-8'

# What a line calls itself is told with its answer, or with what is wrong with it.
printf '%s\n' '{"q":"净利润","limit":1,"id":"甲 \"1\""}' '{"id": -3.5 ,"q":"(净"}' '{"id":7,"q":"x","no":1}' '{"q":"净利润","id":null}' |
    query --batch >"$TMP/out"
sed -n 1p "$TMP/out" | grep -q '"hits":\[{.*,"id":"甲 \\"1\\""}$' || { echo "id: $(sed -n 1p "$TMP/out")"; bad=1; }
sed -n 2p "$TMP/out" | grep -q '^{"error":{.*,"line":2},"id":-3.5}$' || { echo "id of a bad query: $(sed -n 2p "$TMP/out")"; bad=1; }
sed -n 3p "$TMP/out" | grep -q '^{"error":{.*,"line":3},"id":7}$' || { echo "id of a bad line: $(sed -n 3p "$TMP/out")"; bad=1; }
sed -n 4p "$TMP/out" | grep -q '"id":null}$' && { echo "id null: $(sed -n 4p "$TMP/out")"; bad=1; }

# A line that is too long: one error, and the next line is whole.
{ head -c 9000000 /dev/zero | tr '\0' x; printf '\n净利润\n'; } | query --batch >"$TMP/out"
[ "$(wc -l <"$TMP/out")" -eq 2 ] && head -n 1 "$TMP/out" | grep -q '"status":60' && tail -n 1 "$TMP/out" | grep -q '"hits":\[{' ||
    { echo "a long line: $(cut -c1-200 "$TMP/out")"; bad=1; }
head -c 9000000 /dev/zero | tr '\0' x | query --batch | grep -q '"status":60' || { echo "a long last line"; bad=1; }

# No line, no line's end, exit codes.
query --batch </dev/null >"$TMP/out"
[ $? -eq 1 ] && [ ! -s "$TMP/out" ] || { echo "no lines"; bad=1; }
printf '\357\273\277净利润' | query --batch >"$TMP/out" || { echo "a last line without its end"; bad=1; }
[ "$(wc -l <"$TMP/out")" -eq 1 ] || { echo "a last line without its end: $(cat "$TMP/out")"; bad=1; }
echo 没有这个词吧 | query --batch >/dev/null
[ $? -eq 1 ] || { echo "nothing found: exit"; bad=1; }

# The same answers in the same order for any number of threads.
i=0
while [ $i -lt 300 ]; do
    echo "净利润"; echo "公司 | 审计 | $i"; echo "(坏 $i"; echo "{\"q\":\"年度 $i\",\"any\":true,\"limit\":\"all\"}"
    i=$((i + 1))
done >"$TMP/lines"
query --batch --threads 1 <"$TMP/lines" | same >"$TMP/t1"
[ "$(wc -l <"$TMP/t1")" -eq 1200 ] || { echo "1200 lines: $(wc -l <"$TMP/t1")"; bad=1; }
for threads in 2 3 8; do
    query --batch --threads $threads <"$TMP/lines" | same >"$TMP/tn"
    cmp -s "$TMP/t1" "$TMP/tn" || { echo "$threads threads: other answers"; bad=1; }
done

# A partner that sends one line and waits for its answer, and one that stops reading.
mkfifo "$TMP/to" "$TMP/from"
query --batch --threads 2 <"$TMP/to" >"$TMP/from" &
exec 8>"$TMP/to" 9<"$TMP/from"
for q in 净利润 审计 公司; do
    echo "$q" >&8
    IFS= read -r answer <&9 || { echo "$q: no answer"; bad=1; }
    case $answer in '{"query":"'"$q"'"'*) ;; *) echo "$q: $answer"; bad=1 ;; esac
done
# It sees what was committed before it asked.
echo '{"id":"new","text":"量子纠缠传感器。"}' >"$TMP/new.jsonl"
"$GAOSOU_INDEX_BIN" add "$index" "$TMP/new.jsonl" --quiet || bad=1
echo 量子纠缠传感器 >&8
IFS= read -r answer <&9
case $answer in *'"id":"new"'*) ;; *) echo "a new commit: $answer"; bad=1 ;; esac
exec 8>&- 9<&-
wait $! || { echo "a batch over pipes: exit $?"; bad=1; }
yes 净利润 | head -n 20000 | query --batch --threads 2 | head -n 1 >"$TMP/out"
[ "$(wc -l <"$TMP/out")" -eq 1 ] || { echo "head: $(wc -l <"$TMP/out")"; bad=1; }
exit $bad
