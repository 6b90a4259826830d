/*
 * test_text_scan.c: every kernel of the scan against what line_chars.h says of each byte, at every
 * length and alignment, up against pages that cannot be read.
 */
#include "tests/support/test.h"

#include "common/text/line_chars.h"
#include "common/text/structure_internal.h"
#include "common/text/text_scan.h"
#include "tests/support/guarded.h"
#include "tests/support/random_source.h"

static const uint8_t pool[] = "\n\f\r\v\t \x1F!;?0159 \xC2\x85\xA0\xE2\x80\xA8\xA9\x82\x8A\xE3\x81"
                              "\xEF\xBC\x9B\x9F\xBD\xA1\xE7\xAC\x41\xE6\x96\x87\x00\xFF";
/* Whole ones among what looks like them by half a byte or six bits. */
static const char *const pieces[] = {
    "。",       "！",     "；",     "？",  "｡",  "第", "\u2028", "！", "\u2029", "\xC2\x85",
    "\xC2\xA0", "\u3000", "\u200A", "5 5", "公", "、", "，",     "（", "·",      "“",
    "  ",       "a",      "\t",     "@A",  "\n", "ʊ̌",  "肠",     "颀"};

static void fill(struct random_source *r, uint8_t *p, size_t size)
{
    unsigned kind = random_below(r, 3);
    for (size_t i = 0; i < size;) {
        if (kind == 0) {
            p[i++] = pool[random_below(r, sizeof(pool) - 1)];
            continue;
        }
        const char *piece = pieces[random_below(r, GS_COUNT_OF(pieces))];
        for (; *piece && i < size; piece++)
            p[i++] = kind == 2 && random_once_in(r, 20) ? (uint8_t)random_below(r, 256)
                                                        : (uint8_t)*piece;
    }
}

/* ---- the lists ---- */

static bool is_ender(const uint8_t *p, const uint8_t *end)
{
    return *p == 0x1F || gs_ender_at(p, end) > 0;
}

static bool is_for_layout(const uint8_t *p, const uint8_t *end)
{
    uint32_t value;
    return GS_CHAR_AT(p, end, "第") ||
           (end - p >= 3 && p[1] == ' ' && p[0] < 0x80 && p[2] < 0x80 &&
            gs_digit_at(p, end, &value) && gs_digit_at(p + 2, end, &value));
}

typedef bool is_place(const uint8_t *p, const uint8_t *end);

/* A list ascends, and holds all places that are some, whatever else. */
static void check_list(const uint8_t *p, size_t size, const uint32_t *list, size_t count,
                       is_place *is)
{
    for (size_t at = 0, i = 0; at < size; at++) {
        bool listed = i < count && list[i] == at;
        assert_true(listed || !is(p + at, p + size));
        i += listed;
        assert_true(at + 1 < size || i == count);
    }
}

static void check_lines(const uint8_t *p, size_t size, const struct gs_text_scan *s)
{
    size_t line = 0, ender = 0;
    for (size_t at = 0; at < size; at++) {
        if (gs_line_end_at(p + at, p + size)) {
            assert_true(line < s->line_count);
            assert_int_equal(s->lines[line].at, at);
            assert_int_equal(s->lines[line++].enders, ender);
        }
        ender += ender < s->ender_count && s->enders[ender] == at;
    }
    assert_int_equal(line, s->line_count);
}

static void check_scan(struct gs_text_scan *s, enum gs_kernel level, const uint8_t *p, size_t size)
{
    gs_text_scan_clear(s);
    s->kernel = gs_scan_kernel_of(level);
    for (size_t from = 0; from < size;)
        assert_ok(gs_text_scan_next(s, p, size, &from));
    check_lines(p, size, s);
    check_list(p, size, s->enders, s->ender_count, is_ender);
    check_list(p, size, s->layout, s->layout_count, is_for_layout);
}

/* ---- windows ---- */

/* Wide gaps of a text, as docs/ANALYSIS.md has them. */
static uint32_t count_gaps(const uint8_t *p, const uint8_t *end)
{
    uint32_t gaps = 0;
    while (p < end) {
        unsigned spaces = 0, tabs = 0;
        for (size_t n; p < end && (n = gs_space_at(p, end)) > 0; p += n, spaces++)
            tabs += *p == '\t';
        gaps += spaces >= 2 || tabs > 0;
        p += spaces == 0;
    }
    return gaps;
}

static void check_window(const struct gs_line_window *w, const struct gs_scan_kernel *k,
                         const uint8_t *p, uint32_t start, uint32_t end)
{
    uint32_t digits = 0, han = 0, gaps;
    while (start < end && gs_space_at(p + start, p + end))
        start++;
    while (start < end && (gs_space_before(p + start, p + end) || gs_utf8_is_tail(p[end - 1])))
        end--;
    for (uint32_t i = start; i < end; i++) {
        digits += (p[i] & 0xF0) == 0x30;
        han += p[i] >= 0xE5 && p[i] <= 0xE9;
    }
    gaps = count_gaps(p + start, p + end);
    struct gs_line_counts n = k->count(w, start, end);
    assert_int_equal(n.digits, digits);
    assert_int_equal(n.han, han);
    assert_true(w->other_space ? n.gaps >= gaps : n.gaps == gaps);
}

static void check_windows(struct random_source *r, enum gs_kernel level, const uint8_t *p,
                          size_t size)
{
    static struct gs_line_window w;
    const struct gs_scan_kernel *k = gs_scan_kernel_of(level);
    for (unsigned i = 0; i < 3 && size > 0; i++) {
        uint32_t from = random_below(r, (uint32_t)size);
        while (from > 0 && gs_space_at(p + from, p + size))
            from--; /* a window begins with a text */
        if (gs_space_at(p + from, p + size))
            return;
        k->window(p, size, from, &w);
        assert_int_equal(w.from, from);
        assert_true(w.to == size || w.to - from >= 1000);
        for (unsigned n = 0; n < 4; n++) {
            uint32_t start = random_between(r, from, w.to);
            check_window(&w, k, p, start, random_between(r, start, w.to));
        }
    }
}

/* ---- tokens ---- */

static const char *const token_pieces[] = {
    "1",  "23", "a",      "Z",  ".",      ",",  " ",          "-",  "公",     "司",
    "万", "、", "，",     "·",  "\u2014", "é",  "〇",         "カ", "１",     "가",
    "﨑", "豈", "\u2E80", "䷀", "䶵",     "𠀀", "\U0001F600", "々", "\uE000", "/"};

static bool is_point(uint8_t b)
{
    return b == '.' || b == ',';
}

static bool is_digit(uint8_t b)
{
    return b >= '0' && b <= '9';
}

/* Rows of docs/ANALYSIS.md, one byte or character after the other. */
static struct gs_line_tokens count_tokens(const uint8_t *p, const uint8_t *end)
{
    struct gs_line_tokens n = {0};
    while (p < end) {
        const uint8_t *begin = p;
        unsigned letters = 0, digits = 0;
        for (; p < end && (gs_is_ascii_letter(*p) || is_digit(*p) || is_point(*p)); p++) {
            letters += gs_is_ascii_letter(*p);
            digits += is_digit(*p);
        }
        n.others += letters > 0;
        n.figures += digits > 0 && letters == 0;
        n.characters += (uint32_t)(p - begin);
        if (p > begin)
            continue;
        uint32_t c;
        n.characters += !gs_space_at(p, end);
        p += gs_utf8_step(p, end, &c);
        n.others += gs_is_rough_han(c);
    }
    return n;
}

/* A text of `size` bytes at most, of all pieces or of the first ones, which are never odd. */
static size_t fill_tokens(struct random_source *r, uint8_t *p, size_t size, bool odd)
{
    size_t used = 0, kinds = odd ? GS_COUNT_OF(token_pieces) : 16;
    if (random_once_in(r, 4))
        kinds = 6; /* long runs */
    for (;;) {
        const char *piece = token_pieces[random_below(r, (uint32_t)kinds)];
        size_t bytes = strlen(piece);
        if (used + bytes > size)
            return used;
        memcpy(p + used, piece, bytes);
        used += bytes;
    }
}

static void check_tokens(enum gs_kernel level, const uint8_t *p, size_t size, bool odd)
{
    struct gs_line_tokens n = gs_scan_kernel_of(level)->tokens(p, size);
    struct gs_line_tokens wanted = count_tokens(p, p + size);
    assert_true(n.exact || odd);
    assert_true(n.characters <= wanted.characters);
    assert_int_equal(n.figures, wanted.figures);
    if (n.exact)
        assert_int_equal(n.others, wanted.others);
}

static void test_tokens(void **state)
{
    (void)state;
    struct guarded g;
    struct random_source r = {10};
    static uint8_t text[300];
    guard_open(&g, 1);
    for (unsigned round = 0; round < 20000; round++) {
        bool odd = round % 2;
        size_t size = fill_tokens(&r, text, random_below(&r, sizeof(text)), odd);
        uint8_t *at[2] = {g.end - size, g.begin};
        for (unsigned i = 0; i < 2; i++) {
            memcpy(at[i], text, size);
            for (unsigned level = 0; level < GS_KERNEL_COUNT; level++)
                if (gs_kernel_has((enum gs_kernel)level))
                    check_tokens((enum gs_kernel)level, at[i], size, odd);
        }
    }
    guard_close(&g);
}

/* ---- tests ---- */

/* Every kernel on a text that ends, and on one that begins, at a guard page. */
static void check_size(struct random_source *r, struct guarded *g, struct gs_text_scan *s,
                       size_t size)
{
    uint8_t *at[2] = {g->end - size, g->begin};
    for (unsigned i = 0; i < 2; i++) {
        fill(r, at[i], size);
        for (unsigned level = 0; level < GS_KERNEL_COUNT; level++) {
            if (!gs_kernel_has((enum gs_kernel)level))
                continue;
            check_scan(s, (enum gs_kernel)level, at[i], size);
            check_windows(r, (enum gs_kernel)level, at[i], size);
        }
    }
}

static void test_lengths(void **state)
{
    (void)state;
    struct guarded g;
    struct gs_text_scan s = {0};
    struct random_source r = {8};
    guard_open(&g, 4);
    for (size_t size = 0; size <= g.size; size += size < 320 ? 1 : 97)
        for (unsigned round = 0; round < (size < 320 ? 12 : 2); round++)
            check_size(&r, &g, &s, size);
    gs_text_scan_release(&s);
    guard_close(&g);
}

static void test_alignments(void **state)
{
    (void)state;
    struct gs_text_scan s = {0};
    struct random_source r = {9};
    static uint8_t bytes[64 + 4500];
    for (unsigned round = 0; round < 256; round++) {
        uint8_t *p = bytes + round % 64;
        size_t size = random_between(&r, 60, 4400);
        fill(&r, bytes, sizeof(bytes));
        if (round % 16 == 15)
            memset(bytes, "\n!\t3"[round / 16 % 4], sizeof(bytes)); /* as many as there can be */
        for (unsigned level = 0; level < GS_KERNEL_COUNT; level++) {
            if (!gs_kernel_has((enum gs_kernel)level))
                continue;
            check_scan(&s, (enum gs_kernel)level, p, size);
            check_windows(&r, (enum gs_kernel)level, p, size);
        }
    }
    gs_text_scan_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_alignments),
        cmocka_unit_test(test_tokens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
