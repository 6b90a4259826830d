/*
 * draw_queries.h: queries cut from the stored text of random filings of an index, for bench_query.
 * Ends the program where that cannot be done.
 */
#ifndef GS_BENCHMARKS_DRAW_QUERIES_H
#define GS_BENCHMARKS_DRAW_QUERIES_H

#include "common/segment/manifest.h"

/* Writes `number` lines "class TAB query" to standard output; bench_query.c names the classes. */
void draw_queries(const struct gs_snapshot *snapshot, const char *class, size_t number,
                  uint64_t seed);

#endif
