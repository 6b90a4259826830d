/* common/segment/bitpack: every width, both versions, the last byte that may be touched. */
#include "common/segment/bitpack.h"
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
    for (unsigned width = 0; width <= 32; width++)
        for (size_t n = 0; n < 140; n += n < 10 ? 1 : 13) {
            uint32_t in[160], out[160];
            uint8_t *bytes = calloc(1, gs_bitpack_bytes(n, width) + 8);
            for (size_t i = 0; i < n; i++)
                in[i] = below(&r, width);
            uint8_t *end = gs_bitpack_pack_row(bytes, in, n, width);
            assert_int_equal(end - bytes, gs_bitpack_bytes(n, width));
            for (size_t first = 0; first <= n; first += 1 + n / 5) {
                gs_bitpack_unpack_row(out, bytes, first, n - first, width);
                assert_memory_equal(in + first, out, (n - first) * sizeof(out[0]));
            }
            free(bytes);
        }
}

static void gaps_and_prefix(void **state)
{
    (void)state;
    struct random_source r = {3};
    for (int round = 0; round < 200; round++) {
        uint32_t docs[BLOCK], gaps[BLOCK], portable[BLOCK];
        uint32_t base = round % 3 ? random_below(&r, 1000) : UINT32_MAX, doc = base, all = 0;
        for (size_t i = 0; i < BLOCK; i++)
            docs[i] = doc += 1 + random_below(&r, 1u << round % 24);
        uint32_t any = gs_bitpack_gaps(gaps, docs, BLOCK, base);
        for (size_t i = 0; i < BLOCK; i++)
            all |= gaps[i];
        assert_int_equal(any, all);
        memcpy(portable, gaps, sizeof(gaps));
        gs_bitpack_prefix(gaps, base);
        gs_bitpack_prefix_portable(portable, base);
        assert_memory_equal(gaps, docs, sizeof(docs));
        assert_memory_equal(portable, docs, sizeof(docs));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vertical_round_trips),
        cmocka_unit_test(vertical_layout),
        cmocka_unit_test(rows_round_trip),
        cmocka_unit_test(gaps_and_prefix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
