/* common/segment/bitpack: every width, both versions, the last byte that may be touched;
 * block_codec on top of it. */
#include "common/segment/block_codec.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#define BLOCK GS_BITPACK_BLOCK

static uint32_t below(struct random_source *r, unsigned width)
{
    uint32_t v = (uint32_t)random_next(r);
    return width == 0 ? 0 : v >> (32 - width);
}

static void vertical_round_trips(void **state)
{
    (void)state;
    struct random_source r = {1};
    for (unsigned width = 0; width <= 32; width++) {
        uint32_t in[BLOCK], out[BLOCK], portable[BLOCK];
        for (size_t i = 0; i < BLOCK; i++)
            in[i] = below(&r, width);
        uint8_t *a = malloc(16 * width + 1),
                *b = malloc(16 * width + 1); /* exact: asan sees more */
        a[16 * width] = b[16 * width] = 0xA5;
        gs_bitpack_pack(a, in, width);
        gs_bitpack_pack_portable(b, in, width);
        assert_memory_equal(a, b, 16 * width + 1);
        assert_int_equal(a[16 * width], 0xA5);
        gs_bitpack_unpack(out, a, width);
        gs_bitpack_unpack_portable(portable, a, width);
        assert_memory_equal(in, out, sizeof(in));
        assert_memory_equal(in, portable, sizeof(in));
        free(a);
        free(b);
    }
}

static void vertical_layout(void **state)
{
    (void)state;
    uint32_t in[BLOCK] = {0};
    uint8_t out[16 * 5];
    in[6] = 0x15; /* lane 2, row 1: bits 5..9 of the third word */
    gs_bitpack_pack(out, in, 5);
    assert_int_equal(gs_load_u32(out + 8), 0x15u << 5);
    in[6] = 0;
    in[25] = 0x1F; /* lane 1, row 6: bits 30, 31 and 0..2 of the next row's word */
    gs_bitpack_pack(out, in, 5);
    assert_int_equal(gs_load_u32(out + 4), 3u << 30);
    assert_int_equal(gs_load_u32(out + 20), 7);
}

static void rows_round_trip(void **state)
{
    (void)state;
    struct random_source r = {2};
    for (unsigned width = 0; width <= 56; width++)
        for (size_t n = 1; n < 140; n += n < 10 ? 1 : 13) {
            uint64_t in[160];
            uint8_t *bytes = calloc(1, gs_row_bytes(n, width) + 8);
            for (size_t i = 0; i < n; i++)
                gs_row_put(bytes, i, width, in[i] = random_next(&r) >> (63 - width) >> 1);
            for (size_t i = 0; i < n; i++)
                assert_true(gs_row_get(bytes, i, width) == in[i]);
            free(bytes);
        }
}

static void gaps_and_prefix(void **state)
{
    (void)state;
    struct random_source r = {3};
    for (int round = 0; round < 200; round++) {
        uint32_t docs[BLOCK], gaps[BLOCK], portable[BLOCK];
        uint32_t base = round % 3 ? random_below(&r, 1000) : UINT32_MAX, doc = base;
        for (size_t i = 0; i < BLOCK; i++)
            docs[i] = doc += 1 + random_below(&r, 1u << round % 24);
        gs_bitpack_gaps(gaps, docs, BLOCK, base);
        memcpy(portable, gaps, sizeof(gaps));
        gs_bitpack_prefix(gaps, base);
        gs_bitpack_prefix_portable(portable, base);
        assert_memory_equal(gaps, docs, sizeof(docs));
        assert_memory_equal(portable, docs, sizeof(docs));
    }
}

/* ---- blocks of any integers ---- */

static void unary_tables(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        unsigned ones = 0;
        for (unsigned i = 0; i < 8; i++)
            if (byte >> i & 1)
                assert_int_equal(gs_unary_places[byte] >> 8 * ones++ & 0xFF, i);
        assert_true(ones == 8 || gs_unary_places[byte] >> 8 * ones == 0);
        assert_int_equal(gs_unary_ones[byte], ones);
    }
}

/* Packed into just the room it may use, unpacked from just the bytes it may load. */
static unsigned block_round_trip(const uint32_t in[BLOCK])
{
    uint8_t *room = malloc(GS_BLOCK_ROOM);
    uint32_t *out = malloc(BLOCK * sizeof(*out));
    unsigned code = gs_block_pack(room, in), bytes = (unsigned)gs_block_bytes(code);
    assert_true(bytes <= GS_BLOCK_BYTES_MAX);
    uint8_t *exact = calloc(1, bytes + 8);
    memcpy(exact, room, bytes);
    assert_true(gs_block_unpack(out, exact, code));
    assert_memory_equal(in, out, BLOCK * sizeof(*out));
    assert_true(gs_block_unpack_portable(out, exact, code));
    assert_memory_equal(in, out, BLOCK * sizeof(*out));
    for (size_t i = 0; i < BLOCK; i++)
        assert_true(gs_bits_of(in[i]) <= gs_block_value_bits(code));
    free(room);
    free(out);
    free(exact);
    return code;
}

/* Uniform, geometric, and either with outliers, of every size. */
static void blocks_round_trip(void **state)
{
    (void)state;
    struct random_source r = {4};
    size_t splits = 0, exceptions = 0, plain = 0;
    for (unsigned round = 0; round < 20000; round++) {
        uint32_t in[BLOCK], outliers = round / 66 % 5 ? random_below(&r, 20) : 0;
        unsigned width = round % 33, top = random_between(&r, width, 32);
        for (size_t i = 0; i < BLOCK; i++) {
            in[i] = below(&r, width);
            for (unsigned k = width; round / 33 % 2 && k < 32 && random_once_in(&r, 2); k++)
                in[i] += (UINT32_C(1) << width) - 1;
        }
        for (uint32_t i = 0; i < outliers; i++)
            in[random_below(&r, BLOCK)] = below(&r, top);
        unsigned code = block_round_trip(in);
        bool split = code & GS_BLOCK_SPLIT;
        splits += split;
        exceptions += !split && gs_block_bytes(code) % 16 != 0;
        plain += !split && gs_block_bytes(code) % 16 == 0;
    }
    assert_true(splits > 1000 && exceptions > 1000 && plain > 1000);
}

static void block_extremes(void **state)
{
    (void)state;
    uint32_t in[BLOCK] = {0};
    assert_int_equal(block_round_trip(in), 0);
    for (unsigned place = 0; place < BLOCK; place += 127)
        for (unsigned bits = 0; bits <= 32; bits++) {
            memset(in, 0, sizeof(in));
            in[place] = (uint32_t)((UINT64_C(1) << bits) - 1);
            assert_true(gs_block_bytes(block_round_trip(in)) <= 6);
            memset(in, 0xFF, sizeof(in));
            in[place] = (uint32_t)((UINT64_C(1) << bits) - 1);
            block_round_trip(in);
        }
}

#define CODE(bytes, width) ((bytes) | (width) << GS_BLOCK_WIDTH_SHIFT)

static void bad_blocks(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        unsigned code;
        uint8_t bytes[56];
    } rows[] = {
        {"less than its low bits", CODE(15, 1), {0}},
        {"a byte of exceptions", CODE(1, 0), {1}},
        {"no exception", CODE(3, 0), {0, 1, 1}},
        {"more exceptions than integers", CODE(50, 0), {129}},
        {"seven bits an exception", CODE(8, 0), {8, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}},
        {"twice the same place", CODE(5, 0), {2, 0x85, 0x80, 0x05, 0x80}},
        {"places fall", CODE(5, 0), {2, 0x85, 0x80, 0x04, 0x80}},
        {"split without unary", GS_BLOCK_SPLIT | CODE(0, 0), {0}},
        {"127 ones", GS_BLOCK_SPLIT | CODE(16, 0), {0}},
        {"more than 128 ones", GS_BLOCK_SPLIT | CODE(18, 0), {0}},
        {"too many ones", GS_BLOCK_SPLIT | CODE(47, 0), {0}},
        {"an empty byte behind", GS_BLOCK_SPLIT | CODE(17, 0), {0}},
        {"too much unary", GS_BLOCK_SPLIT | CODE(48, 0), {0}},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        uint8_t bytes[64] = {0};
        uint32_t out[BLOCK];
        memcpy(bytes, rows[i].bytes, sizeof(rows[i].bytes));
        if (rows[i].code & GS_BLOCK_SPLIT) /* all ones, but for what is wrong */
            memset(bytes, 0xFF, rows[i].code == (GS_BLOCK_SPLIT | 17) ? 16 : 47);
        if (rows[i].code == (GS_BLOCK_SPLIT | 16))
            bytes[3] = 0x7F;
        if (rows[i].code == (GS_BLOCK_SPLIT | 48))
            memset(bytes, 0, 47), memset(bytes + 32, 0xFF, 16);
        if (gs_block_unpack(out, bytes, rows[i].code) ||
            gs_block_unpack_portable(out, bytes, rows[i].code))
            test_fail("%s: unpacked", rows[i].what);
    }
}

/* Any bytes under any code: an answer, and nothing touched that is not the block's. */
static void hostile_blocks(void **state)
{
    (void)state;
    struct random_source r = {5};
    uint32_t *out = malloc(BLOCK * sizeof(*out)), portable[BLOCK];
    size_t good = 0;
    for (unsigned round = 0; round < 200000; round++) {
        unsigned width = random_below(&r, 32), split = random_below(&r, 2) * GS_BLOCK_SPLIT;
        unsigned bytes = 16 * width + random_below(&r, 60);
        if (random_once_in(&r, 8))
            bytes = random_below(&r, GS_BLOCK_SIZE_MASK + 1);
        uint8_t *in = malloc(bytes + 8);
        for (size_t i = 0; i < bytes + 8; i++)
            in[i] = random_once_in(&r, 3) ? 0 : (uint8_t)random_next(&r);
        unsigned code = split | CODE(bytes, width);
        bool is_good = gs_block_unpack(out, in, code);
        assert_int_equal(is_good, gs_block_unpack_portable(portable, in, code));
        if (is_good) {
            good++;
            assert_memory_equal(out, portable, sizeof(portable));
            for (size_t i = 0; i < BLOCK; i++)
                assert_true(gs_bits_of(out[i]) <= gs_block_value_bits(code));
        }
        free(in);
    }
    free(out);
    assert_true(good > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vertical_round_trips), cmocka_unit_test(vertical_layout),
        cmocka_unit_test(rows_round_trip),      cmocka_unit_test(gaps_and_prefix),
        cmocka_unit_test(unary_tables),         cmocka_unit_test(blocks_round_trip),
        cmocka_unit_test(block_extremes),       cmocka_unit_test(bad_blocks),
        cmocka_unit_test(hostile_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
