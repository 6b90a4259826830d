# The benchmarks refuse what they cannot measure, naming it, and explain their options.
. "$(dirname "$0")/index_lib.inc"
bench=$(dirname "$index")/benchmarks
"$bench/gen_corpus" --filings 20 --seed 5 >some.jsonl || fail "gen_corpus"
mkdir folder
: >empty.jsonl

for program in bench_tokenise bench_index bench_query bench_search_modes bench_codec gen_corpus gen_statistics check_work tokenise_reference; do
    "$bench/$program" --help >out 2>err || fail "$program --help"
    has 'usage: '
    has_line '^  --help '
    [ ! -s err ] || fail "$program --help writes to standard error"
done

run 2 "$bench/bench_tokenise" folder
has 'folder: is a folder'
for program in bench_tokenise bench_index gen_statistics; do
    for file in /dev/null empty.jsonl nonexist; do
        run 2 "$bench/$program" "$file"
        has "$file: "
        grep -q -e nan -e 'inf,' out && fail "$program $file: figures of nothing"
    done
done
run 2 "$bench/bench_index" folder
has 'folder: no filings'
for option in --limit --repeat --differences; do
    for value in x -1 '' 3x 99999999999999999999; do
        run 2 "$bench/bench_tokenise" $option "$value" some.jsonl
        has "$option: \"$value\" is not a number"
    done
done
run 2 "$bench/bench_tokenise" --limit
run 2 "$bench/bench_tokenise" --nosuch 3 some.jsonl
has 'nosuch'
run 2 "$bench/bench_index" --text maybe some.jsonl
has 'maybe'
run 2 "$bench/bench_index" --threads 1,x some.jsonl
has '--threads: "x" is not a number'
run 2 "$bench/bench_index" --memory 1 some.jsonl
run 2 "$bench/gen_corpus" --bytes 10q
has 'usage'

run 0 "$index" add idx some.jsonl
run 2 "$bench/bench_codec" --class foo idx
has '2-3 4-15 16-127'
run 0 "$bench/bench_codec" --repeat 1 --class 2-3 idx
has '"class":"2-3"'
[ "$(grep -c . out)" = 1 ] || fail "one class, more lines"
run 2 "$bench/bench_codec" --repeat 0 idx
run 2 "$bench/bench_query" --index idx --queries empty.jsonl
has 'no queries'
run 2 "$bench/bench_query" --index idx --queries some.jsonl --repeat x
has '--repeat: "x" is not a number'

run 2 sh "$here/../../benchmarks/scale.sh" "$(dirname "$index")" 0.1 abc
has 'GB: not a number'
if command -v python3 >/dev/null 2>&1; then
    PYTHONDONTWRITEBYTECODE=1
    export PYTHONDONTWRITEBYTECODE
    run 2 python3 "$here/../../benchmarks/peers/run.py" --build nosuch --peers sqlite,foo
    has "no peer is called 'foo'"
fi
