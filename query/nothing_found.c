#include "query/nothing_found.h"

#include "query/deadline.h"
#include "query/piece.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define PIECES_MAX 3 /* parts for which a shorter piece is looked for */

struct making {
    struct gs_nothing_found *out;
    struct gs_arena *arena;
    struct gs_search *search;
    const struct gs_snapshot *snapshot;
    const struct gs_query *query;
    const struct gs_search_options *options;
    struct gs_deadline deadline;
    struct gs_err *err;
};

static void *take(struct making *m, size_t count, size_t size)
{
    void *memory = gs_arena_alloc(m->arena, count * size + 1);
    if (memory)
        memset(memory, 0, count * size);
    else
        (void)gs_err_nomem(m->err, count * size);
    return memory;
}

static void add_try(struct making *m, enum gs_try_kind kind, struct gs_str text, uint64_t total)
{
    if (m->out->try_count < GS_NOTHING_TRIES_MAX)
        m->out->tries[m->out->try_count++] = (struct gs_try){kind, text, total};
}

/* ---- one part after the other ---- */

/* Recursion is bounded by GS_QUERY_DEPTH_MAX. The plan numbers groups as they come in its tree. */
static struct gs_node *copy_node(struct making *m, const struct gs_node *from, bool grouped,
                                 uint32_t *groups)
{
    struct gs_node *copy = take(m, 1, sizeof(*copy));
    struct gs_node **children = take(m, from->child_count, sizeof(*children));
    if (!copy || !children)
        return NULL;
    *copy = *from;
    copy->children = children;
    if (gs_node_is_group(from) && !grouped)
        copy->leaf = (*groups)++;
    for (size_t i = 0; i < from->child_count; i++) {
        children[i] = copy_node(m, from->children[i], grouped || gs_node_is_group(from), groups);
        if (!children[i])
            return NULL;
    }
    return copy;
}

static bool is_of_filters(const struct gs_query *query, const struct gs_node *node)
{
    bool all = node->kind != GS_NODE_LEAF;
    for (size_t i = 0; i < node->child_count; i++)
        all = all && is_of_filters(query, node->children[i]);
    return all;
}

/* What is looked for, then filters, then what is excluded. */
static unsigned turn_of(const struct making *m, const struct gs_node *node)
{
    return node->kind == GS_NODE_NOT ? 2 : is_of_filters(m->query, node);
}

/* Whether the node is a condition on a date or a period. */
static bool is_of_days(const struct making *m, const struct gs_node *node)
{
    enum gs_filter_field field = GS_FILTER_FIELDS;
    if (node->kind == GS_NODE_FILTER)
        field = m->query->filters[node->leaf].field;
    return field == GS_FILTER_DATE || field == GS_FILTER_PERIOD;
}

/* Filings that match the first `count` steps; those of days left out where days is false. */
static enum gaosou_status count_steps(struct making *m, size_t count, bool days, uint64_t *total)
{
    struct gs_query part = *m->query;
    struct gs_node root = {.kind = GS_NODE_AND};
    uint32_t groups = 0;
    struct gs_search_options options = *m->options;
    struct gs_result result;
    root.children = take(m, count, sizeof(*root.children));
    if (!root.children)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        const struct gs_node *step = m->out->steps[i].node;
        if (!days && is_of_days(m, step))
            continue;
        struct gs_node *copy = copy_node(m, step, false, &groups);
        if (!copy)
            return GAOSOU_E_NOMEM;
        root.children[root.child_count++] = copy;
    }
    if (root.child_count == 0)
        return GAOSOU_OK;
    part.root = &root;
    part.group_count = groups;
    part.fingerprint += 2 * count + days;
    options.limit = options.offset = options.facet_count = 0;
    options.after = NULL;
    options.collapse = false;
    options.count_all = true;
    options.deadline_ns = m->deadline.at;
    enum gaosou_status status =
        gs_search_run(m->search, m->snapshot, &part, &options, &result, m->err);
    if (!status)
        *total = result.total;
    m->deadline.passed |= !status && result.partial;
    return status;
}

static enum gaosou_status make_steps(struct making *m)
{
    const struct gs_node *root = m->query->root;
    struct gs_nothing_found *out = m->out;
    enum gaosou_status status = GAOSOU_OK;
    size_t count = 0;
    if (root->kind != GS_NODE_AND)
        return GAOSOU_OK;
    out->steps = take(m, root->child_count, sizeof(*out->steps));
    if (!out->steps)
        return GAOSOU_E_NOMEM;
    for (unsigned turn = 0; turn <= 2; turn++)
        for (size_t i = 0; i < root->child_count; i++)
            if (turn_of(m, root->children[i]) == turn)
                out->steps[count++].node = root->children[i];
    for (size_t i = 0; i < count && !status && !gs_deadline_ask(&m->deadline); i++) {
        status = count_steps(m, i + 1, true, &out->steps[i].total);
        if (m->deadline.passed)
            break;
        out->step_count = i + 1;
        if (!status && out->steps[i].total == 0)
            break;
    }
    return status;
}

/* ---- what to try ---- */

/* What there is without the dates, where they empty the answer. */
static enum gaosou_status try_without_days(struct making *m)
{
    const struct gs_nothing_found *out = m->out;
    const struct gs_nothing_step *last = out->step_count ? &out->steps[out->step_count - 1] : NULL;
    uint64_t total = 0;
    if (!last || last->total || !is_of_days(m, last->node) || gs_deadline_ask(&m->deadline))
        return GAOSOU_OK;
    const struct gs_filter *filter = &m->query->filters[last->node->leaf];
    enum gaosou_status status = count_steps(m, m->query->root->child_count, false, &total);
    size_t size = strlen(filter->name) + 1 + strlen(filter->text);
    char *text = total && !status ? take(m, size + 1, 1) : NULL;
    if (text) {
        snprintf(text, size + 1, "%s:%s", filter->name, filter->text);
        add_try(m, GS_TRY_WITHOUT, (struct gs_str){text, size}, total);
    }
    return status;
}

static enum gaosou_status add_value(struct making *m, enum gs_try_kind kind, const char *field,
                                    struct gs_str value)
{
    size_t name = strlen(field), size = name + 1 + value.size;
    char *text = take(m, size, 1);
    if (!text)
        return GAOSOU_E_NOMEM;
    memcpy(text, field, name);
    text[name] = ':';
    memcpy(text + name + 1, value.bytes, value.size);
    add_try(m, kind, (struct gs_str){text, size}, 0);
    return GAOSOU_OK;
}

/* A filter of strings that no filing matches: the values that are near to the first it names. */
static enum gaosou_status try_values(struct making *m, const struct gs_filter *filter)
{
    struct gs_near_values near;
    enum gaosou_status status =
        gs_near_values_find(&near, m->snapshot, filter, 0, &m->deadline, m->err);
    for (size_t i = 0; i < near.count && !status; i++)
        status = add_value(m, GS_TRY_VALUE, filter->name, near.values[i]);
    if (!status && near.count == 0 && !m->deadline.passed)
        status = add_value(m, GS_TRY_NO_VALUE, filter->name,
                           (struct gs_str){filter->text, strlen(filter->text)});
    return status;
}

static enum gaosou_status try_filters(struct making *m)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < m->query->filter_count && !status; i++) {
        const struct gs_filter *filter = &m->query->filters[i];
        switch (filter->field) {
        case GS_FILTER_NAME:
        case GS_FILTER_COMPANY:
        case GS_FILTER_BOARD:
        case GS_FILTER_CODE:
        case GS_FILTER_INPUT:
            if (m->out->filters[i] == 0 && filter->values.count)
                status = try_values(m, filter);
            break;
        default:
            break;
        }
    }
    return status ? status : try_without_days(m);
}

/* Filings that hold a text as a phrase. */
static enum gaosou_status count_piece(void *context, const char *text, size_t size, bool title_only,
                                      uint64_t *total)
{
    struct making *m = context;
    struct gs_query *piece;
    if (gs_deadline_ask(&m->deadline))
        return GAOSOU_OK;
    enum gaosou_status status = gs_piece_parse(&piece, text, size, title_only, m->err);
    if (status != GAOSOU_OK)
        return status;
    if (piece->leaf_count == 1)
        status = gs_search_leaf_totals(m->search, m->snapshot, piece, total, m->err);
    gs_query_free(piece);
    return status;
}

/* The words of a phrase that stand in it with positions of punctuation between. */
static enum gaosou_status try_words(struct making *m, const struct gs_leaf *leaf)
{
    struct gs_buf text;
    struct gs_query *query = NULL;
    struct gs_result result = {0};
    const struct gs_query_params params = {.mode = GS_QUERY_SYNTAX};
    struct gs_search_options options = *m->options;
    if (leaf->kind != GS_LEAF_PHRASE || leaf->title_only || gs_deadline_ask(&m->deadline))
        return GAOSOU_OK;
    gs_buf_init(&text, GS_QUERY_BYTES_MAX);
    size_t words = gs_piece_words(leaf, &text);
    enum gaosou_status status = gs_buf_status(&text);
    if (!status && words > 1)
        status = gs_query_parse(&query, (const char *)text.data, text.size, &params, NULL);
    if (!status && query) {
        options.limit = options.offset = options.facet_count = 0;
        options.after = NULL;
        options.collapse = false;
        options.deadline_ns = m->deadline.at;
        status = gs_search_run(m->search, m->snapshot, query, &options, &result, m->err);
    }
    char *copy = result.total ? take(m, text.size, 1) : NULL;
    if (copy) {
        memcpy(copy, text.data, text.size);
        add_try(m, GS_TRY_WORDS, (struct gs_str){copy, text.size}, result.total);
    }
    gs_query_free(query);
    gs_buf_release(&text);
    return status == GAOSOU_E_QUERY ? GAOSOU_OK : status;
}

static enum gaosou_status try_pieces(struct making *m)
{
    enum gaosou_status status = GAOSOU_OK;
    size_t before = m->out->try_count;
    for (size_t i = 0; i < m->query->leaf_count && !status; i++) {
        const struct gs_leaf *leaf = &m->query->leaves[i];
        struct gs_str piece = {NULL, 0};
        uint64_t total = 0;
        if (m->out->leaves[i] || leaf->excluded || m->out->try_count - before >= PIECES_MAX)
            continue;
        status = try_words(m, leaf);
        if (!status)
            status = gs_piece_find(leaf, count_piece, m, &piece, &total);
        if (!status && total)
            add_try(m, GS_TRY_PIECE, piece, total);
    }
    return status;
}

static void try_capitals(struct making *m)
{
    static const char *const words[] = {"or", "not", "near", "sentence", "paragraph"};
    for (size_t i = 0; i < m->query->leaf_count && m->query->mode == GS_QUERY_SYNTAX; i++) {
        for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
            const char *text = m->query->leaves[i].text;
            if (strcasecmp(text, words[k]) == 0)
                add_try(m, GS_TRY_CAPITALS, (struct gs_str){text, strlen(text)}, 0);
        }
    }
}

static void try_any(struct making *m)
{
    size_t wanted = 0, occurring = 0, pieces = 0;
    for (size_t i = 0; i < m->out->try_count; i++)
        pieces += m->out->tries[i].kind == GS_TRY_PIECE || m->out->tries[i].kind == GS_TRY_WORDS;
    for (size_t i = 0; i < m->query->leaf_count; i++) {
        wanted += !m->query->leaves[i].excluded;
        occurring += m->out->leaves[i] > 0 && !m->query->leaves[i].excluded;
    }
    if (m->query->mode == GS_QUERY_SYNTAX && (pieces > 0 || (wanted > 1 && occurring > 0)))
        add_try(m, GS_TRY_ANY, (struct gs_str){NULL, 0}, 0);
}

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static enum gaosou_status make(struct making *m)
{
    struct gs_nothing_found *out = m->out;
    out->leaves = take(m, m->query->leaf_count, sizeof(*out->leaves));
    out->filters = take(m, m->query->filter_count, sizeof(*out->filters));
    if (!out->leaves || !out->filters)
        return GAOSOU_E_NOMEM;
    enum gaosou_status status =
        gs_search_leaf_totals(m->search, m->snapshot, m->query, out->leaves, m->err);
    if (!status)
        status = gs_search_filter_totals(m->snapshot, m->query, out->filters, m->err);
    gs_deadline_init(&m->deadline, now_ns() + GS_NOTHING_FOUND_NS, NULL);
    if (!status)
        status = make_steps(m);
    if (!status)
        status = try_filters(m);
    if (!status)
        status = try_pieces(m);
    try_any(m);
    try_capitals(m);
    return status;
}

enum gaosou_status gs_nothing_found_make(struct gs_nothing_found *out, struct gs_arena *arena,
                                         const struct gs_snapshot *snapshot,
                                         const struct gs_query *query,
                                         const struct gs_search_options *options,
                                         struct gs_err *err)
{
    struct making m = {.out = out,
                       .arena = arena,
                       .snapshot = snapshot,
                       .query = query,
                       .options = options,
                       .err = err};
    *out = (struct gs_nothing_found){.step_count = 0};
    if (gs_search_create(&m.search) != GAOSOU_OK)
        return gs_err_nomem(err, 0);
    enum gaosou_status status = make(&m);
    gs_search_free(m.search);
    return status;
}
