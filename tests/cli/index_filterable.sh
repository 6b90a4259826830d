#!/bin/sh
# --filterable: which fields it takes, what of the input is a value, and that later adds and merges keep it.
set -u
. "$(dirname "$0")/index_lib.inc"

cat >a.jsonl <<'END'
{"id":"a","text":"甲公司公告。净利润增长。","code":"600001","industry":"半导体","rank":3,"tags":["x","y",7,true,null,{"z":1},["n"],""],"url":"http://a"}
{"id":"b","text":"乙公司公告。净利润下降。","industry":"银行","rank":-1.50,"tags":"x","评级":"A+"}
{"id":"c","text":"丙公司公告。","industry":null,"rank":"","tags":[]}
END
cat >b.jsonl <<'END'
{"id":"d","text":"丁公司公告。","industry":"半导体","area":"北京"}
END
cat >meta.csv <<'END'
id,industry,行业
a,软件,芯片
END

# names
for name in type Code title 1a 'a b' '' 'x:' 'x：y' '-x' '"x"' 'x,' 'x,date'; do
    run 2 "$index" add none a.jsonl --filterable "$name"
    has 'cannot be a filterable field'
done
many=f1
i=2
while [ $i -le 27 ]; do
    many=$many,f$i
    i=$((i + 1))
done
run 2 "$index" add none a.jsonl --filterable "$many"
has '26 filterable fields at most'
run 2 "$index" merge none --filterable x
has 'it goes with add'
[ -e none ] && fail 'a refused name leaves an index'

# values, and how many filings have one
run 0 "$index" add i a.jsonl --filterable industry,rank，tags --filterable url、评级、absent
has_line '^  industry  *2$'
has_line '^  rank  *2$'
has_line '^  tags  *2$'
has_line '^  url  *1$'
has_line '^  评级  *1$'
has_line '^  absent  *none$'
run 0 "$index" stats i
has_line '^field code	values 1, filings 1, bytes 6$'
has_line '^field industry	values 2, filings 2, bytes 15$'
has_line '^field rank	values 2, filings 2, bytes 6$'
has_line '^field tags	values 2, filings 2, bytes 11$'
has_line '^field absent	values 0, filings 0, bytes 0$'

# kept without being told, by later adds and by merges
run 0 "$index" add i b.jsonl --filterable area --no-merge
has_line '^  industry  *1$'
run 0 "$index" stats --json i
has '"industry":{"values":2,"filings":3,"bytes":15}'
run 0 "$index" merge i
run 0 "$index" check i
run 0 "$index" stats --json i
has '"area":{"values":1,"filings":1,"bytes":6}'
has '"industry":{"values":2,"filings":3,"bytes":15}'

# columns of a table go before the line's fields
run 0 "$index" add m a.jsonl --meta meta.csv --filterable industry,行业
run 0 "$index" stats m
has_line '^field industry	values 2, filings 2, bytes 12$'
has_line '^field 行业	values 1, filings 1, bytes 6$'

# update takes it too; what has not changed is left alone
run 0 "$index" update m a.jsonl --meta meta.csv --filterable rank
run 0 "$index" stats --json m
grep -q '"rank"' out && fail 'an update without changes made a field'

# the same bytes for any number of threads
run 0 "$index" add t1 a.jsonl b.jsonl --filterable tags,industry --threads 1
run 0 "$index" add t2 a.jsonl b.jsonl --filterable industry,tags --threads 3
cmp t1/0000000001.seg t2/0000000001.seg || fail 'threads make a difference'
