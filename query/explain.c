#include "query/explain.h"

#include "common/base/utf8_step.h"

#include <string.h>

struct making {
    struct gs_explanation *out;
    struct gs_arena *arena;
    struct gs_search *search;
    const struct gs_snapshot *snapshot;
    const struct gs_query *query;
    const struct gs_search_options *options;
    uint64_t largest; /* filings of the segment whose orders are told */
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

/* ---- lists ---- */

static void add_ref(struct gs_explained_list *list, const struct gs_list_ref *ref)
{
    list->terms += ref->df > 0;
    list->df += ref->df;
    list->bytes += ref->size + ref->positions_size;
}

/* Up to two characters, or a word, with a sign behind it. */
static enum gaosou_status name_list(struct making *m, struct gs_explained_list *list,
                                    const uint32_t *characters, const uint8_t *bytes, size_t size,
                                    const char *behind)
{
    struct gs_buf text;
    gs_buf_init(&text, GS_QUERY_BYTES_MAX);
    for (size_t i = 0; characters && i < 2 && characters[i]; i++) {
        uint8_t utf8[4];
        gs_buf_append(&text, utf8, gs_utf8_encode(utf8, characters[i]));
    }
    gs_buf_append(&text, bytes, size);
    gs_buf_append_str(&text, behind);
    char *copy = take(m, text.size, 1);
    if (copy && text.size)
        memcpy(copy, text.data, text.size);
    list->text = (struct gs_str){copy, text.size};
    enum gaosou_status status = gs_buf_status(&text) || !copy ? GAOSOU_E_NOMEM : GAOSOU_OK;
    gs_buf_release(&text);
    return status;
}

static enum gaosou_status explain_term(struct making *m, struct gs_explained_list *list,
                                       const struct gs_plan_term *t)
{
    const uint32_t characters[2] = {t->term.first, t->term.second};
    for (size_t i = 0; i < m->snapshot->segment_count; i++)
        add_ref(list, &t->refs[i]);
    return t->term.is_word ? name_list(m, list, NULL, t->term.bytes, t->term.size, "")
                           : name_list(m, list, characters, NULL, 0, "");
}

static enum gaosou_status explain_union(struct making *m, struct gs_explained_list *list,
                                        const struct gs_plan_union *u)
{
    const uint32_t characters[2] = {u->character, 0};
    bool open = u->kind == GS_UNION_BEGINS || u->kind == GS_UNION_WORDS;
    list->is_union = true;
    for (size_t i = 0; i < m->snapshot->segment_count; i++) {
        for (uint32_t k = 0; k < u->segments[i].count; k++)
            add_ref(list, &u->segments[i].refs[k]);
    }
    return name_list(m, list, characters, u->bytes, u->size, open ? "*" : "");
}

static enum gaosou_status explain_leaf(struct making *m, size_t leaf)
{
    const struct gs_plan *plan = &m->search->plan;
    const struct gs_plan_leaf *from = &plan->leaves[leaf];
    struct gs_explained_list *lists = take(m, from->need_count, sizeof(*lists));
    enum gaosou_status status = lists ? GAOSOU_OK : GAOSOU_E_NOMEM;
    for (size_t i = 0; i < from->need_count && !status; i++) {
        const struct gs_need *need = &from->needs[i];
        status = need->is_union ? explain_union(m, &lists[i], &plan->unions[need->index])
                                : explain_term(m, &lists[i], &plan->terms[need->index]);
    }
    m->out->leaves[leaf] = (struct gs_explained_leaf){
        .lists = lists, .list_count = from->need_count, .weight = from->weight};
    return status;
}

/* ---- filters ---- */

/* The values of one segment's dictionary. */
static enum gaosou_status count_values(struct making *m, const struct gs_segment *segment, size_t i,
                                       struct gs_buf *scratch)
{
    const struct gs_filter *filter = &m->query->filters[i];
    struct gs_explained_filter *out = &m->out->filters[i];
    uint32_t keyword;
    enum gaosou_status status = GAOSOU_OK;
    if (!gs_keyword_find(segment, filter->name, strlen(filter->name), &keyword))
        return GAOSOU_OK;
    uint32_t count = gs_keyword_value_count(segment, keyword);
    for (uint32_t ordinal = 1; ordinal <= count && !status; ordinal++) {
        struct gs_str value;
        enum gs_truth truth = GS_TRUTH_NO;
        status = gs_keyword_value(segment, keyword, ordinal, &value, m->err);
        if (!status)
            status =
                gs_field_values_judge(&filter->values, value.bytes, value.size, scratch, &truth);
        out->passing += truth == GS_TRUTH_YES;
    }
    out->has_values = true;
    out->values += count;
    return status;
}

static bool is_of_strings(const struct gs_filter *filter)
{
    return filter->field != GS_FILTER_DATE && filter->field != GS_FILTER_PERIOD &&
           filter->field != GS_FILTER_SINCE && filter->field != GS_FILTER_ID;
}

static enum gaosou_status explain_filter(struct making *m, size_t i)
{
    struct gs_buf scratch;
    enum gaosou_status status = GAOSOU_OK;
    if (!is_of_strings(&m->query->filters[i]))
        return GAOSOU_OK;
    gs_buf_init(&scratch, (size_t)1 << 30);
    for (size_t k = 0; k < m->snapshot->segment_count && !status; k++)
        status = count_values(m, m->snapshot->segments[k].segment, i, &scratch);
    gs_buf_release(&scratch);
    return status == GAOSOU_E_NOMEM ? gs_err_nomem(m->err, 0) : status;
}

/* ---- the tree ---- */

/* Recursion here is bounded by GS_QUERY_DEPTH_MAX. */

static size_t list_nodes(struct making *m, const struct gs_node *node, size_t depth, size_t number)
{
    m->out->nodes[number++] = (struct gs_explained_node){.node = node, .depth = depth, .order = 1};
    for (size_t i = 0; i < node->child_count; i++)
        number = list_nodes(m, node->children[i], depth + 1, number);
    return number;
}

/* Adds the costs of a segment; with orders, those are told, too. */
static void add_costs(struct making *m, const struct gs_node_match *n, size_t number, bool orders)
{
    m->out->nodes[number].cost += n->cost;
    for (size_t i = 0; i < n->child_count; i++) {
        const struct gs_node_match *child = &n->children[i];
        size_t at = number + 1;
        for (size_t k = 0; n->from->children[k] != child->from; k++)
            at += gs_judge_count(n->from->children[k]);
        if (orders)
            m->out->nodes[at].order = i + 1;
        add_costs(m, child, at, orders);
    }
}

static enum gaosou_status open_tree(struct making *m, struct gs_search_segment *segment)
{
    struct gs_arena *arena = &m->search->segment_arena;
    size_t count = m->query->filter_count;
    struct gs_filter_match *filters = gs_arena_alloc(arena, count * sizeof(*filters));
    struct gs_node_match root;
    if (!filters)
        return gs_err_nomem(m->err, count * sizeof(*filters));
    for (size_t i = 0; i < count; i++)
        gs_filter_open(&filters[i], &m->query->filters[i], segment->part->segment);
    const struct gs_node_parts parts = {.arena = arena,
                                        .leaves = segment->leaves,
                                        .filters = filters,
                                        .groups = segment->groups.all,
                                        .take_unknown = m->options->take_unknown};
    enum gaosou_status status = gs_node_open(&root, m->query->root, &parts);
    if (status)
        status = gs_err_nomem(m->err, arena->taken);
    else
        add_costs(m, &root, 0, segment->doc_count >= m->largest);
    if (segment->doc_count > m->largest)
        m->largest = segment->doc_count;
    for (size_t i = 0; i < count; i++) {
        status = status ? status : gs_filter_status(&filters[i], m->err);
        gs_filter_close(&filters[i]);
    }
    return status;
}

static enum gaosou_status explain_tree(struct making *m)
{
    enum gaosou_status status = GAOSOU_OK;
    (void)list_nodes(m, m->query->root, 0, 0);
    for (size_t i = 0; i < m->snapshot->segment_count && !status; i++) {
        struct gs_search_segment segment;
        status = gs_search_open_segment(m->search, i, false, false, &segment, m->err);
        if (status)
            break;
        status = open_tree(m, &segment);
        enum gaosou_status closed =
            gs_search_close_segment(m->search, &segment, status ? NULL : m->err);
        status = status ? status : closed;
    }
    return status;
}

/* ---- all together ---- */

static enum gaosou_status explain_hits(struct making *m, const struct gs_result *result)
{
    struct gs_explanation *out = m->out;
    enum gaosou_status status = GAOSOU_OK;
    out->hit_count =
        result->hit_count < GS_EXPLAIN_HITS_MAX ? result->hit_count : GS_EXPLAIN_HITS_MAX;
    out->hits = take(m, out->hit_count, sizeof(*out->hits));
    if (!out->hits)
        return GAOSOU_E_NOMEM;
    for (size_t i = 0; i < out->hit_count && !status; i++) {
        const struct gs_hit *hit = &result->hits[i];
        bool second = gs_judge_was_reranked(m->search, hit->segment, hit->doc);
        status = gs_judge_filing(&out->hits[i], m->arena, m->search, m->snapshot, m->query,
                                 m->options, hit->segment, hit->doc, second, m->err);
    }
    return status;
}

enum gaosou_status gs_explain_make(struct gs_explanation *out, struct gs_arena *arena,
                                   struct gs_search *search, const struct gs_snapshot *snapshot,
                                   const struct gs_query *query,
                                   const struct gs_search_options *options,
                                   const struct gs_result *result, struct gs_err *err)
{
    struct making m = {.out = out,
                       .arena = arena,
                       .search = search,
                       .snapshot = snapshot,
                       .query = query,
                       .options = options,
                       .err = err};
    *out = (struct gs_explanation){.cost = result->cost, .node_count = gs_judge_count(query->root)};
    out->nodes = take(&m, out->node_count, sizeof(*out->nodes));
    out->leaves = take(&m, query->leaf_count, sizeof(*out->leaves));
    out->filters = take(&m, query->filter_count, sizeof(*out->filters));
    if (!out->nodes || !out->leaves || !out->filters)
        return GAOSOU_E_NOMEM;
    enum gaosou_status status = explain_hits(&m, result); /* makes the plan where there is none */
    if (!status && !gs_search_has_plan(search, snapshot, query))
        status = gs_search_plan(search, snapshot, query, NULL, err);
    for (size_t i = 0; i < query->leaf_count && !status; i++)
        status = explain_leaf(&m, i);
    for (size_t i = 0; i < query->filter_count && !status; i++)
        status = explain_filter(&m, i);
    return status ? status : explain_tree(&m);
}
