#include "tests/support/segment_build.h"

#include "tests/support/test.h"

static uint32_t *array(uint64_t n)
{
    uint32_t *a = calloc((size_t)n + GS_BLOCK, sizeof(*a));
    assert_non_null(a);
    return a;
}

void test_lists_init(struct test_lists *t, uint32_t doc_count, struct random_source *r)
{
    *t = (struct test_lists){.doc_count = doc_count, .lengths = array(doc_count)};
    for (uint32_t i = 0; i < doc_count; i++)
        t->lengths[i] =
            random_once_in(r, 20) ? random_below(r, 1000000) : 10 + random_below(r, 3000);
}

void test_lists_release(struct test_lists *t)
{
    for (size_t i = 0; i < t->count; i++) {
        free(t->lists[i].docs);
        free(t->lists[i].freqs);
        free(t->lists[i].positions);
    }
    free(t->lists);
    free(t->lengths);
    *t = (struct test_lists){0};
}

static struct test_list *add(struct test_lists *t, struct gs_term term)
{
    if (t->count == t->capacity) {
        t->capacity = t->capacity * 2 + 16;
        t->lists = realloc(t->lists, t->capacity * sizeof(*t->lists));
        assert_non_null(t->lists);
    }
    struct test_list *l = &t->lists[t->count++];
    *l = (struct test_list){.term = term};
    if (term.is_word)
        memcpy(l->word, term.bytes, term.size);
    return l;
}

struct test_list *test_lists_add_plain(struct test_lists *t, struct gs_term term, uint32_t df,
                                       const uint32_t *docs, const uint32_t *freqs,
                                       const uint32_t *positions)
{
    struct test_list *l = add(t, term);
    l->df = df;
    l->docs = array(df);
    l->freqs = array(df);
    memcpy(l->docs, docs, df * sizeof(*docs));
    memcpy(l->freqs, freqs, df * sizeof(*freqs));
    for (uint32_t i = 0; i < df; i++)
        l->cf += freqs[i];
    l->positions = array(l->cf);
    memcpy(l->positions, positions, l->cf * sizeof(*positions));
    return l;
}

/* df of the numbers first..n-1, ascending, each choice as likely as another (Knuth 3.4.2 S). */
static void sample(uint32_t *out, uint32_t df, uint32_t first, uint32_t n, struct random_source *r)
{
    for (uint32_t i = 0, doc = first; i < df; doc++)
        if (random_below(r, n - doc) < df - i)
            out[i++] = doc;
}

struct test_list *test_lists_add(struct test_lists *t, struct gs_term term,
                                 struct test_list_shape shape, struct random_source *r)
{
    struct test_list *l = add(t, term);
    l->df = shape.df;
    l->docs = array(shape.df);
    l->freqs = array(shape.df);
    sample(l->docs, shape.df, shape.first_doc, t->doc_count, r);
    for (uint32_t i = 0; i < shape.df; i++) {
        l->freqs[i] = random_once_in(r, 3) ? random_between(r, 1, shape.freq_max) : 1;
        l->cf += l->freqs[i];
    }
    l->positions = array(l->cf);
    uint64_t at = 0;
    for (uint32_t i = 0; i < shape.df; i++) {
        uint32_t position = random_below(r, shape.gap_max);
        for (uint32_t k = 0; k < l->freqs[i]; k++) {
            l->positions[at++] = position;
            position += random_between(r, 1, shape.gap_max);
        }
    }
    return l;
}

struct gs_term test_han(uint32_t first, uint32_t second)
{
    return (struct gs_term){.first = first, .second = second};
}

struct gs_term test_word(const char *word)
{
    return (struct gs_term){.is_word = true, .bytes = (const uint8_t *)word, .size = strlen(word)};
}

static void write_docs(struct gs_segment_writer *w, const struct test_lists *t)
{
    for (uint32_t i = 0; i < t->doc_count; i++) {
        char id[16];
        struct gs_doc doc = {
            .sequence = 1 + i, .commit = 1, .length = t->lengths[i], .positions = t->lengths[i]};
        doc.record.id = (struct gs_str){id, (size_t)snprintf(id, sizeof(id), "d%u", i)};
        gs_segment_writer_add_doc(w, &doc);
    }
}

char *test_segment_write(const struct test_lists *t, const char *folder, const char *name,
                         size_t parts)
{
    struct gs_segment_writer *w;
    struct gs_term_part *part;
    struct gs_err err = {0};
    char *path = test_path(folder, "%s", name);
    const struct gs_segment_params params = {.analysis_id = 0x1122334455667788};
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    write_docs(w, t);
    assert_ok(gs_term_part_create(&part));
    for (size_t p = 0; p < parts; p++) {
        gs_term_part_clear(part);
        for (size_t i = t->count * p / parts; i < t->count * (p + 1) / parts; i++) {
            struct test_list *l = &t->lists[i];
            if (l->term.is_word)
                l->term.bytes = l->word;
            gs_term_part_add(part, &l->term, l->docs, l->freqs, l->df, l->positions, l->cf,
                             &(struct gs_doc_lengths){t->lengths, t->doc_count});
        }
        assert_ok(gs_term_part_status(part));
        gs_segment_writer_append_terms(w, part);
    }
    gs_term_part_free(part);
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    return path;
}

struct gs_segment *test_segment_open(const char *path)
{
    struct gs_segment *s;
    struct gs_err err = {0};
    assert_ok_err(gs_segment_open(&s, path, &err), &err);
    return s;
}
