#include "query/batch_program.h"

#include "common/base/api_error.h"
#include "query/answer.h"
#include "query/batch.h"
#include "query/query_program.h"
#include "query/synonyms.h"

#include <unistd.h>

static unsigned thread_count(const struct gs_query_options *o)
{
    long wanted = o->threads ? (long)o->threads : sysconf(_SC_NPROCESSORS_ONLN);
    return wanted < 1                            ? 1
           : wanted > (long)GS_BATCH_THREADS_MAX ? GS_BATCH_THREADS_MAX
                                                 : (unsigned)wanted;
}

static enum gaosou_status run(const struct gs_query_options *o, gaosou_searcher *searcher,
                              struct gs_batch_counts *counts, struct gs_err *err)
{
    struct gs_synonyms *synonyms = NULL;
    struct gs_request defaults = o->request;
    enum gaosou_status status = GAOSOU_OK;
    if (o->synonyms)
        status = gs_synonyms_open(&synonyms, o->synonyms, err);
    struct gs_answer_fields fields;
    if (status == GAOSOU_OK && o->fields)
        status = gs_answer_fields_read(&fields, o->fields, o->chinese, err);
    if (status == GAOSOU_OK) {
        defaults.synonyms = synonyms;
        defaults.fields = o->fields ? &fields : NULL;
        struct gs_batch_params params = {.searcher = searcher,
                                         .defaults = &defaults,
                                         .threads = thread_count(o),
                                         .input = STDIN_FILENO,
                                         .output = STDOUT_FILENO};
        status = gs_batch_run(&params, counts, err);
    }
    gs_synonyms_free(synonyms);
    return status;
}

int gs_batch_program_run(const struct gs_query_options *options)
{
    gaosou_searcher *searcher;
    struct gaosou_error error = {0};
    struct gs_batch_counts counts = {0};
    struct gs_err err = {0};
    enum gaosou_status status = gaosou_searcher_open(&searcher, options->index, &error);
    if (status != GAOSOU_OK)
        return gs_query_program_fail(&error.err);
    status = run(options, searcher, &counts, &err);
    gaosou_searcher_close(searcher);
    if (status != GAOSOU_OK)
        return gs_query_program_fail(&err);
    return counts.errors ? GS_EXIT_ERROR : counts.found ? GS_EXIT_FOUND : GS_EXIT_NOTHING;
}
