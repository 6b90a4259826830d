/*
 * invert.h: a batch of filings through the analysis into token slices. The hot path of the build.
 *
 * Tokens are collected with plain appends, counted by partition, and written once into a slice in
 * the order of partitions (design: partition by first character, sort later in the cache; a hash
 * table of terms costs three or four cache misses a token). One inverter a thread.
 */
#ifndef GS_INDEXER_INVERT_H
#define GS_INDEXER_INVERT_H

#include "indexer/work.h"

struct gs_inverter;

GS_MUST_USE enum gaosou_status gs_inverter_create(struct gs_inverter **out, struct gs_err *err);
void gs_inverter_free(struct gs_inverter *v);

/* Fills what the worker finds in *w (docs, slices, text pack); slices lie in the run's memory. The
 * failure goes to w->failure. */
void gs_inverter_run(struct gs_inverter *v, struct gs_run *run, struct gs_work *w);

#endif
