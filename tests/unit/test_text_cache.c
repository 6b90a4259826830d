/* indexer: texts that were extracted before. */
#include "indexer/text_cache.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX ((size_t)1 << 22)

static const uint8_t source[] = "the bytes of a file";

/* A folder with one cache, and what goes through it. */
struct world {
    char *folder, *path;
    struct gs_text_cache *cache;
    struct gs_text_cache_key key;
    struct gs_extracted in, out;
};

static void open_world(struct world *w)
{
    w->folder = test_folder_create();
    w->path = test_path(w->folder, "cache");
    assert_ok(gs_text_cache_open(&w->cache, w->path, NULL));
    gs_text_cache_key_make(&w->key, source, sizeof(source), "pdf", 1, NULL);
    gs_extracted_init(&w->in, TEXT_MAX);
    gs_extracted_init(&w->out, TEXT_MAX);
    gs_buf_append_str(&w->in.text, "第一页\f第二页\n");
    gs_buf_append_str(&w->in.title, "年度报告");
    gs_buf_append_str(&w->in.furniture, "云岭股份\n");
    w->in.encoding = "GB18030";
    w->in.replaced = 3;
    w->in.pages = 2;
    w->in.pages_without_text = 1;
    w->in.damaged = true;
    w->in.state = GS_TEXT_READ;
}

static void close_world(struct world *w)
{
    gs_text_cache_close(w->cache);
    gs_extracted_release(&w->in);
    gs_extracted_release(&w->out);
    free(w->path);
    test_folder_remove(w->folder);
}

static bool get(struct world *w, enum gaosou_status *status, struct gs_err *err)
{
    *status = GAOSOU_E_IO;
    return gs_text_cache_get(w->cache, &w->key, &w->out, status, err);
}

static void assert_same(const struct gs_extracted *a, const struct gs_extracted *b)
{
    const struct gs_buf *x[] = {&a->text, &a->title, &a->furniture};
    const struct gs_buf *y[] = {&b->text, &b->title, &b->furniture};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(x[i]->size, y[i]->size);
        if (x[i]->size > 0)
            assert_memory_equal(x[i]->data, y[i]->data, x[i]->size);
    }
    assert_int_equal(a->replaced, b->replaced);
    assert_int_equal(a->pages, b->pages);
    assert_int_equal(a->pages_without_text, b->pages_without_text);
    assert_int_equal(a->damaged, b->damaged);
    assert_int_equal(a->state, b->state);
    assert_true(!a->encoding == !b->encoding);
    if (a->encoding)
        assert_string_equal(a->encoding, b->encoding);
    assert_int_equal(a->encoding_by, b->encoding_by);
}

/* The path of the only entry, malloc'ed; NULL where there is none. */
static char *only_entry(const char *folder)
{
    char *found = NULL;
    DIR *top = opendir(folder);
    assert_non_null(top);
    for (struct dirent *e; (e = readdir(top));) {
        if (e->d_name[0] == '.')
            continue;
        assert_int_equal(strlen(e->d_name), 2);
        char *shard = test_path(folder, "%s", e->d_name);
        DIR *d = opendir(shard);
        assert_non_null(d);
        for (struct dirent *f; (f = readdir(d));) {
            if (f->d_name[0] == '.')
                continue;
            assert_null(found);
            assert_int_equal(strlen(f->d_name), 30);
            found = test_path(shard, "%s", f->d_name);
        }
        closedir(d);
        free(shard);
    }
    closedir(top);
    return found;
}

static void what_is_put_is_got(void **state)
{
    (void)state;
    struct world w;
    enum gaosou_status status;
    open_world(&w);
    assert_false(get(&w, &status, NULL));
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(get(&w, &status, NULL));
    assert_int_equal(status, GAOSOU_OK);
    assert_same(&w.in, &w.out);
    /* an empty one, in its place */
    gs_extracted_clear(&w.in);
    w.in.state = GS_TEXT_NONE;
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(get(&w, &status, NULL));
    assert_same(&w.in, &w.out);
    struct gs_text_cache_counts n;
    gs_text_cache_count(w.cache, &n);
    assert_int_equal(n.hits, 2);
    assert_int_equal(n.misses, 1);
    assert_int_equal(n.damaged, 0);
    assert_int_equal(n.written, 2);
    close_world(&w);
}

static void a_refusal_is_kept_and_a_limit_is_not(void **state)
{
    (void)state;
    struct world w;
    struct gs_err err = {0}, why = {0};
    enum gaosou_status status;
    open_world(&w);
    (void)gs_err_set(&why, GAOSOU_E_LIMIT, "60 seconds");
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_E_LIMIT, &why);
    assert_false(get(&w, &status, &err));
    (void)gs_err_set(&why, GAOSOU_E_INPUT, "encrypted %% with a password");
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_E_INPUT, &why);
    assert_true(get(&w, &status, &err));
    assert_int_equal(status, GAOSOU_E_INPUT);
    assert_int_equal(err.status, GAOSOU_E_INPUT);
    assert_string_equal(err.text, "encrypted % with a password");
    close_world(&w);
}

static void all_of_the_key_counts(void **state)
{
    (void)state;
    struct world w;
    enum gaosou_status status;
    open_world(&w);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    const struct {
        size_t size;
        const char *format;
        uint32_t version;
        const char *encoding;
    } others[] = {{sizeof(source) - 1, "pdf", 1, NULL},
                  {sizeof(source), "html", 1, NULL},
                  {sizeof(source), "pdf", 2, NULL},
                  {sizeof(source), "pdf", 1, "GBK"},
                  {0, "pdf", 1, NULL}};
    for (size_t i = 0; i < GS_COUNT_OF(others); i++) {
        gs_text_cache_key_make(&w.key, others[i].size ? source : NULL, others[i].size,
                               others[i].format, others[i].version, others[i].encoding);
        assert_false(get(&w, &status, NULL));
    }
    /* a name that only the user and iconv know comes back as the user's */
    gs_text_cache_key_make(&w.key, source, sizeof(source), "text", 1, "EBCDIC-US");
    w.in.encoding = w.key.encoding;
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(get(&w, &status, NULL));
    assert_ptr_equal(w.out.encoding, w.key.encoding);
    close_world(&w);
}

static void read_file(const char *path, struct gs_buf *out)
{
    FILE *f = fopen(path, "rb");
    uint8_t block[4096];
    assert_non_null(f);
    gs_buf_clear(out);
    for (size_t n; (n = fread(block, 1, sizeof(block), f)) > 0;)
        gs_buf_append(out, block, n);
    fclose(f);
}

/* Each byte changed, and each length but the whole: a miss, and the next put mends it. */
static void damage_is_a_miss(void **state)
{
    (void)state;
    struct world w;
    struct gs_buf good, bad;
    enum gaosou_status status;
    open_world(&w);
    gs_buf_init(&good, TEXT_MAX);
    gs_buf_init(&bad, TEXT_MAX);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    char *entry = only_entry(w.path);
    assert_non_null(entry);
    read_file(entry, &good);
    for (size_t i = 0; i < 2 * good.size; i++) {
        bool cut = i >= good.size;
        gs_buf_clear(&bad);
        gs_buf_append(&bad, good.data, cut ? i - good.size : good.size);
        if (!cut)
            bad.data[i] ^= (uint8_t)(1 + i % 255);
        test_file_write(entry, bad.data ? bad.data : source, bad.size);
        assert_false(get(&w, &status, NULL));
        assert_int_equal(w.out.text.size, 0);
    }
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(get(&w, &status, NULL));
    assert_same(&w.in, &w.out);
    /* longer than it should be; a folder in its place */
    gs_buf_append_u8(&good, 0);
    test_file_write(entry, good.data, good.size);
    assert_false(get(&w, &status, NULL));
    assert_int_equal(unlink(entry), 0);
    assert_int_equal(mkdir(entry, 0777), 0);
    assert_false(get(&w, &status, NULL));
    gs_buf_release(&good);
    gs_buf_release(&bad);
    free(entry);
    close_world(&w);
}

static void a_text_that_does_not_fit_is_a_miss(void **state)
{
    (void)state;
    struct world w;
    enum gaosou_status status;
    open_world(&w);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    gs_extracted_release(&w.out);
    gs_extracted_init(&w.out, w.in.text.size - 1);
    assert_false(get(&w, &status, NULL));
    assert_int_equal(gs_buf_status(&w.out.text), GAOSOU_OK);
    gs_extracted_release(&w.out);
    gs_extracted_init(&w.out, w.in.text.size);
    assert_true(get(&w, &status, NULL));
    close_world(&w);
}

static void large_texts(void **state)
{
    (void)state;
    struct world w;
    enum gaosou_status status;
    struct random_source r = {3};
    open_world(&w);
    while (w.in.text.size + 8 <= TEXT_MAX)
        gs_buf_append_u64(&w.in.text, random_next(&r)); /* nothing to compress */
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(get(&w, &status, NULL));
    assert_same(&w.in, &w.out);
    close_world(&w);
}

/* What cannot be written is said once, and nothing fails. */
static void trouble_is_said_once(void **state)
{
    (void)state;
    struct world w;
    struct gs_err err = {0};
    enum gaosou_status status;
    open_world(&w);
    assert_false(gs_text_cache_trouble(w.cache, &err));
    /* no file may be larger than 64 bytes: as on a full disk */
    struct rlimit old, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 64;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_false(get(&w, &status, NULL));
    assert_null(only_entry(w.path)); /* no temporary file is left */
    assert_true(gs_text_cache_trouble(w.cache, &err));
    assert_non_null(strstr(err.text, w.path));
    assert_false(gs_text_cache_trouble(w.cache, &err));
    close_world(&w);
}

/* An entry that cannot be written is no reason to leave out the others. */
static void one_entry_in_trouble(void **state)
{
    (void)state;
    struct world w;
    struct gs_err err = {0};
    enum gaosou_status status;
    open_world(&w);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    char *entry = only_entry(w.path);
    assert_non_null(entry);
    assert_int_equal(unlink(entry), 0);
    assert_int_equal(mkdir(entry, 0755), 0);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_false(get(&w, &status, NULL));
    assert_true(gs_text_cache_trouble(w.cache, &err));
    gs_text_cache_key_make(&w.key, (const uint8_t *)"other", 5, "pdf", 1, NULL);
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(get(&w, &status, NULL));
    assert_int_equal(rmdir(entry), 0);
    free(entry);
    close_world(&w);
}

static void a_folder_that_cannot_be(void **state)
{
    (void)state;
    struct world w;
    struct gs_text_cache *c = NULL;
    struct gs_err err = {0};
    open_world(&w);
    char *file = test_path(w.folder, "file"), *below = test_path(w.folder, "file/cache");
    test_file_write(file, "x", 1);
    assert_int_not_equal(gs_text_cache_open(&c, file, &err), GAOSOU_OK);
    assert_int_not_equal(gs_text_cache_open(&c, below, &err), GAOSOU_OK);
    assert_null(c);
    gs_text_cache_close(NULL);
    /* taken away while it is in use */
    enum gaosou_status status;
    assert_int_equal(rmdir(w.path), 0);
    assert_false(get(&w, &status, NULL));
    gs_text_cache_put(w.cache, &w.key, &w.in, GAOSOU_OK, NULL);
    assert_true(gs_text_cache_trouble(w.cache, &err));
    free(file);
    free(below);
    close_world(&w);
}

/* ---- several at once ---- */

struct writer {
    pthread_t thread;
    struct gs_text_cache *cache;
    unsigned wrong;
};

static void *run_writer(void *arg)
{
    struct writer *writer = arg;
    struct gs_extracted in, out;
    gs_extracted_init(&in, TEXT_MAX);
    gs_extracted_init(&out, TEXT_MAX);
    for (uint32_t i = 0; i < 400; i++) {
        struct gs_text_cache_key key;
        enum gaosou_status status;
        uint8_t name = (uint8_t)(i % 20);
        gs_text_cache_key_make(&key, &name, 1, "text", 1, NULL);
        gs_extracted_clear(&in);
        for (uint32_t n = 0; n < 500; n++)
            gs_buf_printf(&in.text, "%u ", name * 1000u + n);
        if (i % 3 != 0)
            gs_text_cache_put(writer->cache, &key, &in, GAOSOU_OK, NULL);
        if (gs_text_cache_get(writer->cache, &key, &out, &status, NULL))
            writer->wrong += out.text.size != in.text.size ||
                             memcmp(out.text.data, in.text.data, in.text.size) != 0;
    }
    gs_extracted_release(&in);
    gs_extracted_release(&out);
    return NULL;
}

/* Four threads, two of them with a cache of their own on the same folder. */
static void many_at_once(void **state)
{
    (void)state;
    struct world w;
    struct gs_text_cache *other;
    struct gs_text_cache_counts n;
    struct writer writers[4] = {0};
    open_world(&w);
    assert_ok(gs_text_cache_open(&other, w.path, NULL));
    for (size_t i = 0; i < 4; i++) {
        writers[i].cache = i < 2 ? w.cache : other;
        assert_int_equal(pthread_create(&writers[i].thread, NULL, run_writer, &writers[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(writers[i].thread, NULL);
        assert_int_equal(writers[i].wrong, 0);
    }
    gs_text_cache_count(other, &n);
    assert_int_equal(n.damaged, 0);
    assert_false(gs_text_cache_trouble(other, &(struct gs_err){0}));
    gs_text_cache_close(other);
    close_world(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_put_is_got),
        cmocka_unit_test(a_refusal_is_kept_and_a_limit_is_not),
        cmocka_unit_test(all_of_the_key_counts),
        cmocka_unit_test(damage_is_a_miss),
        cmocka_unit_test(a_text_that_does_not_fit_is_a_miss),
        cmocka_unit_test(large_texts),
        cmocka_unit_test(trouble_is_said_once),
        cmocka_unit_test(one_entry_in_trouble),
        cmocka_unit_test(a_folder_that_cannot_be),
        cmocka_unit_test(many_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
