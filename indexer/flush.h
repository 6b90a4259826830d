/*
 * flush.h: a run's tokens, sorted partition by partition, into the terms of a segment.
 *
 * Partitions are taken in groups of consecutive ones, by any worker; the groups' encoded terms go
 * to the writer in order. Which partitions make a group depends on the tokens alone, so the bytes
 * are the same for any number of threads.
 */
#ifndef GS_INDEXER_FLUSH_H
#define GS_INDEXER_FLUSH_H

#include "common/segment/segment_writer.h"
#include "indexer/crew.h"
#include "indexer/run.h"

/* All terms of the run to the writer, whose docs were added before. scratch_tokens: tokens a worker
 * sorts at once (one frequent term may need more). */
GS_MUST_USE enum gaosou_status gs_flush_run(struct gs_run *run, struct gs_crew *crew,
                                            size_t scratch_tokens, struct gs_segment_writer *writer,
                                            struct gs_err *err);

#endif
