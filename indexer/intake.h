/*
 * intake.h: reads the inputs and hands on filings, one after the other, in the order of the walk;
 * what became of each input is noted in between (outcome.h).
 *
 *     walk (source.h) -> job on a crew: read, extract (intake_job.h) -> taken on the main thread
 *     lines of JSON: on the main thread (intake_jsonl.c)
 *     archives: members read on the main thread, extracted on the crew (intake_archive.c)
 *
 * The same filings come in the same order for any number of threads. One thread owns an intake; its
 * sink is called on that thread only.
 */
#ifndef GS_INDEXER_INTAKE_H
#define GS_INDEXER_INTAKE_H

#include "indexer/console.h"
#include "indexer/crew.h"
#include "indexer/decode.h"
#include "indexer/extract.h"
#include "indexer/jsonl.h"
#include "indexer/meta_csv.h"
#include "indexer/metadata.h"
#include "indexer/name_pattern.h"
#include "indexer/outcome.h"
#include "indexer/progress.h"
#include "indexer/reconcile.h"
#include "indexer/source.h"
#include "indexer/text_cache.h"

struct gs_intake_sink {
    void *ctx;
    enum gaosou_status (*filing)(void *ctx, const struct gs_filing *filing, struct gs_err *err);
};

struct gs_intake_params {
    const char *encoding; /* NULL: found out for each input */
    struct gs_source_params source;
    size_t filing_max; /* bytes of one text or line */
    uint64_t memory;   /* bytes the whole program may hold; 0: 16 * filing_max. The intake takes its
                          share: see intake_job.h */
    unsigned threads;  /* that read and extract; 0: 1 */
    /* What the index has already; NULL: nothing, all that is found is handed on. Borrowed. */
    struct gs_reconcile *reconcile;
    struct gs_meta_csv *meta;              /* fields over those of the inputs; NULL: none */
    const struct gs_name_pattern *pattern; /* and over those; NULL: none. Both are borrowed */
    struct gs_text_cache *cache; /* texts that were extracted before; NULL: none. Borrowed */
    /* Called between two inputs, with the sink's ctx; NULL: not. A failure ends the work. */
    enum gaosou_status (*tick)(void *ctx, struct gs_err *err);
    struct gs_progress *progress; /* is told which files are at work; NULL: none. Borrowed */
    /* Whether a filing of this id is there and will be replaced, with the sink's ctx; NULL: not
     * known. */
    bool (*replaces)(void *ctx, struct gs_str id);
};

struct gs_intake_job;

struct gs_intake {
    struct gs_intake_params params;
    struct gs_intake_sink sink;
    struct gs_outcomes outcomes;
    /* private: */
    struct gs_crew *crew;
    struct gs_intake_job *jobs; /* job k is jobs[k % job_count] */
    size_t job_count;
    uint64_t submitted, consumed;    /* jobs */
    struct gs_buf *inputs;           /* of each worker: the bytes of a file */
    size_t source_max;               /* bytes of a file that is read whole */
    uint64_t held;                   /* bytes of jobs that are not consumed; atomic */
    struct gs_progress_place passed; /* of the walk, handed to the crew or done */
    uint64_t within;                 /* bytes of the file that is streamed now */
    struct gs_metadata *metadata;
    struct gs_encodings_held encodings;
    struct gs_jsonl jsonl;
    struct gs_buf input, repaired, extra;
};

/* The console is borrowed. GAOSOU_E_ENCODING where the encoding is not known. */
GS_MUST_USE enum gaosou_status gs_intake_open(struct gs_intake *in,
                                              const struct gs_intake_params *params,
                                              const struct gs_intake_sink *sink,
                                              struct gs_console *console, struct gs_err *err);
void gs_intake_close(struct gs_intake *in);

/* Reads one path of the command line; all its filings have been handed on when it returns. Only
 * what must end the whole work is returned: no memory, or what the sink returned. */
GS_MUST_USE enum gaosou_status gs_intake_path(struct gs_intake *in, const char *path,
                                              struct gs_err *err);

#endif
