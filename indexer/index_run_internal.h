/*
 * index_run_internal.h: an add or update at work, shared by index_run.c and index_summary.c.
 */
#ifndef GS_INDEXER_INDEX_RUN_INTERNAL_H
#define GS_INDEXER_INDEX_RUN_INTERNAL_H

#include "indexer/builder.h"
#include "indexer/duplicates.h"
#include "indexer/index_run.h"
#include "indexer/intake.h"
#include "indexer/progress.h"
#include "indexer/report.h"
#include "indexer/work_journal.h"

struct gs_index_run {
    const struct gs_index_options *options;
    enum gs_reconcile_mode mode;
    struct gs_console *console;
    struct gs_progress progress;
    struct gs_report report;
    FILE *standard; /* output; the console's own goes to err where the report has it */
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_reconcile *reconcile;
    struct gs_work_journal journal;
    struct gs_intake intake;
    struct gs_prune prune;
    struct gs_meta_csv *meta;
    struct gs_text_cache *cache;
    struct gs_name_pattern pattern;
    bool intake_is_open;
    bool is_stopped;     /* by a signal, before all was done */
    bool committed;      /* something */
    uint64_t live;       /* filings in the index as it was committed last */
    struct gs_record_reader *records; /* for the report; NULL: not used yet */
    struct gs_hash_set given; /* hashes of the ids of this run, for the report */
    struct gs_hash_set paired; /* of filings of the same text that were named together */
    uint64_t older;      /* filings that were there and got replaced */
    double last_commit;  /* seconds */
    uint64_t duplicates; /* new filings whose text is there under another id */
};

/* What was done, on the console's out; nothing with --quiet. */
void gs_index_run_say_summary(struct gs_index_run *r);
/* What was not taken or is broken. */
void gs_index_run_say_losses(struct gs_index_run *r);

#endif
