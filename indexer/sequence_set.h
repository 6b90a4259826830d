/*
 * sequence_set.h: a set of sequence numbers below a limit, a bit each, in chunks made where they
 * are needed. Sequence numbers stay with a filing through merges, places in segments do not. One
 * thread.
 */
#ifndef GS_INDEXER_SEQUENCE_SET_H
#define GS_INDEXER_SEQUENCE_SET_H

#include "common/base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct gs_sequence_set {
    uint64_t **chunks; /* NULL: all zero */
    uint64_t limit;
};

GS_MUST_USE enum gaosou_status gs_sequence_set_init(struct gs_sequence_set *s, uint64_t limit,
                                                    struct gs_err *err);
void gs_sequence_set_release(struct gs_sequence_set *s);

/* sequence < limit. */
GS_MUST_USE enum gaosou_status gs_sequence_set_add(struct gs_sequence_set *s, uint64_t sequence,
                                                   struct gs_err *err);
bool gs_sequence_set_has(const struct gs_sequence_set *s, uint64_t sequence);

#endif
