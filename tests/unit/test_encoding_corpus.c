/* indexer: the encodings of the sample files (corpora, where they are present) are found, and their
 * text gives the tokens of their UTF-8 twins. */
#include "common/text/cutter.h"
#include "indexer/archive.h"
#include "indexer/extract_text.h"
#include "tests/support/corpus.h"
#include "tests/support/test.h"

#define FILES      "encodings/files.tar.zst"
#define FILES_MAX  400
#define FILE_BYTES ((size_t)4 << 20)

struct sample_file {
    char *name;
    struct gs_buf bytes;
};

struct sample_files {
    struct sample_file file[FILES_MAX];
    size_t count;
};

static void read_files(struct sample_files *all, const char *path)
{
    struct gs_archive *a;
    struct gs_member m;
    struct gs_err err = {0};
    bool at_end = false;
    assert_ok_err(gs_archive_open(&a, path, GS_ARCHIVE_TAR, NULL, &err), &err);
    for (;;) {
        assert_ok_err(gs_archive_next(a, &m, &at_end, &err), &err);
        if (at_end)
            break;
        if (m.kind != GS_MEMBER_FILE)
            continue;
        assert_true(all->count < FILES_MAX);
        struct sample_file *f = &all->file[all->count++];
        f->name = strdup(m.name);
        gs_buf_init(&f->bytes, FILE_BYTES);
        assert_ok_err(gs_archive_read(a, &f->bytes, &err), &err);
    }
    gs_archive_close(a);
}

static void release_files(struct sample_files *all)
{
    for (size_t i = 0; i < all->count; i++) {
        free(all->file[i].name);
        gs_buf_release(&all->file[i].bytes);
    }
}

/* What the name says: made/X.gbk.txt, as_x.txt (Academia Sinica and City University: Big5;
 * Microsoft and Peking University: GBK). NULL: UTF-8. */
static const char *wanted_encoding(const char *name)
{
    static const char *const parts[][2] = {
        {".gb18030.", "GB18030"},      {".gbk.", "GB18030"},
        {".big5hkscs.", "BIG5-HKSCS"}, {".utf-16-le.", "UTF-16LE"},
        {".utf-16-be.", "UTF-16BE"},   {".utf-16.", "UTF-16LE"},
        {".utf-8-sig.", NULL},         {".utf8", NULL},
        {"_as_", "BIG5-HKSCS"},        {"_cityu_", "BIG5-HKSCS"},
        {"_msr_", "GB18030"},          {"_pku_", "GB18030"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(parts); i++) {
        if (strstr(name, parts[i][0]))
            return parts[i][1];
    }
    test_fail("what is %s?", name);
}

/* The file of the same stem that is, or comes nearest to, UTF-8. */
static const struct sample_file *twin_of(const struct sample_files *all, const char *name)
{
    const char *base = strrchr(name, '/');
    size_t stem = (size_t)(strchr(base ? base : name, '.') - name);
    static const char *const suffixes[] = {".utf8", ".utf-8-sig.txt", ".utf-16-be.txt"};
    for (size_t s = 0; s < GS_COUNT_OF(suffixes); s++) {
        for (size_t i = 0; i < all->count; i++) {
            const char *other = all->file[i].name;
            if (strncmp(other, name, stem) == 0 && strcmp(other + stem, suffixes[s]) == 0)
                return &all->file[i];
        }
    }
    test_fail("%s has no twin", name);
}

static void extract(const struct sample_file *f, struct gs_extracted *x)
{
    struct gs_extract_params params = {.text_max = 3 * FILE_BYTES};
    struct gs_err err = {0};
    gs_extracted_clear(x);
    assert_ok_err(gs_extract_text(f->bytes.data, f->bytes.size, &params, x, &err), &err);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void add_terms(const struct gs_cut_batch *batch, struct gs_buf *out)
{
    for (size_t i = 0; i < batch->token_count; i++) {
        const struct gs_term *t = &batch->tokens[i].term;
        uint64_t hash = (uint64_t)t->first << 32 | t->second;
        for (size_t k = 0; t->is_word && k < t->size; k++)
            hash = (hash ^ t->bytes[k]) * 0x100000001B3u;
        gs_buf_append_u64(out, hash);
    }
}

/* Hashes of the text's terms, sorted. Line by line: some are lists of words, which stand in another
 * order in the twin. */
static void take_terms(const struct gs_buf *text, struct gs_buf *out)
{
    struct gs_cutter *c = gs_cutter_create(true);
    struct gs_cut_batch batch;
    assert_non_null(c);
    gs_buf_clear(out);
    gs_cut_batch_init(&batch);
    for (size_t at = 0, size; at < text->size; at += size) {
        const uint8_t *line_end = memchr(text->data + at, '\n', text->size - at);
        size = line_end ? (size_t)(line_end - text->data) + 1 - at : text->size - at;
        gs_cutter_begin(c, NULL, 0, NULL, 0);
        assert_ok(gs_cutter_feed(c, text->data + at, size, true, &batch));
        add_terms(&batch, out);
    }
    gs_cut_batch_release(&batch);
    gs_cutter_free(c);
    assert_ok(gs_buf_status(out));
    if (out->size > 0)
        qsort(out->data, out->size / 8, 8, compare);
}

/* How many terms of the one the other lacks, as multisets; the larger of both ways. */
static size_t missing(const struct gs_buf *a, const struct gs_buf *b)
{
    const uint64_t *p = (const void *)a->data, *q = (const void *)b->data;
    size_t n = a->size / 8, m = b->size / 8, i = 0, k = 0, both = 0;
    while (i < n && k < m) {
        size_t step = p[i] <= q[k];
        both += p[i] == q[k];
        k += q[k] <= p[i];
        i += step;
    }
    return (n > m ? n : m) - both;
}

/* The ? that whoever made the file wrote for characters that its encoding lacks. */
static size_t lost_by_maker(const struct gs_buf *text, const struct gs_buf *twin)
{
    size_t here = 0, there = 0;
    for (size_t i = 0; i < text->size; i++)
        here += text->data[i] == '?';
    for (size_t i = 0; i < twin->size; i++)
        there += twin->data[i] == '?';
    return here > there ? here - there : 0;
}

static void check_file(const struct sample_files *all, const struct sample_file *f, size_t *below)
{
    struct gs_extracted x, twin;
    struct gs_buf terms, twin_terms;
    gs_extracted_init(&x, 3 * FILE_BYTES);
    gs_extracted_init(&twin, 3 * FILE_BYTES);
    gs_buf_init(&terms, 64 * FILE_BYTES);
    gs_buf_init(&twin_terms, 64 * FILE_BYTES);
    const char *wanted = wanted_encoding(f->name);
    extract(f, &x);
    if (!x.encoding != !wanted || (wanted && strcmp(wanted, x.encoding) != 0))
        test_fail("%s is taken for %s", f->name, x.encoding ? x.encoding : "UTF-8");
    extract(twin_of(all, f->name), &twin);
    take_terms(&x.text, &terms);
    take_terms(&twin.text, &twin_terms);
    size_t terms_missing = missing(&terms, &twin_terms);
    size_t lost = lost_by_maker(&x.text, &twin.text);
    if (terms_missing > 0) {
        print_message("%s: %zu of %zu tokens are not the twin's; %zu characters lost before\n",
                      f->name, terms_missing, terms.size / 8, lost);
        ++*below;
    }
    /* A character has up to three tokens. The twins of City University's lists have private-use
     * characters for those of HKSCS, and both lists ‧ for •. */
    assert_true(terms_missing <= 3 * lost + terms.size / 8 / 1000);
    assert_int_equal(x.replaced, 0);
    gs_extracted_release(&x);
    gs_extracted_release(&twin);
    gs_buf_release(&terms);
    gs_buf_release(&twin_terms);
}

static void samples_give_the_tokens_of_their_twins(void **state)
{
    (void)state;
    if (!corpus_root()) {
        print_message("the corpora are not here: skipped\n");
        skip();
    }
    static struct sample_files all;
    char *path = test_path(corpus_root(), FILES);
    size_t below = 0;
    read_files(&all, path);
    assert_int_equal(all.count, 264);
    for (size_t i = 0; i < all.count; i++)
        check_file(&all, &all.file[i], &below);
    print_message("%zu files, %zu of them not wholly as their twins\n", all.count, below);
    release_files(&all);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_the_tokens_of_their_twins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
