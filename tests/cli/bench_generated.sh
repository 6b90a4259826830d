# gen_corpus: the same bytes for the same seed on every machine, filings that do not depend on how many are asked for, and
# nothing that the indexer has to repair.
. "$(dirname "$0")/index_lib.inc"
gen=$(dirname "$index")/benchmarks/gen_corpus
[ -x "$gen" ] || fail "gen_corpus is not built"

"$gen" --filings 200 --seed 7 >news.jsonl || fail "gen_corpus"
"$gen" --filings 100 --seed 7 --style pages >pages.jsonl || fail "gen_corpus --style pages"
[ "$(cat news.jsonl pages.jsonl | cksum)" = "76808879 618016" ] || fail "other bytes than before: $(cat news.jsonl pages.jsonl | cksum)"
tail -n 150 news.jsonl >tail.jsonl
"$gen" --filings 150 --seed 7 --first 51 | cmp - tail.jsonl || fail "filing 51 depends on those before it"
"$gen" --bytes 100k --seed 7 >bytes.jsonl || fail "gen_corpus --bytes"
head -n "$(grep -c . bytes.jsonl)" news.jsonl | cmp - bytes.jsonl || fail "--bytes and --filings differ"
[ "$(wc -c <bytes.jsonl)" -ge 102400 ] || fail "--bytes: too few"
"$gen" --filings 200 --seed 8 | cmp -s - news.jsonl && fail "seeds 7 and 8 are the same"

run 0 "$index" add idx news.jsonl pages.jsonl
run 0 "$index" stats idx
has_line '^filings[[:space:]]*300$'
run 2 "$gen" --style none --filings 1
has 'usage'
run 2 "$gen"
has 'usage'
for number in -1 x 1x '' 99999999999999999999 18446744073709551615g; do
    run 2 "$gen" --bytes "$number" --filings 1
    has 'usage'
done
