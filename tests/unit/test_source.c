/* indexer: walking paths, ids, packed files, what is skipped. */
#include "indexer/intake.h"
#include "tests/support/test.h"

#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

/* What an intake handed on, as "id=text;" lines, and its messages. */
struct taken {
    struct gs_buf filings;
    char *folder;
    struct gs_console console;
    char *messages;
    size_t messages_size;
    struct gs_tally tally;
};

static enum gaosou_status note_filing(void *ctx, const struct gs_filing *f, struct gs_err *err)
{
    struct taken *t = ctx;
    (void)err;
    gs_buf_append(&t->filings, f->field[GS_FIELD_ID].bytes, f->field[GS_FIELD_ID].size);
    gs_buf_append_u8(&t->filings, '=');
    if (f->text.size > 0)
        gs_buf_append(&t->filings, f->text.bytes, f->text.size);
    gs_buf_append_u8(&t->filings, ';');
    return GAOSOU_OK;
}

static int setup(void **state)
{
    struct taken *t = calloc(1, sizeof(*t));
    gs_buf_init(&t->filings, (size_t)1 << 24);
    t->folder = test_folder_create();
    *state = t;
    return 0;
}

static int teardown(void **state)
{
    struct taken *t = *state;
    gs_buf_release(&t->filings);
    test_folder_remove(t->folder);
    free(t->messages);
    free(t);
    return 0;
}

/* Reads folder/name and leaves what came. */
static const char *take(struct taken *t, const char *name, const char *encoding, const char *prefix,
                        size_t filing_max)
{
    struct gs_intake in;
    struct gs_intake_params params = {.encoding = encoding,
                                      .source = {.id_prefix = prefix},
                                      .filing_max = filing_max ? filing_max : (size_t)1 << 20};
    struct gs_intake_sink sink = {t, note_filing};
    free(t->messages);
    t->messages = NULL;
    FILE *messages = open_memstream(&t->messages, &t->messages_size);
    t->console = (struct gs_console){.out = stdout, .err = messages, .verbose = true};
    gs_buf_clear(&t->filings);
    struct gs_err err;
    assert_ok_err(gs_intake_open(&in, &params, &sink, &t->console, &err), &err);
    char *path = test_path(t->folder, "%s", name);
    assert_ok_err(gs_intake_path(&in, path, &err), &err);
    t->tally = in.outcomes.tally;
    gs_intake_close(&in);
    fclose(messages);
    free(path);
    gs_buf_append_u8(&t->filings, 0);
    return (const char *)t->filings.data;
}

static void put(struct taken *t, const char *name, const char *bytes)
{
    char *path = test_path(t->folder, "%s", name);
    test_file_write(path, bytes, strlen(bytes));
    free(path);
}

static void make_folder(struct taken *t, const char *name)
{
    char *path = test_path(t->folder, "%s", name);
    assert_int_equal(mkdir(path, 0755), 0);
    free(path);
}

static void folders_in_byte_order(void **state)
{
    struct taken *t = *state;
    make_folder(t, "root");
    make_folder(t, "root/b");
    put(t, "root/b/2.txt", "2");
    put(t, "root/b/10.txt", "10");
    put(t, "root/a.txt", "a");
    put(t, "root/c.txt", "c");
    put(t, "root/.hidden.txt", "h");
    put(t, "root/x.csv", "p");
    put(t, "root/l.jsonl", "{\"text\":\"one\"}\n\n{\"id\":\"two\",\"text\":\"2\"}\n");
    static const char wanted[] =
        "root/a.txt=a;root/b/10.txt=10;root/b/2.txt=2;root/c.txt=c;root/l.jsonl:1=one;two=2;";
    assert_string_equal(take(t, "root", NULL, NULL, 0), wanted);
    assert_string_equal(take(t, "root/", NULL, NULL, 0), wanted);
    assert_int_equal(t->tally.skipped[GS_SKIP_KIND], 1);
    assert_non_null(strstr(t->messages, "x.csv"));
    assert_string_equal(take(t, "root/b", NULL, NULL, 0), "b/10.txt=10;b/2.txt=2;");
    assert_string_equal(take(t, "root/b", NULL, "x/y", 0), "x/y/10.txt=10;x/y/2.txt=2;");
    assert_string_equal(take(t, "root/b", NULL, "", 0), "10.txt=10;2.txt=2;");
    assert_string_equal(take(t, "root/b/2.txt", NULL, NULL, 0), "2.txt=2;");
    assert_string_equal(take(t, "root/b/2.txt", NULL, "p", 0), "p/2.txt=2;");
    assert_string_equal(take(t, "root/b/..", NULL, NULL, 0), wanted);
}

static void loops_and_special_files_are_named(void **state)
{
    struct taken *t = *state;
    make_folder(t, "root");
    make_folder(t, "root/a");
    put(t, "root/a/1.txt", "1");
    char *loop = test_path(t->folder, "root/a/up"), *fifo = test_path(t->folder, "root/f.txt");
    char *gone = test_path(t->folder, "root/gone.txt"), *self = test_path(t->folder, "root/me.txt");
    char *link = test_path(t->folder, "root/z.txt");
    assert_int_equal(symlink("..", loop), 0);
    assert_int_equal(mkfifo(fifo, 0644), 0);
    assert_int_equal(symlink("nowhere", gone), 0);
    assert_int_equal(symlink("me.txt", self), 0);
    assert_int_equal(symlink("a/1.txt", link), 0);
    assert_string_equal(take(t, "root", NULL, NULL, 0), "root/a/1.txt=1;root/z.txt=1;");
    assert_int_equal(t->tally.skipped[GS_SKIP_LOOP], 2);
    assert_int_equal(t->tally.skipped[GS_SKIP_SPECIAL], 1);
    assert_int_equal(t->tally.skipped[GS_SKIP_UNREADABLE], 1);
    assert_non_null(strstr(t->messages, "f.txt: not a regular file"));
    assert_string_equal(take(t, "nothing-here", NULL, NULL, 0), "");
    assert_int_equal(t->tally.skipped[GS_SKIP_UNREADABLE], 1);
    free(loop);
    free(fifo);
    free(gone);
    free(self);
    free(link);
}

static void packed(struct taken *t, const char *name, bool zstd, const char *a, const char *b,
                   size_t cut)
{
    uint8_t out[4096];
    size_t n = 0;
    for (int i = 0; i < 2; i++) {
        const char *bytes = i ? b : a;
        if (zstd) {
            n += ZSTD_compress(out + n, sizeof(out) - n, bytes, strlen(bytes), 3);
            continue;
        }
        z_stream z = {0};
        assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
        uint8_t copy[1024];
        memcpy(copy, bytes, strlen(bytes));
        z.next_in = copy;
        z.avail_in = (uInt)strlen(bytes);
        z.next_out = out + n;
        z.avail_out = (uInt)(sizeof(out) - n);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        n += z.total_out;
        deflateEnd(&z);
    }
    char *path = test_path(t->folder, "%s", name);
    test_file_write(path, out, n - cut);
    free(path);
}

static void packed_files(void **state)
{
    struct taken *t = *state;
    for (int zstd = 0; zstd < 2; zstd++) {
        const char *text = zstd ? "a.txt.zst" : "a.txt.gz";
        const char *lines = zstd ? "l.jsonl.zst" : "l.jsonl.gz";
        packed(t, text, zstd, "净利", "润", 0);
        char wanted[100];
        snprintf(wanted, sizeof(wanted), "%s=净利润;", text);
        assert_string_equal(take(t, text, NULL, NULL, 0), wanted);
        packed(t, lines, zstd, "{\"id\":\"1\",\"text\":\"\"}\n{\"id\":\"2\",", "\"text\":\"x\"}",
               0);
        assert_string_equal(take(t, lines, NULL, NULL, 0), "1=;2=x;");
        packed(t, text, zstd, "净利", "润", 3);
        assert_string_equal(take(t, text, NULL, NULL, 0), "");
        assert_int_equal(t->tally.skipped[GS_SKIP_DAMAGED], 1);
        put(t, text, "plain text, not packed");
        assert_string_equal(take(t, text, NULL, NULL, 0), "");
        assert_int_equal(t->tally.skipped[GS_SKIP_DAMAGED], 1);
        assert_non_null(strstr(t->messages, text));
    }
}

static void empty_binary_and_damaged_texts(void **state)
{
    struct taken *t = *state;
    put(t, "empty.txt", "");
    put(t, "bom.txt", "\xEF\xBB\xBF");
    put(t, "good.txt", "\xEF\xBB\xBF净");
    put(t, "bad.txt", "净\xFF润\xE5");
    char *path = test_path(t->folder, "nul.txt");
    test_file_write(path, "\xFF\xFEn\0", 4);
    free(path);
    assert_string_equal(take(t, "empty.txt", NULL, NULL, 0), "");
    assert_int_equal(t->tally.skipped[GS_SKIP_EMPTY], 1);
    assert_string_equal(take(t, "bom.txt", NULL, NULL, 0), "");
    assert_string_equal(take(t, "good.txt", NULL, NULL, 0), "good.txt=净;");
    assert_string_equal(take(t, "bad.txt", NULL, NULL, 0), "bad.txt=净\xEF\xBF\xBD润\xEF\xBF\xBD;");
    assert_int_equal(t->tally.repaired, 1);
    assert_int_equal(t->tally.replacements, 2);
    assert_string_equal(take(t, "nul.txt", NULL, NULL, 0), "nul.txt=n;");
    assert_int_equal(t->tally.converted, 1);
    assert_string_equal(take(t, "nul.txt", "UTF-16", NULL, 0), "nul.txt=n;");
    path = test_path(t->folder, "zero.txt");
    test_file_write(path, "a\0b\0\1\2\0", 7);
    free(path);
    assert_string_equal(take(t, "zero.txt", NULL, NULL, 0), "");
    assert_int_equal(t->tally.skipped[GS_SKIP_BINARY], 1);
    put(t, "han16.txt", "\xFF\xFE\x6C\x51\xF8\x53"); /* no byte is 0 */
    assert_string_equal(take(t, "han16.txt", NULL, NULL, 0), "han16.txt=公司;");
    assert_string_equal(take(t, "han16.txt", "UTF-16", NULL, 0), "han16.txt=公司;");
    put(t, "gb.txt", "\xBE\xBB\xC0\xFB\xC8\xF3");
    assert_string_equal(take(t, "gb.txt", NULL, NULL, 0), "gb.txt=净利润;");
    assert_int_equal(t->tally.converted, 1);
    assert_int_equal(t->tally.repaired, 0);
}

static void bad_lines_do_not_stop_the_others(void **state)
{
    struct taken *t = *state;
    put(t, "l.jsonl",
        "{\"id\":\"1\",\"text\":\"\"}\nnonsense\n{\"id\":\"2\",\"text\":\"\xFF\"}\r\n{\"id\":\"3\","
        "\"text\":\"\"}");
    assert_string_equal(take(t, "l.jsonl", NULL, NULL, 0), "1=;2=\xEF\xBF\xBD;3=;");
    assert_int_equal(t->tally.skipped[GS_SKIP_BAD_LINE], 1);
    assert_int_equal(t->tally.repaired, 1);
    assert_non_null(strstr(t->messages, "l.jsonl:2:1: an object in { } is wanted"));
    assert_non_null(strstr(t->messages, "l.jsonl:3: 1 invalid byte sequences"));
}

/* A line that does not fit the memory is skipped, the next one is not. */
static void a_line_that_is_too_long(void **state)
{
    struct taken *t = *state;
    struct gs_buf b;
    gs_buf_init(&b, (size_t)1 << 23);
    gs_buf_append_str(&b, "{\"id\":\"1\",\"text\":\"\"}\n{\"id\":\"long\",\"text\":\"");
    for (int i = 0; i < 3 << 20; i++)
        gs_buf_append_u8(&b, 'x');
    gs_buf_append_str(&b, "\"}\n{\"id\":\"3\",\"text\":\"\"}\n");
    char *path = test_path(t->folder, "l.jsonl");
    test_file_write(path, b.data, b.size);
    assert_string_equal(take(t, "l.jsonl", NULL, NULL, (size_t)1 << 19), "1=;3=;");
    assert_int_equal(t->tally.skipped[GS_SKIP_TOO_LARGE], 1);
    assert_non_null(strstr(t->messages, "l.jsonl:2: the line is too long"));
    test_file_write(path, b.data, b.size);
    char *text = test_path(t->folder, "l.txt");
    test_file_write(text, b.data, b.size);
    assert_string_equal(take(t, "l.txt", NULL, NULL, (size_t)1 << 19), "");
    assert_int_equal(t->tally.skipped[GS_SKIP_TOO_LARGE], 1);
    free(text);
    free(path);
    gs_buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(folders_in_byte_order, setup, teardown),
        cmocka_unit_test_setup_teardown(loops_and_special_files_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(packed_files, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_binary_and_damaged_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_lines_do_not_stop_the_others, setup, teardown),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
