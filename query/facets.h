/*
 * facets.h: how many matching filings have which value of a field (docs/QUERY.md, Facets). Exact.
 *
 * Within a segment values are counted by their ordinals, and at its end added up by their bytes, a
 * value of several parts to each of them. One thread. Values point into the segments, or into the
 * object: both have to live as long as what gs_facets_finish gives.
 */
#ifndef GS_QUERY_FACETS_H
#define GS_QUERY_FACETS_H

#include "query/search.h"

struct gs_facet_count; /* one field */

/* Whether there are values to count: a fixed field, the year, or a filterable field of a segment. */
bool gs_facets_is_known(const struct gs_snapshot *snapshot, const char *name);

struct gs_facets {
    struct gs_facet_count *fields;
    size_t count;
    const struct gs_snapshot *snapshot;
    const struct gs_snapshot_segment *part; /* being counted */
    struct gs_facet results[GS_FACETS_MAX];
};

/* Begins anew with the fields that are asked for, keeping the memory; *f zeroed at first. A field
 * that no segment knows and that is no fixed one: GAOSOU_E_USE. */
GS_MUST_USE enum gaosou_status gs_facets_begin(struct gs_facets *f,
                                               const struct gs_snapshot *snapshot,
                                               const struct gs_search_options *options,
                                               struct gs_err *err);
void gs_facets_release(struct gs_facets *f);
GS_MUST_USE enum gaosou_status gs_facets_open_segment(struct gs_facets *f, size_t segment,
                                                      struct gs_err *err);
/* Counts matching filings of the segment, ascending. */
GS_MUST_USE enum gaosou_status gs_facets_add(struct gs_facets *f, const uint32_t *docs,
                                             size_t count, struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_facets_close_segment(struct gs_facets *f, struct gs_err *err);
/* Fills f->results: of each field the `limit` most frequent values. */
GS_MUST_USE enum gaosou_status gs_facets_finish(struct gs_facets *f, size_t limit,
                                                struct gs_err *err);

#endif
