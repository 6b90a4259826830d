# gaosou-index add and delete: inputs, ids, replacement, exit codes, summaries.
set -u
. "$(dirname "$0")/index_lib.inc"

mkdir -p in/sub
printf '净利润增长\n' >in/a.txt
printf '研发人员\n' >in/sub/b.txt
printf '\357\273\277有字节顺序标记\n' >in/sub/c.txt
printf '{"id":"x1","title":"年度报告","text":"可编程片上系统","code":"603893","date":"2024-03-05","page":3}\n{"text":["第一页","第二页"]}\n' >in/l.jsonl
gzip -c in/a.txt >in/z.txt.gz
: >in/.hidden.txt

run 0 "$index" add ix in
has 'indexed 6 filings'
run 0 "$index" dump ix
has_line '^@0	in/a\.txt	1	5	16	0	$'
has_line '^@1	x1	2	11	35	20240305	年度报告$'
has_line '^@2	in/l\.jsonl:2	3	'
has_line '^@3	in/sub/b\.txt	4	'
has_line '^@4	in/sub/c\.txt	5	'
has_line '^@5	in/z\.txt\.gz	6	5	16	0	$'
has_line '^净利	2	2$'
run 0 "$index" dump ix --doc x1
has_line '^codes	603893$'
has_line '^extra	{"page":3}$'
has_line '^path	in/l.jsonl$'

# The same heap again replaces and does not double; also from another place.
run 0 "$index" add ix in/
has_line '^  replaced  *6  older filings$'
run 0 "$index" stats ix
has_line '^filings	6$'
mkdir other && cp -r in other/in
run 0 "$index" add --quiet ix other/in
[ ! -s out ] || fail 'quiet says something'
run 0 "$index" stats ix
has_line '^filings	6$'
run 0 "$index" check ix
run 0 "$index" add -v ix in/a.txt --id-prefix in
has 'replaced: in/a.txt'

# A date that cannot be read is named and counted; the filing is taken. One that is not there is none.
printf '%s\n' '{"id":"d1","text":"一","date":"yesterday","period":"2023-02-30"}' '{"id":"d2","text":"二","date":"2024-13-45","period":"2024年度"}' \
    '{"id":"d3","text":"三","date":"","period":null}' '{"id":"d4","text":"四","date":"2023-08-16 18:24:57"}' >dates.jsonl
run 1 "$index" add dx dates.jsonl
has 'dates.jsonl:1: the date "yesterday" cannot be read'
has 'dates.jsonl:1: the period "2023-02-30" cannot be read'
has 'dates.jsonl:2: the date "2024-13-45" cannot be read'
has 'indexed 4 filings'
has_line '^3 dates or periods could not be read: taken as unknown$'
run 1 env LC_ALL=zh_CN.UTF-8 "$index" add dx dates.jsonl
has '3 处日期或报告期无法识别，按不明处理'
run 0 "$index" dump dx --doc d4
has_line '^date_number	20230816$'

# Standard input; a bad line is named and the others are taken.
printf '{"id":"s1","text":"一"}\nnot json\n{"text":"二"}\n' >lines
run 1 sh -c '"$1" add ix - <lines' sh "$index"
has '-:2:1: an object in { } is wanted'
has_line '^  bad JSON line  *1$'
run 0 "$index" dump ix --doc -:3

# What is damaged, empty, binary, of another kind, special.
mkdir bad
printf 'a\377b\n' >bad/broken.txt
: >bad/empty.txt
printf 'a\000b' >bad/binary.txt
printf 'x' >bad/y.csv
printf 'x' >y.pdf
printf 'not gzip' >bad/n.txt.gz
mkfifo bad/f.txt
ln -s . bad/loop
run 1 "$index" add ix bad
has 'indexed 1 filing ('
has 'broken.txt: 1 invalid byte sequences replaced'
has 'empty.txt: empty'
has 'binary.txt: binary, byte 1 is 0'
has 'y.csv: not a kind of file that is read'
has 'n.txt.gz: not gzip, or damaged'
has 'f.txt: not a regular file'
has 'loop: folder loop'
run 1 env LC_ALL=zh_CN.UTF-8 "$index" add ix bad
has '已索引 1 份公告'
has_line '^  空文件  *1$'
run 2 "$index" add ix bad/empty.txt
has 'nothing to index was found'
run 2 "$index" add ix nowhere
has 'cannot open nowhere'
run 2 "$index" add fresh bad/empty.txt
[ ! -e fresh ] || fail 'an index was left behind'

# A file named itself is text whatever its suffix.
run 0 "$index" add named y.pdf
run 0 "$index" dump named --doc y.pdf

# Other encodings.
printf '\276\273\300\373\310\363' >gb.txt
run 0 "$index" add --encoding GB18030 gbx gb.txt
run 0 "$index" dump gbx 净利
has_line '^净利	1	1$'
run 2 "$index" add --encoding no-such gbx gb.txt
has 'encoding no-such is not known'

# Deleting.
run 0 "$index" delete ix x1
has_line 'deleted 1 filing$'
run 2 "$index" delete ix x1
has 'no filing has the id x1'
run 1 "$index" delete ix s1 x1
run 2 "$index" dump ix --doc x1
run 0 "$index" merge ix
has_line '^[0-9]* segments became 1: [0-9]* filings, [0-9]* deleted dropped$'
run 0 "$index" merge ix
has_line '^1 segment became 1: [0-9]* filings, 0 deleted dropped$'
run 0 "$index" check ix
[ "$(ls ix | grep -c seg)" = 1 ] || fail 'more than one segment after a merge'
[ "$(ls ix | grep -c -e del -e tmp)" = 0 ] || fail 'files are left over after a merge'

# Any number of threads, the same bytes. The index folder inside its own input is passed over. (A file's time is stored once it
# is two seconds old.)
find in -type f -exec touch -d 2024-01-02 {} +
for t in 1 2 3; do
    run 0 "$index" add -q --threads $t "t$t" in
    cmp "t1/0000000001.seg" "t$t/0000000001.seg" || fail "$t threads differ"
    cmp "t1/manifest" "t$t/manifest" || fail "$t threads differ"
done
for k in scalar ssse3 avx2 avx512; do
    "$index" tokens --kernel $k in/a.txt >out 2>&1 || { has "kernel $k: this processor does not have it"; continue; }
    run 0 "$index" add -q --kernel $k "k$k" in
    cmp "t1/0000000001.seg" "k$k/0000000001.seg" || fail "kernel $k differs"
done
run 2 "$index" add --kernel no-such kno in
has 'kernel no-such is unknown'
run 0 "$index" add in/ix in
run 0 "$index" add in/ix in
has_line '^  replaced  *6  older filings$'

# GAOSOU_INDEX.
run 0 env GAOSOU_INDEX=env.ix "$index" add in/a.txt
run 0 env GAOSOU_INDEX=env.ix "$index" stats
has_line '^filings	1$'
run 0 env GAOSOU_INDEX=env.ix "$index" stats t1
has_line '^filings	6$'
