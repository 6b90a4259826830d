#include "query/closeness.h"

#include <stdlib.h>
#include <string.h>

void gs_closeness_release(struct gs_closeness *c)
{
    free(c->ends);
    *c = (struct gs_closeness){0};
}

/* A tournament of `size` leaves, a power of two: ends[1] is the greatest of all. */
static enum gaosou_status take_tournament(struct gs_closeness *c, size_t leaf_count, size_t *size,
                                          struct gs_err *err)
{
    for (*size = 1; *size < leaf_count;)
        *size *= 2;
    if (*size > c->leaf_capacity) {
        uint64_t *grown = realloc(c->ends, 2 * *size * sizeof(*grown));
        if (!grown)
            return gs_err_nomem(err, 2 * *size * sizeof(*grown));
        c->ends = grown;
        c->leaf_capacity = *size;
    }
    memset(c->ends, 0, 2 * *size * sizeof(*c->ends));
    return GAOSOU_OK;
}

/* Gives a leaf a new end; those of its ancestors follow. True where it had none before. */
static bool set_end(struct gs_closeness *c, size_t size, size_t leaf, uint64_t end)
{
    size_t i = size + leaf;
    bool fresh = c->ends[i] == 0;
    c->ends[i] = end;
    for (i /= 2; i > 0; i /= 2)
        c->ends[i] = c->ends[2 * i] > c->ends[2 * i + 1] ? c->ends[2 * i] : c->ends[2 * i + 1];
    return fresh;
}

/*
 * From the last occurrence to the first: a stretch that begins with one takes of every other leaf
 * the next, which ends first since all of a leaf are of one width.
 */
enum gaosou_status gs_closeness_of(struct gs_closeness *c, const struct gs_occurrence *occurrences,
                                   size_t count, size_t leaf_count, uint32_t *out,
                                   struct gs_err *err)
{
    size_t size, seen = 0;
    enum gaosou_status status = take_tournament(c, leaf_count, &size, err);
    if (status)
        return status;
    uint64_t least = UINT32_MAX;
    for (size_t i = count; i > 0; i--) {
        const struct gs_occurrence *o = &occurrences[i - 1];
        if (set_end(c, size, o->leaf, (uint64_t)o->position + o->width)) {
            seen++;
            least = UINT32_MAX; /* what was shortest so far lacks this leaf */
        }
        uint64_t stretch = c->ends[1] - o->position;
        least = stretch < least ? stretch : least;
    }
    *out = seen < 2 ? 0 : (uint32_t)least;
    return GAOSOU_OK;
}
