# bench_tokenise --against: the reference tokeniser agrees token for token; others are shown where they differ; what breaks
# the protocol is an error.
. "$(dirname "$0")/index_lib.inc"
bench=$(dirname "$index")/benchmarks
[ -x "$bench/bench_tokenise" ] || fail "bench_tokenise is not built"
"$bench/gen_corpus" --filings 20 --style pages --seed 5 >some.jsonl || fail "gen_corpus"
tokenise="$bench/bench_tokenise --repeat 1"

run 0 $tokenise --against "$bench/tokenise_reference" some.jsonl
has '"against_clock":"its own"'
has_line '"bench":"against","filings":20,"filings_equal":20,"ours":\([0-9]*\),"theirs":\1,"common":\1}'
[ "$(grep -c . out)" = 2 ] || fail "differences where there are none"

# A tokeniser that leaves a token out of each filing, and one that gives another term.
cat >drop.sh <<END
TOKENISE=tokens "$bench/tokenise_reference" | awk 'NF == 0 {n = 0; print; next} ++n != 7'
END
run 0 $tokenise --against 'sh drop.sh' --differences 3 some.jsonl
has '"filings_equal":0'
has '"against_clock":"process"'
has '"warning":"no ratio'
grep -q ratio_against out && fail "a ratio with the process's life"
[ "$(grep -c '"before":' out)" = 3 ] || fail "wanted three differences"
has_line '{"filing":0,"offset":[0-9]*,"before":".*","text":".*","behind":".*","ours":\[\[.*"theirs":\[\['
run 0 $tokenise --against "TOKENISE=tokens \"$bench/tokenise_reference\" | sed '3s/.\$/x/'" --differences 9 some.jsonl
has '"filings_equal":19'

run 0 $tokenise --against-count --against 'cat >/dev/null; printf "tokens\t12\t0.5\n"' some.jsonl
has '"against_tokens":12'
run 2 $tokenise --against 'exit 3' some.jsonl
has 'ended with status 3'
run 2 $tokenise --against 'cat >/dev/null; echo 1 2 x' some.jsonl
has 'not a line start<TAB>end<TAB>term'
run 2 $tokenise --against 'cat >/dev/null; printf "0\t99999999\tx\n\n"' some.jsonl
has 'within a filing of'
run 2 $tokenise --against "\"$bench/tokenise_reference\"; echo; echo" some.jsonl
has 'more output than filings'
run 2 $tokenise --against "\"$bench/tokenise_reference\" | head -n 50" some.jsonl
run 2 $tokenise --kernel none some.jsonl
has 'kernel none is unknown'
run 2 $tokenise --transcode ./none.so some.jsonl
has 'none.so'
