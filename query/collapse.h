/*
 * collapse.h: the same filing under several ids, shown once (--collapse).
 *
 * Of the matching filings with one content hash (common/text/content_hash.h) the best is shown, and
 * the others are listed with it. A filing without text is the same as no other. Works on the whole
 * ranking, so that pages of an answer fit together. One thread.
 */
#ifndef GS_QUERY_COLLAPSE_H
#define GS_QUERY_COLLAPSE_H

#include "common/segment/manifest.h"
#include "query/search.h"
#include "query/topk.h"

struct gs_collapse {
    size_t *shown; /* of the ranked entries those to be shown, best first: the wanted ones */
    size_t shown_count;
    struct gs_hit_twin *twins; /* those of shown[0], best first, then those of shown[1], ... */
    size_t *twin_starts;       /* shown_count + 1 */
    bool more;                 /* groups behind the wanted ones */
    uint64_t collapsed;        /* entries that are listed with another, over the whole ranking */
};

/* The sorted entries as groups; of those whose best is not among the first `passed` entries,
 * [offset, offset + limit) are wanted. Release it in either case; *c zeroed at first. */
GS_MUST_USE enum gaosou_status gs_collapse_make(struct gs_collapse *c,
                                                const struct gs_snapshot *snapshot,
                                                const struct gs_topk *ranked, size_t passed,
                                                size_t offset, size_t limit, struct gs_err *err);
void gs_collapse_release(struct gs_collapse *c);

#endif
