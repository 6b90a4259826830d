#include "indexer/flush.h"

#include "indexer/flush_part.h"

#include <stdlib.h>

/* Tokens after which a group of partitions is closed. Fixed: it is part of what decides the bytes.
 */
#define GROUP_TOKENS ((uint64_t)64 << 10)

struct gs_flush;

/* Partitions [first, last) of one kind. */
struct flush_job {
    struct gs_job job; /* first */
    struct gs_flush *flush;
    uint32_t first, last;
    bool words;
    struct gs_term_part *part;
    struct gs_err failure;
};

struct gs_flush {
    const struct gs_run *run;
    struct gs_segment_writer *writer;
    struct gs_doc_map map;
    struct gs_wide_list wide;
    struct gs_flush_worker *workers; /* one a thread */
    struct flush_job jobs[GS_CREW_WINDOW_MAX + 1];
    uint64_t submitted;
};

static void run_job(struct gs_job *job, unsigned worker)
{
    struct flush_job *j = (struct flush_job *)job;
    struct gs_flush *f = j->flush;
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t p = j->first; p < j->last && status == GAOSOU_OK; p++) {
        struct gs_flush_worker *w = &f->workers[worker];
        status = j->words ? gs_flush_word_part(w, f->run, p, j->part, &j->failure)
                          : gs_flush_han_part(w, f->run, &f->wide, p, j->part, &j->failure);
    }
    if (status != GAOSOU_OK && j->failure.status == GAOSOU_OK)
        (void)gs_err_set(&j->failure, status, "cannot encode terms: %s",
                         gaosou_status_text(status));
}

static enum gaosou_status consume_job(struct gs_job *job, struct gs_err *err)
{
    struct flush_job *j = (struct flush_job *)job;
    if (j->failure.status != GAOSOU_OK)
        return gs_err_set(err, j->failure.status, "%s", j->failure.text);
    gs_segment_writer_append_terms(j->flush->writer, j->part);
    gs_term_part_clear(j->part);
    return GAOSOU_OK;
}

static enum gaosou_status submit(struct gs_flush *f, struct gs_crew *crew, uint32_t first,
                                 uint32_t last, bool words, struct gs_err *err)
{
    /* Job objects go round; the crew gives one back before it takes the last. By itself it needs
     * one. */
    unsigned jobs = gs_crew_threads(crew) == 1 ? 1 : gs_crew_window(crew);
    struct flush_job *j = &f->jobs[f->submitted++ % jobs];
    if (!j->part && gs_term_part_create(&j->part) != GAOSOU_OK)
        return gs_err_nomem(err, sizeof(*j));
    *j = (struct flush_job){.job = {run_job, consume_job},
                            .flush = f,
                            .first = first,
                            .last = last,
                            .words = words,
                            .part = j->part};
    return gs_crew_submit(crew, &j->job, err);
}

/* Partitions [0, count) in groups of about GROUP_TOKENS. */
static enum gaosou_status submit_groups(struct gs_flush *f, struct gs_crew *crew,
                                        const uint64_t *totals, uint32_t parts, uint32_t count,
                                        bool words, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t first = 0; first < count && status == GAOSOU_OK;) {
        uint64_t tokens = 0;
        uint32_t last = first;
        while (last < count && tokens < GROUP_TOKENS) {
            tokens += last < parts ? totals[last] : 0;
            last++;
        }
        status = submit(f, crew, first, last, words, err);
        first = last;
    }
    return status;
}

static void flush_release(struct gs_flush *f, unsigned threads)
{
    for (unsigned i = 0; f->workers && i < threads; i++)
        gs_flush_worker_release(&f->workers[i]);
    free(f->workers);
    for (size_t i = 0; i < sizeof(f->jobs) / sizeof(f->jobs[0]); i++)
        gs_term_part_free(f->jobs[i].part);
    gs_doc_map_release(&f->map);
    gs_wide_list_release(&f->wide);
    free(f);
}

enum gaosou_status gs_flush_run(struct gs_run *run, struct gs_crew *crew, size_t scratch_tokens,
                                struct gs_segment_writer *writer, struct gs_err *err)
{
    unsigned threads = gs_crew_threads(crew);
    struct gs_flush *f = calloc(1, sizeof(*f));
    if (!f)
        return gs_err_nomem(err, sizeof(*f));
    f->run = run;
    f->writer = writer;
    enum gaosou_status status = GAOSOU_OK;
    f->workers = calloc(threads, sizeof(*f->workers));
    if (!f->workers)
        status = gs_err_nomem(err, threads * sizeof(*f->workers));
    for (unsigned i = 0; f->workers && i < threads; i++)
        gs_flush_worker_init(&f->workers[i], scratch_tokens, &f->map, run);
    if (status == GAOSOU_OK)
        status = gs_doc_map_init(&f->map, run, err);
    if (status == GAOSOU_OK)
        status = gs_wide_list_init(&f->wide, run, err);
    if (status == GAOSOU_OK)
        status =
            submit_groups(f, crew, run->han_tokens, GS_HAN_PARTS, GS_HAN_PARTS + 1, false, err);
    if (status == GAOSOU_OK)
        status = submit_groups(f, crew, run->word_tokens, GS_WORD_PARTS, GS_WORD_PARTS, true, err);
    /* Also after a failure: jobs that are under way use what is released below. */
    enum gaosou_status drained = gs_crew_drain(crew, status == GAOSOU_OK ? err : NULL);
    if (status == GAOSOU_OK)
        status = drained;
    flush_release(f, threads);
    return status;
}
