/* Pages behind the first: what a cursor says of a run, and the cursor that a run gives. */
#include "query/search_internal.h"

#include <string.h>

enum gaosou_status gs_search_continue(struct gs_search_run *run, const struct gs_snapshot *snapshot,
                                      const struct gs_search_options *options)
{
    const struct gs_cursor *after = options->after;
    struct gs_search *s = run->search;
    uint64_t before = after ? after->next_sequence : options->before_sequence;
    if (after && options->offset > 0)
        return gs_err_set(run->err, GAOSOU_E_USE,
                          "an answer is continued behind a cursor or from an offset, not both");
    enum gaosou_status status = GAOSOU_OK;
    if (after)
        status = gs_cursor_check(after, snapshot, run->query, run->options, run->err);
    if (before > 0 && !status) {
        status = gs_search_view_make(&s->view, snapshot, before, run->err);
        run->view = &s->view.snapshot;
    }
    if (!after || status)
        return status;
    run->after = after;
    run->last = after->last;
    run->border = after->border;
    run->has_border = after->has_border;
    if (!after->in_head && !options->collapse)
        run->depth = 0; /* all that is left are filings behind the head */
    return GAOSOU_OK;
}

enum gaosou_status gs_search_continue_ready(struct gs_search_run *run, bool collapse)
{
    struct gs_search *s = run->search;
    const struct gs_cursor *after = run->after;
    if (!after)
        return GAOSOU_OK;
    for (size_t i = 0; i < after->weight_count && i < s->plan.leaf_count; i++)
        s->plan.leaves[i].weight = after->weights[i];
    if (s->gather.by_key && s->gather.keys.sort == GS_SORT_CODE)
        run->last.key =
            gs_sort_keys_of_code(&s->gather.keys, (struct gs_str){after->code, after->code_size});
    if (collapse || run->depth > 0)
        return GAOSOU_OK; /* what was shown before is needed once more */
    s->top.after.set = true;
    s->top.after.key = run->last.key;
    return gs_cursor_find(s->plan.snapshot, run->last.sequence + 1, &s->top.after.segment,
                          &s->top.after.doc, run->err);
}

static enum gaosou_status sequence_of(const struct gs_search_run *run,
                                      const struct gs_topk_entry *e, uint64_t *sequence)
{
    return gs_column_get(run->view->segments[e->segment].segment, GS_COLUMN_SEQUENCE, e->doc,
                         sequence, run->err);
}

/* The filing of the place itself is known by its number: where nothing tied with it, its closeness
 * was not measured. */
static enum gaosou_status is_behind(const struct gs_search_run *run, const struct gs_topk_entry *e,
                                    const struct gs_cursor_place *place, bool *behind)
{
    uint64_t sequence = 0;
    *behind = e->key < place->key;
    if (e->key != place->key)
        return GAOSOU_OK;
    enum gaosou_status status = sequence_of(run, e, &sequence);
    *behind = sequence != place->sequence &&
              (e->closeness != place->closeness ? e->closeness > place->closeness
                                                : sequence > place->sequence);
    return status;
}

enum gaosou_status gs_search_count_passed(const struct gs_search_run *run,
                                          const struct gs_cursor_place *place, size_t *count)
{
    const struct gs_topk *top = &run->search->top;
    bool behind = false;
    size_t i = 0;
    for (; i < top->count; i++) {
        enum gaosou_status status = is_behind(run, &top->entries[i], place, &behind);
        if (status)
            return status;
        if (behind)
            break;
    }
    *count = i;
    return GAOSOU_OK;
}

enum gaosou_status gs_search_place_of(const struct gs_search_run *run, size_t entry,
                                      struct gs_cursor_place *place)
{
    const struct gs_topk_entry *e = &run->search->top.entries[entry];
    place->key = e->key;
    place->closeness = e->closeness;
    return sequence_of(run, e, &place->sequence);
}

/* Longer ones are told by their size: then there is no cursor. */
static void set_code(struct gs_cursor *c, const struct gs_sort_keys *keys)
{
    struct gs_str code = gs_sort_keys_code(keys, c->last.key);
    c->code_size = code.size;
    if (code.size > 0 && code.size <= GS_CURSOR_CODE_MAX)
        memcpy(c->code, code.bytes, code.size);
    c->last.key = 0;
}

enum gaosou_status gs_search_make_cursor(struct gs_search_run *run, size_t entry, uint64_t rank)
{
    struct gs_search *s = run->search;
    const struct gs_cursor *after = run->after;
    const struct gs_snapshot *snapshot = s->plan.snapshot;
    const struct gs_topk_entry *e = &s->top.entries[entry];
    struct gs_cursor c = {.commit = after ? after->commit : snapshot->manifest.commit,
                          .next_sequence =
                              after ? after->next_sequence : snapshot->manifest.next_sequence,
                          .query = run->query->fingerprint,
                          .options = run->options,
                          .rank = rank,
                          .doc_count = after ? after->doc_count : snapshot->doc_count,
                          .total_length = after ? after->total_length : snapshot->total_length,
                          .border = run->border,
                          .has_border = run->has_border,
                          .in_head = run->depth > 0 && entry < run->head,
                          .weight_count = run->query->leaf_count};
    for (size_t i = 0; i < c.weight_count && i < GS_CURSOR_LEAVES_MAX; i++)
        c.weights[i] = s->plan.leaves[i].weight;
    enum gaosou_status status = GAOSOU_OK;
    /* on the next page filings of the head tie with it by their first scores */
    if (s->top.keep_ties && !c.in_head && run->has_border && e->key == run->border.key)
        status = gs_search_measure(run, entry);
    if (!status)
        status = gs_search_place_of(run, entry, &c.last);
    if (!status)
        status = gs_cursor_mark(snapshot->segments[e->segment].segment, e->doc, &c.mark, run->err);
    if (s->gather.by_key && s->gather.keys.sort == GS_SORT_CODE)
        set_code(&c, &s->gather.keys);
    s->cursor = c; /* `after` may have been it */
    return status;
}
