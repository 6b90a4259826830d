/*
 * filterable.h: the fields of the input that are to be keyword columns beside the fixed ones: which
 * they may be, and their values out of a filing (docs/QUERY.md, Filters).
 *
 * A set of names is owned by one thread, and read by several once it is complete.
 */
#ifndef GS_INDEXER_FILTERABLE_H
#define GS_INDEXER_FILTERABLE_H

#include "common/base/buf.h"
#include "common/segment/segment.h"

#define GS_FILTERABLE_MAX (GS_KEYWORDS_MAX - GS_KEYWORD_FIXED)

struct gs_filterable {
    struct gs_str names[GS_FILTERABLE_MAX]; /* ascending by bytes; owned */
    size_t count;
};

/* Zeroed: empty. */
void gs_filterable_release(struct gs_filterable *f);
/* Adds a name; one that is there already is fine. GAOSOU_E_USE with a message for one that cannot
 * be a filterable field, GAOSOU_E_LIMIT beyond GS_FILTERABLE_MAX. */
GS_MUST_USE enum gaosou_status gs_filterable_add(struct gs_filterable *f, const char *name,
                                                 size_t size, struct gs_err *err);
/* Adds the names of a list as it is typed, between `,` `，` or `、`. */
GS_MUST_USE enum gaosou_status gs_filterable_add_list(struct gs_filterable *f, const char *list,
                                                      struct gs_err *err);

/*
 * Appends to *values, for each name in its order, what a filing has under it: its number, url or
 * path, or of the members of its extra object strings, numbers by their spelling, true and false,
 * and such elements of a list, U+001F between them. sizes[i] are the bytes of name i.
 * GAOSOU_E_INPUT where extra is no sound JSON.
 */
GS_MUST_USE enum gaosou_status
gs_filterable_values(const struct gs_filterable *f, const struct gs_record *record,
                     struct gs_buf *values, size_t sizes[GS_FILTERABLE_MAX], struct gs_err *err);

#endif
