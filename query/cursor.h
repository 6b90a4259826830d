/*
 * cursor.h: where an answer is to be continued, and what its scores were made of (docs/QUERY.md,
 * Cursors); as a token, which is text for people to hand back and says nothing to them.
 *
 * Plain data, the caller's. A token is URL-safe base64 (RFC 4648, section 5, without padding) of
 * bytes with a version in front and a checksum behind; whoever makes one up himself gets some
 * answer, and no more. Pure functions, thread-safe.
 */
#ifndef GS_QUERY_CURSOR_H
#define GS_QUERY_CURSOR_H

#include "common/base/buf.h"
#include "common/segment/manifest.h"
#include "query/query.h"
#include "query/search.h"

#define GS_CURSOR_LEAVES_MAX 64u   /* of a query that has cursors */
#define GS_CURSOR_CODE_MAX   1024u /* bytes of a code that a filing is sorted by */

/* A filing's place in an order. */
struct gs_cursor_place {
    double key; /* as in the ranking; of GS_SORT_CODE nothing: there it is the code */
    uint32_t closeness;
    uint64_t sequence;
};

struct gs_cursor {
    uint64_t commit;         /* of the first page */
    uint64_t next_sequence;  /* then: filings from it on were added later */
    uint64_t query, options; /* fingerprints */
    uint64_t mark;           /* of the last filing shown: gs_cursor_mark */
    uint64_t rank;           /* hits so far */
    uint64_t doc_count, total_length;
    struct gs_cursor_place last;   /* shown */
    struct gs_cursor_place border; /* the last filing that the second pass had, in the order of the
                                      first pass */
    bool has_border;               /* false: there is no second pass, or it had all filings */
    bool in_head;                  /* the last filing shown was one that the second pass had */
    char code[GS_CURSOR_CODE_MAX];
    size_t code_size; /* 0: unknown, or another order */
    double weights[GS_CURSOR_LEAVES_MAX];
    size_t weight_count; /* leaves of the query */
};

/* Appends the token, not NUL-ended. */
void gs_cursor_write(const struct gs_cursor *c, struct gs_buf *out);
/* NUL-ended text; white space around it is no part of it. GAOSOU_E_QUERY: it is no token, or one of
 * another version. */
GS_MUST_USE enum gaosou_status gs_cursor_read(struct gs_cursor *c, const char *token,
                                              struct gs_err *err);

/* Of all that decides about the order: sort, ties, collapsing, what is taken in, k1, b and the
 * ranking, which is the one that the search uses. */
uint64_t gs_cursor_options(const struct gs_search_options *options,
                           const struct gs_ranking *ranking, size_t min_match);
/* What tells a filing from another one that has its sequence number in another index. */
GS_MUST_USE enum gaosou_status gs_cursor_mark(const struct gs_segment *segment, uint32_t doc,
                                              uint64_t *mark, struct gs_err *err);
/* Whether it fits: GAOSOU_E_QUERY says which of query, options and index it does not. */
GS_MUST_USE enum gaosou_status gs_cursor_check(const struct gs_cursor *c,
                                               const struct gs_snapshot *snapshot,
                                               const struct gs_query *query, uint64_t options,
                                               struct gs_err *err);
/* The first filing of the snapshot with this sequence number or a later one: (segment_count, 0)
 * where there is none. Sequence numbers ascend with segments and filings. */
GS_MUST_USE enum gaosou_status gs_cursor_find(const struct gs_snapshot *snapshot, uint64_t sequence,
                                              uint32_t *segment, uint32_t *doc, struct gs_err *err);

#endif
