/*
 * live_filings.h: the live filings of an index writer's segments, one after the other, each with
 * its sequence number and one more column. For the writer's thread; the writer must not change
 * meanwhile but for deletions of filings already passed.
 */
#ifndef GS_INDEXER_LIVE_FILINGS_H
#define GS_INDEXER_LIVE_FILINGS_H

#include "indexer/index_writer.h"

struct gs_live_filings {
    struct gs_index_place place; /* of the filing it is on */
    uint64_t sequence, value;
    /* private: */
    const struct gs_index_writer *writer;
    enum gs_column column;
    size_t segment;
    uint32_t next;
    uint64_t sequences[GS_BLOCK], values[GS_BLOCK];
};

/* Before the first one. column: what `value` is to be. */
void gs_live_filings_begin(struct gs_live_filings *l, const struct gs_index_writer *w,
                           enum gs_column column);
/* Right after begin: passes over segments that have no filing with this sequence number or a later
 * one. */
void gs_live_filings_seek(struct gs_live_filings *l, uint64_t sequence);
/* *more: it is on a filing. */
GS_MUST_USE enum gaosou_status gs_live_filings_next(struct gs_live_filings *l, bool *more,
                                                    struct gs_err *err);

/* The place of a sequence number that the index has; doc is GS_DOC_END where it has not. */
GS_MUST_USE enum gaosou_status gs_live_filings_find(const struct gs_index_writer *w,
                                                    uint64_t sequence, struct gs_index_place *place,
                                                    struct gs_err *err);
/* Live filings with this sequence number or a later one. */
GS_MUST_USE enum gaosou_status gs_live_filings_count(const struct gs_index_writer *w,
                                                     uint64_t sequence, uint64_t *count,
                                                     struct gs_err *err);

#endif
