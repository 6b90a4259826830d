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

# Long work commits as it goes. Its clock is made to run out by stopping it for a while; it is killed behind that commit: the same
# command goes on there, another one knows nothing of it.
answers() { # answers INDEX: filings and lists, whatever the order in which they were added
    "$index" dump "$1" | awk -F'\t' '/^@[0-9]/ && !term { id[substr($1, 2)] = $2; print "@", $2, $4, $5; next }
        /^ / { split($0, p, ":"); print term, id[substr(p[1], 2)], p[3]; next } { term = $1 }' | LC_ALL=C sort | cksum
}

stop_and_kill() { # stop_and_kill COMMAND: leaves ix with a note of the work; 1 where it was done too soon
    rm -rf ix
    "$index" add -q ix first.jsonl
    "$index" $1 -q --threads 1 --checkpoint 1 ix many.jsonl more.jsonl 2>/dev/null &
    sleep 0.1
    kill -STOP $! 2>/dev/null
    sleep 1.1
    kill -CONT $! 2>/dev/null
    for poll in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        case $("$index" stats ix | sed -n 's/^commit	//p') in 1) ;; *) break ;; esac
    done
    kill -9 $! 2>/dev/null
    wait $! 2>/dev/null
    [ -e ix/work ]
}

sed 's/"d/"e/' many.jsonl >more.jsonl
rm -rf whole
run 0 "$index" add -q whole first.jsonl many.jsonl more.jsonl
for command in add update; do
    tries=0
    until stop_and_kill $command || [ $tries = 5 ]; do
        tries=$((tries + 1))
    done
    if [ $tries = 5 ]; then
        echo "skipped: $command was always done too soon to be killed"
        continue
    fi
    run 0 "$index" check ix
    rm -rf iy
    cp -r ix iy
    run 0 "$index" $command --checkpoint 0 iy many.jsonl
    grep -q continuing out && fail 'another command went on'
    [ ! -e iy/work ] || fail 'the note of another command is left'
    run 0 "$index" $command --checkpoint 1 --threads 1 ix many.jsonl more.jsonl
    has 'continuing'
    [ ! -e ix/work ] || fail 'the note of work is left'
    sound 8001 8001
    [ "$(answers ix)" = "$(answers whole)" ] || fail 'the index is not that of work that nobody stopped'
done
