/* indexer: what an update reads, replaces, leaves alone and drops; unfinished work; duplicates. */
#include "common/base/file.h"
#include "indexer/builder.h"
#include "indexer/duplicates.h"
#include "indexer/live_filings.h"
#include "indexer/merge.h"
#include "indexer/reconcile.h"
#include "indexer/work_journal.h"
#include "tests/support/built_index.h"
#include "tests/support/test.h"

#include <unistd.h>

struct input {
    const char *id, *text;
    uint64_t time;
    const char *source; /* of a part of a file */
    const char *title;
};

#define INPUTS_MAX 64

/* One run of the indexer over inputs, without the intake. */
struct run {
    enum gs_reconcile_mode mode;
    bool look_ahead; /* everything is looked up before anything is compared */
    const struct gs_str *given;
    struct {
        const char *id;
        bool is_folder;
    } roots[4];
    const char *exempt[4];
    bool prune, force;
    size_t checkpoint; /* a commit after so many inputs; 0: none */
    size_t killed;     /* ends without a word after so many inputs; 0: goes to the end */
    /* What came of it. */
    enum gs_have have[INPUTS_MAX];
    unsigned added, unchanged, not_read;
    bool continued;
    uint64_t done; /* by the interrupted run */
    struct gs_prune pruned;
    char removed[400];
};

struct state {
    char *folder, *index;
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_reconcile *reconcile;
    struct gs_work_journal journal;
};

static struct gs_str str(const char *s)
{
    return (struct gs_str){s, s ? strlen(s) : 0};
}

static void note_removed(void *ctx, struct gs_str id)
{
    struct run *run = ctx;
    snprintf(run->removed + strlen(run->removed), sizeof(run->removed) - strlen(run->removed),
             "%.*s ", (int)id.size, id.bytes);
}

static struct gs_filing filing_of(const struct input *in)
{
    struct gs_filing f = {
        .text = str(in->text), .source_size = strlen(in->text), .source_time = in->time};
    f.field[GS_FIELD_ID] = str(in->id);
    f.field[GS_FIELD_SOURCE] = str(in->source);
    f.field[GS_FIELD_TITLE] = str(in->title);
    return f;
}

static void look(struct state *s, struct run *run, const struct input *in, size_t i)
{
    struct gs_err err;
    struct gs_reconcile_source source = {.id = str(in->id),
                                         .source = str(in->source),
                                         .size = strlen(in->text),
                                         .time = in->time,
                                         .is_part = in->source != NULL,
                                         .given = run->given};
    assert_ok_err(gs_reconcile_look(s->reconcile, &source, &run->have[i], &err), &err);
}

static void take(struct state *s, struct run *run, const struct input *in, size_t i)
{
    struct gs_err err;
    struct gs_filing f = filing_of(in);
    bool same = false;
    if (run->have[i] == GS_HAVE_SAME) {
        run->not_read++;
        return;
    }
    if (run->have[i] == GS_HAVE_COMPARE)
        assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
    if (same) {
        run->unchanged++;
        return;
    }
    run->added++;
    assert_ok_err(gs_builder_add(s->builder, &f, &err), &err);
}

static void open_run(struct state *s, struct run *run)
{
    struct gs_err err;
    struct gs_builder_params building = {.threads = 1, .memory = GS_MEMORY_MIN, .with_text = true};
    const char *name[] = {"test"};
    assert_ok_err(gs_index_writer_open(&s->writer, s->index, true, &err), &err);
    assert_ok_err(
        gs_work_journal_begin(&s->journal, s->writer, gs_work_journal_hash(name, 1), &err), &err);
    run->continued = s->journal.is_written;
    assert_ok_err(gs_live_filings_count(s->writer, s->journal.start_sequence, &run->done, &err),
                  &err);
    struct gs_reconcile_params params = {run->mode, s->journal.start_sequence};
    assert_ok_err(gs_builder_create(&s->builder, s->writer, &building, &err), &err);
    assert_ok_err(gs_reconcile_create(&s->reconcile, s->writer, &params, &err), &err);
    for (size_t i = 0; i < GS_COUNT_OF(run->roots) && run->roots[i].id; i++)
        assert_ok_err(
            gs_reconcile_root(s->reconcile, str(run->roots[i].id), run->roots[i].is_folder, &err),
            &err);
    for (size_t i = 0; i < GS_COUNT_OF(run->exempt) && run->exempt[i]; i++)
        assert_ok_err(gs_reconcile_exempt(s->reconcile, str(run->exempt[i]), &err), &err);
}

static void checkpoint(struct state *s)
{
    struct gs_err err;
    assert_ok_err(gs_builder_checkpoint(s->builder, &err), &err);
    if (!gs_index_writer_is_changed(s->writer))
        return;
    assert_ok_err(gs_work_journal_keep(&s->journal, s->writer, &err), &err);
    assert_ok_err(gs_index_writer_commit(s->writer, &err), &err);
}

static void finish_run(struct state *s, struct run *run)
{
    struct gs_err err;
    run->pruned = (struct gs_prune){.removing = note_removed, .ctx = run};
    assert_ok_err(gs_builder_finish(s->builder, &err), &err);
    if (run->prune)
        assert_ok_err(gs_reconcile_prune(s->reconcile, run->force, &run->pruned, &err), &err);
    if (gs_index_writer_is_changed(s->writer))
        assert_ok_err(gs_index_writer_commit(s->writer, &err), &err);
    assert_ok_err(gs_reconcile_keep(s->reconcile, &err), &err);
    gs_work_journal_end(&s->journal, s->writer);
}

static void drive(struct state *s, struct run *run, const struct input *inputs, size_t count)
{
    open_run(s, run);
    run->added = run->unchanged = run->not_read = 0;
    for (size_t i = 0; run->look_ahead && i < count; i++)
        look(s, run, &inputs[i], i);
    bool killed = false;
    for (size_t i = 0; i < count && !killed; i++) {
        if (!run->look_ahead)
            look(s, run, &inputs[i], i);
        take(s, run, &inputs[i], i);
        if (run->checkpoint && (i + 1) % run->checkpoint == 0)
            checkpoint(s);
        killed = run->killed == i + 1;
    }
    if (!killed)
        finish_run(s, run);
    gs_builder_free(s->builder);
    gs_reconcile_free(s->reconcile);
    gs_index_writer_close(s->writer);
    built_index_check(s->index);
}

static int setup(void **state)
{
    struct state *s = calloc(1, sizeof(*s));
    s->folder = test_folder_create();
    s->index = test_path(s->folder, "index");
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct state *s = *state;
    free(s->index);
    test_folder_remove(s->folder);
    free(s);
    return 0;
}

/* "id text" of the live filings, in the order of their ids. */
static void assert_index(struct state *s, const char *const *wanted, size_t count)
{
    struct gs_index_writer *w;
    struct gs_text_reader *texts;
    struct gs_err err;
    assert_ok_err(gs_index_writer_open(&w, s->index, false, &err), &err);
    assert_ok(gs_text_reader_create(&texts));
    assert_int_equal(gs_index_writer_live(w), count);
    for (size_t i = 0; i < count; i++) {
        const char *space = strchr(wanted[i], ' ');
        struct gs_index_place place;
        struct gs_buf text;
        assert_ok_err(gs_index_writer_find(w, wanted[i], (size_t)(space - wanted[i]), &place, &err),
                      &err);
        assert_int_not_equal(place.doc, GS_DOC_END);
        gs_buf_init(&text, 1000);
        const struct gs_segment *segment = gs_index_writer_get(w, place.segment)->segment;
        assert_ok_err(
            gs_text_read(texts, segment, place.doc, 0, (uint32_t)strlen(space + 1), &text, &err),
            &err);
        assert_int_equal(text.size, strlen(space + 1));
        assert_memory_equal(text.data, space + 1, text.size);
        gs_buf_release(&text);
    }
    gs_text_reader_free(texts);
    gs_index_writer_close(w);
}

#define ASSERT_INDEX(s, ...)                                                                       \
    assert_index(s, (const char *const[]){__VA_ARGS__},                                            \
                 sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static const struct input three[] = {
    {.id = "r/a", .text = "甲一", .time = 10},
    {.id = "r/b", .text = "乙二", .time = 20},
    {.id = "r/c", .text = "丙三", .time = 30},
};

static void first(struct state *s)
{
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(s, &run, three, 3);
    assert_int_equal(run.added, 3);
}

/* ---- looking and comparing ---- */

static void unchanged_files_are_not_read(void **state)
{
    first(*state);
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(*state, &run, three, 3);
    assert_int_equal(run.not_read, 3);
    assert_int_equal(run.added + run.unchanged, 0);
}

static void adding_does_not_ask_what_is_there(void **state)
{
    first(*state);
    struct run run = {.mode = GS_RECONCILE_ADD};
    drive(*state, &run, three, 3);
    assert_int_equal(run.added, 3);
    ASSERT_INDEX(*state, "r/a 甲一", "r/b 乙二", "r/c 丙三");
}

static void changed_touched_and_new(void **state)
{
    static const struct input next[] = {
        {.id = "r/a", .text = "甲一改", .time = 11}, /* another size */
        {.id = "r/b", .text = "乙二", .time = 21},   /* touched */
        {.id = "r/c", .text = "丙四", .time = 31},   /* the same size */
        {.id = "r/d", .text = "丁", .time = 40},
    };
    struct state *s = *state;
    first(s);
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(s, &run, next, 4);
    assert_int_equal(run.have[0], GS_HAVE_COMPARE);
    assert_int_equal(run.have[3], GS_HAVE_NOT);
    assert_int_equal(run.added, 3);
    assert_int_equal(run.unchanged, 1);
    ASSERT_INDEX(s, "r/a 甲一改", "r/b 乙二", "r/c 丙四", "r/d 丁");
    /* The touched one is not read again either, nor after a merge. */
    drive(s, &run, next, 4);
    assert_int_equal(run.not_read, 4);
    built_index_merge(s->index);
    drive(s, &run, next, 4);
    assert_int_equal(run.not_read, 4);
}

static void a_time_that_is_not_known_is_compared(void **state)
{
    static const struct input one[] = {{.id = "r/a", .text = "甲", .time = 0}};
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(*state, &run, one, 1);
    drive(*state, &run, one, 1);
    assert_int_equal(run.have[0], GS_HAVE_COMPARE);
    assert_int_equal(run.unchanged, 1);
    static const struct input settled[] = {{.id = "r/a", .text = "甲", .time = 7}};
    drive(*state, &run, settled, 1);
    assert_int_equal(run.unchanged, 1);
    drive(*state, &run, settled, 1);
    assert_int_equal(run.not_read, 1);
}

static void times_that_may_still_change_are_not_kept(void **state)
{
    (void)state;
    const uint64_t second = 1000000000;
    assert_int_equal(gs_reconcile_settled_time(7 * second, 9 * second + 1), 7 * second);
    assert_int_equal(gs_reconcile_settled_time(7 * second, 9 * second), 0);
    assert_int_equal(gs_reconcile_settled_time(7 * second, 7 * second), 0);
    assert_int_equal(gs_reconcile_settled_time(7 * second, 6 * second), 0);
    assert_int_equal(gs_reconcile_settled_time(0, 9 * second), 0);
}

static void fields_decide_too(void **state)
{
    static const struct input old[] = {{"r/a", "正文", 10, NULL, "旧标题"}};
    static const struct input title[] = {{"r/a", "正文", 11, NULL, "新标题"}};
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(*state, &run, old, 1);
    drive(*state, &run, title, 1);
    assert_int_equal(run.added, 1);
    /* What is given from outside and is stored so: nothing to read. */
    struct gs_str given[GS_FIELD_COUNT] = {[GS_FIELD_TITLE] = str("新标题")};
    run.given = given;
    drive(*state, &run, title, 1);
    assert_int_equal(run.not_read, 1);
    given[GS_FIELD_TITLE] = str("另一个");
    drive(*state, &run, title, 1);
    assert_int_equal(run.have[0], GS_HAVE_COMPARE);
}

/* A title that moves between field and text makes the same bytes no other filing's. */
static void the_text_state_decides_too(void **state)
{
    struct state *s = *state;
    static const struct input one[] = {{.id = "r/a", .text = "", .time = 10}};
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(s, &run, one, 1);
    open_run(s, &run);
    struct gs_filing f = filing_of(one);
    struct gs_err err;
    bool same = false;
    assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
    assert_true(same);
    f.text_state = GS_TEXT_NONE;
    assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
    assert_false(same);
    gs_builder_free(s->builder);
    gs_reconcile_free(s->reconcile);
    gs_index_writer_close(s->writer);
}

/* Pages with running lines, which the content hash leaves out, and a title found in the text. */
static void furniture_and_titles_in_the_text(void **state)
{
    struct state *s = *state;
    char text[4000] = "";
    for (int page = 1; page <= 8; page++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text),
                 "星河股份有限公司 年度报告\n第%d段的正文，净利润增长%d。\n第 %d 页\n\f", page,
                 page * 31, page);
    struct gs_err err;
    struct gs_filing f = {.text = str(text), .source_size = 1, .source_time = 1};
    f.field[GS_FIELD_ID] = str("r/a");
    f.field[GS_FIELD_TITLE] = str("年度报告");
    f.title_from = (uint32_t)strlen("星河股份有限公司 ");
    f.title_to = f.title_from + (uint32_t)strlen("年度报告");
    for (int round = 0; round < 3; round++) {
        struct run run = {.mode = GS_RECONCILE_UPDATE};
        bool same = false;
        open_run(s, &run);
        if (round == 2) /* another figure, the same size */
            memcpy(strstr(text, "增长31"), "增长32", strlen("增长32"));
        assert_ok_err(gs_reconcile_compare(s->reconcile, &f, &same, &err), &err);
        assert_int_equal(same, round == 1);
        if (!same)
            assert_ok_err(gs_builder_add(s->builder, &f, &err), &err);
        finish_run(s, &run);
        gs_builder_free(s->builder);
        gs_reconcile_free(s->reconcile);
        gs_index_writer_close(s->writer);
    }
}

static void of_an_id_met_twice_the_last_stays(void **state)
{
    static const struct input lists[][3] = {
        {{.id = "x", .text = "一", .time = 1}, {.id = "x", .text = "二", .time = 2}},
        {{.id = "x", .text = "二", .time = 2}, {.id = "x", .text = "一", .time = 1}},
        {{.id = "x", .text = "一", .time = 1}, {.id = "x", .text = "二", .time = 1}},
        {{.id = "x", .text = "二", .time = 1}, {.id = "x", .text = "一", .time = 1}},
        {{.id = "x", .text = "三", .time = 3}, {.id = "x", .text = "二", .time = 2}},
        {{.id = "x", .text = "一", .time = 1}, {.id = "x", .text = "一", .time = 1}},
    };
    struct state *s = *state;
    for (size_t before = 0; before < GS_COUNT_OF(lists); before++) {
        for (size_t i = 0; i < 4 * GS_COUNT_OF(lists); i++) {
            const struct input *list = lists[i / 4];
            struct run run = {.mode = GS_RECONCILE_UPDATE};
            drive(s, &run, lists[before], 2);
            run.look_ahead = i & 1;
            run.checkpoint = i & 2 ? 1 : 0;
            drive(s, &run, list, 2);
            char wanted[16];
            snprintf(wanted, sizeof(wanted), "x %s", list[1].text);
            ASSERT_INDEX(s, wanted);
        }
    }
}

/* ---- parts of a file ---- */

static const struct input feed[] = {
    {.id = "n1", .text = "一", .time = 10, .source = "feed.jsonl"},
    {.id = "n2", .text = "二", .time = 10, .source = "feed.jsonl"},
    {.id = "feed.jsonl:3", .text = "三", .time = 10, .source = "feed.jsonl"},
};

static void lines_are_compared(void **state)
{
    static const struct input next[] = {
        {.id = "n1", .text = "一", .time = 11, .source = "feed.jsonl"},
        {.id = "n2", .text = "改", .time = 11, .source = "feed.jsonl"},
        {.id = "feed.jsonl:3", .text = "三", .time = 11, .source = "feed.jsonl"},
    };
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(*state, &run, feed, 3);
    drive(*state, &run, feed, 3);
    assert_int_equal(run.unchanged, 3);
    drive(*state, &run, next, 3);
    assert_int_equal(run.unchanged, 2);
    assert_int_equal(run.added, 1);
}

static void a_line_that_is_gone(void **state)
{
    struct run run = {.mode = GS_RECONCILE_UPDATE, .prune = true, .force = true};
    drive(*state, &run, feed, 3);
    run.roots[0].id = "feed.jsonl";
    drive(*state, &run, feed, 1);
    assert_string_equal(run.removed, "n2 feed.jsonl:3 ");
    ASSERT_INDEX(*state, "n1 一");
}

static void a_member_that_is_gone(void **state)
{
    static const struct input members[] = {
        {.id = "r/z.zip!a", .text = "一", .time = 1},
        {.id = "r/z.zip!in/b", .text = "二", .time = 1},
        {.id = "r/z.zip.txt", .text = "三", .time = 1},
    };
    struct run run = {.mode = GS_RECONCILE_UPDATE, .prune = true, .force = true};
    drive(*state, &run, members, 3);
    run.roots[0].id = "r/z.zip";
    drive(*state, &run, members, 1);
    assert_string_equal(run.removed, "r/z.zip!in/b ");
}

/* ---- pruning ---- */

static const struct input twenty[] = {
    {.id = "r/a/0", .text = "零"}, {.id = "r/a/1", .text = "一"}, {.id = "r/a/2", .text = "二"},
    {.id = "r/a/3", .text = "三"}, {.id = "r/b/4", .text = "四"}, {.id = "r/b/5", .text = "五"},
    {.id = "r/b/6", .text = "六"}, {.id = "r/b/7", .text = "七"}, {.id = "rr/8", .text = "八"},
    {.id = "r", .text = "九"},     {.id = "r:10", .text = "甲"},  {.id = "r!11", .text = "乙"},
    {.id = "s/12", .text = "丙"},  {.id = "s/13", .text = "丁"},  {.id = "s/14", .text = "戊"},
    {.id = "s/15", .text = "己"},  {.id = "s/16", .text = "庚"},  {.id = "s/17", .text = "辛"},
    {.id = "s/18", .text = "壬"},  {.id = "s/19", .text = "癸"},
};

static void prepare_twenty(struct state *s)
{
    struct run run = {.mode = GS_RECONCILE_ADD};
    drive(s, &run, twenty, 20);
}

static void nothing_is_dropped_unless_asked(void **state)
{
    prepare_twenty(*state);
    struct run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}}};
    drive(*state, &run, twenty, 1);
    assert_string_equal(run.removed, "");
}

static void what_is_gone_is_dropped_below_its_root_only(void **state)
{
    prepare_twenty(*state);
    struct run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}}, .prune = true};
    drive(*state, &run, twenty, 6); /* r/b/6 and r/b/7 are gone: a tenth of twenty */
    assert_string_equal(run.removed, "r/b/6 r/b/7 ");
    assert_int_equal(run.pruned.removed, 2);
    assert_false(run.pruned.refused);
}

static void more_than_a_tenth_needs_force(void **state)
{
    prepare_twenty(*state);
    struct run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}}, .prune = true};
    drive(*state, &run, twenty, 5);
    assert_true(run.pruned.refused);
    assert_int_equal(run.pruned.gone, 3);
    assert_int_equal(run.pruned.live, 20);
    assert_int_equal(run.pruned.removed, 0);
    assert_string_equal(run.removed, "");
    run.force = true;
    drive(*state, &run, twenty, 5);
    assert_string_equal(run.removed, "r/b/5 r/b/6 r/b/7 ");
}

static void an_empty_root_drops_nothing(void **state)
{
    struct state *s = *state;
    prepare_twenty(s);
    struct run run = {.mode = GS_RECONCILE_UPDATE,
                      .roots = {{"r", true}, {"s", true}, {"r/a", true}},
                      .prune = true,
                      .force = true};
    drive(s, &run, twenty + 4, 2);
    /* r gave two, s and r/a nothing. */
    assert_string_equal(run.removed, "r/b/6 r/b/7 ");
}

static void roots_tell_what_they_gave(void **state)
{
    struct state *s = *state;
    struct gs_err err;
    struct run run = {.mode = GS_RECONCILE_UPDATE, .roots = {{"r", true}, {"s", true}}};
    open_run(s, &run);
    look(s, &run, &twenty[0], 0);
    look(s, &run, &twenty[8], 1);
    struct gs_str id;
    uint64_t found;
    assert_true(gs_reconcile_get_root(s->reconcile, 0, &id, &found));
    assert_int_equal(found, 1);
    assert_true(gs_reconcile_get_root(s->reconcile, 1, &id, &found));
    assert_memory_equal(id.bytes, "s", 1);
    assert_int_equal(found, 0);
    assert_false(gs_reconcile_get_root(s->reconcile, 2, &id, &found));
    assert_ok_err(gs_builder_finish(s->builder, &err), &err);
    gs_builder_free(s->builder);
    gs_reconcile_free(s->reconcile);
    gs_index_writer_close(s->writer);
}

static void what_could_not_be_read_is_not_gone(void **state)
{
    prepare_twenty(*state);
    struct run run = {.mode = GS_RECONCILE_UPDATE,
                      .roots = {{"r", true}},
                      .exempt = {"r/b", "r/a/3"},
                      .prune = true,
                      .force = true};
    drive(*state, &run, twenty, 2);
    assert_string_equal(run.removed, "r/a/2 ");
}

static void the_root_of_everything(void **state)
{
    prepare_twenty(*state);
    struct run run = {.mode = GS_RECONCILE_UPDATE,
                      .roots = {{"", true}},
                      .exempt = {"s"},
                      .prune = true,
                      .force = true};
    drive(*state, &run, twenty, 10);
    assert_string_equal(run.removed, "r:10 r!11 ");
}

static void a_file_as_root(void **state)
{
    prepare_twenty(*state);
    struct run run = {
        .mode = GS_RECONCILE_UPDATE, .roots = {{"r", false}}, .prune = true, .force = true};
    drive(*state, &run, twenty + 9, 1);
    assert_string_equal(run.removed, "r:10 r!11 ");
}

static void marks_survive_checkpoints(void **state)
{
    struct state *s = *state;
    prepare_twenty(s);
    static const struct input next[] = {
        {.id = "s/12", .text = "丙", .time = 5},
        {.id = "s/13", .text = "改", .time = 5},
        {.id = "s/20", .text = "新", .time = 5},
        {.id = "s/14", .text = "戊", .time = 5},
    };
    struct run run = {.mode = GS_RECONCILE_UPDATE,
                      .roots = {{"s", true}},
                      .prune = true,
                      .force = true,
                      .checkpoint = 1};
    drive(s, &run, next, 4);
    assert_string_equal(run.removed, "s/15 s/16 s/17 s/18 s/19 ");
    char *journal = test_path(s->index, "work");
    assert_int_not_equal(access(journal, F_OK), 0);
    free(journal);
}

/* ---- unfinished work ---- */

static void add_goes_on_after_a_kill(void **state)
{
    struct state *s = *state;
    first(s);
    struct input more[10];
    char ids[10][8];
    for (int i = 0; i < 10; i++) {
        snprintf(ids[i], sizeof(ids[i]), "r/%c", 'a' + i);
        more[i] = (struct input){.id = ids[i], .text = i < 5 ? "早" : "晚", .time = 100};
    }
    for (size_t killed = 1; killed <= 10; killed++) {
        struct run run = {.mode = GS_RECONCILE_ADD, .checkpoint = 3, .killed = killed};
        drive(s, &run, more, 10);
        run.killed = 0;
        drive(s, &run, more, 10);
        assert_int_equal(run.continued, killed >= 3);
        assert_int_equal(run.done, killed / 3 * 3);
        assert_int_equal(run.not_read, killed / 3 * 3);
        assert_int_equal(run.added, 10 - killed / 3 * 3);
        ASSERT_INDEX(s, "r/a 早", "r/b 早", "r/c 早", "r/d 早", "r/e 早", "r/f 晚", "r/g 晚",
                     "r/h 晚", "r/i 晚", "r/j 晚");
        /* The work is done: the next one is another. */
        drive(s, &run, more, 10);
        assert_false(run.continued);
        assert_int_equal(run.added, 10);
    }
}

static void another_command_forgets_the_work(void **state)
{
    struct state *s = *state;
    struct run run = {.mode = GS_RECONCILE_ADD, .checkpoint = 1, .killed = 2};
    drive(s, &run, three, 3);
    struct gs_err err;
    const char *name[] = {"te", "st"};
    struct gs_work_journal j;
    char *path = test_path(s->index, "work");
    assert_int_equal(access(path, F_OK), 0);
    assert_ok_err(gs_index_writer_open(&s->writer, s->index, false, &err), &err);
    assert_ok_err(gs_work_journal_begin(&j, s->writer, gs_work_journal_hash(name, 2), &err), &err);
    assert_false(j.is_written);
    assert_int_not_equal(access(path, F_OK), 0);
    gs_index_writer_close(s->writer);
    free(path);
}

static void a_damaged_note_is_none(void **state)
{
    struct state *s = *state;
    char *path = test_path(s->index, "work");
    struct gs_buf good;
    gs_buf_init(&good, 1 << 20);
    struct run run = {.mode = GS_RECONCILE_ADD, .checkpoint = 1, .killed = 2};
    drive(s, &run, three, 3);
    assert_ok(gs_file_read(path, &good, NULL));
    for (size_t i = 0; i <= good.size; i++) {
        struct gs_err err;
        const char *name[] = {"test"};
        struct gs_work_journal j;
        if (i < good.size)
            good.data[i] ^= 1;
        test_file_write(path, good.data, i % 3 == 1 ? i : good.size);
        if (i < good.size)
            good.data[i] ^= 1;
        assert_ok_err(gs_index_writer_open(&s->writer, s->index, false, &err), &err);
        assert_ok_err(gs_work_journal_begin(&j, s->writer, gs_work_journal_hash(name, 1), &err),
                      &err);
        assert_int_equal(j.is_written, i == good.size && i % 3 != 1);
        gs_index_writer_close(s->writer);
    }
    gs_buf_release(&good);
    free(path);
}

static void a_damaged_list_of_touched_files_is_none(void **state)
{
    static const struct input touched[] = {{.id = "r/a", .text = "甲一", .time = 12},
                                           {.id = "r/b", .text = "乙二", .time = 22}};
    struct state *s = *state;
    struct gs_buf good;
    char *path = test_path(s->index, "touched");
    gs_buf_init(&good, 1 << 20);
    first(s);
    struct run run = {.mode = GS_RECONCILE_UPDATE};
    drive(s, &run, touched, 2);
    assert_int_equal(run.unchanged, 2);
    assert_ok(gs_file_read(path, &good, NULL));
    for (size_t i = 0; i < good.size; i++) {
        good.data[i] ^= 1;
        test_file_write(path, good.data, good.size - i % 2);
        good.data[i] ^= 1;
        drive(s, &run, touched, 2);
        assert_int_equal(run.unchanged, 2);
        drive(s, &run, touched, 2);
        assert_int_equal(run.not_read, 2);
    }
    gs_buf_release(&good);
    free(path);
}

/* ---- duplicates ---- */

static void note_duplicate(void *ctx, struct gs_str id, struct gs_str other)
{
    char *out = ctx;
    snprintf(out + strlen(out), 200 - strlen(out), "%.*s=%.*s ", (int)id.size, id.bytes,
             (int)other.size, other.bytes);
}

static void find_duplicates(struct state *s, uint64_t from, size_t chunk, uint64_t wanted,
                            const char *pairs)
{
    struct gs_index_writer *w;
    struct gs_err err;
    char found[200] = "";
    uint64_t count = 99;
    struct gs_duplicates_params params = {from, chunk, note_duplicate, found};
    assert_ok_err(gs_index_writer_open(&w, s->index, false, &err), &err);
    assert_ok_err(gs_duplicates_find(w, &params, &count, &err), &err);
    gs_index_writer_close(w);
    assert_int_equal(count, wanted);
    if (pairs)
        assert_string_equal(found, pairs);
}

static void the_same_text_under_two_ids(void **state)
{
    static const struct input old[] = {{.id = "a", .text = "甲"},
                                       {.id = "b", .text = "乙"},
                                       {.id = "c", .text = "丙"},
                                       {.id = "d", .text = "甲"}};
    static const struct input next[] = {{.id = "e", .text = "丁"},   {.id = "f", .text = "乙"},
                                        {.id = "g", .text = "戊"},   {.id = "h", .text = "戊"},
                                        {.id = "i", .text = "戊"},   {.id = "j", .text = "丙改"},
                                        {.id = "c", .text = "新丙"}, {.id = "k", .text = "丙"}};
    struct state *s = *state;
    struct run run = {.mode = GS_RECONCILE_ADD};
    struct gs_index_writer *w;
    struct gs_err err;
    drive(s, &run, old, 4);
    find_duplicates(s, 0, 0, 2, "a=d d=a ");
    assert_ok_err(gs_index_writer_open(&w, s->index, false, &err), &err);
    uint64_t from = gs_index_writer_manifest(w)->next_sequence;
    gs_index_writer_close(w);
    drive(s, &run, next, 8);
    find_duplicates(s, from, 0, 4, "f=b g=h h=g i=g "); /* the old c is no more */
    for (size_t chunk = 1; chunk < 9; chunk++)
        find_duplicates(s, from, chunk, 4, NULL);
    find_duplicates(s, from + 8, 0, 0, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unchanged_files_are_not_read),
        TEST(adding_does_not_ask_what_is_there),
        TEST(changed_touched_and_new),
        TEST(a_time_that_is_not_known_is_compared),
        TEST(times_that_may_still_change_are_not_kept),
        TEST(fields_decide_too),
        TEST(the_text_state_decides_too),
        TEST(furniture_and_titles_in_the_text),
        TEST(of_an_id_met_twice_the_last_stays),
        TEST(lines_are_compared),
        TEST(a_line_that_is_gone),
        TEST(a_member_that_is_gone),
        TEST(nothing_is_dropped_unless_asked),
        TEST(what_is_gone_is_dropped_below_its_root_only),
        TEST(more_than_a_tenth_needs_force),
        TEST(an_empty_root_drops_nothing),
        TEST(roots_tell_what_they_gave),
        TEST(what_could_not_be_read_is_not_gone),
        TEST(the_root_of_everything),
        TEST(a_file_as_root),
        TEST(marks_survive_checkpoints),
        TEST(add_goes_on_after_a_kill),
        TEST(another_command_forgets_the_work),
        TEST(a_damaged_note_is_none),
        TEST(a_damaged_list_of_touched_files_is_none),
        TEST(the_same_text_under_two_ids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
