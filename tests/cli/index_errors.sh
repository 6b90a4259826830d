# gaosou-index: wrong use, foreign folders, locks, lost manifests: message, exit code 2, nothing changed.
set -u
. "$(dirname "$0")/index_lib.inc"
printf '净利润\n' >a.txt

run 2 "$index"
has 'no command is given'
run 2 "$index" frobnicate
has "'frobnicate' is no command"
run 2 "$index" add
has 'no INDEX is given; usage: gaosou-index add INDEX ...'
run 2 "$index" add ix
has 'nothing to add is given'
run 2 "$index" stats ix extra
has "'extra' is too much"
run 2 "$index" add --no-such ix a.txt
has 'unknown option --no-such'
run 2 "$index" add ix a.txt --bogus
has 'unknown option --bogus'
run 2 "$index" add ix a.txt -x
has 'unknown option -x'
run 2 "$index" add ix a.txt --threads
has 'a value is missing behind --threads'
run 2 "$index" add --threads
has 'a value is missing behind --threads'
run 2 "$index" add --threads 0 ix a.txt
has '--threads 0: a number from 1 to 64 is wanted'
run 2 "$index" add --memory 3X ix a.txt
has '--memory 3X: a size like 512M or 2G is wanted'
run 2 "$index" add --memory 1M ix a.txt
has 'at least 64M is needed'
run 2 "$index" stats --threads 2 ix
has 'unknown option --threads (it goes with add)'
run 2 "$index" add --prune ix a.txt
has 'unknown option --prune (it goes with update)'
run 2 "$index" update --force ix a.txt
has 'force goes with --prune'
run 2 "$index" update --checkpoint 5x ix a.txt
has '--checkpoint 5x: seconds, or a time like 10m or 2h, is wanted'
[ ! -e ix ] || fail 'wrong use made an index'
run 0 "$index" --version
run 0 "$index" --help
has 'gaosou-index add INDEX PATH...'
for command in add update delete merge check stats dump tokens; do
    run 0 "$index" $command --help
    has "gaosou-index $command"
    run 0 env LANG=zh_CN.UTF-8 "$index" $command --help
    has '用法'
done

for command in stats check dump merge 'delete x'; do
    set -- $command
    name=$1
    shift
    run 2 "$index" "$name" nothing-here "$@"
    has 'nothing-here'
    run 2 "$index" "$name" a.txt "$@"
    has 'a.txt'
done
[ ! -e nothing-here ] || fail 'something was made'
mkdir foreign && echo precious >foreign/file
run 2 "$index" add foreign a.txt
has 'foreign is not an index'
[ "$(ls -A foreign)" = file ] || fail 'a foreign folder was changed'
run 2 "$index" add a.txt a.txt
run 2 "$index" add no/such/parent a.txt
has 'no/such/parent'
mkdir empty
run 0 "$index" add empty a.txt

# Segments without a manifest are not thrown away.
run 0 "$index" add lost a.txt
rm lost/manifest
run 2 "$index" add lost a.txt
has 'its manifest was lost'
[ -e lost/0000000001.seg ] || fail 'a segment was thrown away'

# A second writer is told so at once.
mkfifo pipe
run 0 "$index" add held a.txt
"$index" add -q held - <pipe &
writer=$!
exec 3>pipe
printf '{"id":"one","text":"x"}\n' >&3
# The first writer takes the lock before it reads; a probe that came too early would take it away.
sleep 1
run 2 "$index" add -q held a.txt
has 'held'
run 0 "$index" stats held
exec 3>&-
wait $writer || fail 'the first writer failed'
run 0 "$index" dump held --doc one

# The output cannot be written: what was committed is.
run 1 sh -c '"$1" add closed a.txt >&-' sh "$index"
run 0 "$index" check closed

# A limit on the size of files is a full disk.
# A line without text is named; the others are taken.
printf '%s\n' '{"id":"a","content":"净利润"}' '{"id":"b","text":""}' '{"id":"c","text":"净利润"}' >textless.jsonl
run 1 "$index" add textless textless.jsonl
has 'textless.jsonl:1: the field "text" is missing'
has 'indexed 2 filings'

awk 'BEGIN { for (i = 0; i < 300; i++) printf "{\"id\":\"%d\",\"text\":\"净利润%d增长%d\"}\n", i, i * i, i * 7 }' >many.jsonl
run 2 sh -c 'ulimit -f 8; exec "$1" add held many.jsonl' sh "$index"
has 'held'
[ "$(ls held | grep -c tmp)" = 0 ] || fail 'temporary files are left'
run 0 "$index" check held

# What was committed before a failure stays, and the exit code tells it.
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "{\"id\":\"%d\",\"text\":\"净利润%d增长%d\"}\n", i, i * i, i * 7 }' >many.jsonl
run 1 sh -c '{ sleep 1.2; cat many.jsonl; } | { ulimit -f 64; exec "$1" add --checkpoint 1 part a.txt -; }' sh "$index"
has 'what was committed on the way stays, the index has 1 filings; the same command goes on there'
run 0 "$index" check part
run 0 "$index" stats part
has_line 'filings.*1$'

# Quarters and halves that no year has are bad dates.
printf '{"id":"%s","%s":"%s","text":"一"}\n' a period 2023Q9 b period 2024H3 c date 2024年第5季度 d period 2024年第五季度 e period 2023Q3 >parts.jsonl
run 1 "$index" add parts parts.jsonl
has 'parts.jsonl:1: the period "2023Q9" cannot be read'
has 'parts.jsonl:3: the date "2024年第5季度" cannot be read'
has '4 dates or periods could not be read'
