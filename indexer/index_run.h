/*
 * index_run.h: what add and update share: from the command line to the commit and the summary.
 *
 *     intake -> (reconcile: is it the same?) -> builder -> index writer -> commit
 *
 * Long work commits as it goes (--checkpoint) and leaves a note, so that the same command goes on
 * after a kill (work_journal.h).
 */
#ifndef GS_INDEXER_INDEX_RUN_H
#define GS_INDEXER_INDEX_RUN_H

#include "indexer/commands.h"
#include "indexer/reconcile.h"

/* Runs the command and says what it did; returns the exit code. */
int gs_index_run(const struct gs_index_options *o, enum gs_reconcile_mode mode,
                 struct gs_console *c);

#endif
