/*
 * Pages that cursors continue, over an index that is added to, deleted from, updated and merged
 * between them: each filing of the first commit that is left comes exactly once, with the score and
 * in the order that it had in one big page of the first commit. And tokens: what is refused.
 */
#include "query/cursor.h"
#include "tests/support/api_filings.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#define FIRST 300 /* filings of the first commit */
#define IDS   500
#define TEXT  256

/* ---- an index that changes ---- */

struct index {
    struct random_source random;
    char *root, *folder;
    struct gs_snapshot snapshot;
    bool only_grows;
};

static enum gaosou_status add_random(struct index *x, gaosou_writer *writer, uint32_t id,
                                     gaosou_error *error)
{
    static const char *const pieces[] = {"净", "利", "润", "增长", "，", "公司", "A1 ", "b2 "};
    static const char *const codes[] = {NULL, "600001", "000002", "600001,000002", "00939"};
    static const char *const dates[] = {NULL, "2024", "2024-03", "2024-03-05", "2023-01-01"};
    struct random_source *r = &x->random;
    char name[16], text[TEXT] = "";
    size_t size = 0;
    for (uint32_t n = random_between(r, 1, 20); n > 0; n--)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s", RANDOM_OF(r, pieces));
    snprintf(name, sizeof(name), "f%u", (unsigned)id);
    struct api_filing f = {.id = name,
                           .title = random_once_in(r, 3) ? "净利润" : NULL,
                           .codes = RANDOM_OF(r, codes),
                           .date = RANDOM_OF(r, dates),
                           .text = text};
    return api_add_one(writer, &f, error);
}

static enum gaosou_status delete_random(struct index *x, gaosou_writer *writer, gaosou_error *error)
{
    char name[16];
    snprintf(name, sizeof(name), "f%u", (unsigned)random_below(&x->random, IDS));
    return gaosou_writer_delete(writer, name, strlen(name), NULL, error);
}

/* One commit of `adds` filings, of which some replace others, and as many deletions. */
static void change(struct index *x, size_t adds, bool first)
{
    gaosou_error *error = gaosou_error_create();
    gaosou_writer *writer = NULL;
    uint32_t from = first ? 0 : x->only_grows ? FIRST : random_below(&x->random, IDS);
    enum gaosou_status status = gaosou_writer_open(&writer, x->folder, GAOSOU_WRITER_CREATE, error);
    if (status == GAOSOU_OK)
        status = gaosou_writer_set_memory(writer, (uint64_t)64 << 20, error);
    for (size_t i = 0; i < adds && status == GAOSOU_OK; i++) {
        status = add_random(x, writer, first ? (uint32_t)i : (from + (uint32_t)i) % IDS, error);
        if (status == GAOSOU_OK && !x->only_grows && !first)
            status = delete_random(x, writer, error);
        if (status == GAOSOU_OK && first && random_once_in(&x->random, 100))
            status = gaosou_writer_commit(writer, NULL, error);
    }
    if (status == GAOSOU_OK)
        status = gaosou_writer_commit(writer, NULL, error);
    if (status == GAOSOU_OK && !first && random_once_in(&x->random, 3))
        status = gaosou_writer_merge(writer, GAOSOU_MERGE_ALL, error);
    if (status != GAOSOU_OK)
        test_fail("%s", gaosou_error_text(error));
    gaosou_writer_close(writer);
    gaosou_error_free(error);
}

static void index_open(struct index *x, uint64_t seed, bool only_grows)
{
    *x = (struct index){.random = {seed}, .only_grows = only_grows};
    x->root = test_folder_create();
    x->folder = test_path(x->root, "index");
    change(x, FIRST, true);
    assert_ok(gs_snapshot_open(&x->snapshot, x->folder, NULL));
}

static void index_change(struct index *x)
{
    change(x, 25, false);
    gs_snapshot_close(&x->snapshot);
    assert_ok(gs_snapshot_open(&x->snapshot, x->folder, NULL));
}

static void index_close(struct index *x)
{
    gs_snapshot_close(&x->snapshot);
    test_folder_remove(x->root);
    free(x->folder);
}

static bool is_live(const struct gs_snapshot *s, uint64_t sequence)
{
    uint32_t segment, doc;
    uint64_t found = 0;
    assert_ok(gs_cursor_find(s, sequence, &segment, &doc, NULL));
    if (segment == s->segment_count)
        return false;
    assert_ok(gs_column_get(s->segments[segment].segment, GS_COLUMN_SEQUENCE, doc, &found, NULL));
    return found == sequence && !gs_snapshot_is_deleted(&s->segments[segment], doc);
}

/* ---- pages ---- */

struct question {
    const char *text;
    enum gs_query_mode mode;
    struct gs_search_options options;
    struct gs_ranking_params params;
};

struct row {
    uint64_t sequence;
    double score;
};

/* A question being paged through. */
struct reader {
    struct question ask;
    struct gs_query *query;
    struct row *wanted, *got;
    size_t wanted_count, got_count;
    struct gs_cursor cursor;
    bool started, done;
};

static struct question random_page_question(struct random_source *r, bool collapse)
{
    static const char *const texts[] = {
        "净",
        "净利润",
        "利 | 润",
        "净利 | b2*",
        "A1 -b2",
        "净 利",
        "code:6* | 增长",
        "NEAR/2(净 润)",
        "title:净利",
        "date:2024",
        "\"净，利\"",
        "(净 利) | (A1 润)",
        "净 利 润 公司 A1",
        "没有",
    };
    static const enum gs_sort sorts[] = {GS_SORT_SCORE,  GS_SORT_SCORE, GS_SORT_NEWEST,
                                         GS_SORT_OLDEST, GS_SORT_CODE,  GS_SORT_LENGTH};
    static const double depths[] = {1, 5, 20, 200, 1000};
    struct question ask = {.text = RANDOM_OF(r, texts), .params = gs_ranking_defaults};
    ask.mode = random_once_in(r, 2) ? GS_QUERY_ANY : GS_QUERY_SYNTAX;
    ask.params.depth = RANDOM_OF(r, depths);
    ask.options = gs_search_defaults();
    ask.options.sort = RANDOM_OF(r, sorts);
    ask.options.ties = random_once_in(r, 3) ? GS_TIES_SEQUENCE : GS_TIES_CLOSEST;
    ask.options.collapse = collapse && random_once_in(r, 2);
    ask.options.take_unknown = random_once_in(r, 2);
    ask.options.exhaustive = random_once_in(r, 4);
    if (random_once_in(r, 2))
        assert_true(gs_ranking_read("title,passages", 14, &ask.options.ranking));
    if (random_once_in(r, 4))
        ask.options.k1 = 0; /* many ties */
    ask.options.limit = random_between(r, 1, 40);
    return ask;
}

static void take_rows(const struct gs_result *result, struct row **rows, size_t *count)
{
    *rows = realloc(*rows, (*count + result->hit_count + 1) * sizeof(**rows));
    assert_non_null(*rows);
    for (size_t i = 0; i < result->hit_count; i++)
        (*rows)[(*count)++] = (struct row){result->hits[i].sequence, result->hits[i].score};
}

static void run(const struct gs_snapshot *snapshot, const struct reader *reader,
                const struct gs_search_options *options, struct gs_search *search,
                struct gs_result *result)
{
    struct gs_err err = {0};
    assert_ok_err(gs_search_run(search, snapshot, reader->query, options, result, &err), &err);
}

static void reader_open(struct reader *reader, struct index *x, const struct question *ask)
{
    struct gs_search *search;
    struct gs_result result;
    *reader = (struct reader){.ask = *ask};
    reader->ask.options.ranking.params = &reader->ask.params;
    assert_ok(gs_query_parse(&reader->query, ask->text, strlen(ask->text),
                             &(struct gs_query_params){.mode = ask->mode}, NULL));
    struct gs_search_options options = reader->ask.options;
    options.limit = SIZE_MAX;
    assert_ok(gs_search_create(&search));
    run(&x->snapshot, reader, &options, search, &result);
    assert_null(result.cursor);
    take_rows(&result, &reader->wanted, &reader->wanted_count);
    gs_search_free(search);
}

/* The token there and back. */
static void keep_cursor(struct reader *reader, const struct gs_cursor *cursor)
{
    struct gs_buf token;
    struct gs_err err = {0};
    gs_buf_init(&token, 1 << 16);
    gs_cursor_write(cursor, &token);
    gs_buf_append_u8(&token, 0);
    assert_ok_err(gs_cursor_read(&reader->cursor, (const char *)token.data, &err), &err);
    gs_buf_release(&token);
}

static void read_page(struct reader *reader, const struct index *x)
{
    struct gs_search *search;
    struct gs_result result;
    struct gs_search_options options = reader->ask.options;
    assert_ok(gs_search_create(&search));
    options.after = reader->started ? &reader->cursor : NULL;
    run(&x->snapshot, reader, &options, search, &result);
    if (reader->started)
        assert_int_equal(result.continued_elsewhere,
                         reader->cursor.commit != x->snapshot.manifest.commit);
    assert_true(result.hit_count <= options.limit);
    take_rows(&result, &reader->got, &reader->got_count);
    reader->started = true;
    reader->done = result.cursor == NULL;
    if (result.cursor) {
        assert_int_equal(result.hit_count, options.limit);
        assert_int_equal(result.cursor->rank, reader->got_count);
        keep_cursor(reader, result.cursor);
    }
    gs_search_free(search);
}

static void reader_fail(const struct reader *reader, const char *what, size_t at)
{
    const struct gs_search_options *o = &reader->ask.options;
    test_fail("%s at %zu: %s mode %d sort %d ties %d limit %zu collapse %d depth %g plain %d", what,
              at, reader->ask.text, (int)reader->ask.mode, (int)o->sort, (int)o->ties, o->limit,
              (int)o->collapse, reader->ask.params.depth,
              o->ranking.chosen && !o->ranking.passages);
}

/* What was read is what was wanted, but for filings that are gone now. */
static void reader_check(const struct reader *reader, const struct index *x)
{
    size_t k = 0;
    for (size_t i = 0; i < reader->wanted_count; i++) {
        const struct row *want = &reader->wanted[i];
        if (k < reader->got_count && reader->got[k].sequence == want->sequence) {
            if (reader->got[k].score != want->score)
                reader_fail(reader, "another score", k);
            k++;
        } else if (is_live(&x->snapshot, want->sequence)) {
            reader_fail(reader, "a filing left out", i);
        }
    }
    if (k != reader->got_count)
        reader_fail(reader, "out of order", k);
}

static void reader_close(struct reader *reader)
{
    gs_query_free(reader->query);
    free(reader->wanted);
    free(reader->got);
}

#define READERS 60
static void check_pages(uint64_t seed, bool only_grows)
{
    static struct reader readers[READERS];
    struct index x;
    bool open = true;
    index_open(&x, seed, only_grows);
    for (size_t i = 0; i < READERS; i++) {
        struct question ask = random_page_question(&x.random, only_grows);
        reader_open(&readers[i], &x, &ask);
    }
    for (size_t page = 0; open; page++) {
        open = false;
        for (size_t i = 0; i < READERS; i++) {
            if (!readers[i].done)
                read_page(&readers[i], &x);
            open |= !readers[i].done;
        }
        if (open && page < 12)
            index_change(&x);
    }
    for (size_t i = 0; i < READERS; i++) {
        reader_check(&readers[i], &x);
        reader_close(&readers[i]);
    }
    index_close(&x);
}

static void test_pages(void **state)
{
    (void)state;
    uint64_t first = test_env_number("GAOSOU_SEED", 1), cases = test_env_number("GAOSOU_CASES", 6);
    for (uint64_t seed = first; seed < first + cases; seed++) {
        check_pages(seed, false);
        check_pages(seed + 1000, true);
    }
}

/* ---- what does not fit ---- */

static enum gaosou_status try(struct gs_snapshot *snapshot, const char *text,
                              const struct gs_search_options *options, struct gs_err *err)
{
    struct gs_search *search;
    struct gs_query *query;
    struct gs_result result;
    assert_ok(gs_search_create(&search));
    assert_ok(gs_query_parse(&query, text, strlen(text), &(struct gs_query_params){0}, NULL));
    enum gaosou_status status = gs_search_run(search, snapshot, query, options, &result, err);
    gs_query_free(query);
    gs_search_free(search);
    return status;
}

static void refuse(struct gs_snapshot *snapshot, const char *text,
                   const struct gs_search_options *options, const char *says)
{
    struct gs_err err = {0};
    assert_status(try(snapshot, text, options, &err), GAOSOU_E_QUERY);
    if (!strstr(err.text, says))
        test_fail("%s, wanted %s", err.text, says);
}

static void test_misfits(void **state)
{
    (void)state;
    struct index x, other;
    struct reader reader;
    struct question ask = {
        .text = "净", .options = gs_search_defaults(), .params = gs_ranking_defaults};
    index_open(&x, 1, false);
    index_open(&other, 2, false);
    ask.options.limit = 3;
    reader_open(&reader, &x, &ask);
    read_page(&reader, &x);
    struct gs_search_options options = gs_search_defaults();
    options.after = &reader.cursor;
    assert_ok(try(&x.snapshot, "净", &options, NULL));
    refuse(&x.snapshot, "利", &options, "another query");
    refuse(&other.snapshot, "净", &options, "another index");
    options.k1 = 1;
    refuse(&x.snapshot, "净", &options, "other options");
    options.k1 = gs_search_defaults().k1;
    options.sort = GS_SORT_NEWEST;
    refuse(&x.snapshot, "净", &options, "other options");
    options.sort = GS_SORT_SCORE;
    options.offset = 1;
    assert_status(try(&x.snapshot, "净", &options, NULL), GAOSOU_E_USE);
    reader_close(&reader);
    index_close(&x);
    index_close(&other);
}

/* Every token with one character changed, cut or added is refused. */
static void test_tokens(void **state)
{
    (void)state;
    struct gs_cursor cursor = {.commit = 3, .next_sequence = 9, .rank = 10, .weight_count = 2},
                     read;
    struct gs_buf token;
    gs_buf_init(&token, 1 << 16);
    cursor.weights[0] = 1.5;
    memcpy(cursor.code, "600001", 6);
    cursor.code_size = 6;
    gs_cursor_write(&cursor, &token);
    gs_buf_append_u8(&token, 0);
    char *text = (char *)token.data;
    size_t size = strlen(text);
    assert_ok(gs_cursor_read(&read, text, NULL));
    assert_true(read.weights[0] == 1.5 && read.code_size == 6 && read.rank == 10);
    for (size_t i = 0; i < size; i++) {
        char kept = text[i];
        for (const char *c = "Aa0-_=+ \n\x80"; *c; c++) {
            text[i] = *c;
            if (*c != kept && gs_cursor_read(&read, text, NULL) == GAOSOU_OK)
                test_fail("character %zu as %d is taken", i, *c);
        }
        text[i] = 0;
        assert_status(gs_cursor_read(&read, text, NULL), GAOSOU_E_QUERY);
        text[i] = kept;
    }
    gs_buf_release(&token);
}

/* Whoever makes a token up with numbers that no search gives is refused, or gets some answer. */
static void test_made_up(void **state)
{
    (void)state;
    static const double numbers[] = {-1, 0, 1e300, -1e300, 5, 1e-300};
    struct index x;
    struct reader reader;
    struct question ask = {
        .text = "净 | 利", .options = gs_search_defaults(), .params = gs_ranking_defaults};
    struct gs_search *search;
    struct gs_result result;
    index_open(&x, 5, false);
    ask.options.limit = 3;
    assert_true(gs_ranking_read("full", 4, &ask.options.ranking));
    reader_open(&reader, &x, &ask);
    read_page(&reader, &x);
    assert_ok(gs_search_create(&search));
    for (size_t i = 0; i < GS_COUNT_OF(numbers) * GS_COUNT_OF(numbers); i++) {
        struct gs_cursor c = reader.cursor;
        struct gs_search_options options = reader.ask.options;
        c.last.key = numbers[i % GS_COUNT_OF(numbers)];
        c.border.key = numbers[i / GS_COUNT_OF(numbers)];
        c.has_border = i % 2;
        c.doc_count = i % 3 ? UINT64_MAX : 0;
        c.total_length = i % 5 ? UINT64_MAX : 0;
        c.weights[0] = i % 7 ? 1e15 : 0;
        c.in_head = i % 4 != 0;
        options.after = &c;
        options.collapse = false;
        assert_ok(gs_search_run(search, &x.snapshot, reader.query, &options, &result, NULL));
        assert_true(result.hit_count <= 3);
    }
    gs_search_free(search);
    reader_close(&reader);
    index_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_misfits),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_made_up),
    };
    return cmocka_run_group_tests_name("cursors", tests, NULL, NULL);
}
