#!/bin/sh
# How much faster a batch is on several threads: the least of some runs each, taken in turn, in wall time.
#   benchmarks/batch.sh GAOSOU-QUERY INDEX [THREADS [RUNS [REPEATS]]]
# The queries are those of benchmarks/queries/filings.tsv, REPEATS times over.
set -eu
query=$1 index=$2 threads=${3:-2} runs=${4:-5} repeats=${5:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$(cd "$(dirname "$0")/.." && pwd)
grep -v '^#' "$root/benchmarks/queries/filings.tsv" | cut -f2 | grep . >"$work/once"
while [ "$repeats" -gt 0 ]; do
    cat "$work/once"
    repeats=$((repeats - 1))
done >"$work/lines"

milliseconds() { # milliseconds THREADS: of one run
    start=$(date +%s%N)
    "$query" "$index" --batch --threads "$1" <"$work/lines" >"$work/answers" || [ $? -eq 1 ]
    echo $((($(date +%s%N) - start) / 1000000))
}
milliseconds 1 >"$work/warm"
while [ "$runs" -gt 0 ]; do
    milliseconds 1 >>"$work/one"
    milliseconds "$threads" >>"$work/many"
    runs=$((runs - 1))
done
one=$(sort -n "$work/one" | head -n 1) many=$(sort -n "$work/many" | head -n 1) lines=$(wc -l <"$work/lines")
awk -v o="$one" -v m="$many" -v n="$lines" -v t="$threads" 'BEGIN {
    printf "%d queries: 1 thread %d ms (%.0f/s), %d threads %d ms (%.0f/s), %.2f times\n", n, o, 1000 * n / o, t, m, 1000 * n / m, o / m}'
