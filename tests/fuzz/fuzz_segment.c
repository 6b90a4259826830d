/*
 * A segment file of any bytes: opened, checked, read and searched through an index of that one
 * segment.
 *
 * Damage of a good segment is tried as it is, where every answer must be right or an error; and
 * with the header's and the pages' checksums made right again, where nothing must crash, hang or
 * leave its bounds.
 */
#include "common/base/checksum.h"
#include "common/base/file.h"
#include "query/search.h"
#include "tests/support/random_fuzz.h"
#include "tests/support/random_index.h"
#include "tests/support/segment_bytes.h"
#include "tests/support/test.h"

#define PAGE 4096

static const char *const questions[] = {
    "净",       "净利", "a",   "a*",       "净利 OR 年",    "长 -增",         "\"年 月\"",
    "title:净", "2024", "净*", "code:60*", "净 name:甲,乙", "净 -code:600003"};
#define QUESTIONS GS_COUNT_OF(questions)

static struct {
    struct gs_buf segment, manifest; /* a good index */
    uint64_t answers[QUESTIONS];
} base;

static uint64_t mix(uint64_t h, uint64_t v)
{
    return (h ^ v) * 0x9E3779B97F4A7C15u;
}

/* A number for the answer to one question; *status tells whether there was one. */
static uint64_t ask(struct gs_search *search, const struct gs_snapshot *s, const char *text,
                    enum gaosou_status *status)
{
    struct gs_query *query = NULL;
    struct gs_result result;
    struct gs_err err;
    struct gs_search_options options = gs_search_defaults();
    uint64_t h = 1;
    options.count_all = true;
    *status = gs_query_parse(&query, text, strlen(text),
                             &(struct gs_query_params){.mode = GS_QUERY_SYNTAX}, &err);
    if (*status == GAOSOU_OK)
        *status = gs_search_run(search, s, query, &options, &result, &err);
    for (size_t i = 0; *status == GAOSOU_OK && i < result.hit_count; i++)
        h = mix(mix(h, result.hits[i].sequence), query->leaf_count ? result.hits[i].counts[0] : 0);
    if (*status == GAOSOU_OK)
        h = mix(mix(h, result.total), result.occurrences);
    gs_query_free(query);
    return h;
}

static void no_report(void *ctx, const char *line)
{
    (void)ctx;
    (void)line;
}

/* Reads every filing's record, its text, and everything that `check` reads; errors are fine. */
static void read_all(const struct gs_segment *s)
{
    struct gs_record_reader *records = NULL;
    struct gs_text_reader *texts = NULL;
    struct gs_buf text;
    struct gs_err err;
    uint64_t problems;
    gs_buf_init(&text, 1 << 24);
    if (gs_record_reader_create(&records) == GAOSOU_OK &&
        gs_text_reader_create(&texts) == GAOSOU_OK)
        for (uint32_t doc = 0; doc < gs_segment_get_stats(s)->doc_count && doc < 100; doc++) {
            struct gs_record r;
            gs_buf_clear(&text);
            if (gs_record_read(records, s, doc, &r, &err) == GAOSOU_OK && r.content_size < 1 << 20)
                (void)!gs_text_read(texts, s, doc, 0, r.content_size, &text, &err);
        }
    (void)!gs_segment_check(s, no_report, NULL, &problems, &err);
    gs_text_reader_free(texts);
    gs_record_reader_free(records);
    gs_buf_release(&text);
}

static char *make_folder(const struct gs_buf *segment)
{
    char *root = test_folder_create();
    char *manifest = test_path(root, "manifest"), *file = test_path(root, "%010d.seg", 1);
    struct gs_buf m = base.manifest;
    uint8_t entry[200];
    if (m.size <= sizeof(entry) &&
        segment->size >= PAGE) { /* the manifest names this size and header */
        memcpy(entry, m.data, m.size);
        gs_store_u64(entry + 64 + 8, segment->size);
        memcpy(entry + 64 + 24, segment->data + PAGE - 8, 8);
        gs_store_u64(entry + m.size - 8, gs_hash64(entry, m.size - 8));
        test_file_write(manifest, entry, m.size);
    }
    test_file_write(file, segment->data, segment->size);
    free(manifest);
    free(file);
    return root;
}

/* must_be_right: an answer without an error has to be that of the good index. */
static void try_segment(const struct gs_buf *segment, bool must_be_right)
{
    struct gs_snapshot snapshot;
    struct gs_search *search = NULL;
    struct gs_err err = {.text = ""};
    char *root = make_folder(segment);
    if (gs_snapshot_open(&snapshot, root, &err) != GAOSOU_OK) {
        if (err.text[0] == '\0')
            abort();
        test_folder_remove(root);
        return;
    }
    assert_ok(gs_search_create(&search));
    for (size_t i = 0; i < QUESTIONS; i++) {
        enum gaosou_status status;
        uint64_t answer = ask(search, &snapshot, questions[i], &status);
        if (must_be_right && status == GAOSOU_OK && answer != base.answers[i]) {
            fprintf(stderr, "a damaged segment answers %s wrongly\n", questions[i]);
            abort();
        }
    }
    for (size_t i = 0; i < snapshot.segment_count; i++)
        read_all(snapshot.segments[i].segment);
    gs_search_free(search);
    gs_snapshot_close(&snapshot);
    test_folder_remove(root);
}

/* Keyword columns with a few values, and filings without. */
static void know(struct random_step *step, int i)
{
    static const char *const codes[] = {"600001", "600002", "600003"}, *const names[] = {"甲",
                                                                                         "乙"};
    if (i % 5 == 0)
        return;
    *REF_PUSH(&step->known) = (struct random_known){.field = "code", .value = codes[i % 3]};
    *REF_PUSH(&step->known) = (struct random_known){.field = "name", .value = names[i % 2]};
    *REF_PUSH(&step->known) = (struct random_known){.field = "industry", .value = names[i % 2]};
}

static void make_base(void)
{
    struct random_history h = {.with_text = true, .threads = 1};
    struct ref_index reference = {0};
    struct random_source r = {11};
    struct gs_buf text;
    struct gs_err err;
    static const char *const pieces[] = {"净", "利", "润",   "增", "长", "年", "月",
                                         "a",  "ab", "2024", " ",  "。", "\n"};
    char *root = test_folder_create(), *folder = test_path(root, "index");
    gs_buf_init(&text, 1 << 20);
    for (int i = 0; i < 300; i++) {
        char id[24];
        gs_buf_clear(&text);
        for (uint32_t n = i == 7 ? 4000 : random_between(&r, 1, 30); n > 0; n--)
            gs_buf_append_str(&text, RANDOM_OF(&r, pieces));
        snprintf(id, sizeof(id), "f%d", i);
        random_history_add(&h, id, i % 2 ? "净利 增长" : NULL, text.data, text.size);
        know(&h.steps.at[h.steps.count - 1], i);
    }
    random_history_step(&h, RANDOM_COMMIT, "");
    random_history_play(&h, folder, &reference);
    char *manifest = test_path(folder, "manifest"), *file = test_path(folder, "%010d.seg", 1);
    gs_buf_init(&base.segment, 1 << 28);
    gs_buf_init(&base.manifest, 1 << 28);
    assert_ok_err(gs_file_read(manifest, &base.manifest, &err), &err);
    assert_ok_err(gs_file_read(file, &base.segment, &err), &err);
    struct gs_snapshot snapshot;
    struct gs_search *search;
    assert_ok_err(gs_snapshot_open(&snapshot, folder, &err), &err);
    assert_ok(gs_search_create(&search));
    for (size_t i = 0; i < QUESTIONS; i++) {
        enum gaosou_status status;
        base.answers[i] = ask(search, &snapshot, questions[i], &status);
        assert_ok(status);
    }
    gs_search_free(search);
    gs_snapshot_close(&snapshot);
    ref_index_release(&reference);
    random_history_release(&h);
    gs_buf_release(&text);
    free(manifest);
    free(file);
    free(folder);
    test_folder_remove(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct gs_buf segment;
    if (!base.segment.data)
        make_base();
    gs_buf_init(&segment, (size_t)1 << 28);
    gs_buf_append(&segment, bytes, size);
    if (size > 0) {
        try_segment(&segment, true);
        test_repair_checksums(segment.data, segment.size);
        try_segment(&segment, false);
    }
    gs_buf_release(&segment);
    return 0;
}

/* A good segment with bytes overwritten in place, so that most of it still holds together. */
static void make(struct random_source *r, struct gs_buf *out)
{
    if (!base.segment.data)
        make_base();
    gs_buf_append(out, base.segment.data, base.segment.size);
    for (uint32_t n = random_between(r, 1, 12); n > 0; n--) {
        size_t page = random_below(r, (uint32_t)(out->size / PAGE));
        size_t at = page * PAGE + random_below(r, random_once_in(r, 2) ? 512 : PAGE);
        uint64_t flip =
            random_once_in(r, 2) ? random_next(r) & 0xFF : (uint64_t)1 << random_below(r, 8);
        out->data[at] = (uint8_t)(out->data[at] ^ flip);
    }
}

#ifndef GS_LIBFUZZER
int main(int argc, char **argv)
{
    return random_fuzz_main(argc, argv, "segment", make, 400);
}
#endif
