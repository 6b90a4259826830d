/*
 * indexer: metadata of real announcements and of news, where the corpora are there
 * (tests/support/corpus.h). Titles against the corpus's own; codes and names against the list of
 * listed companies; counts of what was found; news must stay without.
 */
#include "common/base/file.h"
#include "indexer/metadata.h"
#include "tests/support/corpus.h"
#include "tests/support/test.h"

struct counts {
    size_t docs, field[GS_FIELD_COUNT], titles_right, in_list, names_right, other;
};

/* Text without white space and the signs that portals and printers write differently; folded
 * brackets stay out too. */
static size_t bare(const char *p, size_t size, char *out, size_t cap)
{
    static const char *const drop[] = {
        " ",  "\t", "\n", "（", "）", "(",  ")", "“", "”", "\"",       "：", ":", "《", "》",
        "，", ",",  "、", "-",  "—",  "－", "_", "‘", "’", "\xC2\xA0", "～", "~", "·",  "　"};
    size_t n = 0;
    for (size_t i = 0; i < size && n + 1 < cap;) {
        size_t skip = 0;
        for (size_t k = 0; k < GS_COUNT_OF(drop) && !skip; k++)
            if (size - i >= strlen(drop[k]) && memcmp(p + i, drop[k], strlen(drop[k])) == 0)
                skip = strlen(drop[k]);
        if (skip == 0)
            out[n++] = p[i];
        i += skip ? skip : 1;
    }
    out[n] = 0;
    return n;
}

/* The portal writes the short name before the title, the announcement its full one: either is
 * taken off. */
static bool same_title(const struct gs_filing *f, const struct corpus_doc *doc)
{
    char wanted[2048], got[2048], name[256], company[512];
    const struct gs_str *title = &f->field[GS_FIELD_TITLE];
    bare((const char *)doc->title, doc->title_size, wanted, sizeof(wanted));
    bare(title->bytes, title->size, got, sizeof(got));
    size_t n =
        bare(f->field[GS_FIELD_NAME].bytes, f->field[GS_FIELD_NAME].size, name, sizeof(name));
    size_t c = bare(f->field[GS_FIELD_COMPANY].bytes, f->field[GS_FIELD_COMPANY].size, company,
                    sizeof(company));
    const char *w = wanted, *g = got;
    if (n && strncmp(w, name, n) == 0)
        w += n;
    if (c && strncmp(w, company, c) == 0)
        w += c;
    if (c && strncmp(g, company, c) == 0)
        g += c;
    if (n && strncmp(g, name, n) == 0)
        g += n;
    if (strncmp(w, "关于", 6) == 0)
        w += 6;
    if (strncmp(g, "关于", 6) == 0)
        g += 6;
    return strlen(g) >= 12 && (strstr(w, g) || strstr(g, w));
}

/* Whether the list has a row that begins with code TAB name TAB; -1: not the code. */
static int in_list(const struct gs_buf *list, const struct gs_filing *f)
{
    char code[16];
    const struct gs_str *codes = &f->field[GS_FIELD_CODES], *name = &f->field[GS_FIELD_NAME];
    if (codes->size < 6 || name->size == 0 || list->size == 0)
        return -1;
    snprintf(code, sizeof(code), "\n%.6s", codes->bytes);
    const char *row = memmem(list->data, list->size, code, 7);
    if (!row)
        return -1;
    const char *listed = row + 11, *end = memchr(listed, '\t', 100);
    size_t size = end ? (size_t)(end - listed) : 0;
    return memmem(listed, size, name->bytes, name->size) ||
           memmem(name->bytes, name->size, listed, size);
}

static bool measure(const char *sample, struct counts *c)
{
    struct gs_err err;
    struct corpus *corpus = corpus_open_sample(sample, &err);
    struct gs_metadata *m = gs_metadata_create();
    struct corpus_doc doc;
    struct gs_buf list;
    *c = (struct counts){0};
    gs_buf_init(&list, 1 << 24);
    if (!corpus) {
        gs_metadata_free(m);
        return false;
    }
    char *path = test_path(corpus_root(), "lexicon/a_share_companies.tsv");
    if (gs_file_read(path, &list, NULL) != GAOSOU_OK)
        gs_buf_clear(&list);
    free(path);
    while (corpus_next(corpus, &doc, &err) == 1) {
        struct gs_filing f = {.text = {(const char *)doc.text, doc.text_size}};
        gs_metadata_derive(m, NULL, &f);
        c->docs++;
        for (int i = 0; i < GS_FIELD_COUNT; i++)
            c->field[i] += f.field[i].size > 0;
        c->other += f.field[GS_FIELD_TYPE].size == strlen("其他") &&
                    memcmp(f.field[GS_FIELD_TYPE].bytes, "其他", strlen("其他")) == 0;
        c->titles_right += same_title(&f, &doc);
        int listed = in_list(&list, &f);
        c->in_list += listed >= 0;
        c->names_right += listed == 1;
    }
    corpus_close(corpus);
    gs_buf_release(&list);
    gs_metadata_free(m);
    print_message(
        "    %s: of %zu: code %zu, name %zu, number %zu, company %zu, title %zu (right "
        "%zu), date %zu, kind %zu (other %zu), code in the list %zu, its name right %zu\n",
        sample, c->docs, c->field[GS_FIELD_CODES], c->field[GS_FIELD_NAME],
        c->field[GS_FIELD_NUMBER], c->field[GS_FIELD_COMPANY], c->field[GS_FIELD_TITLE],
        c->titles_right, c->field[GS_FIELD_DATE], c->field[GS_FIELD_TYPE], c->other, c->in_list,
        c->names_right);
    return true;
}

static void at_least(size_t part, size_t whole, size_t per_thousand)
{
    if (part * 1000 < whole * per_thousand)
        test_fail("%zu of %zu are less than %zu in a thousand", part, whole, per_thousand);
}

/* 72 of the 1,539 announcements have no line of code, name and number. */
static void test_announcements(void **state)
{
    struct counts c;
    (void)state;
    if (!measure("fddc_html/docs.jsonl.zst", &c)) {
        print_message("    skipped: no corpora\n");
        skip();
    }
    at_least(c.field[GS_FIELD_CODES], c.docs, 950);
    at_least(c.field[GS_FIELD_NAME], c.docs, 950);
    at_least(c.field[GS_FIELD_COMPANY], c.docs, 990);
    at_least(c.titles_right, c.docs, 980);
    at_least(c.field[GS_FIELD_DATE], c.docs, 985);
    at_least(c.field[GS_FIELD_TYPE] - c.other, c.docs, 980);
    at_least(c.names_right, c.in_list, 800); /* the others were renamed before the list was made */
}

static void test_hong_kong(void **state)
{
    struct counts c;
    (void)state;
    if (!measure("hkex_ipo/docs.jsonl.zst", &c))
        skip();
    at_least(c.field[GS_FIELD_CODES], c.docs, 950);
    at_least(c.field[GS_FIELD_COMPANY], c.docs, 980);
    at_least(c.field[GS_FIELD_TITLE], c.docs, 970);
    at_least(c.field[GS_FIELD_DATE], c.docs, 980);
    at_least(c.field[GS_FIELD_TYPE], c.docs, 970);
}

static void test_news_stay_without(void **state)
{
    struct counts c;
    (void)state;
    if (!measure("news/docs.jsonl.zst", &c))
        skip();
    for (int i = 0; i < GS_FIELD_COUNT; i++)
        at_least(c.docs - c.field[i], c.docs, 999);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_announcements),
        cmocka_unit_test(test_hong_kong),
        cmocka_unit_test(test_news_stay_without),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
