/*
 * metadata.h: what a filing says of itself: stock codes, short name, company, announcement number,
 * title, date, period reported on, kind, exchange and board (docs/METADATA.md has every rule).
 *
 * Only the filing's own are taken, from its head, its end and its running headers, never what the
 * body mentions; what is not found stays unknown. A given value stands: only empty fields are
 * filled. So the order of the intake is: fields of the input, gs_meta_csv_apply() over them,
 * gs_name_pattern_apply() over those, then gs_metadata_derive() for what is still open.
 */
#ifndef GS_INDEXER_METADATA_H
#define GS_INDEXER_METADATA_H

#include "indexer/extract.h"
#include "indexer/filing.h"

struct gs_metadata; /* scratch space of about 200 KB; one thread owns it */

struct gs_metadata *gs_metadata_create(void); /* NULL without memory. Caller frees with _free. */
void gs_metadata_free(struct gs_metadata *m); /* NULL is fine */

/*
 * Fills the empty fields of f from f->text and, where x is not NULL, x->title and x->furniture
 * (x->text is not looked at: f->text is the filing's). Where the title is found in the text,
 * f->title_from and f->title_to say where. What f points to then lives in m until the next call,
 * or in the text. Any bytes are safe; the time is bounded by a constant, whatever the text's size.
 */
void gs_metadata_derive(struct gs_metadata *m, const struct gs_extracted *x, struct gs_filing *f);

#endif
