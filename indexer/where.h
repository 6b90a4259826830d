/*
 * where.h: which filings a command means: filters joined by spaces, all of which must hold
 * (`code:603893 date:..2020`; docs/QUERY.md, Filters).
 *
 * Judged from what is stored of a filing, one after the other. `source` is the id of the file that
 * a filing came from: stored of a line whose own id does not tell; else the filing's id, and what
 * in it stands before a `!` (archives) or before a colon and the number of a line at its end. A
 * filter on something that is not known of a filing cannot be judged. One thread.
 */
#ifndef GS_INDEXER_WHERE_H
#define GS_INDEXER_WHERE_H

#include "common/filter/day_ranges.h"
#include "common/segment/segment.h"

#define GS_WHERE_TERMS_MAX 64

struct gs_where_term;

struct gs_where {
    struct gs_arena arena;
    struct gs_where_term *terms;
    size_t count;
    struct gs_buf scratch;
};

/* What is judged. */
struct gs_where_filing {
    const struct gs_record *record;
    uint32_t date, period; /* yyyymmdd, 0 unknown */
    uint64_t commit;
};

/* GAOSOU_E_QUERY with column, reason and what would do, in English or Chinese. The text is copied.
 * After a failure w needs no release. */
GS_MUST_USE enum gaosou_status gs_where_parse(struct gs_where *w, const char *text, bool chinese,
                                              struct gs_err *err);
void gs_where_release(struct gs_where *w);

GS_MUST_USE enum gaosou_status gs_where_judge(struct gs_where *w,
                                              const struct gs_where_filing *filing,
                                              enum gs_truth *truth, struct gs_err *err);

#endif
