# Filings longer than a slice of tokens, in which an end or a number is decided long after its position.
set -u
. "$(dirname "$0")/index_lib.inc"

# half a million positions between two ends, and the mark of a sentence in each
awk 'BEGIN { for (f = 0; f < 3; f++) { for (i = 0; i < 60000; i++) printf "甲乙丙丁%s", i % 3 ? "" : " "
    for (i = 0; i < 20; i++) printf "戊己。庚辛"; print "" } for (i = 0; i < 200000; i++) printf "子丑寅" }' >ends.txt
# chains of figures of all lengths that stay undecided, over the end of a slice
awk 'BEGIN { for (i = 0; i < 9000; i++) { printf "a"; for (k = 0; k < 60 + i % 60; k++) printf "%d.", k % 10; printf "甲" } }' >chains.txt

for file in ends.txt chains.txt; do
    for threads in 1 2; do
        run 0 "$index" add --threads $threads "ix-$file-$threads" $file
        run 0 "$index" check "ix-$file-$threads"
        has 'is sound'
    done
    cmp "ix-$file-1/0000000001.seg" "ix-$file-2/0000000001.seg" || fail "$file: two threads, other bytes"
done
run 0 "$index" dump ix-ends.txt-1 '戊己' '子丑'
has_line '^戊己	1	60$'
has_line '^子丑	1	200000$'
