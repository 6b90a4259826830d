#include "query/why_not.h"

#include "query/piece.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct asking {
    struct gs_why_not *out;
    struct gs_arena *arena;
    struct gs_search *search, *beside;
    const struct gs_snapshot *snapshot;
    const struct gs_query *query;
    struct gs_record_reader *records;
    bool in_group; /* only leaves are told: the group as a whole judges the rest */
    struct gs_err *err;
};

static enum gaosou_status keep(struct asking *a, struct gs_str *out, const void *bytes, size_t size)
{
    char *copy = gs_arena_alloc(a->arena, size + 1);
    if (!copy)
        return gs_err_nomem(a->err, size);
    if (size)
        memcpy(copy, bytes, size);
    *out = (struct gs_str){copy, size};
    return GAOSOU_OK;
}

/* ---- the filing ---- */

/* The newest with the id; the outcome is GS_WHY_FAILS where it is there. */
static enum gaosou_status find_filing(struct asking *a)
{
    a->out->outcome = GS_WHY_NO_ID;
    for (size_t i = a->snapshot->segment_count; i-- > 0;) {
        const struct gs_snapshot_segment *part = &a->snapshot->segments[i];
        uint32_t doc = GS_DOC_END;
        enum gaosou_status status = gs_segment_find_id(part->segment, a->records, a->out->id.bytes,
                                                       a->out->id.size, &doc, a->err);
        if (status != GAOSOU_OK)
            return status;
        if (doc == GS_DOC_END)
            continue;
        a->out->outcome = GS_WHY_DELETED;
        if (gs_snapshot_is_deleted(part, doc))
            continue;
        a->out->segment = (uint32_t)i;
        a->out->doc = doc;
        a->out->outcome = GS_WHY_FAILS;
        return GAOSOU_OK;
    }
    return GAOSOU_OK;
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Offers an id that is the record's, and keeps it if it is among the nearest now. */
static enum gaosou_status offer(struct asking *a, const struct gs_str *id)
{
    struct gs_nearest *nearest = &a->out->nearest;
    gs_nearest_offer(nearest, id->bytes, id->size);
    struct gs_str *last = nearest->name_count ? &nearest->names[nearest->name_count - 1] : NULL;
    return last && last->bytes == id->bytes ? keep(a, last, id->bytes, id->size) : GAOSOU_OK;
}

/* The ids of live filings that are nearest to the one asked for, of those that time allows. */
static enum gaosou_status find_nearest(struct asking *a)
{
    struct gs_deadline deadline;
    enum gaosou_status status = GAOSOU_OK;
    gs_nearest_begin(&a->out->nearest, a->out->id.bytes, a->out->id.size);
    gs_deadline_init(&deadline, now_ns() + GS_WHY_NOT_NEAREST_NS, NULL);
    for (size_t i = a->snapshot->segment_count; i-- > 0 && !deadline.passed;) {
        const struct gs_snapshot_segment *part = &a->snapshot->segments[i];
        uint32_t count = (uint32_t)gs_segment_get_stats(part->segment)->doc_count;
        for (uint32_t doc = 0; doc < count && !status && !gs_deadline_look(&deadline); doc++) {
            struct gs_record record;
            if (gs_snapshot_is_deleted(part, doc))
                continue;
            status = gs_record_read(a->records, part->segment, doc, &record, a->err);
            if (!status)
                status = offer(a, &record.id);
        }
    }
    return status;
}

/* ---- leaves ---- */

/* 1 where the filing holds the text as a phrase. */
static enum gaosou_status count_here(void *context, const char *text, size_t size, bool title_only,
                                     uint64_t *total)
{
    struct asking *a = context;
    struct gs_query *piece;
    struct gs_search_segment segment;
    enum gaosou_status status = gs_piece_parse(&piece, text, size, title_only, a->err);
    if (status != GAOSOU_OK)
        return status;
    if (piece->leaf_count == 1) {
        status = gs_search_plan(a->beside, a->snapshot, piece, NULL, a->err);
        if (!status)
            status =
                gs_search_open_segment(a->beside, a->out->segment, false, false, &segment, a->err);
        if (!status) {
            *total = gs_leaf_tf_at(&segment.leaves[0], a->out->doc) > 0;
            status = gs_search_close_segment(a->beside, &segment, a->err);
        }
    }
    gs_query_free(piece);
    return status;
}

static enum gaosou_status explain_leaf(struct asking *a, struct gs_why_failed *failed)
{
    uint64_t total;
    return gs_piece_find(&a->query->leaves[failed->node->leaf], count_here, a, &failed->piece,
                         &total);
}

/* ---- groups ---- */

/* Whether the outermost group would hold with another distance, or as another kind. */
static enum gaosou_status would_hold(struct asking *a, const struct gs_node *node,
                                     enum gs_node_kind kind, uint32_t distance, bool *holds)
{
    struct gs_search_segment segment;
    enum gaosou_status status = gs_search_plan(a->beside, a->snapshot, a->query, NULL, a->err);
    if (status)
        return status;
    struct gs_node *changed = a->beside->plan.groups[node->leaf]; /* the plan's own copy */
    changed->kind = kind;
    changed->distance = distance;
    status = gs_search_open_segment(a->beside, a->out->segment, false, false, &segment, a->err);
    if (!status) {
        *holds = gs_group_confirm(&segment.groups.all[node->leaf], a->out->doc);
        status = gs_search_close_segment(a->beside, &segment, a->err);
    }
    changed->kind = node->kind;
    changed->distance = node->distance;
    return status;
}

/* The least distance that would do. */
static enum gaosou_status find_distance(struct asking *a, struct gs_why_failed *failed)
{
    uint32_t low = failed->node->distance + 1, high = GS_QUERY_NEAR_MAX;
    bool holds = false;
    enum gaosou_status status =
        would_hold(a, failed->node, GS_NODE_NEAR, GS_QUERY_NEAR_MAX, &holds);
    if (status || !holds)
        return status;
    while (low < high && !status) {
        uint32_t middle = (low + high) / 2;
        status = would_hold(a, failed->node, GS_NODE_NEAR, middle, &holds);
        if (holds)
            high = middle;
        else
            low = middle + 1;
    }
    failed->nearest = high;
    return status;
}

static enum gaosou_status explain_group(struct asking *a, struct gs_why_failed *failed)
{
    if (!failed->parts_there)
        return GAOSOU_OK;
    if (failed->node->kind == GS_NODE_NEAR)
        return find_distance(a, failed);
    if (failed->node->kind == GS_NODE_SENTENCE)
        return would_hold(a, failed->node, GS_NODE_PARAGRAPH, 0, &failed->in_paragraph);
    return GAOSOU_OK;
}

/* ---- filters ---- */

static enum gaosou_status keep_number(struct asking *a, struct gs_why_failed *failed,
                                      enum gs_column column, bool is_day)
{
    uint64_t value;
    char text[24];
    const struct gs_segment *segment = a->snapshot->segments[a->out->segment].segment;
    enum gaosou_status status = gs_column_get(segment, column, a->out->doc, &value, a->err);
    if (status || (is_day && value == 0))
        return status;
    unsigned day = (unsigned)(value % 100), month = (unsigned)(value / 100 % 100);
    int size =
        !is_day      ? snprintf(text, sizeof(text), "%llu", (unsigned long long)value)
        : month == 0 ? snprintf(text, sizeof(text), "%04u", (unsigned)(value / 10000))
        : day == 0
            ? snprintf(text, sizeof(text), "%04u-%02u", (unsigned)(value / 10000), month)
            : snprintf(text, sizeof(text), "%04u-%02u-%02u", (unsigned)(value / 10000), month, day);
    return size > 0 ? keep(a, &failed->value, text, (size_t)size) : GAOSOU_OK;
}

static enum gaosou_status keep_keyword(struct asking *a, struct gs_why_failed *failed,
                                       const char *name)
{
    const struct gs_segment *segment = a->snapshot->segments[a->out->segment].segment;
    uint32_t keyword, ordinal = 0;
    if (!gs_keyword_find(segment, name, strlen(name), &keyword))
        return GAOSOU_OK;
    enum gaosou_status status =
        gs_keyword_ordinals(segment, keyword, a->out->doc, 1, &ordinal, a->err);
    if (status || ordinal == 0)
        return status;
    return gs_keyword_value(segment, keyword, ordinal, &failed->value, a->err);
}

static enum gaosou_status explain_filter(struct asking *a, struct gs_why_failed *failed)
{
    const struct gs_filter *filter = &a->query->filters[failed->node->leaf];
    switch (filter->field) {
    case GS_FILTER_DATE:
        return keep_number(a, failed, GS_COLUMN_DATE, true);
    case GS_FILTER_PERIOD:
        return keep_number(a, failed, GS_COLUMN_PERIOD, true);
    case GS_FILTER_SINCE:
        return keep_number(a, failed, GS_COLUMN_COMMIT, false);
    case GS_FILTER_ID:
        failed->value = a->out->id;
        return GAOSOU_OK;
    default:
        return keep_keyword(a, failed, filter->name);
    }
}

/* ---- what fails ---- */

/* Recursion here is bounded by GS_QUERY_DEPTH_MAX. */

static struct gs_why_failed *add_failed(struct asking *a, const struct gs_node *node)
{
    if (a->out->failed_count == GS_WHY_NOT_FAILED_MAX)
        return NULL;
    struct gs_why_failed *failed = &a->out->failed[a->out->failed_count++];
    *failed = (struct gs_why_failed){.node = node};
    return failed;
}

static enum gaosou_status find_failed(struct asking *a, const struct gs_node *node, size_t number);

static enum gaosou_status find_failed_children(struct asking *a, const struct gs_node *node,
                                               size_t number)
{
    enum gaosou_status status = GAOSOU_OK;
    size_t child = number + 1;
    for (size_t i = 0; i < node->child_count && !status; i++) {
        status = find_failed(a, node->children[i], child);
        child += gs_judge_count(node->children[i]);
    }
    return status;
}

/* A leaf, filter or group that is not sure, or an exclusion. */
static enum gaosou_status explain_failed(struct asking *a, const struct gs_node *node,
                                         size_t number)
{
    struct gs_why_failed *failed = add_failed(a, node);
    if (!failed)
        return GAOSOU_OK;
    failed->excluded = node->kind == GS_NODE_NOT;
    failed->unjudged = a->out->judgement.nodes[number] == GS_TRUTH_UNKNOWN;
    if (node->kind == GS_NODE_LEAF)
        return explain_leaf(a, failed);
    if (node->kind == GS_NODE_FILTER)
        return explain_filter(a, failed);
    if (!gs_node_is_group(node))
        return GAOSOU_OK;
    size_t before = a->out->failed_count;
    a->in_group = true;
    enum gaosou_status status = find_failed_children(a, node, number);
    a->in_group = false;
    failed->parts_there = a->out->failed_count == before && before < GS_WHY_NOT_FAILED_MAX;
    return status ? status : explain_group(a, failed);
}

static enum gaosou_status find_failed(struct asking *a, const struct gs_node *node, size_t number)
{
    if (a->out->judgement.nodes[number] == GS_TRUTH_YES)
        return GAOSOU_OK;
    if (a->in_group && node->kind == GS_NODE_NOT)
        return GAOSOU_OK;
    bool inner = a->in_group && node->kind != GS_NODE_LEAF;
    return inner || node->kind == GS_NODE_AND || node->kind == GS_NODE_OR
               ? find_failed_children(a, node, number)
               : explain_failed(a, node, number);
}

static enum gaosou_status judge(struct asking *a, const struct gs_search_options *options,
                                const struct gs_result *result)
{
    struct gs_why_not *out = a->out;
    bool second = gs_judge_was_reranked(a->search, out->segment, out->doc);
    enum gs_truth truth;
    for (size_t i = 0; i < result->hit_count && out->rank == 0; i++) {
        if (result->hits[i].segment == out->segment && result->hits[i].doc == out->doc)
            out->rank = i + 1;
    }
    enum gaosou_status status =
        gs_judge_filing(&out->judgement, a->arena, a->search, a->snapshot, a->query, options,
                        out->segment, out->doc, second, a->err);
    if (status)
        return status;
    truth = out->judgement.truth;
    out->outcome = truth == GS_TRUTH_YES       ? GS_WHY_MATCHES
                   : truth == GS_TRUTH_UNKNOWN ? GS_WHY_UNJUDGED
                                               : GS_WHY_FAILS;
    return truth == GS_TRUTH_YES ? GAOSOU_OK : find_failed(a, a->query->root, 0);
}

enum gaosou_status gs_why_not_make(struct gs_why_not *out, struct gs_arena *arena,
                                   struct gs_search *search, struct gs_search *beside,
                                   const struct gs_snapshot *snapshot, const struct gs_query *query,
                                   const struct gs_search_options *options,
                                   const struct gs_result *result, struct gs_str id,
                                   struct gs_err *err)
{
    struct asking a = {.out = out,
                       .arena = arena,
                       .search = search,
                       .beside = beside,
                       .snapshot = snapshot,
                       .query = query,
                       .err = err};
    *out = (struct gs_why_not){.id = id};
    out->failed = gs_arena_alloc(arena, GS_WHY_NOT_FAILED_MAX * sizeof(*out->failed));
    if (!out->failed || gs_record_reader_create(&a.records) != GAOSOU_OK)
        return gs_err_nomem(err, GS_WHY_NOT_FAILED_MAX * sizeof(*out->failed));
    enum gaosou_status status = find_filing(&a);
    if (!status && out->outcome == GS_WHY_FAILS)
        status = judge(&a, options, result);
    else if (!status && out->outcome == GS_WHY_NO_ID)
        status = find_nearest(&a);
    gs_record_reader_free(a.records);
    return status;
}
