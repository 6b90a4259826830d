/*
 * Every row of tests/golden/tokens.tsv: text in; terms, positions, spans and pages out. Both modes.
 *
 * Columns: name, input, tokens in order as term@position[start,end), with /page behind where pages
 * are asked for (/- no pages, /? unknown). Escapes: \\ \n \t \f \r \uXXXX \UXXXXXX. Lines that
 * begin with # are comments.
 */
#include "common/text/analysis.h"
#include "common/text/utf8.h"
#include "tests/support/test.h"

#include <errno.h>

#define TABLE    "tests/golden/tokens.tsv"
#define ROWS_MIN 250

static void read_table(struct gs_buf *out)
{
    FILE *f = fopen(TABLE, "rb");
    if (!f)
        test_fail("%s: %s (tests run in the project's root)", TABLE, strerror(errno));
    uint8_t block[4096];
    size_t n;
    while ((n = fread(block, 1, sizeof(block), f)) > 0)
        gs_buf_append(out, block, n);
    fclose(f);
    gs_buf_append_u8(out, 0);
    assert_ok(gs_buf_status(out));
}

/* Text with its escapes undone. */
static void unescape(const char *from, size_t size, struct gs_buf *out)
{
    static const char names[] = "\\ntfr", values[] = "\\\n\t\f\r";
    gs_buf_clear(out);
    for (size_t i = 0; i < size; i++) {
        const char *known = NULL;
        if (from[i] != '\\') {
            gs_buf_append_u8(out, (uint8_t)from[i]);
            continue;
        }
        i++;
        size_t digits = from[i] == 'u' ? 4 : from[i] == 'U' ? 6 : 0;
        if (digits) {
            char hex[8] = {0};
            uint8_t bytes[4];
            memcpy(hex, from + i + 1, digits);
            gs_buf_append(out, bytes, gs_utf8_encode(bytes, (uint32_t)strtoul(hex, NULL, 16)));
            i += digits;
        } else if ((known = strchr(names, from[i]))) {
            gs_buf_append_u8(out, (uint8_t)values[known - names]);
        }
    }
}

static void print_page(const struct gs_layout *l, uint32_t offset, struct gs_buf *out)
{
    const struct gs_page *page = gs_layout_page_at(l->pages, l->page_count, offset);
    if (!page)
        gs_buf_append_str(out, "/-");
    else if (!page->sheet)
        gs_buf_append_str(out, "/?");
    else
        gs_buf_printf(out, "/%u", page->sheet);
}

/* The tokens of the text as the table writes them. */
static void print_tokens(struct gs_analysis *a, const struct gs_buf *text, bool pages,
                         struct gs_buf *out)
{
    static const uint8_t none[1];
    struct gs_err err = {0};
    char term[GS_TERM_TEXT_CAP];
    gs_buf_clear(out);
    assert_ok_err(gs_analysis_begin(a, text->size ? text->data : none, text->size, 0, &err), &err);
    assert_ok(gs_analysis_chunk(a, a->size));
    for (size_t i = 0; i < a->batch.token_count; i++) {
        const struct gs_token *t = &a->batch.tokens[i];
        gs_buf_printf(out, "%s%s@%u[%u,%u)", i ? " " : "", gs_term_text(&t->term, term),
                      t->position, t->start, t->end);
        if (pages)
            print_page(&a->layout, t->start, out);
    }
    gs_buf_append_u8(out, 0);
}

/* Fast mode has the same terms at the same positions, each kind in order. */
static void check_fast(struct gs_analysis *fast, const struct gs_analysis *spans,
                       const struct gs_buf *text, const char *name)
{
    static const uint8_t none[1];
    assert_ok(gs_analysis_begin(fast, text->size ? text->data : none, text->size, 0, NULL));
    assert_ok(gs_analysis_chunk(fast, fast->size));
    const struct gs_cut_batch *b = &fast->batch;
    size_t han = 0, word = 0, wide = 0;
    bool same = true;
    for (size_t i = 0; same && i < spans->batch.token_count; i++) {
        const struct gs_token *t = &spans->batch.tokens[i];
        const struct gs_term *term = &t->term;
        if (term->is_word) {
            const struct gs_cut_word *w = &b->words[word++];
            same = word <= b->word_count && w->position == t->position && w->size == term->size &&
                   !memcmp(b->word_bytes + w->offset, term->bytes, w->size);
        } else if ((term->first | term->second) > 0xFFFF) {
            const struct gs_cut_wide *w = &b->wide[wide++];
            same = wide <= b->wide_count && w->position == t->position && w->first == term->first &&
                   w->second == term->second;
        } else {
            uint64_t key = (uint64_t)(term->first << 16 | term->second) << 32 | t->position;
            same = han < b->han_count && b->han[han++] == key;
        }
    }
    same = same && han == b->han_count && word == b->word_count && wide == b->wide_count;
    if (!same)
        test_fail("%s: fast mode differs", name);
    assert_int_equal(gs_analysis_positions(fast), gs_analysis_positions(spans));
    assert_int_equal(gs_analysis_length(fast), gs_analysis_length(spans));
}

struct golden {
    struct gs_analysis spans, fast;
    struct gs_buf text, wanted, got;
    size_t rows, failed;
};

static void check_row(struct golden *g, char *line)
{
    char *input = strchr(line, '\t'), *tokens = input ? strchr(input + 1, '\t') : NULL;
    if (!tokens)
        test_fail("%s: a row without three columns: %s", TABLE, line);
    *input++ = '\0';
    *tokens++ = '\0';
    unescape(input, strlen(input), &g->text);
    unescape(tokens, strlen(tokens), &g->wanted);
    gs_buf_append_u8(&g->wanted, 0);
    bool pages = strstr(tokens, ")/") != NULL;
    print_tokens(&g->spans, &g->text, pages, &g->got);
    g->rows++;
    if (strcmp((char *)g->got.data, (char *)g->wanted.data)) {
        print_message("%s: %s\n  wanted %s\n  got    %s\n", line, input, (char *)g->wanted.data,
                      (char *)g->got.data);
        g->failed++;
    }
    check_fast(&g->fast, &g->spans, &g->text, line);
}

static void test_table(void **state)
{
    (void)state;
    struct golden g = {0};
    struct gs_buf table, *all[] = {&table, &g.text, &g.wanted, &g.got};
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_init(all[i], (size_t)1 << 24);
    assert_ok(gs_analysis_init(&g.spans, true));
    assert_ok(gs_analysis_init(&g.fast, false));
    read_table(&table);
    char *rest = NULL;
    for (char *line = strtok_r((char *)table.data, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        if (*line != '#')
            check_row(&g, line);
    }
    if (g.failed)
        test_fail("%zu of %zu rows differ", g.failed, g.rows);
    assert_true(g.rows >= ROWS_MIN);
    gs_analysis_release(&g.spans);
    gs_analysis_release(&g.fast);
    for (size_t i = 0; i < GS_COUNT_OF(all); i++)
        gs_buf_release(all[i]);
}

/* ---- the contents and their titles ---- */

static void test_content(void **state)
{
    (void)state;
    static const struct {
        const char *title, *text, *content;
        uint32_t title_positions; /* positions that the title takes */
    } row[] = {
        {"年报", "正文", "年报\x1F\n正文", 2},
        {"年报", "年报正文", "年报正文", 2},
        {"", "正文", "正文", 0},
        {"年报", "", "年报\x1F\n", 2},
        {"2024年报", "2024年", "2024年报\x1F\n2024年", 3},
        {"RK35", "RK3588", "RK3588", 1},

        {"关于（一）", "x", "关于（一）\x1F\nx", 5},
    };
    struct gs_analysis a;
    struct gs_buf content;
    assert_ok(gs_analysis_init(&a, false));
    gs_buf_init(&content, 1 << 20);
    for (size_t i = 0; i < GS_COUNT_OF(row); i++) {
        uint32_t title_size = 0;
        gs_buf_clear(&content);
        gs_content_build(&content, (const uint8_t *)row[i].title, strlen(row[i].title),
                         (const uint8_t *)row[i].text, strlen(row[i].text), &title_size);
        assert_int_equal(content.size, strlen(row[i].content));
        assert_memory_equal(content.data, row[i].content, content.size);
        assert_int_equal(title_size, strlen(row[i].title));
        assert_ok(gs_analysis_begin(&a, content.data, content.size, title_size, NULL));
        while (a.offset < a.size)
            assert_ok(gs_analysis_chunk(&a, a.size));
        assert_int_equal(a.title_positions, row[i].title_positions);
    }
    gs_buf_release(&content);
    gs_analysis_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
