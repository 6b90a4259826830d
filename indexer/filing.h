/*
 * filing.h: one filing as the intake hands it on: stored fields and text, all borrowed.
 *
 * Everything points into the intake's buffers and lives until the intake reads on.
 */
#ifndef GS_INDEXER_FILING_H
#define GS_INDEXER_FILING_H

#include "common/segment/segment.h"

enum gs_field {
    GS_FIELD_ID,
    GS_FIELD_TITLE,
    GS_FIELD_NAME,
    GS_FIELD_COMPANY,
    GS_FIELD_DATE,
    GS_FIELD_PERIOD,
    GS_FIELD_TYPE,
    GS_FIELD_EXCHANGE,
    GS_FIELD_BOARD,
    GS_FIELD_URL,
    GS_FIELD_PATH,
    GS_FIELD_NUMBER, /* of the announcement: 公告编号 */
    GS_FIELD_SOURCE, /* the id of the file it came from, where its own id does not begin with that
                      */
    GS_FIELD_CODES,  /* several, separated by U+001F */
    GS_FIELD_EXTRA,  /* a JSON object, or empty */
    GS_FIELD_COUNT
};

struct gs_filing {
    struct gs_str field[GS_FIELD_COUNT]; /* empty: unknown */
    struct gs_str text;
    /* Where the title stands in the text, if it was found there (bytes). Equal: a title is a field
     * of its own and is read before the text. */
    uint32_t title_from, title_to;
    uint64_t source_size; /* bytes of the file, archive member or line it came from */
    uint64_t source_time; /* when that was last changed, ns since 1970; 0: not known */
    enum gs_text_state text_state;
};

/* The title, whether a field or a place in the text. Borrowed. */
static inline struct gs_str gs_filing_title(const struct gs_filing *f)
{
    if (f->field[GS_FIELD_TITLE].size > 0 || f->title_to <= f->title_from)
        return f->field[GS_FIELD_TITLE];
    return (struct gs_str){f->text.bytes + f->title_from, f->title_to - f->title_from};
}

#define GS_ID_MAX       4096u      /* bytes of an id */
#define GS_METADATA_MAX (1u << 20) /* bytes of any other stored field */

#endif
