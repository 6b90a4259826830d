#!/bin/sh
# Runs the benchmarks of one build and prints JSON lines; `make bench` calls it.
#   benchmarks/run.sh BUILD_FOLDER
# Filings: the corpora's news and prospectus pages where they are (GAOSOU_CORPORA, default ../shared/corpora), else 100 MB that
# gen_corpus makes. Indexes are built below BENCH_FOLDER (default: a temporary folder, removed at the end).
set -eu
build=$1
here=$(cd "$(dirname "$0")" && pwd)
corpora=${GAOSOU_CORPORA:-$here/../../shared/corpora}
scratch=${BENCH_FOLDER:-$(mktemp -d)}
[ -n "${BENCH_FOLDER:-}" ] || trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch"

if [ -d "$corpora" ]; then
    set -- "$corpora/news/docs.jsonl.zst" "$corpora/prospectus/pages.jsonl.zst"
else
    echo "no corpora at $corpora: measuring generated filings" >&2
    "$build/benchmarks/gen_corpus" --bytes 100m --seed 1 >"$scratch/generated.jsonl"
    set -- "$scratch/generated.jsonl"
fi

if [ -e "$here/../build/transcode/libtranscode.so" ]; then
    "$build/benchmarks/bench_tokenise" --transcode "$here/../build/transcode/libtranscode.so" "$@"
else
    "$build/benchmarks/bench_tokenise" "$@"
fi
"$build/benchmarks/bench_index" --folder "$scratch" "$@"
"$build/gaosou-index" add --quiet "$scratch/search" "$1"
for class in phrase short frequent all word char prefix or; do
    "$build/benchmarks/bench_query" --index "$scratch/search" --draw "$class" --number 300 --seed 7 >"$scratch/$class.tsv"
    "$build/benchmarks/bench_query" --index "$scratch/search" --queries "$scratch/$class.tsv"
done
for class in any text; do
    "$build/benchmarks/bench_query" --index "$scratch/search" --draw "$class" --number 300 --seed 7 >"$scratch/$class.tsv"
    "$build/benchmarks/bench_query" --index "$scratch/search" --queries "$scratch/$class.tsv" --any --compare-exhaustive
done
"$build/benchmarks/bench_query" --index "$scratch/search" --queries "$scratch/phrase.tsv" --snippets
