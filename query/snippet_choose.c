#include "query/snippet_choose.h"

#include "query/fragment.h"

#include <stdlib.h>

#define WINDOW_POSITIONS  GS_FRAGMENT_CHARS
#define CONTEXT_POSITIONS 40u /* before the anchor in a sentence that is longer than a fragment */

struct merit {
    uint32_t fresh, leaves, body, occurrences;
};

void gs_snippet_choice_init(struct gs_snippet_choice *c)
{
    *c = (struct gs_snippet_choice){.occurrences = NULL};
}

void gs_snippet_choice_release(struct gs_snippet_choice *c)
{
    if (!c)
        return;
    free(c->leaf_in);
    free(c->leaf_shown);
    free(c->shown);
    gs_snippet_choice_init(c);
}

enum gaosou_status gs_snippet_choice_begin(struct gs_snippet_choice *c)
{
    if (c->leaf_count > c->leaf_capacity) {
        uint32_t *in = realloc(c->leaf_in, c->leaf_count * sizeof(*in));
        if (in)
            c->leaf_in = in;
        bool *shown = realloc(c->leaf_shown, c->leaf_count * sizeof(*shown));
        if (shown)
            c->leaf_shown = shown;
        if (!in || !shown)
            return GAOSOU_E_NOMEM;
        c->leaf_capacity = c->leaf_count;
    }
    if (c->occurrence_count > c->shown_capacity) {
        bool *shown = realloc(c->shown, c->occurrence_count * sizeof(*shown));
        if (!shown)
            return GAOSOU_E_NOMEM;
        c->shown = shown;
        c->shown_capacity = c->occurrence_count;
    }
    if (c->leaf_count)
        memset(c->leaf_shown, 0, c->leaf_count * sizeof(*c->leaf_shown));
    if (c->occurrence_count)
        memset(c->shown, 0, c->occurrence_count * sizeof(*c->shown));
    return GAOSOU_OK;
}

/* Index of the first end that is greater than `position`. */
static size_t end_behind(const struct gs_snippet_choice *c, uint32_t position)
{
    size_t low = 0, high = c->end_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->ends[middle] <= position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The position behind the window of an occurrence. */
static uint64_t window_end(const struct gs_snippet_choice *c, const struct gs_occurrence *o)
{
    size_t next = end_behind(c, o->position);
    uint32_t start = next ? c->ends[next - 1] : 0;
    uint64_t stop = next < c->end_count ? c->ends[next] : UINT32_MAX;
    uint64_t whole = (uint64_t)start + WINDOW_POSITIONS;
    if (stop > whole) {
        /* The sentence does not fit: the fragment is cut around the occurrence. */
        uint64_t from =
            o->position - start > CONTEXT_POSITIONS ? o->position - CONTEXT_POSITIONS : start;
        return from + WINDOW_POSITIONS < stop ? from + WINDOW_POSITIONS : stop;
    }
    while (next + 1 < c->end_count && c->ends[next + 1] <= whole)
        next++;
    return c->ends[next];
}

static bool is_better(const struct merit *a, const struct merit *b)
{
    if (a->fresh != b->fresh)
        return a->fresh > b->fresh;
    if (a->leaves != b->leaves)
        return a->leaves > b->leaves;
    if (a->body != b->body)
        return a->body > b->body;
    return a->occurrences > b->occurrences;
}

/* The window's counts as occurrence i comes in (step 1) or goes out (step -1). */
static void count_one(struct gs_snippet_choice *c, struct merit *m, size_t i, bool in)
{
    uint32_t leaf = c->occurrences[i].leaf;
    if (c->shown[i] || leaf >= c->leaf_count)
        return;
    uint32_t *n = &c->leaf_in[leaf];
    *n = in ? *n + 1 : *n - 1;
    uint32_t edge = in ? 1 : 0; /* the leaf has just appeared, or gone */
    uint32_t change = *n == edge ? 1 : 0;
    uint32_t fresh = c->leaf_shown[leaf] ? 0 : change;
    m->leaves = in ? m->leaves + change : m->leaves - change;
    m->fresh = in ? m->fresh + fresh : m->fresh - fresh;
    m->occurrences = in ? m->occurrences + 1 : m->occurrences - 1;
}

bool gs_snippet_choice_next(struct gs_snippet_choice *c, size_t *anchor)
{
    struct merit now = {.fresh = 0}, best = {.fresh = 0};
    bool found = false;
    size_t behind = 0; /* occurrences [i, behind) are counted */
    if (c->leaf_count)
        memset(c->leaf_in, 0, c->leaf_count * sizeof(*c->leaf_in));
    for (size_t i = 0; i < c->occurrence_count; i++) {
        const struct gs_occurrence *o = &c->occurrences[i];
        uint64_t end = window_end(c, o);
        while (behind < c->occurrence_count &&
               (behind <= i ||
                (uint64_t)c->occurrences[behind].position + c->occurrences[behind].width <= end))
            count_one(c, &now, behind++, true);
        now.body = o->position < c->title_from || o->position >= c->title_to;
        if (!c->shown[i] && (!found || is_better(&now, &best))) {
            best = now;
            *anchor = i;
            found = true;
        }
        count_one(c, &now, i, false);
    }
    return found;
}

void gs_snippet_choice_show(struct gs_snippet_choice *c, uint32_t first, uint32_t end)
{
    for (size_t i = 0; i < c->occurrence_count; i++) {
        const struct gs_occurrence *o = &c->occurrences[i];
        if (o->position < first)
            continue;
        if (o->position >= end)
            break;
        c->shown[i] = true;
        if (o->leaf < c->leaf_count && (uint64_t)o->position + o->width <= end)
            c->leaf_shown[o->leaf] = true;
    }
}
