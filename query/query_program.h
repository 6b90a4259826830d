/*
 * query_program.h: what gaosou-query does, from its options to its exit code.
 *
 * Writes to standard output and standard error; reads no environment.
 */
#ifndef GS_QUERY_QUERY_PROGRAM_H
#define GS_QUERY_QUERY_PROGRAM_H

#include "query/query_options.h"

#define GS_EXIT_FOUND   0
#define GS_EXIT_NOTHING 1
#define GS_EXIT_ERROR   2

int gs_query_program_run(const struct gs_query_options *options);

/* `gaosou-query: message` on standard error; safe to show. Returns GS_EXIT_ERROR. */
int gs_query_program_fail(const struct gs_err *err);

#endif
