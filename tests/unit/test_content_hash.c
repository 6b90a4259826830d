/* common/text/content_hash: what it equates and what it does not, and that every kernel folds
 * alike. */
#include "common/text/content_hash.h"

#include "common/base/checksum.h"
#include "common/text/kernel.h"
#include "tests/support/guarded.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

static uint64_t hash(const char *text)
{
    return gs_content_hash((const uint8_t *)text, strlen(text), 0, NULL, 0);
}

static void equates(void **state)
{
    (void)state;
    static const char *const same[][2] = {
        {"净利润增长", "净 利\r\n润\t增\f长"},
        {"净利润增长", "净\u3000利\u00A0润\u2003增\u200B长\n\n"},
        {"净利润增长", "\uFEFF净\u00AD利\u1680润\u2028增\u2060长\x7F\xC2\x85"},
        {"RMB 1,234.5(%)", "ＲＭＢ１，２３４．５（％）"},
        {"!~", "！～"},
        {"a", "a\u206F"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(same); i++)
        if (hash(same[i][0]) != hash(same[i][1]))
            test_fail("%s and %s differ", same[i][0], same[i][1]);
    static const char *const other[][2] = {
        {"净利润", "淨利潤"},
        {"abc", "ABC"},
        {"1,234", "1234"},
        {"净利润。", "净利润"},
        {"⼯", "工"},
        {"…", "..."},
        {"净利润增长", "净利增润长"},
        {"、", "，"},
        {"“", "\""},
        {"ab", "a\uFFFD"
               "b"},
        {"\u2010", "\u2011"},
        {"｟", "|"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(other); i++)
        if (hash(other[i][0]) == hash(other[i][1]))
            test_fail("%s and %s are the same", other[i][0], other[i][1]);
    assert_true(hash("ＲＭＢ１") == gs_hash64("RMB1", 4));
    assert_true(hash("") == 0 && hash(" \r\n\u3000") == 0);
}

static void title_and_furniture(void **state)
{
    (void)state;
    static const char with[] = "年报\x1F\n净利润第1页增长", led[] = "年报净利润增长";
    const struct gs_mark marks[] = {{17, 24, GS_MARK_FURNITURE}, {24, 27, GS_MARK_JOIN}};
    const uint8_t *content = (const uint8_t *)with;
    assert_memory_equal(with + 17, "第1页", 7);
    uint64_t wanted = hash("净利润增长");
    assert_true(gs_content_hash(content, sizeof(with) - 1, 6, marks, 2) == wanted);
    assert_true(gs_content_hash(content, sizeof(with) - 1, 6, marks, 0) == hash("净利润第1页增长"));
    assert_true(gs_content_hash(content, sizeof(with) - 1, 0, marks, 1) ==
                hash("年报\x1F\n净利润增长"));
    /* A text that begins with its title keeps it. */
    assert_true(gs_content_hash((const uint8_t *)led, sizeof(led) - 1, 6, NULL, 0) == hash(led));
    /* Nothing but the title. */
    assert_true(gs_content_hash(content, 8, 6, NULL, 0) == 0);
    assert_true(gs_content_hash(content, 6, 6, NULL, 0) == hash("年报"));
    /* Furniture that begins in the title, as no writer has it. */
    const struct gs_mark odd[] = {{3, 11, GS_MARK_FURNITURE}, {11, 11, GS_MARK_FURNITURE}};
    assert_true(gs_content_hash(content, sizeof(with) - 1, 6, odd, 2) == hash("利润第1页增长"));
}

/* Bytes that are often the parts of what is special. */
static uint8_t odd_byte(struct random_source *r)
{
    static const uint8_t odd[] = {0x20, 0x0A, 0x7F, 0x41, 0xC2, 0xA0, 0xAD, 0xE1, 0x9A, 0x80,
                                  0xE2, 0x81, 0x8F, 0x90, 0xA7, 0xA8, 0xAF, 0x9F, 0x9E, 0xE3,
                                  0xEF, 0xBB, 0xBF, 0xBC, 0xBD, 0xE5, 0xF0, 0xFF, 0x00};
    return random_once_in(r, 9) ? (uint8_t)random_next(r) : RANDOM_OF(r, odd);
}

static void odd_text(struct random_source *r, uint8_t *out, size_t size)
{
    static const char *const pieces[] = {
        "净", "\u3000", "\u00A0", "\u00AD", "（",     "～", "\uFF5F", "a", " ",  "\u200F", "\u2010",
        "…",  "\u205E", "\u2060", "\uFEFF", "\u1680", "。", "\xC2\x80", "é", "𠮷", "\uFF00"};
    size_t at = 0;
    while (at < size) {
        const char *piece = RANDOM_OF(r, pieces);
        if (strlen(piece) > size - at || random_once_in(r, 20))
            out[at++] = odd_byte(r);
        else
            for (; *piece; piece++)
                out[at++] = (uint8_t)*piece;
    }
}

static void kernels_fold_alike(void **state)
{
    (void)state;
#ifndef GS_HAS_X86_KERNELS
    skip();
#else
    if (!gs_kernel_has(GS_KERNEL_AVX512))
        skip();
    struct random_source r = {3};
    struct guarded g;
    uint8_t scalar[1200], vector[1200];
    guard_open(&g, 1);
    for (size_t round = 0; round < 40000; round++) {
        size_t size = random_below(&r, round % 10 ? 200 : 1000);
        uint8_t *at = round % 2 ? g.end - size : g.begin;
        if (round % 3 == 0)
            for (size_t i = 0; i < size; i++)
                at[i] = odd_byte(&r);
        else
            odd_text(&r, at, size);
        size_t n = gs_fold_scalar(at, size, scalar);
        assert_true(n <= size);
        assert_int_equal(gs_fold_avx512(at, size, vector), n);
        assert_memory_equal(scalar, vector, n);
    }
    guard_close(&g);
#endif
}

/* Pieces of the hash's buffer change nothing. */
static void long_texts(void **state)
{
    (void)state;
    struct random_source r = {5};
    size_t size = 100000;
    uint8_t *text = malloc(size), *folded = malloc(size + GS_FOLD_SLACK);
    assert_true(text && folded);
    for (size_t round = 0; round < 50; round++) {
        size_t n = random_below(&r, 4); /* where characters fall on the seams */
        memset(text, 'x', n);
        for (; n + 3 <= size; n += 3)
            memcpy(text + n, random_once_in(&r, 4) ? "，" : "净", 3);
        uint64_t wanted = gs_hash64(folded, gs_fold_scalar(text, n, folded));
        assert_true(gs_content_hash(text, n, 0, NULL, 0) == wanted);
    }
    free(text);
    free(folded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equates),
        cmocka_unit_test(title_and_furniture),
        cmocka_unit_test(kernels_fold_alike),
        cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
