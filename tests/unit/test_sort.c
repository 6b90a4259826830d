/*
 * Orders other than by score, ties by closeness, and facets: over a seeded heap of filings in one
 * segment and in many, against a sort and a count of all matches done here from what the filings
 * were made of.
 */
#include "query/search.h"
#include "tests/support/mini_index.h"
#include "tests/support/random_source.h"
#include "tests/support/test.h"

#include <math.h>

#define COUNT 600

static struct mini_filing filings[COUNT];
static char texts[COUNT][512];

static const char *const PIECES[] = {"净", "利", "润", "增", "长", "公", "司", "，", "A1 ", "b2 "};
static const char *const CODES[] = {NULL,
                                    "600001",
                                    "600001\x1f"
                                    "000002",
                                    "000002",
                                    "60000",
                                    "000002\x1f"
                                    "600001\x1f"
                                    "000002",
                                    "00939",
                                    "\x01"
                                    "1"};
static const char *const TYPES[] = {NULL, "年度报告", "审计报告", "公告"};

static void make_filings(uint64_t seed)
{
    struct random_source r = {seed};
    for (size_t i = 0; i < COUNT; i++) {
        size_t size = 0, pieces = 2 + random_below(&r, 50);
        for (size_t k = 0; k < pieces; k++)
            size += (size_t)snprintf(texts[i] + size, sizeof(texts[i]) - size, "%s",
                                     RANDOM_OF(&r, PIECES));
        unsigned month = random_below(&r, 5), day = month ? random_below(&r, 4) : 0;
        filings[i] = (struct mini_filing){.text = texts[i],
                                          .deleted = random_once_in(&r, 9),
                                          .codes = RANDOM_OF(&r, CODES),
                                          .type = RANDOM_OF(&r, TYPES)};
        if (!random_once_in(&r, 5))
            filings[i].date = (2020 + random_below(&r, 3)) * 10000 + month * 100 + day;
    }
}

struct index {
    char *folder;
    struct gs_snapshot snapshot;
    struct gs_search *search;
};

static void index_open(struct index *x, size_t per_segment)
{
    struct gs_err err = {0};
    x->folder = test_folder_create();
    mini_index_write(x->folder, filings, COUNT, per_segment);
    assert_ok_err(gs_snapshot_open(&x->snapshot, x->folder, &err), &err);
    assert_ok(gs_search_create(&x->search));
}

static void index_close(struct index *x)
{
    gs_search_free(x->search);
    gs_snapshot_close(&x->snapshot);
    test_folder_remove(x->folder);
}

/* ---- what is wanted ---- */

struct match {
    uint64_t sequence;
    double score, key;
    uint32_t closeness;
    uint32_t counts[8];
};

static struct match matches[COUNT];
static size_t match_count;
static enum gs_sort sorted_by;

static size_t first_code_size(const char *codes)
{
    return strcspn(codes, "\x1f");
}

static int compare_codes(const char *a, const char *b)
{
    if (!a || !b)
        return (a == NULL) - (b == NULL);
    size_t x = first_code_size(a), y = first_code_size(b);
    int order = memcmp(a, b, x < y ? x : y);
    return order ? order : (x > y) - (x < y);
}

static int compare_keys(const struct match *x, const struct match *y)
{
    const struct mini_filing *a = &filings[x->sequence], *b = &filings[y->sequence];
    if (sorted_by == GS_SORT_CODE)
        return compare_codes(a->codes, b->codes);
    if (sorted_by == GS_SORT_NEWEST)
        return (a->date < b->date) - (a->date > b->date);
    if (sorted_by == GS_SORT_OLDEST)
        return (a->date - 1 > b->date - 1) - (a->date - 1 < b->date - 1);
    return (x->key < y->key) - (x->key > y->key);
}

static int compare_matches(const void *a, const void *b)
{
    const struct match *x = a, *y = b;
    int order = compare_keys(x, y);
    if (order)
        return order;
    if (x->closeness != y->closeness)
        return x->closeness < y->closeness ? -1 : 1;
    return x->sequence < y->sequence ? -1 : 1;
}

/* The shortest stretch from each occurrence on, the next of each other leaf sought from there. */
static uint32_t closeness_of(const struct gs_occurrence *o, size_t count, size_t leaf_count)
{
    uint32_t best = UINT32_MAX, present = 0;
    bool has[8] = {false};
    for (size_t i = 0; i < count; i++)
        has[o[i].leaf] = true;
    for (size_t leaf = 0; leaf < leaf_count; leaf++)
        present += has[leaf];
    for (size_t i = 0; i < count && present > 1; i++) {
        uint32_t end = 0, found = 0;
        for (size_t leaf = 0; leaf < leaf_count; leaf++)
            for (size_t k = 0; k < count; k++) {
                if (o[k].leaf != leaf || o[k].position < o[i].position)
                    continue;
                end = o[k].position + o[k].width > end ? o[k].position + o[k].width : end;
                found++;
                break;
            }
        if (found == present && end - o[i].position < best)
            best = end - o[i].position;
    }
    return present > 1 ? best : 0;
}

static void note_match(struct index *x, const struct gs_query *q, const struct gs_hit *h,
                       const struct gs_search_options *o)
{
    struct match *m = &matches[match_count++];
    uint64_t length = 0;
    struct gs_occurrence *all = NULL;
    size_t count = 0, capacity = 0;
    *m = (struct match){.sequence = h->sequence, .score = h->score};
    memcpy(m->counts, h->counts, q->leaf_count * sizeof(m->counts[0]));
    assert_ok(gs_column_get(x->snapshot.segments[h->segment].segment, GS_COLUMN_LENGTH, h->doc,
                            &length, NULL));
    m->key = o->sort == GS_SORT_LENGTH ? (double)length : h->score;
    if (o->ties == GS_TIES_SEQUENCE)
        return;
    struct gs_search *other;
    assert_ok(gs_search_create(&other));
    assert_ok(gs_search_occurrences(other, &x->snapshot, q, h->segment, h->doc, 0, &all, &count,
                                    &capacity, NULL));
    m->closeness = closeness_of(all, count, q->leaf_count);
    free(all);
    gs_search_free(other);
}

/* All matches by what a plain search says, in the order that is wanted. */
static void note_matches(struct index *x, const struct gs_query *q,
                         const struct gs_search_options *o)
{
    struct gs_search_options all = gs_search_defaults();
    struct gs_result r;
    all.limit = SIZE_MAX;
    all.exhaustive = true;
    all.ties = GS_TIES_SEQUENCE;
    all.ranking.chosen = true;
    assert_ok(gs_search_run(x->search, &x->snapshot, q, &all, &r, NULL));
    match_count = 0;
    for (size_t i = 0; i < r.hit_count; i++)
        note_match(x, q, &r.hits[i], o);
    sorted_by = o->sort;
    qsort(matches, match_count, sizeof(*matches), compare_matches);
}

/* ---- orders ---- */

static void check_hits(const char *text, const struct gs_query *q,
                       const struct gs_search_options *o, const struct gs_result *r)
{
    size_t first = o->offset < match_count ? o->offset : match_count;
    size_t want = match_count - first < o->limit ? match_count - first : o->limit;
    if (r->hit_count != want)
        test_fail("%s, sort %d: %zu hits, wanted %zu", text, o->sort, r->hit_count, want);
    for (size_t i = 0; i < want; i++) {
        const struct match *m = &matches[first + i];
        const struct gs_hit *h = &r->hits[i];
        if (h->sequence != m->sequence)
            test_fail(
                "%s, sort %d, ties %d, limit %zu, offset %zu: place %zu has %llu, wanted %llu",
                text, o->sort, o->ties, o->limit, o->offset, i, (unsigned long long)h->sequence,
                (unsigned long long)m->sequence);
        assert_true(h->score == m->score);
        assert_memory_equal(h->counts, m->counts, q->leaf_count * sizeof(*h->counts));
    }
    if (o->sort != GS_SORT_SCORE && o->limit > 0)
        assert_true(r->total_exact && r->total == match_count);
}

static void check_query(struct index *x, const char *text, enum gs_query_mode mode)
{
    static const size_t limits[] = {1, 3, 10, 100, SIZE_MAX, 0};
    static const size_t offsets[] = {0, 2, 40};
    struct gs_query *q;
    struct gs_err err = {0};
    if (gs_query_parse(&q, text, strlen(text), &(struct gs_query_params){.mode = mode}, &err))
        test_fail("%s: %s", text, err.text);
    for (int sort = GS_SORT_SCORE; sort <= GS_SORT_LENGTH; sort++)
        for (int ties = GS_TIES_CLOSEST; ties <= GS_TIES_SEQUENCE; ties++) {
            struct gs_search_options o = gs_search_defaults();
            struct gs_result r;
            o.sort = (enum gs_sort)sort;
            o.ties = (enum gs_ties)ties;
            o.ranking.chosen = true;
            note_matches(x, q, &o);
            for (size_t i = 0; i < GS_COUNT_OF(limits) * GS_COUNT_OF(offsets); i++) {
                o.limit = limits[i % GS_COUNT_OF(limits)];
                o.offset = offsets[i / GS_COUNT_OF(limits)];
                assert_ok_err(gs_search_run(x->search, &x->snapshot, q, &o, &r, &err), &err);
                check_hits(text, q, &o, &r);
            }
        }
    gs_query_free(q);
}

static void check_queries(struct index *x)
{
    static const char *const queries[] = {
        "净",      "净利",     "净利 公司", "A1 b2",    "净|公司|A1", "(净 公)|(利 长)",
        "净* 公*", "公 -净利", "date:2021", "A1 净 公", "title:没有"};
    for (size_t i = 0; i < GS_COUNT_OF(queries); i++)
        check_query(x, queries[i], GS_QUERY_SYNTAX);
    check_query(x, "净利 公司 A1", GS_QUERY_ANY);
}

static void test_orders(void **state)
{
    (void)state;
    static const size_t per_segment[] = {COUNT, 100, 37};
    for (size_t i = 0; i < GS_COUNT_OF(per_segment); i++) {
        struct index x;
        make_filings(i + 1);
        index_open(&x, per_segment[i]);
        check_queries(&x);
        index_close(&x);
    }
}

/* ---- facets ---- */

/* Whether a value (parts with U+001F between them) has the part. */
static bool has_part(const char *value, struct gs_str part)
{
    while (value && *value) {
        size_t size = first_code_size(value);
        if (size == part.size && memcmp(value, part.bytes, size) == 0)
            return true;
        value += size + (value[size] != 0);
    }
    return false;
}

static uint64_t count_wanted(const char *field, struct gs_str value)
{
    uint64_t count = 0;
    for (size_t i = 0; i < match_count; i++) {
        const struct mini_filing *f = &filings[matches[i].sequence];
        char year[16] = "";
        if (f->date)
            snprintf(year, sizeof(year), "%u", f->date / 10000);
        const char *stored = strcmp(field, "code") == 0   ? f->codes
                             : strcmp(field, "type") == 0 ? f->type
                             : strcmp(field, "year") == 0 ? year
                                                          : "";
        if (value.size == 0)
            count += !stored || !*stored;
        else
            count += has_part(stored, value);
    }
    return count;
}

static void check_facet(const struct gs_facet *f, size_t limit)
{
    uint64_t listed = f->value_count;
    assert_true(f->value_count <= limit);
    assert_int_equal(f->unknown, count_wanted(f->name, (struct gs_str){"", 0}));
    for (size_t i = 0; i < f->value_count; i++) {
        const struct gs_facet_value *v = &f->values[i];
        assert_true(v->count > 0);
        assert_int_equal(v->count, count_wanted(f->name, v->value));
        if (i == 0)
            continue;
        const struct gs_facet_value *before = v - 1;
        size_t least = before->value.size < v->value.size ? before->value.size : v->value.size;
        int order = memcmp(before->value.bytes, v->value.bytes, least);
        assert_true(before->count > v->count ||
                    (before->count == v->count &&
                     (order < 0 || (order == 0 && before->value.size < v->value.size))));
    }
    assert_true(f->more == 0 || listed == limit);
}

static void check_facets(struct index *x, const char *text)
{
    static const struct gs_facet_field fields[] = {{"code"}, {"type"}, {"year"}, {"board"}};
    static const size_t limits[] = {SIZE_MAX, 10, 2, 0};
    struct gs_query *q;
    struct gs_err err = {0};
    assert_ok(gs_query_parse(&q, text, strlen(text), &(struct gs_query_params){0}, &err));
    struct gs_search_options o = gs_search_defaults();
    note_matches(x, q, &o);
    o.facets = fields;
    o.facet_count = GS_COUNT_OF(fields);
    uint64_t distinct[GS_COUNT_OF(fields)] = {0};
    for (int sort = GS_SORT_SCORE; sort <= GS_SORT_NEWEST; sort++)
        for (size_t i = 0; i < GS_COUNT_OF(limits); i++) {
            struct gs_result r;
            o.sort = (enum gs_sort)sort;
            o.facet_limit = limits[i];
            o.limit = i; /* none at all, too */
            assert_ok_err(gs_search_run(x->search, &x->snapshot, q, &o, &r, &err), &err);
            assert_int_equal(r.total, match_count);
            assert_true(r.total_exact);
            for (size_t k = 0; k < o.facet_count; k++) {
                assert_string_equal(r.facets[k].name, fields[k].name);
                check_facet(&r.facets[k], o.facet_limit);
                distinct[k] = i == 0 ? r.facets[k].value_count : distinct[k];
                assert_int_equal(r.facets[k].value_count + r.facets[k].more, distinct[k]);
            }
        }
    gs_query_free(q);
}

static void test_facets(void **state)
{
    (void)state;
    static const size_t per_segment[] = {COUNT, 100, 37};
    static const char *const queries[] = {"净",         "净利",      "净利 公司",
                                          "净|公司|A1", "date:2021", "没有"};
    for (size_t i = 0; i < GS_COUNT_OF(per_segment); i++) {
        struct index x;
        make_filings(i + 11);
        index_open(&x, per_segment[i]);
        for (size_t k = 0; k < GS_COUNT_OF(queries); k++)
            check_facets(&x, queries[k]);
        index_close(&x);
    }
}

static void test_unknown_field(void **state)
{
    (void)state;
    struct index x;
    struct gs_query *q;
    struct gs_result r;
    struct gs_err err = {0};
    make_filings(3);
    index_open(&x, COUNT);
    assert_ok(gs_query_parse(&q, "净", strlen("净"), &(struct gs_query_params){0}, &err));
    struct gs_search_options o = gs_search_defaults();
    o.facets = &(struct gs_facet_field){"colour"};
    o.facet_count = 1;
    assert_status(gs_search_run(x.search, &x.snapshot, q, &o, &r, &err), GAOSOU_E_USE);
    assert_non_null(strstr(err.text, "colour"));
    gs_query_free(q);
    index_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_facets),
        cmocka_unit_test(test_unknown_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
