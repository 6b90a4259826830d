/* indexer: folders that change at random, indexed by runs that are broken off at random, against
 * what the folder holds; many roots; an index without texts. */
#include "tests/support/built_index.h"
#include "tests/support/index_work.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#define FILES 40
#define TEXTS 6

static const char *const texts[TEXTS] = {"甲", "乙", "净利润", "净利率", "增长，百分之三十", ""};

/* The folder, and what the index has to hold after an update of it. */
struct model {
    struct random_source r;
    uint64_t clock;
    char ids[FILES][16];
    struct {
        bool is_there, is_unreadable;
        uint64_t time;
        size_t text;
    } file[FILES];
    int indexed[FILES]; /* the text that the index has, or -1 */
};

static void change(struct model *m, size_t i)
{
    m->file[i].is_unreadable = random_below(&m->r, 12) == 0;
    switch (random_below(&m->r, 4)) {
    case 0:
        m->file[i].is_there = !m->file[i].is_there;
        break;
    case 1: /* touched */
        m->file[i].time = ++m->clock;
        break;
    case 2: /* just written: its time is not known yet */
        m->file[i].time = 0;
        break;
    default:
        m->file[i].text = random_below(&m->r, TEXTS);
        m->file[i].time = ++m->clock;
    }
}

static size_t list(const struct model *m, struct index_input *inputs)
{
    size_t n = 0;
    for (size_t i = 0; i < FILES; i++) {
        if (m->file[i].is_there)
            inputs[n++] = (struct index_input){m->ids[i], texts[m->file[i].text], m->file[i].time,
                                               m->file[i].is_unreadable};
    }
    return n;
}

/* What a run to the end leaves. Nothing is dropped where nothing was found at all. */
static void expect(struct model *m, bool prune)
{
    bool found = false;
    for (size_t i = 0; i < FILES; i++)
        found = found || (m->file[i].is_there && !m->file[i].is_unreadable);
    for (size_t i = 0; i < FILES; i++) {
        if (m->file[i].is_there && !m->file[i].is_unreadable)
            m->indexed[i] = (int)m->file[i].text;
        else if (prune && found && !m->file[i].is_there)
            m->indexed[i] = -1;
    }
}

/* What the commits of a run that was broken off leave. */
static void expect_part(struct model *m, const struct index_work *work)
{
    size_t taken = work->stop < work->count ? work->stop : work->count;
    size_t committed = work->checkpoint ? taken / work->checkpoint * work->checkpoint : 0;
    for (size_t k = 0; k < committed; k++) {
        size_t i = strtoul(work->inputs[k].id + 2, NULL, 10);
        if (!work->inputs[k].is_unreadable)
            m->indexed[i] = (int)m->file[i].text;
    }
}

static size_t live_count(const struct model *m)
{
    size_t n = 0;
    for (size_t i = 0; i < FILES; i++)
        n += m->indexed[i] >= 0;
    return n;
}

static void verify(const struct model *m, const char *index)
{
    struct gs_index_writer *w;
    struct gs_text_reader *reader;
    struct gs_err err;
    assert_ok_err(gs_index_writer_open(&w, index, true, &err), &err);
    assert_ok(gs_text_reader_create(&reader));
    for (size_t i = 0; i < FILES; i++) {
        struct gs_index_place place;
        assert_ok_err(gs_index_writer_find(w, m->ids[i], strlen(m->ids[i]), &place, &err), &err);
        assert_int_equal(place.doc != GS_DOC_END, m->indexed[i] >= 0);
        if (m->indexed[i] < 0)
            continue;
        const char *text = texts[m->indexed[i]];
        struct gs_buf found;
        gs_buf_init(&found, 4096);
        assert_ok_err(gs_text_read(reader, gs_index_writer_get(w, place.segment)->segment,
                                   place.doc, 0, (uint32_t)strlen(text), &found, &err),
                      &err);
        assert_int_equal(found.size, strlen(text));
        assert_true(found.size == 0 || memcmp(found.data, text, found.size) == 0);
        gs_buf_release(&found);
    }
    assert_int_equal(gs_index_writer_live(w), live_count(m));
    gs_text_reader_free(reader);
    gs_index_writer_close(w);
}

static void one_run(struct model *m, const char *index)
{
    struct index_input inputs[FILES];
    bool prune = random_below(&m->r, 2);
    struct index_work work = {.mode =
                                  random_below(&m->r, 4) ? GS_RECONCILE_UPDATE : GS_RECONCILE_ADD,
                              .inputs = inputs,
                              .prune = prune ? "r" : NULL,
                              .checkpoint = random_below(&m->r, 12),
                              .ahead = random_below(&m->r, 30)};
    struct gs_err err = {0};
    for (uint32_t left = random_below(&m->r, 3);; left--) {
        work.count = list(m, inputs);
        work.stop = left > 0 ? 1 + random_below(&m->r, FILES) : 0;
        assert_ok_err(index_work_run(index, &work, &err), &err);
        if (left == 0)
            break;
        expect_part(m, &work);
        verify(m, index);
        /* The folder goes on changing while nobody works. */
        for (uint32_t k = random_below(&m->r, 3); k > 0; k--)
            change(m, random_below(&m->r, FILES));
    }
    expect(m, prune);
}

static void random_folders(void **state)
{
    (void)state;
    uint64_t seeds = test_env_number("GAOSOU_CASES", 25);
    for (uint64_t seed = 1; seed <= seeds; seed++) {
        char *folder = test_folder_create(), *index = test_path(folder, "index");
        struct model m = {.r = {seed}};
        for (size_t i = 0; i < FILES; i++) {
            snprintf(m.ids[i], sizeof(m.ids[i]), "r/%zu", i);
            m.indexed[i] = -1;
        }
        for (int round = 0; round < 12; round++) {
            for (size_t k = random_below(&m.r, FILES); k > 0; k--)
                change(&m, random_below(&m.r, FILES));
            one_run(&m, index);
            if (live_count(&m) > 0 && random_below(&m.r, 5) == 0)
                built_index_merge(index);
            verify(&m, index);
        }
        if (live_count(&m) > 0)
            built_index_check(index);
        free(index);
        test_folder_remove(folder);
    }
}

/* Where the index keeps no texts their hashes decide. */
static void without_texts(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *index = test_path(folder, "index");
    struct gs_err err = {0};
    struct index_input input = {.id = "r/a", .text = "净利润", .time = 1};
    struct index_work work = {
        .mode = GS_RECONCILE_UPDATE, .inputs = &input, .count = 1, .no_text = true};
    assert_ok_err(index_work_run(index, &work, &err), &err);
    input.time = 2;
    assert_ok_err(index_work_run(index, &work, &err), &err);
    assert_int_equal(work.added, 0);
    input = (struct index_input){.id = "r/a", .text = "净利率", .time = 3};
    assert_ok_err(index_work_run(index, &work, &err), &err);
    assert_int_equal(work.added, 1);
    built_index_check(index);
    free(index);
    test_folder_remove(folder);
}

/* As many as a shell's * gives; each counts for itself, and a folder above for all. */
static void many_roots(void **state)
{
    (void)state;
    char *folder = test_folder_create(), *index = test_path(folder, "index"), name[32];
    struct gs_index_writer *w;
    struct gs_reconcile *r;
    struct gs_reconcile_params params = {GS_RECONCILE_UPDATE, 1};
    struct gs_err err;
    enum gs_have have;
    assert_ok_err(gs_index_writer_open(&w, index, true, &err), &err);
    assert_ok_err(gs_reconcile_create(&r, w, &params, &err), &err);
    assert_ok_err(gs_reconcile_root(r, (struct gs_str){"r", 1}, true, &err), &err);
    for (int i = 0; i < 1000; i++) {
        int size = snprintf(name, sizeof(name), "r/%d.zip", i);
        assert_ok_err(gs_reconcile_root(r, (struct gs_str){name, (size_t)size}, false, &err), &err);
    }
    for (int i = 0; i < 3000; i++) {
        static const char *const behind[] = {"", "!in/a.txt", ":17", ":x", "/a", "x"};
        int size = snprintf(name, sizeof(name), "r/%d.zip%s", i % 1000, behind[i % 6]);
        struct gs_reconcile_source source = {.id = {name, (size_t)size}};
        assert_ok_err(gs_reconcile_look(r, &source, &have, &err), &err);
        assert_int_equal(have, GS_HAVE_NOT);
    }
    struct gs_str id;
    uint64_t found, all = 0;
    assert_true(gs_reconcile_get_root(r, 0, &id, &found));
    assert_int_equal(found, 3000);
    for (size_t i = 1; gs_reconcile_get_root(r, i, &id, &found); i++)
        all += found;
    assert_int_equal(all, 1500);
    gs_reconcile_free(r);
    gs_index_writer_close(w);
    free(index);
    test_folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_folders),
                                       cmocka_unit_test(without_texts),
                                       cmocka_unit_test(many_roots)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
