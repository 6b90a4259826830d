# kill -9 at random moments of add and merge: the index opens with the old or the new commit, and the next writer goes on
# and cleans up.
set -u
. "$(dirname "$0")/../cli/index_lib.inc"
rounds=${GAOSOU_KILL_ROUNDS:-25}

awk 'BEGIN { for (i = 0; i < 4000; i++) { s = ""; for (k = 0; k < 40; k++) s = s "净利润增长" (i * k) "，研发人员。";
    printf "{\"id\":\"d%d\",\"text\":\"%s\"}\n", i, s } }' >many.jsonl
printf '{"id":"first","text":"一二三"}\n' >first.jsonl

pause() { # up to about 0.4 s, from a seed and the round
    awk -v r="$1" 'BEGIN { srand(r * 7919); printf "%.3f", rand() * 0.4 }'
}

filings() {
    "$index" stats ix | sed -n 's/^filings	//p'
}

sound() {
    run 0 "$index" check ix
    count=$(filings)
    [ "$count" = "$1" ] || [ "$count" = "$2" ] || fail "$count filings, wanted $1 or $2"
}

round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    rm -rf ix
    run 0 "$index" add -q ix first.jsonl
    "$index" add -q --threads 2 ix many.jsonl 2>/dev/null &
    sleep "$(pause $round)"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    sound 1 4001
    "$index" merge -q ix 2>/dev/null &
    sleep "$(pause $((round + 1000)))"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    sound 1 4001
    run 0 "$index" add -q ix many.jsonl
    sound 4001 4001
    [ "$(ls ix | grep -c tmp)" = 0 ] || fail 'temporary files are left'
    run 0 "$index" merge -q ix
    [ "$(ls ix | sort | tr '\n' ' ')" = "$(ls ix | grep seg) lock manifest " ] || fail "left over: $(ls ix)"
done

# The first commit of all: killed, it leaves nothing that the next one minds.
for round in 1 2 3 4 5 6; do
    rm -rf ix
    "$index" add -q ix many.jsonl 2>/dev/null &
    sleep "$(pause $((round + 2000)))"
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    run 0 "$index" add -q ix first.jsonl
    sound 1 4001
done
