# bench_tokenise --transcode with a stand-in for simdutf: what it is given, and what is printed of it.
. "$(dirname "$0")/index_lib.inc"
bench=$(dirname "$index")/benchmarks
"$bench/gen_corpus" --filings 3 --seed 5 >some.jsonl || fail "gen_corpus"
cat >fake.c <<'END'
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
size_t gs_transcode(const char *utf8, size_t size, uint16_t *utf16);
const char *gs_transcode_kernel(void);
size_t gs_transcode(const char *utf8, size_t size, uint16_t *utf16)
{
    for (size_t i = 0; i < size; i++) /* the room is as promised: a unit for each byte */
        utf16[i] = (unsigned char)utf8[i];
    fprintf(stderr, "transcode %zu\n", size);
    return size;
}
const char *gs_transcode_kernel(void)
{
    return "stand-in";
}
END
if ! ${CC:-cc} -shared -fPIC -o fake.so fake.c 2>/dev/null; then
    echo "skipped: no compiler for a shared object"
    exit 0
fi
run 0 "$bench/bench_tokenise" --repeat 2 --transcode ./fake.so some.jsonl
has '"transcode":"stand-in","transcode_mb_per_s":'
has_line '"ratio_transcode":[0-9]'
# Two runs, each the three filings and then all their bytes at once.
[ "$(grep -c '^transcode [0-9]' out)" = 8 ] || fail "wanted eight calls"
awk '/^transcode/ { n++; if (n % 4 == 0 && $2 != sum) exit 1; sum = n % 4 ? sum + $2 : 0 }' out || fail "other bytes than the filings"

echo 'int other;' >other.c
${CC:-cc} -shared -fPIC -o other.so other.c || fail "other.so"
run 2 "$bench/bench_tokenise" --transcode ./other.so some.jsonl
has 'not a transcoder'
