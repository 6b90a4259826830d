/* indexer: --meta tables: reading, keys, overrides, errors. */
#include "indexer/meta_csv.h"
#include "tests/support/test.h"

struct world {
    char *folder, *path;
    struct gs_meta_csv *t;
    struct gs_buf extra;
};

static int setup(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    w->folder = test_folder_create();
    w->path = test_path(w->folder, "meta.csv");
    gs_buf_init(&w->extra, 1 << 20);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    struct world *w = *state;
    gs_meta_csv_close(w->t);
    gs_buf_release(&w->extra);
    free(w->path);
    test_folder_remove(w->folder);
    free(w);
    return 0;
}

static void open_bytes(struct world *w, const void *bytes, size_t size)
{
    struct gs_err err;
    gs_meta_csv_close(w->t);
    w->t = NULL;
    test_file_write(w->path, bytes, size);
    assert_ok_err(gs_meta_csv_open(&w->t, w->path, &err), &err);
}

static void open_text(struct world *w, const char *text)
{
    open_bytes(w, text, strlen(text));
}

static struct gs_filing filing(const char *id, const char *path)
{
    struct gs_filing f = {0};
    f.field[GS_FIELD_ID] = (struct gs_str){id, strlen(id)};
    if (path)
        f.field[GS_FIELD_PATH] = (struct gs_str){path, strlen(path)};
    return f;
}

static void check(const struct gs_filing *f, enum gs_field field, const char *wanted)
{
    struct gs_str got = f->field[field];
    if (got.size != strlen(wanted) || (got.size && memcmp(got.bytes, wanted, got.size) != 0))
        test_fail("field %d is '%.*s', not '%s'", field, (int)got.size, got.bytes, wanted);
}

static void test_fields(void **state)
{
    struct world *w = *state;
    open_text(w, "\xEF\xBB\xBFid,Title,code,date,industry,path\r\n"
                 "a/1.txt,\"重大, \"\"合同\"\"\n公告\",600820/900901,2024-04-12, 建筑 ,\r\n"
                 "\r\n"
                 "b,,,,,/data/b.pdf\n");
    assert_int_equal(gs_meta_csv_rows(w->t), 2);
    struct gs_filing f = filing("a/1.txt", NULL);
    f.field[GS_FIELD_PATH] = (struct gs_str){"kept", 4};
    f.field[GS_FIELD_TITLE] = (struct gs_str){"old", 3};
    f.title_from = 3;
    f.title_to = 9;
    assert_true(gs_meta_csv_apply(w->t, &w->extra, &f));
    check(&f, GS_FIELD_TITLE, "重大, \"合同\"\n公告");
    check(&f, GS_FIELD_CODES,
          "600820\x1f"
          "900901");
    check(&f, GS_FIELD_DATE, "2024-04-12");
    check(&f, GS_FIELD_PATH, "kept");
    check(&f, GS_FIELD_EXTRA, "{\"industry\":\"建筑\"}");
    assert_int_equal(f.title_from, f.title_to);
    f = filing("b", "x");
    assert_true(gs_meta_csv_apply(w->t, &w->extra, &f));
    check(&f, GS_FIELD_PATH, "/data/b.pdf");
    check(&f, GS_FIELD_TITLE, "");
    f = filing("c", NULL);
    assert_false(gs_meta_csv_apply(w->t, &w->extra, &f));
    assert_int_equal(gs_meta_csv_unused(w->t), 0);
}

static void test_keys(void **state)
{
    struct world *w = *state;
    open_text(w,
              "path,name\n./x/1.txt,一\n2.txt,二\ny/3.txt,三\nz/3.txt,四\nheap.zip!in/5.txt,五\n");
    static const struct {
        const char *id, *path, *name;
    } rows[] = {
        {"q/1.txt", "x/1.txt", "一"},
        {"x/1.txt", NULL, "一"},
        {"heap/1.txt", "./x/1.txt", "一"},
        {"k/2.txt", "/d/k/2.txt", "二"},
        {"k/3.txt", "/d/k/3.txt", NULL},
        {"z/3.txt", "/d/z/3.txt", "四"},
        {"heap.zip!in/5.txt", "/d/heap.zip!in/5.txt", "五"},
        {"5.txt", NULL, "五"},
        {"", NULL, NULL},
        {"other", "", NULL},
    };
    assert_int_equal(gs_meta_csv_unused(w->t), 5);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_filing f = filing(rows[i].id, rows[i].path);
        bool found = gs_meta_csv_apply(w->t, &w->extra, &f);
        if (found != (rows[i].name != NULL))
            test_fail("%s: %s", rows[i].id, found ? "found" : "not found");
        if (found)
            check(&f, GS_FIELD_NAME, rows[i].name);
    }
    size_t at = 0;
    struct gs_str key;
    uint64_t line;
    assert_true(gs_meta_csv_next_unused(w->t, &at, &key, &line));
    assert_int_equal(line, 4);
    assert_memory_equal(key.bytes, "y/3.txt", 7);
    assert_false(gs_meta_csv_next_unused(w->t, &at, &key, &line));
}

static void test_extra_merge(void **state)
{
    struct world *w = *state;
    open_text(w, "id,industry,rank\na,\"建\"\"筑\",\nb,x,y\n");
    struct gs_filing f = filing("a", NULL);
    const char *given = "{\"other\":{\"industry\":[1,\"},\"]},\"industry\":\"old\",\"rank\":3}";
    f.field[GS_FIELD_EXTRA] = (struct gs_str){given, strlen(given)};
    assert_true(gs_meta_csv_apply(w->t, &w->extra, &f));
    check(&f, GS_FIELD_EXTRA,
          "{\"other\":{\"industry\":[1,\"},\"]},\"rank\":3,\"industry\":\"建\\\"筑\"}");
    f = filing("b", NULL);
    assert_true(gs_meta_csv_apply(w->t, &w->extra, &f));
    check(&f, GS_FIELD_EXTRA, "{\"industry\":\"x\",\"rank\":\"y\"}");
}

static void test_encodings(void **state)
{
    struct world *w = *state;
    /* id,name / a,中国 in GBK and in UTF-16LE */
    open_text(w, "id,name\na,\xD6\xD0\xB9\xFA\n");
    struct gs_filing f = filing("a", NULL);
    assert_true(gs_meta_csv_apply(w->t, &w->extra, &f));
    check(&f, GS_FIELD_NAME, "中国");
    static const uint8_t utf16[] = {0xFF, 0xFE, 'i',  0,    'd',  0,    '\t', 0, 'n', 0,
                                    'a',  0,    'm',  0,    'e',  0,    '\n', 0, 'a', 0,
                                    '\t', 0,    0x2D, 0x4E, 0xFD, 0x56, '\n', 0};
    open_bytes(w, utf16, sizeof(utf16));
    f = filing("a", NULL);
    assert_true(gs_meta_csv_apply(w->t, &w->extra, &f));
    check(&f, GS_FIELD_NAME, "中国");
}

static void test_errors(void **state)
{
    struct world *w = *state;
    static const struct {
        const char *text, *says;
    } rows[] = {
        {"", "header row"},
        {"\n\n", "header row"},
        {"title,name\n", "no column is called id or path"},
        {"id,id\n", "'id' stands twice"},
        {"id,code,codes\n", "'codes' stands twice"},
        {"id,\n", "column 2 has no name"},
        {"id,name\na,\"b\nc,d\n", "meta.csv:2:3: the quote is not closed"},
        {"id,name\na,\"b\"c\n", "meta.csv:2:6: text behind a closing quote"},
        {"id,name\n中文,b\"c\n", "meta.csv:2:5: a quote inside"},
        {"id,name\na,\"x\ny\"z\n", "meta.csv:3:3: text behind a closing quote"},
        {"id,name\na,b,c\n", "meta.csv:2: 3 cells where the header has 2"},
        {"id,name\n\na\n", "meta.csv:3: 1 cells where the header has 2"},
        {"id,name\n,b\n", "meta.csv:2: the cell of 'id' is empty"},
        {"id,name\na,b\nc,d\na,e\n", "meta.csv:4: 'a' stood in line 2 already"},
        {"id,name\na,\xFF\xFF\n", "neither UTF-8 nor GBK"},
    };
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct gs_meta_csv *t = NULL;
        struct gs_err err;
        test_file_write(w->path, rows[i].text, strlen(rows[i].text));
        assert_status(gs_meta_csv_open(&t, w->path, &err), GAOSOU_E_INPUT);
        if (!strstr(err.text, rows[i].says))
            test_fail("row %zu: '%s' does not say '%s'", i, err.text, rows[i].says);
        assert_null(t);
    }
    struct gs_meta_csv *t = NULL;
    assert_status(gs_meta_csv_open(&t, "/nowhere/meta.csv", NULL), GAOSOU_E_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_extra_merge, setup, teardown),
        cmocka_unit_test_setup_teardown(test_encodings, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
