# gaosou-index tokens, dump, stats, check: exact output.
set -u
. "$(dirname "$0")/index_lib.inc"

printf '芯原股份RK3588系列，213,452.21元\n' >t.txt
run 0 "$index" tokens t.txt
diff "$here/index_tokens.out" out || fail 'tokens'
run 0 sh -c '"$1" tokens <t.txt' sh "$index"
diff "$here/index_tokens.out" out || fail 'tokens from standard input'
run 1 sh -c 'printf "a\377" | "$1" tokens' sh "$index"
has 'invalid byte sequences'

printf '{"id":"a\\\\b","title":"净利\\t润","text":"净利润。A股"}\n{"id":"b","text":"净利","date":"2024"}\n' >l.jsonl
run 0 "$index" add ix l.jsonl
run 0 "$index" dump ix
diff "$here/index_dump.out" out || fail 'dump'
run 0 "$index" dump ix 净利 a '#sentence'
[ "$(grep -c '^[^ ]' out)" = 3 ] || fail 'dump of three terms'
run 1 "$index" dump ix 没有
[ "$(cat out)" = 'gaosou-index: no such term: 没有' ] || fail 'dump of a term that is not there'
[ -z "$("$index" dump ix 没有 2>/dev/null)" ] || fail 'a term that is not there is not on standard error'
run 1 "$index" dump ix 净利 没有
has_line '^净利	'
run 2 "$index" dump ix --doc nothing
has 'no filing has the id nothing'

run 0 "$index" stats --json ix
has '"filings":2,"deleted":0,'
has '"bits_per_posting":'
has '"sections":{'
run 0 "$index" stats ix
has_line '^section han entries	'

# One byte changed anywhere in the segment is found.
run 0 "$index" check ix
has 'is sound'
size=$(wc -c <ix/0000000001.seg)
for at in 9 100 5000 $((size / 2)) $((size - 3)); do
    cp -r ix broken
    byte=$(od -An -tu1 -j "$at" -N 1 ix/0000000001.seg | tr -d ' ')
    printf "\\$(printf '%o' $(((byte + 1) % 256)))" |
        dd of=broken/0000000001.seg bs=1 seek="$at" conv=notrunc 2>/dev/null
    run 2 "$index" check broken
    has 'is damaged'
    rm -r broken
done
cp -r ix broken
dd if=/dev/null of=broken/0000000001.seg bs=1 seek=1000 2>/dev/null
run 2 "$index" check broken
rm broken/0000000001.seg
run 2 "$index" check broken
run 2 "$index" add broken l.jsonl
printf 'garbage' >broken/manifest
run 2 "$index" check broken
run 2 "$index" add broken l.jsonl
[ "$(cat broken/manifest)" = garbage ] || fail 'a damaged manifest was overwritten'
