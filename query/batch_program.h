/*
 * batch_program.h: gaosou-query --batch, from its options to its exit code.
 */
#ifndef GS_QUERY_BATCH_PROGRAM_H
#define GS_QUERY_BATCH_PROGRAM_H

#include "query/query_options.h"

/* Standard input to standard output. GS_EXIT_FOUND where a line found something, GS_EXIT_NOTHING
 * where none did, GS_EXIT_ERROR where the answer to one is an error, or the batch has failed. */
int gs_batch_program_run(const struct gs_query_options *options);

#endif
