/*
 * intake.h: reads the inputs and hands on filings, one after the other; counts and names what it
 * could not take. One thread.
 */
#ifndef GS_INDEXER_INTAKE_H
#define GS_INDEXER_INTAKE_H

#include "indexer/console.h"
#include "indexer/decode.h"
#include "indexer/jsonl.h"
#include "indexer/source.h"

struct gs_tally {
    uint64_t filings;      /* handed on */
    uint64_t source_bytes; /* read from files, as they are on disk */
    uint64_t skipped[GS_SKIP_COUNT];
    uint64_t repaired;     /* inputs (files or lines) in which bytes were replaced */
    uint64_t replacements; /* U+FFFD put in */
    uint64_t bad_dates;    /* dates and periods that cannot be read: unknown in the index */
    uint64_t shown;        /* warnings about inputs printed so far */
};

/* True where something was skipped or damaged. */
bool gs_tally_has_losses(const struct gs_tally *t);
/* What a reason is called, for the summary. Static. */
const char *gs_skip_text(const struct gs_console *c, enum gs_skip reason);

struct gs_intake_sink {
    void *ctx;
    enum gaosou_status (*filing)(void *ctx, const struct gs_filing *filing, struct gs_err *err);
};

struct gs_intake_params {
    const char *encoding; /* NULL: UTF-8 */
    struct gs_source_params source;
    size_t filing_max; /* bytes of one text or line */
};

struct gs_intake {
    struct gs_intake_params params;
    struct gs_intake_sink sink;
    struct gs_console *console; /* borrowed */
    struct gs_tally tally;
    struct gs_decoder decoder;
    struct gs_jsonl jsonl;
    struct gs_buf input, repaired;
};

GS_MUST_USE enum gaosou_status gs_intake_open(struct gs_intake *in,
                                              const struct gs_intake_params *params,
                                              const struct gs_intake_sink *sink,
                                              struct gs_console *console, struct gs_err *err);
void gs_intake_close(struct gs_intake *in);

/* Reads one path of the command line. Only what must end the whole work is returned: no memory, or
 * what the sink returned. */
GS_MUST_USE enum gaosou_status gs_intake_path(struct gs_intake *in, const char *path,
                                              struct gs_err *err);

#endif
