/*
 * Fragments of filings: rows with exact text and marks, and for many random filings and queries the
 * rule that the marked characters, analysed by themselves, are the query's.
 */
#include "tests/support/test.h"

#include "common/base/utf8_step.h"
#include "common/text/analysis.h"
#include "common/text/display.h"
#include "query/fragment.h"
#include "query/snippet_choose.h"
#include "tests/support/random_text.h"

#define KEY_CAP 96

/* A character or word that takes a position, with its normalised form. */
struct element {
    char key[KEY_CAP];
    bool is_word;
    uint32_t position, start, end;
};

struct elements {
    struct element *list;
    size_t count, capacity;
};

/* A filing cut up, and everything a fragment source wants. */
struct filing {
    struct gs_buf content;
    struct gs_analysis analysis;
    struct elements elements;
    struct gs_unit *units;
    uint32_t *ends;
    size_t end_count;
    struct gs_occurrence *occurrences;
    size_t occurrence_count;
};

static void add_units(struct elements *e, const struct gs_cut_batch *batch)
{
    if (e->count + batch->unit_count > e->capacity) {
        e->capacity = (e->count + batch->unit_count) * 2;
        e->list = realloc(e->list, e->capacity * sizeof(*e->list));
        assert_non_null(e->list);
    }
    for (size_t i = 0; i < batch->unit_count; i++)
        e->list[e->count++] = (struct element){.position = batch->units[i].position,
                                               .start = batch->units[i].start,
                                               .end = batch->units[i].end};
}

static struct element *element_at(struct elements *e, uint32_t position)
{
    size_t low = 0, high = e->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (e->list[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low < e->count && e->list[low].position == position ? &e->list[low] : NULL;
}

static void set_key(struct elements *e, uint32_t position, const struct gs_term *term)
{
    struct element *at = element_at(e, position);
    if (!at)
        return;
    gs_term_text(term, at->key);
    at->is_word = term->is_word;
}

/* A token at p names the character at p; a bigram the one at p + 1 too. */
static void add_keys(struct elements *e, const struct gs_cut_batch *batch)
{
    for (size_t i = 0; i < batch->token_count; i++) {
        const struct gs_token *t = &batch->tokens[i];
        if (t->term.is_word) {
            set_key(e, t->position, &t->term);
            continue;
        }
        set_key(e, t->position, &(struct gs_term){.first = t->term.first});
        if (t->term.second)
            set_key(e, t->position + 1, &(struct gs_term){.first = t->term.second});
    }
}

static void cut_text(const uint8_t *text, size_t size, struct elements *out)
{
    struct gs_cutter *cutter = gs_cutter_create(true);
    struct gs_cut_batch batch;
    assert_non_null(cutter);
    gs_cut_batch_init(&batch);
    gs_cutter_begin(cutter, NULL, 0, NULL, 0);
    assert_ok(gs_cutter_feed(cutter, text, size, true, &batch));
    out->count = 0;
    add_units(out, &batch);
    add_keys(out, &batch);
    gs_cut_batch_release(&batch);
    gs_cutter_free(cutter);
}

static void filing_cut(struct filing *f)
{
    struct gs_err err;
    f->elements = (struct elements){.list = NULL};
    f->end_count = 0;
    assert_ok(gs_analysis_init(&f->analysis, true));
    assert_ok_err(gs_analysis_begin(&f->analysis, f->content.data, f->content.size, 0, &err), &err);
    f->ends = calloc(f->content.size + 2, sizeof(*f->ends));
    while (f->analysis.offset < f->analysis.size) {
        assert_ok(gs_analysis_chunk(&f->analysis, f->analysis.size));
        add_units(&f->elements, &f->analysis.batch);
        add_keys(&f->elements, &f->analysis.batch);
        for (size_t i = 0; i < f->analysis.batch.end_count; i++)
            f->ends[f->end_count++] = f->analysis.batch.ends[i].position;
    }
    f->units = calloc(f->elements.count + 1, sizeof(*f->units));
    f->occurrences = calloc(f->elements.count + 1, sizeof(*f->occurrences));
    for (size_t i = 0; i < f->elements.count; i++)
        f->units[i] = (struct gs_unit){f->elements.list[i].position, f->elements.list[i].start,
                                       f->elements.list[i].end};
}

static void filing_release(struct filing *f)
{
    gs_buf_release(&f->content);
    gs_analysis_release(&f->analysis);
    free(f->elements.list);
    free(f->units);
    free(f->ends);
    free(f->occurrences);
}

/* Whether elements [at, at + query->count) are the query's, distance by distance. */
static bool is_occurrence(const struct elements *e, size_t at, const struct elements *query)
{
    if (e->count - at < query->count)
        return false;
    for (size_t i = 0; i < query->count; i++)
        if (strcmp(e->list[at + i].key, query->list[i].key) != 0 ||
            e->list[at + i].position - e->list[at].position !=
                query->list[i].position - query->list[0].position)
            return false;
    return true;
}

/* Two words directly side by side are two only because of what stands around them (a2, 3 and a
 * point in a2,3). */
static bool hangs_on_context(const struct filing *f, const struct element *first, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const uint8_t *p = f->content.data + first[i - 1].end,
                      *stop = f->content.data + first[i].start;
        uint32_t cp;
        while (p < stop &&
               (gs_utf8_step(p, stop, &cp),
                gs_display_class(cp) == GS_DISPLAY_DROP || gs_display_class(cp) == GS_DISPLAY_MARK))
            p += gs_utf8_step(p, stop, &cp);
        if (first[i - 1].is_word && first[i].is_word && p >= stop)
            return true;
    }
    return false;
}

static void filing_find(struct filing *f, const struct elements *query, uint32_t leaf)
{
    uint32_t width = query->list[query->count - 1].position - query->list[0].position + 1;
    for (size_t i = 0; i < f->elements.count; i++)
        if (is_occurrence(&f->elements, i, query) &&
            !hangs_on_context(f, &f->elements.list[i], query->count))
            f->occurrences[f->occurrence_count++] = (struct gs_occurrence){
                .position = f->elements.list[i].position, .width = width, .leaf = leaf};
}

static struct gs_fragment_source filing_source(const struct filing *f)
{
    return (struct gs_fragment_source){
        .shape = gs_fragment_shape_common(),
        .bytes = f->content.data,
        .size = f->content.size,
        .complete = true,
        .units = f->units,
        .unit_count = f->elements.count,
        .marks = f->analysis.layout.marks,
        .mark_count = f->analysis.layout.mark_count,
        .ends = f->ends,
        .end_count = f->end_count,
        .occurrences = f->occurrences,
        .occurrence_count = f->occurrence_count,
    };
}

/* ---- rows ---- */

struct row {
    const char *content, *query, *wanted; /* hits in [ ] */
};

static const struct row rows[] = {
    {"产能不足。保留了对该\n\n金融资产控制的，继续确认。", "金融资产控制",
     "产能不足。保留了对该[金融资产控制]的，继续确认。"},
    {"公司保留了对该\n\n第18页共88页金融资产控制的。", "金融资产控制",
     "公司保留了对该[金融资产控制]的。"},
    {"保留了对该金融资\n第18页共88页\n产控制的。", "金融资产控制", "保留了对该[金融资产控制]的。"},
    {"最高端的\n\n\n产品", "最高端的产品", "[最高端的产品]"},
    {"募 集 資 金 使 用 情 況 。", "募集资金", "[募集資金]使用情況。"},
    {"募　集　資　金　的　使　用。", "使用", "募集資金的[使用]。"},
    {"本公司\u20022023\u2002年度的净利润", "净利润", "本公司 2023 年度的[净利润]"},
    {"RK3588\n系列芯片", "RK3588系列", "[RK3588系列]芯片"},
    {"the Cortex\nA76 core", "cortex", "the [Cortex] A76 core"},
    {"甲。乙。丙。", "乙", "甲。[乙]。丙。"},
    {"净\u00AD利\u200B润增长", "净利润", "[净利润]增长"},
    {"净利\033[31m润\007增长", "润", "净利 [31m[润]增长"},
    {"货币资金     应收账款     存货\n10.5   20.5   30.5\n", "应收账款",
     "货币资金 [应收账款] 存货"},
    {"货币资金\x1F应收账款\x1F存货\n", "存货", "货币资金 应收账款 [存货]"},
    {"项目     净利     润\n", "净利润", "项目 [净利润]"},
    {"营业收入 213,452.21 万元", "213452.21", "营业收入 [213,452.21] 万元"},
    {"ＲＫ３５８８芯片", "rk3588", "[ＲＫ３５８８]芯片"},
    {"増長", "増长", "[増長]"},
    {"净利润净利润", "净利润", "[净利润净利润]"},
    {"“净利润”增长。", "净利润", "“[净利润]”增长。"},
    {"收入下降。“净利润”增长！他说。", "净利润", "收入下降。“[净利润]”增长！他说。"},
};

/* The fragment with its spans in brackets. */
static void print_marked(const struct gs_fragment *f, struct gs_buf *out)
{
    size_t at = 0;
    gs_buf_clear(out);
    for (size_t i = 0; i < f->span_count; i++) {
        gs_buf_append(out, f->text.data + at, f->spans[i].start - at);
        gs_buf_append_u8(out, '[');
        gs_buf_append(out, f->text.data + f->spans[i].start, f->spans[i].end - f->spans[i].start);
        gs_buf_append_u8(out, ']');
        at = f->spans[i].end;
    }
    gs_buf_append(out, f->text.data + at, f->text.size - at);
    gs_buf_append_u8(out, 0);
}

static void filing_begin(struct filing *f, const void *content, size_t size)
{
    *f = (struct filing){.units = NULL};
    gs_buf_init(&f->content, (size_t)64 << 20);
    gs_buf_append(&f->content, content, size);
    filing_cut(f);
}

/* The fragment around the first occurrence; *out is initialised by the caller. */
static void cut_first(struct filing *f, const char *query, struct gs_fragment *out)
{
    struct gs_fragment_cutter cutter;
    struct elements wanted = {.list = NULL};
    cut_text((const uint8_t *)query, strlen(query), &wanted);
    assert_true(wanted.count > 0);
    filing_find(f, &wanted, 0);
    if (f->occurrence_count == 0)
        test_fail("%s: not found in %s", query, (const char *)f->content.data);
    struct gs_fragment_source source = filing_source(f);
    gs_fragment_cutter_init(&cutter);
    assert_ok(gs_fragment_cut(&cutter, &source, 0, out));
    gs_fragment_cutter_release(&cutter);
    free(wanted.list);
}

static void test_rows(void **state)
{
    (void)state;
    struct gs_buf text;
    gs_buf_init(&text, 1 << 20);
    for (size_t i = 0; i < GS_COUNT_OF(rows); i++) {
        struct filing f;
        struct gs_fragment fragment;
        gs_fragment_init(&fragment);
        filing_begin(&f, rows[i].content, strlen(rows[i].content) + 0);
        cut_first(&f, rows[i].query, &fragment);
        print_marked(&fragment, &text);
        if (strcmp((const char *)text.data, rows[i].wanted) != 0)
            test_fail("row %zu: %s\n  gives  %s\n  wanted %s", i, rows[i].query,
                      (const char *)text.data, rows[i].wanted);
        gs_fragment_release(&fragment);
        filing_release(&f);
    }
    gs_buf_release(&text);
}

/* Combining marks belong to the character before them. */
static size_t characters(const struct gs_buf *text)
{
    size_t count = 0;
    for (const uint8_t *p = text->data, *stop = p + text->size; p < stop;) {
        uint32_t cp;
        p += gs_utf8_step(p, stop, &cp);
        count += gs_display_class(cp) != GS_DISPLAY_MARK;
    }
    return count;
}

static void test_long_sentence_is_cut_around_the_hit(void **state)
{
    (void)state;
    struct gs_buf content;
    gs_buf_init(&content, 1 << 20);
    for (size_t i = 0; i < 100; i++)
        gs_buf_append_str(&content, "公司的产品，");
    gs_buf_append_str(&content, "净利润增长，");
    for (size_t i = 0; i < 100; i++)
        gs_buf_append_str(&content, "公司的客户，");
    struct filing f;
    struct gs_fragment fragment;
    gs_fragment_init(&fragment);
    filing_begin(&f, content.data, content.size);
    cut_first(&f, "净利润", &fragment);
    const char *text = (const char *)fragment.text.data;
    assert_int_equal(fragment.span_count, 1);
    assert_memory_equal(text + fragment.spans[0].start, "净利润", 9);
    assert_memory_equal(text, "…公司的产品，", 21);
    assert_memory_equal(text + fragment.text.size - 6, "，…", 6);
    assert_in_range(characters(&fragment.text), 120, GS_FRAGMENT_CHARS);
    gs_fragment_release(&fragment);
    filing_release(&f);
    gs_buf_release(&content);
}

static void test_fragments_keep_clear_of_each_other(void **state)
{
    (void)state;
    const char *text = "净利润甲。净利润乙。净利润丙。净利润丁。";
    struct filing f;
    struct gs_fragment first, second;
    struct gs_fragment_cutter cutter;
    gs_fragment_init(&first);
    gs_fragment_init(&second);
    gs_fragment_cutter_init(&cutter);
    filing_begin(&f, text, strlen(text));
    cut_first(&f, "净利润", &first);
    struct gs_fragment_source source = filing_source(&f);
    struct gs_clean_range taken = {f.units[8].start - 3,
                                   f.units[12].start}; /* the middle two sentences */
    taken.start = f.units[4].start;
    source.taken = &taken;
    source.taken_count = 1;
    assert_ok(gs_fragment_cut(&cutter, &source, 3, &second));
    assert_int_equal(first.text.size, strlen(text));
    gs_buf_append_u8(&second.text, 0);
    assert_string_equal((const char *)second.text.data, "净利润丁。");
    gs_fragment_cutter_release(&cutter);
    gs_fragment_release(&first);
    gs_fragment_release(&second);
    filing_release(&f);
}

static void test_a_heading_brings_the_beginning_of_a_long_text(void **state)
{
    (void)state;
    struct gs_buf content;
    struct filing f;
    struct gs_fragment led;
    struct gs_fragment_cutter cutter;
    gs_buf_init(&content, 1 << 20);
    gs_fragment_init(&led);
    gs_fragment_cutter_init(&cutter);
    gs_buf_append_str(&content, "5.研发费用\n");
    for (size_t i = 0; i < 100; i++)
        gs_buf_append_str(&content, "职工薪酬合计，");
    filing_begin(&f, content.data, content.size);
    cut_first(&f, "研发费用", &led);
    struct gs_fragment_source source = filing_source(&f);
    source.leads = true;
    assert_ok(gs_fragment_cut(&cutter, &source, 0, &led));
    const char *text = (const char *)led.text.data, *wanted = "5.研发费用 职工薪酬合计，职工";
    assert_memory_equal(text, wanted, strlen(wanted));
    assert_memory_equal(text + led.text.size - 6, "，…", 6);
    assert_int_equal(led.span_count, 1);
    assert_memory_equal(text + led.spans[0].start, "研发费用", 12);
    assert_in_range(characters(&led.text), 120, GS_FRAGMENT_CHARS);
    gs_fragment_cutter_release(&cutter);
    gs_fragment_release(&led);
    gs_buf_release(&content);
    filing_release(&f);
}

static void test_a_heading_brings_what_stands_below_it(void **state)
{
    (void)state;
    const char *text = "一、募集资金情况\n公司于本年度收到款项。\n";
    struct filing f;
    struct gs_fragment alone, led;
    struct gs_fragment_cutter cutter;
    gs_fragment_init(&alone);
    gs_fragment_init(&led);
    gs_fragment_cutter_init(&cutter);
    filing_begin(&f, text, strlen(text));
    cut_first(&f, "募集资金", &alone);
    assert_false(alone.says_something);
    struct gs_fragment_source source = filing_source(&f);
    source.leads = true;
    assert_ok(gs_fragment_cut(&cutter, &source, 0, &led));
    assert_true(led.says_something);
    gs_buf_append_u8(&alone.text, 0);
    gs_buf_append_u8(&led.text, 0);
    assert_string_equal((const char *)alone.text.data, "一、募集资金情况");
    assert_string_equal((const char *)led.text.data, "一、募集资金情况 公司于本年度收到款项。");
    gs_fragment_cutter_release(&cutter);
    gs_fragment_release(&alone);
    gs_fragment_release(&led);
    filing_release(&f);
}

/* ---- choosing ---- */

struct choosing {
    struct gs_snippet_choice choice;
    struct gs_snippet_question question;
};

static void choosing_begin(struct choosing *x, const struct gs_occurrence *occurrences,
                           size_t occurrence_count, const uint32_t *ends, size_t end_count)
{
    gs_snippet_choice_init(&x->choice);
    x->choice.question = &x->question;
    x->choice.occurrences = occurrences;
    x->choice.occurrence_count = occurrence_count;
    x->choice.ends = ends;
    x->choice.end_count = end_count;
}

/* The next anchor; SIZE_MAX where there is none. Positions [first, end) are shown for it. */
static size_t choose(struct choosing *x, uint32_t first, uint32_t end)
{
    size_t anchor;
    uint64_t worth;
    if (!gs_snippet_choice_next(&x->choice, &anchor, &worth))
        return SIZE_MAX;
    gs_snippet_choice_show(&x->choice, first, end);
    return anchor;
}

static void test_choice_prefers_many_leaves(void **state)
{
    (void)state;
    static const struct gs_occurrence occurrences[] = {
        {0, 3, 0}, {100, 3, 0}, {110, 3, 0}, {400, 3, 0}, {420, 2, 1}, {800, 2, 1},
    };
    static const uint32_t ends[] = {10, 90, 150, 390, 450, 790, 850};
    static const double weights[] = {1, 1};
    struct choosing x = {.question = {.weights = weights, .leaf_count = 2}};
    choosing_begin(&x, occurrences, GS_COUNT_OF(occurrences), ends, GS_COUNT_OF(ends));
    x.choice.title_to = 8;
    assert_ok(gs_snippet_choice_begin(&x.choice, false));
    assert_int_equal(choose(&x, 390, 450), 3); /* both leaves in one sentence */
    assert_int_equal(choose(&x, 790, 850), 5); /* the one that stands less often */
    assert_int_equal(choose(&x, 90, 150), 1);
    assert_int_equal(choose(&x, 0, 10), SIZE_MAX); /* the title is none while there are others */
    assert_ok(gs_snippet_choice_begin(&x.choice, true));
    gs_snippet_choice_show(&x.choice, 90, 850);
    assert_int_equal(choose(&x, 0, 10), 0);
    /* A title in the text is as good as one in front of it. */
    x.choice.title_from = 795;
    x.choice.title_to = 810;
    assert_ok(gs_snippet_choice_begin(&x.choice, false));
    gs_snippet_choice_show(&x.choice, 90, 450);
    assert_int_equal(choose(&x, 0, 10), 0);
    assert_int_equal(choose(&x, 790, 850), SIZE_MAX);
    gs_snippet_choice_release(&x.choice);
}

/* A name that the title has and that stands everywhere, in two leaves, and what is asked of it. */
static void test_choice_weighs_a_bag_by_rarity(void **state)
{
    (void)state;
    static const double weights[] = {5, 5, 1};
    struct gs_occurrence occurrences[203];
    uint32_t ends[102];
    for (uint32_t i = 0; i < 101; i++) {
        occurrences[2 * i] = (struct gs_occurrence){200 * i, 2, 0};
        occurrences[2 * i + 1] = (struct gs_occurrence){200 * i + 1, 2, 1};
        ends[i] = 200 * i + 10;
    }
    occurrences[202] = (struct gs_occurrence){30000, 2, 2};
    ends[101] = 30100;
    struct choosing x = {.question = {.weights = weights, .leaf_count = 3, .is_bag = true}};
    choosing_begin(&x, occurrences, GS_COUNT_OF(occurrences), ends, GS_COUNT_OF(ends));
    x.choice.title_to = 10;
    assert_ok(gs_snippet_choice_begin(&x.choice, false));
    assert_int_equal(choose(&x, 30000, 30100), 202);
    assert_int_equal(choose(&x, 200, 210), 2);
    /* Where each leaf of a query is to be seen, two of them come first. */
    x.question.is_bag = false;
    assert_ok(gs_snippet_choice_begin(&x.choice, false));
    assert_int_equal(choose(&x, 200, 210), 2);
    assert_int_equal(choose(&x, 30000, 30100), 202);
    gs_snippet_choice_release(&x.choice);
}

static void test_choice_counts_pairs_and_knows_headings(void **state)
{
    (void)state;
    static const struct gs_occurrence occurrences[] = {
        {10, 2, 0}, {20, 2, 1}, {210, 2, 1}, {220, 2, 0}, {410, 2, 0}, {411, 2, 1},
    };
    static const uint32_t ends[] = {30, 200, 230, 400, 430}, headings[] = {230};
    static const double weights[] = {1, 1};
    static const struct gs_leaf_pair pair = {0, 1, 1};
    struct choosing x = {.question = {weights, 2, &pair, 1, true}};
    choosing_begin(&x, occurrences, GS_COUNT_OF(occurrences), ends, GS_COUNT_OF(ends));
    x.choice.headings = headings;
    x.choice.heading_count = 1;
    assert_ok(gs_snippet_choice_begin(&x.choice, false));
    for (size_t i = 0; i < GS_COUNT_OF(occurrences); i++)
        assert_int_equal(x.choice.places[i].is_heading, i == 2 || i == 3);
    assert_true(gs_snippet_choice_worth(&x.choice, 400, 430) >
                gs_snippet_choice_worth(&x.choice, 200, 230));
    assert_int_equal(choose(&x, 400, 430), 4); /* the two side by side, as they are asked */
    assert_int_equal(choose(&x, 0, 30), 0);
    gs_snippet_choice_release(&x.choice);
}

/* ---- random filings ---- */

static void check_shape(const struct gs_fragment *f)
{
    const uint8_t *p = f->text.data, *stop = p + f->text.size;
    assert_in_range(characters(&f->text), 1, GS_FRAGMENT_CHARS);
    while (p < stop) {
        uint32_t cp;
        size_t step = gs_utf8_step(p, stop, &cp);
        enum gs_display_class class = gs_display_class(cp);
        assert_true(cp != GS_UTF8_BAD || step == 3);
        assert_true(class >= GS_DISPLAY_MARK ||
                    (cp == ' ' && p > f->text.data && p + 1 < stop && p[1] != ' '));
        p += step;
    }
    for (size_t i = 0; i < f->span_count; i++) {
        assert_true(f->spans[i].start < f->spans[i].end && f->spans[i].end <= f->text.size);
        assert_true(i == 0 || f->spans[i - 1].end < f->spans[i].start);
        assert_false(gs_utf8_is_tail(f->text.data[f->spans[i].start]));
        assert_true(f->spans[i].end == f->text.size ||
                    !gs_utf8_is_tail(f->text.data[f->spans[i].end]));
    }
}

/* Every element of the marked characters belongs to an occurrence of the query in them, or is of
 * one original character with one that does (½ is marked whole). */
static bool span_is_the_query(const struct gs_fragment *f, size_t span,
                              const struct elements *query)
{
    struct elements marked = {.list = NULL};
    size_t start = f->spans[span].start, end = f->spans[span].end, covered = 0;
    cut_text(f->text.data + start, end - start, &marked);
    for (size_t i = 0; i < marked.count; i++) {
        bool touches = i <= covered || marked.list[i].start == marked.list[covered].start;
        if (!is_occurrence(&marked, i, query) || !touches || i + query->count <= covered)
            continue;
        covered = i + query->count;
        while (covered < marked.count && marked.list[covered].start < marked.list[covered - 1].end)
            covered++;
    }
    bool good = marked.count > 0 && covered == marked.count;
    free(marked.list);
    return good;
}

/* A kana's voice mark that a footer kept apart composes once the footer is gone. */
static bool has_voice_mark(const struct gs_fragment *f)
{
    for (const uint8_t *p = f->text.data, *stop = p + f->text.size; p < stop;) {
        uint32_t cp;
        p += gs_utf8_step(p, stop, &cp);
        if (cp == 0x3099 || cp == 0x309A || cp == 0xFF9E || cp == 0xFF9F)
            return true;
    }
    return false;
}

static void fail_with(const struct filing *f, const struct gs_fragment *fragment, uint64_t seed,
                      size_t span)
{
    struct gs_buf text;
    gs_buf_init(&text, 1 << 20);
    print_marked(fragment, &text);
    char *content = test_escape(f->content.data, f->content.size < 4000 ? f->content.size : 4000);
    test_fail("seed %llu, span %zu: %s\nin %s", (unsigned long long)seed, span,
              (const char *)text.data, content);
}

static bool is_clipped(const struct gs_fragment *f, size_t span)
{
    bool left = f->text.size > 3 && memcmp(f->text.data, "…", 3) == 0 && f->spans[span].start == 3;
    bool right = f->text.size > 3 && memcmp(f->text.data + f->text.size - 3, "…", 3) == 0 &&
                 f->spans[span].end == f->text.size - 3;
    return left || right;
}

/* A stretch of the filing's own elements at successive positions, as a query. */
static bool pick_query(struct random_source *r, const struct filing *f, struct elements *query)
{
    size_t count = random_between(r, 1, 6), at;
    if (f->elements.count < count)
        return false;
    at = random_below(r, (uint32_t)(f->elements.count - count + 1));
    for (size_t i = 1; i < count; i++)
        if (f->elements.list[at + i].position != f->elements.list[at].position + i ||
            f->elements.list[at + i].start < f->elements.list[at + i - 1].end)
            return false; /* a break between, or two pieces of one character */
    if (at > 0 && f->elements.list[at - 1].end > f->elements.list[at].start)
        return false;
    if (at + count < f->elements.count &&
        f->elements.list[at + count].start < f->elements.list[at + count - 1].end)
        return false;
    query->list = &f->elements.list[at];
    query->count = count;
    return true;
}

static void check_random(uint64_t seed)
{
    struct random_source r = {seed};
    struct filing f = {.units = NULL};
    struct elements query;
    struct gs_fragment fragment;
    struct gs_fragment_cutter cutter;
    gs_buf_init(&f.content, (size_t)64 << 20);
    if (random_once_in(&r, 2))
        random_pages(&r, random_between(&r, 1, 60), &f.content);
    else
        random_soup(&r, random_between(&r, 1, 200), false, &f.content);
    filing_cut(&f);
    gs_fragment_init(&fragment);
    gs_fragment_cutter_init(&cutter);
    if (pick_query(&r, &f, &query)) {
        filing_find(&f, &query, 0);
    }
    if (f.occurrence_count > 0) {
        struct gs_fragment_source source = filing_source(&f);
        size_t anchor = random_below(&r, (uint32_t)f.occurrence_count);
        assert_ok(gs_fragment_cut(&cutter, &source, anchor, &fragment));
        check_shape(&fragment);
        assert_true(fragment.span_count > 0);
        for (size_t i = 0; i < fragment.span_count; i++)
            if (!is_clipped(&fragment, i) && !has_voice_mark(&fragment) &&
                !span_is_the_query(&fragment, i, &query))
                fail_with(&f, &fragment, seed, i);
    }
    gs_fragment_cutter_release(&cutter);
    gs_fragment_release(&fragment);
    filing_release(&f);
}

static void test_random_filings(void **state)
{
    (void)state;
    uint64_t first = test_env_number("GAOSOU_TEST_SEED", 1),
             count = test_env_number("GAOSOU_TEST_ROUNDS", 4000);
    for (uint64_t seed = first; seed < first + count; seed++)
        check_random(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_long_sentence_is_cut_around_the_hit),
        cmocka_unit_test(test_fragments_keep_clear_of_each_other),
        cmocka_unit_test(test_a_heading_brings_what_stands_below_it),
        cmocka_unit_test(test_a_heading_brings_the_beginning_of_a_long_text),
        cmocka_unit_test(test_choice_prefers_many_leaves),
        cmocka_unit_test(test_choice_weighs_a_bag_by_rarity),
        cmocka_unit_test(test_choice_counts_pairs_and_knows_headings),
        cmocka_unit_test(test_random_filings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
