#include "query/snippet_choose.h"

#include "query/fragment.h"

#include <math.h>
#include <stdlib.h>

#define WINDOW_POSITIONS  GS_FRAGMENT_CHARS
#define CONTEXT_POSITIONS 40u /* before the anchor in a sentence that is longer than a fragment */
#define NO_PART           UINT32_MAX
#define WORTH_SCALE       4096.0
#define WORTH_MAX         4e9                 /* of one leaf by rarity */
#define LEAF_SEEN         ((uint64_t)1 << 32) /* more than any rarity: sums of all parts fit */
#define TITLED            0.1

/* The parts of a window: sums stay exact as it moves, since they are whole numbers. */
struct merit {
    uint64_t fresh, repeated;
    uint32_t occurrences;
};

void gs_snippet_choice_init(struct gs_snippet_choice *c)
{
    *c = (struct gs_snippet_choice){.occurrences = NULL};
}

void gs_snippet_choice_release(struct gs_snippet_choice *c)
{
    if (!c)
        return;
    free(c->parts);
    free(c->places);
    free(c->shown);
    free(c->tried);
    gs_snippet_choice_init(c);
}

/* ---- beginning with a filing ---- */

static bool fit_occurrences(struct gs_snippet_choice *c)
{
    size_t count = c->occurrence_count;
    if (count <= c->capacity && c->places)
        return true;
    free(c->places);
    free(c->shown);
    free(c->tried);
    c->capacity = count + count / 2 + 64;
    c->places = malloc(c->capacity * sizeof(*c->places));
    c->shown = malloc(c->capacity * sizeof(*c->shown));
    c->tried = malloc(c->capacity * sizeof(*c->tried));
    if (c->places && c->shown && c->tried)
        return true;
    c->capacity = 0;
    return false;
}

static bool fit_parts(struct gs_snippet_choice *c)
{
    c->part_count = c->question->leaf_count + c->question->pair_count;
    if (c->part_count <= c->part_capacity)
        return true;
    free(c->parts);
    c->part_capacity = c->part_count;
    c->parts = malloc(c->part_capacity * sizeof(*c->parts));
    if (!c->parts)
        c->part_capacity = 0;
    return c->parts != NULL;
}

static void link_pairs(struct gs_snippet_choice *c)
{
    const struct gs_snippet_question *q = c->question;
    for (size_t i = 0; i < c->part_count; i++)
        c->parts[i] = (struct gs_snippet_part){.next = NO_PART};
    for (size_t i = q->pair_count; i-- > 0;) {
        struct gs_snippet_part *first = &c->parts[q->pairs[i].first];
        c->parts[q->leaf_count + i].next = first->next;
        first->next = (uint32_t)(q->leaf_count + i);
    }
}

/* The first pair of the question that begins at occurrence i, as a part. */
static uint32_t pair_at(const struct gs_snippet_choice *c, size_t i)
{
    const struct gs_snippet_question *q = c->question;
    const struct gs_occurrence *o = &c->occurrences[i];
    for (uint32_t part = c->parts[o->leaf].next; part != NO_PART; part = c->parts[part].next) {
        const struct gs_leaf_pair *pair = &q->pairs[part - q->leaf_count];
        uint64_t wanted = (uint64_t)o->position + pair->distance;
        for (size_t k = i + 1; k < c->occurrence_count && c->occurrences[k].position <= wanted; k++)
            if (c->occurrences[k].position == wanted && c->occurrences[k].leaf == pair->second)
                return part;
    }
    return NO_PART;
}

/* Fills the end of a place. next: index of the first sentence end behind it. */
static void find_window(const struct gs_snippet_choice *c, size_t next, size_t i)
{
    uint32_t position = c->occurrences[i].position;
    uint32_t start = next ? c->ends[next - 1] : 0;
    uint64_t stop = next < c->end_count ? c->ends[next] : UINT32_MAX;
    uint64_t whole = (uint64_t)start + WINDOW_POSITIONS;
    if (stop > whole) {
        /* The sentence does not fit: the fragment is cut around the occurrence. */
        uint64_t from = position - start > CONTEXT_POSITIONS ? position - CONTEXT_POSITIONS : start;
        c->places[i].end = from + WINDOW_POSITIONS < stop ? from + WINDOW_POSITIONS : stop;
        return;
    }
    while (next + 1 < c->end_count && c->ends[next + 1] <= whole)
        next++;
    c->places[i].end = c->ends[next];
}

static void find_places(struct gs_snippet_choice *c)
{
    size_t next = 0, heading = 0;
    for (size_t i = 0; i < c->occurrence_count; i++) {
        const struct gs_occurrence *o = &c->occurrences[i];
        while (next < c->end_count && c->ends[next] <= o->position)
            next++;
        while (heading < c->heading_count && c->headings[heading] <= o->position)
            heading++;
        bool known = o->leaf < c->question->leaf_count;
        c->places[i].part = known ? pair_at(c, i) : NO_PART;
        c->places[i].is_heading = heading < c->heading_count && next < c->end_count &&
                                  c->headings[heading] == c->ends[next];
        if (known)
            c->parts[o->leaf].count++;
        find_window(c, next, i);
    }
}

static bool is_in_title(const struct gs_snippet_choice *c, size_t i)
{
    return c->occurrences[i].position >= c->title_from && c->occurrences[i].position < c->title_to;
}

/* Notes which leaves the title has. */
static void find_titled(struct gs_snippet_choice *c)
{
    for (size_t i = 0; i < c->occurrence_count; i++)
        if (is_in_title(c, i) && c->occurrences[i].leaf < c->question->leaf_count)
            c->parts[c->occurrences[i].leaf].titled = true;
}

/* See the head of snippet_choose.h; room: fragments that the filing has room for. */
static uint64_t leaf_worth(const struct gs_snippet_choice *c, size_t leaf, double room)
{
    const struct gs_snippet_part *part = &c->parts[leaf];
    double weight = c->question->weights[leaf];
    if (part->count == 0 || !(weight > 0))
        return 1;
    double rarity = log(1 + room / part->count);
    double worth = WORTH_SCALE * weight * rarity * rarity;
    if (part->titled)
        worth *= TITLED;
    return worth < 1 ? 1 : worth > WORTH_MAX ? (uint64_t)WORTH_MAX : (uint64_t)worth;
}

static void find_worths(struct gs_snippet_choice *c)
{
    const struct gs_snippet_question *q = c->question;
    double room = 1.0 + c->occurrences[c->occurrence_count - 1].position / (double)WINDOW_POSITIONS;
    for (size_t i = 0; i < q->leaf_count; i++)
        c->parts[i].worth = leaf_worth(c, i, room) + (q->is_bag ? 0 : LEAF_SEEN);
    for (size_t i = 0; i < q->pair_count; i++) {
        uint64_t a = c->parts[q->pairs[i].first].worth, b = c->parts[q->pairs[i].second].worth;
        c->parts[q->leaf_count + i].worth = (a < b ? a : b) / 2 + 1;
    }
}

enum gaosou_status gs_snippet_choice_begin(struct gs_snippet_choice *c, bool with_title)
{
    if (!fit_parts(c) || !fit_occurrences(c))
        return GAOSOU_E_NOMEM;
    link_pairs(c);
    find_places(c);
    find_titled(c);
    if (c->occurrence_count)
        find_worths(c);
    for (size_t i = 0; i < c->occurrence_count; i++) {
        c->shown[i] = !with_title && is_in_title(c, i);
        c->tried[i] = false;
    }
    return GAOSOU_OK;
}

/* ---- the next fragment ---- */

static uint64_t worth_of(const struct gs_snippet_choice *c, const struct merit *m)
{
    return m->fresh + m->repeated / (c->question->is_bag ? 2 : 1024);
}

static void count_part(struct gs_snippet_choice *c, struct merit *m, uint32_t index, bool in)
{
    struct gs_snippet_part *part = &c->parts[index];
    uint64_t *sum = part->shown ? &m->repeated : &m->fresh;
    if (in && part->count++ == 0)
        *sum += part->worth;
    else if (!in && --part->count == 0)
        *sum -= part->worth;
}

/* The window's parts as occurrence i comes in or goes out. */
static void count_one(struct gs_snippet_choice *c, struct merit *m, size_t i, bool in)
{
    if (c->shown[i] || c->occurrences[i].leaf >= c->question->leaf_count)
        return;
    count_part(c, m, c->occurrences[i].leaf, in);
    if (c->places[i].part != NO_PART)
        count_part(c, m, c->places[i].part, in);
    m->occurrences = in ? m->occurrences + 1 : m->occurrences - 1;
}

static void clear_counts(struct gs_snippet_choice *c)
{
    for (size_t i = 0; i < c->part_count; i++)
        c->parts[i].count = 0;
}

void gs_snippet_choice_retry(struct gs_snippet_choice *c)
{
    if (c->occurrence_count)
        memset(c->tried, 0, c->occurrence_count * sizeof(*c->tried));
}

bool gs_snippet_choice_next(struct gs_snippet_choice *c, size_t *anchor, uint64_t *worth)
{
    struct merit now = {.fresh = 0};
    uint32_t most = 0;
    bool found = false;
    size_t behind = 0; /* occurrences [i, behind) are counted */
    clear_counts(c);
    for (size_t i = 0; i < c->occurrence_count; i++) {
        while (behind < c->occurrence_count &&
               (behind <= i ||
                (uint64_t)c->occurrences[behind].position + c->occurrences[behind].width <=
                    c->places[i].end))
            count_one(c, &now, behind++, true);
        uint64_t value = worth_of(c, &now);
        if (!c->shown[i] && !c->tried[i] &&
            (!found || value > *worth || (value == *worth && now.occurrences > most))) {
            *worth = value;
            most = now.occurrences;
            *anchor = i;
            found = true;
        }
        count_one(c, &now, i, false);
    }
    return found;
}

/* Index of the first occurrence at or behind a position. */
static size_t occurrence_at(const struct gs_snippet_choice *c, uint32_t position)
{
    size_t low = 0, high = c->occurrence_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->occurrences[middle].position < position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t gs_snippet_choice_worth(struct gs_snippet_choice *c, uint32_t first, uint32_t end)
{
    struct merit m = {.fresh = 0};
    clear_counts(c);
    for (size_t i = occurrence_at(c, first);
         i < c->occurrence_count && c->occurrences[i].position < end; i++)
        if ((uint64_t)c->occurrences[i].position + c->occurrences[i].width <= end)
            count_one(c, &m, i, true);
    return worth_of(c, &m);
}

void gs_snippet_choice_show(struct gs_snippet_choice *c, uint32_t first, uint32_t end)
{
    for (size_t i = occurrence_at(c, first);
         i < c->occurrence_count && c->occurrences[i].position < end; i++) {
        const struct gs_occurrence *o = &c->occurrences[i];
        c->shown[i] = true;
        if (o->leaf >= c->question->leaf_count || (uint64_t)o->position + o->width > end)
            continue;
        c->parts[o->leaf].shown = true;
        if (c->places[i].part != NO_PART)
            c->parts[c->places[i].part].shown = true;
    }
}
