# One report and what it must not do: destroy an input, lose what it had, disagree with the summary, speak Chinese.
set -u
. "$(dirname "$0")/index_lib.inc"

key() { # key ID KEY: its value in the report
    grep -F "\"id\":\"$1\"" r.jsonl | sed "s/.*\"$2\":\(\"[^\"]*\"\|[^,}]*\).*/\1/"
}

mkdir in
printf '净利润\n' >in/1.txt
printf '营业收入\n' >in/2.txt
printf '{"path":"p","id":"f","text":"股东大会"}\n' >in/3.jsonl
cp -r in before

# What is no report is not written over: an input, any other file.
for file in in/2.txt in/3.jsonl; do
    run 2 "$index" add --report "$file" ix in
    has "$file has something else in it than a report"
done
diff -r in before || fail 'an input was changed'
[ ! -e ix ] || fail 'an index was made'
: >r.jsonl
run 0 "$index" add --report r.jsonl ix in
run 0 "$index" add --report r.jsonl ix in
[ "$(wc -l <r.jsonl)" = 3 ] || fail 'the report was not made anew'
run 2 "$index" add --report r.jsonl ix r.jsonl
has 'r.jsonl cannot be both the report and an input'
[ "$(wc -l <r.jsonl)" = 3 ] || fail 'the report is lost'

# An id that comes twice replaces its filing, in the report as in the summary.
printf '{"id":"a","text":"一"}\n{"id":"b","text":"二"}\n{"id":"a","text":"三"}\n' >twice.jsonl
run 0 "$index" add --report r.jsonl tx twice.jsonl
has_line '^  replaced  *1  older filings$'
[ "$(grep -c '"outcome":"replaced"' r.jsonl) $(grep -c '"outcome":"indexed"' r.jsonl)" = '1 2' ] || fail 'the report counts otherwise'

# A date that cannot be read.
printf '{"id":"d","text":"一","date":"2024-13-40"}\n{"id":"e","text":"一","period":"x"}\n' >dates.jsonl
run 1 "$index" add --report r.jsonl dx dates.jsonl
[ "$(key d outcome | head -n 1) $(key d reason | head -n 1) $(key d detail | head -n 1)" = \
    '"indexed" "bad_date" "the date cannot be read"' ] || fail "$(cat r.jsonl)"
[ "$(key e detail | head -n 1)" = '"the period cannot be read"' ] || fail "$(cat r.jsonl)"

# In a table: its line is named.
printf 'path,date\nin/2.txt,2024-05-06\nin/1.txt,2024-02-30\n' >meta.csv
run 1 "$index" add --meta meta.csv mx in/1.txt in/2.txt
has 'in/1.txt: the date "2024-02-30" cannot be read (meta.csv:3)'

# For programs: in English whatever the language is, and without the path in front.
mkdir odd
printf '<!DOCTYPE html><html><body><p>重大合同</p></body></html>' >odd/page.pdf
printf '{\\rtf1 x}' >odd/x.txt
printf '{"id":1}\n' >odd/l.jsonl
run 1 env LC_ALL=zh_CN.UTF-8 "$index" add --report r.jsonl ox odd
[ "$(key odd/page.pdf detail)" = '"is HTML, and was read as that"' ] || fail "$(cat r.jsonl)"
grep -q '"detail":"odd' r.jsonl && fail "$(cat r.jsonl)"
sed 's/"title":"[^"]*"//' r.jsonl | LC_ALL=C grep -q "$(printf '[\200-\377]')" && fail "$(cat r.jsonl)"

# What is unchanged is not read, but what the index has of it is told.
printf '{"id":"x1","text":"一二三","code":"600111","name":"云岭股份","date":"2024-03-05"}\n' >l.jsonl
printf '证券代码：600111  证券简称：云岭股份\n关于重大合同的公告\n' >t.txt
touch -d 2024-01-02 t.txt l.jsonl
run 0 "$index" add ux t.txt l.jsonl
run 0 "$index" update --report r.jsonl ux t.txt l.jsonl
[ "$(key t.txt outcome) $(key t.txt name) $(key t.txt format)" = '"unchanged" "云岭股份" null' ] || fail "$(cat r.jsonl)"
[ "$(key x1 outcome) $(key x1 date)" = '"unchanged" "2024-03-05"' ] || fail "$(cat r.jsonl)"
