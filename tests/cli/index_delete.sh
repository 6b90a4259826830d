#!/bin/sh
# gaosou-index delete: by id and by --where; what it takes, what it leaves, and what it says.
set -u
. "$(dirname "$0")/index_lib.inc"

line() { # line ID CODE DATE TYPE
    printf '{"id":"%s","code":"%s","date":"%s","type":"%s","text":"远山新材有限公司公告%s"}\n' "$1" "$2" "$3" "$4" "$1"
}

{
    for i in 1 2 3 4 5 6 7 8 9; do line "a$i" 600901 "2024-0$i-15" 审计报告; done
    for i in 1 2 3 4 5 6 7 8 9; do line "b$i" 000902 "2019-0$i-15" 年度报告; done
    printf '{"id":"c1","text":"无日期的公告"}\n{"id":"c2","date":"2019","text":"只有年份"}\n'
} >all.jsonl
run 0 "$index" add -q heap all.jsonl

run 2 "$index" delete heap --where 'date:2024-13'
has 'column 6'
run 2 "$index" delete heap --where 'colour:red'
has 'FIELD:VALUE'
run 2 "$index" delete heap --dry-run a1
has '--dry-run goes with --where'
run 2 "$index" delete heap
has 'nothing to delete'
run 2 "$index" delete heap --where 'code:600999'
has 'deleted 0 filings'

run 0 "$index" delete heap --dry-run --where 'code:000902 date:..2019-04'
[ "$(grep -c '^b' out)" = 4 ] || fail 'four of 2019'
has '2 filings could not be judged and stay'

run 2 "$index" delete heap --where 'code:000902'
has 'takes 9 of 20 filings, more than a tenth'
run 2 env LC_ALL=zh_CN.UTF-8 "$index" delete heap --where 'code:000902'
has '超过十分之一'
run 0 "$index" delete heap --where 'type:annual-report date:2019-03..2019-04'
has 'deleted 2 filings'
run 0 "$index" delete heap --force --where 'code:000902.SZ'
has 'deleted 7 filings'
run 1 "$index" delete heap --where 'id:a1' c1 nowhere
has 'no filing has the id nowhere'
has 'deleted 2 filings'
run 0 "$index" stats heap
has_line 'filings.*9$'
run 0 "$index" check heap
run 2 "$index" delete heap nowhere

# Ids that would steer a terminal or forge lines are listed escaped, and taken again as listed.
mkdir odd
nl=$(printf 'odd/a\nskipped: x.txt') esc=$(printf 'odd/b\033[31m.txt')
printf '一\n' >"$nl"
printf '二\n' >"$esc"
printf '三\n' >'odd/c\n.txt'
for i in 1 2 3; do printf '四%s\n' $i >odd/d$i.txt; done
run 0 "$index" add -q ixo odd
run 0 "$index" delete ixo --dry-run --where 'id:odd*'
[ "$(wc -l <out)" = 6 ] || fail 'not one id a line'
has_line '^odd/a\\nskipped: x.txt$'
has_line '^odd/b\\x1B\[31m.txt$'
has_line '^odd/c\\\\n.txt$'
cp out listed
run 0 "$index" delete ixo 'odd/c\n.txt'
while IFS= read -r id; do
    [ "$id" = 'odd/c\\n.txt' ] || run 0 "$index" delete ixo "$id"
done <listed
run 0 "$index" stats ixo
has_line 'filings.*0$'
exit 0
