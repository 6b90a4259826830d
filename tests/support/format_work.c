#include "tests/support/format_work.h"

#include "indexer/touched.h"
#include "indexer/work_journal.h"
#include "tests/support/built_index.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define PARTS_MAX 8

static void expect_file(const struct format_example *e, const char *folder, const char *name,
                        size_t *wrong)
{
    size_t size;
    char *path = test_path(folder, "%s", name);
    uint8_t *bytes = test_file_bytes(path, &size);
    format_expect(e, "bytes", bytes, size, wrong);
    free(bytes);
    free(path);
}

/* Strings of the line `command`, parted by " | ". */
static uint64_t command_hash(const struct format_example *e)
{
    char *value = strdup(format_value(e, "command")), *rest = value;
    const char *parts[PARTS_MAX];
    size_t count = 0;
    for (char *bar; (bar = strstr(rest, " | ")) != NULL; rest = bar + 3) {
        *bar = '\0';
        parts[count++] = rest;
        assert_true(count < PARTS_MAX);
    }
    parts[count++] = rest;
    uint64_t hash = gs_work_journal_hash(parts, count);
    free(value);
    return hash;
}

static void run_work(const struct format_example *e, struct gs_index_writer *w, size_t *wrong)
{
    size_t n;
    uint32_t *from = format_numbers(format_value(e, "from"), &n);
    assert_int_equal(n, 2);
    struct gs_work_journal back, j = {command_hash(e), from[0], from[1], false};
    assert_ok(gs_work_journal_keep(&j, w, NULL));
    expect_file(e, gs_index_writer_folder(w), "work", wrong);
    assert_ok(gs_work_journal_begin(&back, w, j.hash, NULL));
    assert_true(back.is_written && back.start_commit == from[0]);
    assert_true(back.start_sequence == from[1]);
    free(from);
}

static void run_touched(const struct format_example *e, struct gs_index_writer *w, size_t *wrong)
{
    struct gs_touched t;
    size_t n;
    uint32_t *v = format_numbers(format_value(e, "entries"), &n);
    assert_ok(gs_touched_load(&t, w, NULL));
    for (size_t i = 0; i + 2 < n; i += 3) {
        struct gs_touched_entry entry = {v[i], v[i + 1], v[i + 2]};
        assert_ok(gs_touched_add(&t, &entry, NULL));
    }
    assert_ok(gs_touched_save(&t, w, NULL));
    gs_touched_release(&t);
    expect_file(e, gs_index_writer_folder(w), "touched", wrong);
    assert_ok(gs_touched_load(&t, w, NULL));
    for (size_t i = 0; i + 2 < n; i += 3) {
        const struct gs_touched_entry *entry = gs_touched_find(&t, v[i]);
        assert_non_null(entry);
        assert_true(entry->size == v[i + 1] && entry->time == v[i + 2]);
    }
    gs_touched_release(&t);
    free(v);
}

bool format_work_run(const struct format_example *e, const char *folder, size_t *wrong)
{
    static const struct built_filing filings[] = {
        {"a", NULL, "x", 1}, {"b", NULL, "y", 1}, {"c", NULL, "z", 1}};
    bool is_work = strcmp(e->kind, "work") == 0;
    if (!is_work && strcmp(e->kind, "touched") != 0)
        return false;
    struct built_params params = {0};
    struct gs_index_writer *w;
    char *index = test_path(folder, "index-%s", e->kind);
    (void)built_index_add(index, filings, 3, &params);
    assert_ok(gs_index_writer_open(&w, index, false, NULL));
    (is_work ? run_work : run_touched)(e, w, wrong);
    gs_index_writer_close(w);
    free(index);
    return true;
}
