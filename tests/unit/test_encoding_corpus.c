/* indexer: the encodings of the sample files (corpora, where they are present) are found, and their
 * text gives the tokens of their UTF-8 twins. */
#include "indexer/extract_text.h"
#include "tests/support/corpus.h"
#include "tests/support/test.h"
#include "tests/support/token_bag.h"

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

static void keep_file(void *ctx, const char *name, const struct gs_buf *bytes)
{
    struct sample_files *all = ctx;
    assert_true(all->count < FILES_MAX);
    struct sample_file *f = &all->file[all->count++];
    f->name = strdup(name);
    gs_buf_init(&f->bytes, FILE_BYTES);
    gs_buf_append(&f->bytes, bytes->data, bytes->size);
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
    /* line by line: some are lists of words, which stand in another order in the twin */
    token_bag_of_lines(x.text.data, x.text.size, &terms);
    token_bag_of_lines(twin.text.data, twin.text.size, &twin_terms);
    size_t terms_missing = token_bag_missing(&terms, &twin_terms);
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
    corpus_needed();
    static struct sample_files all;
    size_t below = 0;
    corpus_each_file(FILES, FILE_BYTES, keep_file, &all);
    assert_int_equal(all.count, 264);
    for (size_t i = 0; i < all.count; i++)
        check_file(&all, &all.file[i], &below);
    print_message("%zu files, %zu of them not wholly as their twins\n", all.count, below);
    release_files(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_give_the_tokens_of_their_twins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
