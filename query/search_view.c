#include "query/search_view.h"

#include "query/cursor.h"

#include <stdlib.h>
#include <string.h>

void gs_search_view_release(struct gs_search_view *v)
{
    free(v->segments);
    free(v->deleted);
    *v = (struct gs_search_view){0};
}

/* The filings of the segment from `doc` on are deleted, too. */
static enum gaosou_status cut(struct gs_search_view *v, struct gs_snapshot_segment *part,
                              uint32_t doc, struct gs_err *err)
{
    uint32_t count = gs_segment_get_stats(part->segment)->doc_count;
    size_t words = ((size_t)count + 63) / 64;
    v->deleted = calloc(words, sizeof(*v->deleted));
    if (!v->deleted)
        return gs_err_nomem(err, words * sizeof(*v->deleted));
    if (part->deleted)
        memcpy(v->deleted, part->deleted, words * sizeof(*v->deleted));
    for (; doc < count; doc++) {
        uint64_t bit = UINT64_C(1) << (doc & 63);
        part->deleted_count += !(v->deleted[doc / 64] & bit);
        v->deleted[doc / 64] |= bit;
    }
    part->deleted = v->deleted;
    return GAOSOU_OK;
}

enum gaosou_status gs_search_view_make(struct gs_search_view *v, const struct gs_snapshot *snapshot,
                                       uint64_t next_sequence, struct gs_err *err)
{
    size_t count = snapshot->segment_count;
    uint32_t segment = 0, doc = 0;
    gs_search_view_release(v);
    enum gaosou_status status = gs_cursor_find(snapshot, next_sequence, &segment, &doc, err);
    if (status)
        return status;
    v->segments = malloc((count + 1) * sizeof(*v->segments));
    if (!v->segments)
        return gs_err_nomem(err, count * sizeof(*v->segments));
    if (count)
        memcpy(v->segments, snapshot->segments, count * sizeof(*v->segments));
    v->snapshot = *snapshot;
    v->snapshot.segments = v->segments;
    v->snapshot.segment_count = segment + (doc > 0);
    return doc > 0 ? cut(v, &v->segments[segment], doc, err) : GAOSOU_OK;
}
