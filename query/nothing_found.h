/*
 * nothing_found.h: what is said where no filing matches: the count of each part alone and of the
 * parts one after the other, so that the one that empties the answer is seen, and what to try.
 *
 * Takes about GS_NOTHING_FOUND_NS at most beyond the counts of the parts alone; what is not known
 * by then is left out. One thread.
 */
#ifndef GS_QUERY_NOTHING_FOUND_H
#define GS_QUERY_NOTHING_FOUND_H

#include "common/base/arena.h"
#include "common/base/json_write.h"
#include "query/search.h"

#define GS_NOTHING_FOUND_NS  1000000000u
#define GS_NOTHING_TRIES_MAX 12u

/* The filings that match this part of the root's AND and all the parts told before it. */
struct gs_nothing_step {
    const struct gs_node *node;
    uint64_t total;
};

enum gs_try_kind {
    GS_TRY_PIECE,    /* the longest piece, of the first characters and words, that occurs */
    GS_TRY_WORDS,    /* the words of a phrase, each by itself */
    GS_TRY_CAPITALS, /* OR and NOT are operators in capitals only */
    GS_TRY_ANY,      /* --any */
    GS_TRY_VALUE,    /* field:value, as filings have it, near to one that none has */
    GS_TRY_NO_VALUE, /* a filter whose values no filing has, nor any near them: to be left out */
    GS_TRY_WITHOUT,  /* the dates that empty the answer: what there is without them */
};
struct gs_try {
    enum gs_try_kind kind;
    struct gs_str text; /* what to type, or the word that is meant */
    uint64_t total;     /* filings that it finds; 0: not counted */
};

struct gs_nothing_found {
    uint64_t *leaves, *filters;    /* filings of each alone; of the query */
    struct gs_nothing_step *steps; /* up to the first that is 0 */
    size_t step_count;             /* 0 where the root is no AND */
    struct gs_try tries[GS_NOTHING_TRIES_MAX];
    size_t try_count;
};

#define GS_NOTHING_VALUES_MAX 3u

/* Values of the snapshot near to an item that no filing has: those that begin with it, or else that
 * hold it, or else the nearest. They live as long as the segments. */
struct gs_near_values {
    struct gs_str values[GS_NOTHING_VALUES_MAX];
    size_t count;
};
struct gs_deadline;
/* Those that were met before the deadline. item: of a filter of strings. */
GS_MUST_USE enum gaosou_status gs_near_values_find(struct gs_near_values *out,
                                                   const struct gs_snapshot *snapshot,
                                                   const struct gs_filter *filter, size_t item,
                                                   struct gs_deadline *deadline,
                                                   struct gs_err *err);

/* Arrays are the arena's; texts the query's or the arena's. options: of the run that found nothing.
 */
GS_MUST_USE enum gaosou_status
gs_nothing_found_make(struct gs_nothing_found *out, struct gs_arena *arena,
                      const struct gs_snapshot *snapshot, const struct gs_query *query,
                      const struct gs_search_options *options, struct gs_err *err);

void gs_nothing_found_write_text(struct gs_buf *out, const struct gs_nothing_found *n,
                                 const struct gs_query *query, bool chinese);
/* One object. */
void gs_nothing_found_write_json(struct gs_json *j, const struct gs_nothing_found *n,
                                 const struct gs_query *query, bool chinese);

#endif
