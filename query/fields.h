/*
 * fields.h: what is told of a filing in lists for programs: the keys of a hit's JSON, the columns
 * of a table.
 */
#ifndef GS_QUERY_FIELDS_H
#define GS_QUERY_FIELDS_H

#include "common/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* In the order of a hit's JSON; the last ones are no part of it unless asked for. */
enum gs_answer_field {
    GS_ANSWER_RANK,
    GS_ANSWER_SCORE,
    GS_ANSWER_ID,
    GS_ANSWER_TITLE,
    GS_ANSWER_CODES,
    GS_ANSWER_NAME,
    GS_ANSWER_COMPANY,
    GS_ANSWER_EXCHANGE,
    GS_ANSWER_BOARD,
    GS_ANSWER_DATE,
    GS_ANSWER_PERIOD,
    GS_ANSWER_TYPE,
    GS_ANSWER_NUMBER,
    GS_ANSWER_URL,
    GS_ANSWER_PATH,
    GS_ANSWER_UNSEARCHED,
    GS_ANSWER_DUPLICATES,
    GS_ANSWER_PAGE,
    GS_ANSWER_PAGE_LABEL,
    GS_ANSWER_SECTION,
    GS_ANSWER_TERMS,
    GS_ANSWER_EXTRA,
    GS_ANSWER_FRAGMENTS,
    GS_ANSWER_HITS,     /* occurrences of all terms */
    GS_ANSWER_LINK,     /* url, or else path, or else id */
    GS_ANSWER_SENTENCE, /* the text of the first fragment */
    GS_ANSWER_SPANS,    /* the marks in it */
    GS_ANSWER_COUNT,
};

struct gs_answer_fields {
    enum gs_answer_field fields[GS_ANSWER_COUNT];
    size_t count;
};

const char *gs_answer_field_name(enum gs_answer_field field);

/* What is listed unless told: of a hit's JSON, of a table of filings, of a table of hits. Static.
 */
extern const struct gs_answer_fields gs_answer_fields_of_json;
extern const struct gs_answer_fields gs_answer_fields_of_filings;
extern const struct gs_answer_fields gs_answer_fields_of_hits;

/* Reads names with commas between them, each once. GAOSOU_E_USE names the one that is none, and all
 * that there are. */
GS_MUST_USE enum gaosou_status gs_answer_fields_read(struct gs_answer_fields *list,
                                                     const char *names, bool chinese,
                                                     struct gs_err *err);
bool gs_answer_fields_has(const struct gs_answer_fields *list, enum gs_answer_field field);

#endif
