# What gaosou-index says at the end, in both languages; the report; names that would steer a terminal; work that is stopped.
set -u
. "$(dirname "$0")/index_lib.inc"

same() { # same: standard input is the output, but for times and rates
    sed 's/in [0-9.]* s, [0-9.]* MB\/s/in T s, R MB\/s/; s/用时 [0-9.]* 秒，[0-9.]* MB/用时 T 秒，R MB/; s/read, [0-9.]* MB/read, R MB/
        s/\(读取 [0-9.]* MB，\)[0-9.]*/\1R/' out >shown
    cat >wanted
    diff wanted shown || fail 'the output is another'
}

key() { # key LINE KEY: its value in the report
    sed -n "$1p" r.jsonl | sed "s/.*\"$2\":\(\"[^\"]*\"\|[^,}]*\).*/\1/"
}

mkdir in
printf '净利润增长\n' >in/a.txt
printf '\276\273\300\373\310\363\324\366\263\244\273\330\271\272\271\311\267\335\n' >in/gbk.txt
printf 'a\377b\n' >in/bad.txt
: >in/empty.txt
printf 'x' >in/y.csv
printf '{"id":"x1","text":"一二三","code":"600111","name":"云岭股份","title":"年度报告","date":"2024-03-05","period":"2023","type":"年度报告"}\nbad\n' >in/l.jsonl
find in -type f -exec touch -d 2024-01-02 {} +
run 1 "$index" add --report r.jsonl ix in
same <<'END'
gaosou-index: in/bad.txt: 1 invalid byte sequences replaced by U+FFFD
gaosou-index: that may be another encoding: try --encoding GB18030
gaosou-index: skipped: in/empty.txt: empty
gaosou-index: damaged: in/l.jsonl:2:1: an object in { } is wanted
gaosou-index: skipped: in/y.csv: not a kind of file that is read
indexed 4 filings (0.0 MB of text) in T s, R MB/s
  new                              4
skipped                            2
  not a kind of file that is read  1
  empty                            1
damaged                            2
  bad JSON line                    1
  invalid bytes                    1  indexed, U+FFFD for 1 invalid byte sequences
not UTF-8                          1  converted
  GB18030                          1
  in/gbk.txt                          GB18030
unknown of the filings indexed
  without a code                   3
  without a short name             3
  without a title                  3
  without a date                   3
  without a period                 3
  without a type                   3
inputs                             6  files; 0.0 MB read, R MB/s
END
[ "$(wc -l <r.jsonl)" = 7 ] || fail 'the report has not a line for every input'
[ "$(key 1 outcome) $(key 1 encoding) $(key 1 encoding_by) $(key 1 chars)" = '"indexed" "UTF-8" "validity" 6' ] || fail "$(sed -n 1p r.jsonl)"
[ "$(key 2 path) $(key 2 replaced_chars)" = '"in/bad.txt" 1' ] || fail "$(sed -n 2p r.jsonl)"
[ "$(key 3 outcome) $(key 3 reason)" = '"skipped" "empty"' ] || fail "$(sed -n 3p r.jsonl)"
[ "$(key 4 encoding) $(key 4 encoding_by) $(key 4 bytes)" = '"GB18030" "detection" 19' ] || fail "$(sed -n 4p r.jsonl)"
[ "$(key 5 line) $(key 5 id) $(key 5 date) $(key 5 title)" = '1 "x1" "2024-03-05" "年度报告"' ] || fail "$(sed -n 5p r.jsonl)"
[ "$(key 6 line) $(key 6 outcome) $(key 6 reason)" = '2 "damaged" "bad_line"' ] || fail "$(sed -n 6p r.jsonl)"

# The same in Chinese; nothing has changed.
run 1 env LC_ALL=zh_CN.UTF-8 "$index" update ix in
same <<'END'
gaosou-index: 已跳过：in/empty.txt：空文件
gaosou-index: 已损坏：in/l.jsonl:2:1: an object in { } is wanted
gaosou-index: 已跳过：in/y.csv：不是可读取的文件类型
已索引 0 份公告（文本 0.0 MB），用时 T 秒，R MB/s
未变                    4
跳过                    2
  不是可读取的文件类型  1
  空文件                1
损坏                    1
  JSON 行有误           1
输入                    6  个文件；读取 0.0 MB，R MB/s
没有变化
END
run 0 "$index" update ix in/a.txt --id-prefix in
has_line '^nothing has changed$'
run 1 "$index" update --quiet ix in
[ ! -s out ] || fail 'quiet says something'

# On standard output: the summary goes to standard error.
"$index" add --report - ix in >report 2>said
[ "$(wc -l <report)" = 7 ] || fail 'the report on standard output'
grep -q '^indexed 4 filings' said || fail 'no summary'

# A reader of it that leaves does not end the work.
"$index" add --report - px in 2>said | :
run 0 "$index" stats px
has_line '^filings	4$'

# A report that cannot be written is an error before anything is done; one that fails later a warning.
run 2 "$index" add --report no/such/r.jsonl fresh in
[ ! -e fresh ] || fail 'an index was begun'
if [ -w /dev/full ]; then
    run 1 "$index" add --report /dev/full fresh in/a.txt
    has 'cannot write the report'
    run 0 "$index" stats fresh
fi

# The report lies where it is read from: it is no input.
run 1 "$index" add --report in/r.jsonl rx in
[ "$(grep -c r.jsonl in/r.jsonl)" = 0 ] || fail 'the report reports on itself'
rm in/r.jsonl

# Duplicates are known at the end; what is gone has a line too.
cp in/a.txt in/again.txt
run 1 "$index" update --report r.jsonl ix in
has_line '^also there under another id  *1$'
[ "$(key 9 outcome) $(key 9 id) $(key 9 duplicate_of)" = '"duplicate" "in/again.txt" "in/a.txt"' ] || fail "$(sed -n 9p r.jsonl)"
rm in/again.txt
run 1 "$index" update --prune --force --report r.jsonl ix in
has_line '^removed  *1  gone'
[ "$(grep '"removed"' r.jsonl | sed 's/.*"id":"\([^"]*\)".*/\1/')" = in/again.txt ] || fail 'no line for what is gone'

# More than twenty files in other encodings.
mkdir many
for i in $(seq 100 124); do printf '\276\273\300\373\310\363\324\366\263\244\273\330\271\272\n' >many/$i.txt; done
run 0 "$index" add mx many
has_line '^  GB18030  *25$'
has_line '^  many/119.txt  *GB18030$'
has_line '^  and 5 more (--verbose or --report lists all)$'
grep -q many/120 out && fail 'more than twenty are named'
run 0 "$index" add -v mx many
has 'gaosou-index: many/124.txt: GB18030'

# Names that would steer a terminal, and that are no UTF-8.
mkdir evil
printf '\276\273\300\373\310\363\324\366\263\244\273\330\271\272\n' >"evil/$(printf 'a\033[31m\nb"\377').txt"
: >"evil/$(printf '\033]0;x\007').txt"
run 1 "$index" add --report r.jsonl -v ex evil
LC_ALL=C grep -q "$(printf '[\033\007\377]')" out r.jsonl && fail 'a name got through as it is'
has 'evil/\x1B]0;x\x07.txt: empty'
has '  evil/a\x1B[31m\nb"\xFF.txt'
[ "$(wc -l <r.jsonl)" = 2 ] || fail 'a line feed in a name breaks the report'
grep -q '"path":"evil/a\\u001b\[31m\\nb\\"' r.jsonl || fail 'the name in the report'

# Stopped by a signal: what was done is committed, and the same command goes on.
awk 'BEGIN { for (i = 0; i < 3000; i++) { s = ""; for (k = 0; k < 40; k++) s = s "净利润增长" (i * k) "，研发人员。";
    printf "{\"id\":\"d%d\",\"text\":\"%s\"}\n", i, s } }' >feed.jsonl
mkfifo pipe
for signal in INT TERM; do
    rm -rf sx
    # The first half comes, then nothing until the signal was sent.
    { head -n 2000 feed.jsonl && while [ ! -e sent ]; do sleep 0.1; done && tail -n 1000 feed.jsonl; } >pipe 2>/dev/null &
    (
        # A shell's background jobs ignore SIGINT: this one is to have it.
        exec env --default-signal=INT "$index" add --threads 1 --report w.jsonl --id-prefix p sx - <pipe >out 2>&1
    ) &
    work=$!
    sleep 2
    kill -$signal $work
    : >sent
    wait $work
    code=$?
    rm sent
    [ $signal = INT ] && wanted=130 || wanted=143
    [ $code = $wanted ] || fail "exit $code after $signal, wanted $wanted"
    has 'stopped; what was done is committed, and the same command goes on there'
    count=$("$index" stats sx | sed -n 's/^filings	//p')
    [ "$count" -gt 0 ] && [ "$count" -lt 3000 ] || fail "$count filings after $signal"
    run 0 "$index" check sx
    run 0 sh -c '"$1" add --threads 1 --report w.jsonl --id-prefix p sx - <feed.jsonl' sh "$index"
    has "continuing: $count filings were done"
    run 0 "$index" stats sx
    has_line '^filings	3000$'
    [ ! -e sx/work ] || fail 'the note of work is left'
    # The report goes on too: what was done keeps the line it has.
    [ "$(wc -l <w.jsonl) $(grep -c '"outcome":"indexed"' w.jsonl)" = '3000 3000' ] || fail 'the report lost or repeats lines'
    wait
done

# A second signal kills, also where the work waits for its input.
rm -rf sx
{ head -n 2000 feed.jsonl && while [ ! -e sent ]; do sleep 0.1; done; } >pipe 2>/dev/null &
"$index" add --threads 1 sx - <pipe >out 2>&1 &
work=$!
sleep 1
kill -TERM $work
sleep 0.2
kill -TERM $work
wait $work
code=$?
: >sent
[ $code = 143 ] || fail "exit $code after a second signal"
grep -q 'what was done is committed' out && fail 'the second signal waited for the work'
run 0 "$index" add sx feed.jsonl
has 'indexed 3000 filings'
