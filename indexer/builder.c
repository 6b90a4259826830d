#include "indexer/builder.h"

#include "indexer/flush.h"
#include "indexer/invert.h"
#include "indexer/word_ranks.h"

#include <stdlib.h>

/* Shares of the memory budget. */
#define BATCH_SHARE   512 /* content of one batch; GS_CREW_WINDOW_MAX of them may be under way */
#define FILING_SHARE  16  /* the largest filing */
#define SCRATCH_SHARE 16  /* sorting, all threads together */
#define BATCH_MAX     ((size_t)4 << 20)
#define BATCH_MIN     ((size_t)128 << 10)
/* What the program holds besides a run: buffers, contexts, encoded terms, one thread's and each
 * further one's. Measured. */
#define FIXED_MEMORY  ((uint64_t)34 << 20)
#define THREAD_MEMORY ((uint64_t)36 << 20)
/* A run ends where its accounted bytes would pass this many hundredths of the rest of the budget.
 */
#define RUN_HUNDREDTHS 60
/* Batches under way: at most GS_CREW_WINDOW_MAX, and at most this many times a batch's usual
 * content. */
#define LAG_BATCHES 16
/* Accounted bytes for each byte of content where nothing is known yet: one letter and one space
 * alternating make 4. */
#define FIRST_RATIO 4
/* Bytes that sorting and emitting one token of an oversized partition takes beyond the scratch. */
#define EMIT_COST    20
#define SCRATCH_COST 28 /* bytes of scratch a token */
#define SCRATCH_MAX  ((size_t)4 << 20)

struct batch_mark {     /* of a batch of this run, once it is in the run */
    uint64_t content;   /* bytes of the batches up to and with this one */
    uint64_t accounted; /* bytes of the run then */
};

struct gs_builder {
    struct gs_builder_params params;
    struct gs_index_writer *writer;
    struct gs_crew *crew;
    struct gs_run run;
    struct gs_inverter *inverters[GS_CREW_THREADS_MAX];
    struct gs_work works[GS_CREW_WINDOW_MAX + 1];
    size_t work_count, batch;                    /* objects; bytes of content that fill one */
    uint64_t batches;                            /* sealed in this run */
    uint64_t done;                               /* of them in the run */
    struct batch_mark marks[GS_CREW_WINDOW_MAX]; /* of batch k at k % GS_CREW_WINDOW_MAX */
    uint64_t content;                            /* bytes sealed in this run */
    uint64_t sealed_total;                       /* batches over all runs: which work is filled */
    bool in_run;
    size_t scratch_tokens; /* a worker sorts at once */
    size_t large_part;     /* tokens from which a partition's own needs are accounted for */
    struct gs_builder_counts counts;
};

size_t gs_builder_filing_max(uint64_t memory)
{
    uint64_t most = memory / FILING_SHARE;
    return most < GS_FILING_MAX ? (size_t)most : GS_FILING_MAX;
}

static size_t clamp(uint64_t value, size_t low, size_t high)
{
    return value < low ? low : value > high ? high : (size_t)value;
}

/* ---- one batch ---- */

static void run_batch(struct gs_job *job, unsigned worker)
{
    struct gs_work *w = (struct gs_work *)job;
    struct gs_builder *b = w->owner;
    gs_work_find_values(w, gs_index_writer_filterable(b->writer));
    if (w->failure.status == GAOSOU_OK)
        gs_inverter_run(b->inverters[worker], &b->run, w);
}

static enum gaosou_status add_docs(struct gs_builder *b, const struct gs_work *w,
                                   struct gs_err *err)
{
    const size_t filterable = gs_index_writer_filterable(b->writer)->count;
    for (size_t i = 0; i < w->doc_count; i++) {
        struct gs_doc doc;
        bool replaced;
        gs_work_doc_view(w, &w->docs[i], &doc);
        enum gaosou_status status = gs_index_writer_add(b->writer, &doc, &replaced, err);
        if (status == GAOSOU_OK)
            status = gs_run_add_doc(&b->run, doc.positions, doc.length, err);
        if (status != GAOSOU_OK)
            return status;
        b->counts.filings++;
        b->counts.replaced += replaced;
        b->counts.content_bytes += doc.record.content_size;
        for (size_t k = 0; k < filterable; k++)
            b->counts.with_value[k] += doc.filterable[k].size > 0;
        if (replaced && b->params.replaced)
            b->params.replaced(b->params.ctx, doc.record.id);
    }
    return GAOSOU_OK;
}

/* All that a run holds, counted from the input alone. */
static uint64_t accounted(const struct gs_builder *b)
{
    const struct gs_run *r = &b->run;
    uint64_t large = r->largest_part > b->large_part ? r->largest_part : 0;
    return r->bytes + large * EMIT_COST + r->largest_names * GS_WORD_RANKS_COST +
           gs_index_writer_memory(b->writer);
}

static enum gaosou_status consume_batch(struct gs_job *job, struct gs_err *err)
{
    struct gs_work *w = (struct gs_work *)job;
    struct gs_builder *b = w->owner;
    if (w->failure.status != GAOSOU_OK)
        return gs_err_set(err, w->failure.status, "%s", w->failure.text);
    uint32_t base = (uint32_t)b->run.positions;
    enum gaosou_status status = add_docs(b, w, err);
    for (size_t i = 0; i < w->slice_count && status == GAOSOU_OK; i++) {
        w->slices[i].position_base += base;
        status = gs_run_add_slice(&b->run, &w->slices[i], err);
    }
    if (status != GAOSOU_OK)
        return status;
    if (w->pack)
        gs_segment_writer_append_text(gs_index_writer_segment(b->writer), w->pack);
    struct batch_mark *mark = &b->marks[b->done++ % GS_CREW_WINDOW_MAX];
    mark->accounted = accounted(b);
    gs_work_clear(w);
    return GAOSOU_OK;
}

/* ---- runs ---- */

static enum gaosou_status end_run(struct gs_builder *b, struct gs_err *err)
{
    enum gaosou_status status = gs_crew_drain(b->crew, err);
    if (status == GAOSOU_OK)
        status = gs_flush_run(&b->run, b->crew, b->scratch_tokens,
                              gs_index_writer_segment(b->writer), err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_end(b->writer, err);
    gs_run_clear(&b->run);
    b->batches = b->done = b->content = 0;
    b->in_run = false;
    b->counts.runs++;
    return status;
}

static uint64_t run_limit(uint64_t memory)
{
    return (memory - FIXED_MEMORY) / 100 * RUN_HUNDREDTHS;
}

static unsigned affordable_threads(uint64_t memory, unsigned threads)
{
    uint64_t most = 1 + (memory - FIXED_MEMORY - run_limit(memory)) / THREAD_MEMORY;
    return threads < most ? threads : (unsigned)most;
}

/* How many of the batches before one with this content may still be under way when it is judged. */
static uint64_t lag_of(const struct gs_builder *b, uint64_t content)
{
    uint64_t lag = b->batches < GS_CREW_WINDOW_MAX - 1 ? b->batches : GS_CREW_WINDOW_MAX - 1;
    while (lag > 0) {
        uint64_t oldest = b->batches - lag;
        uint64_t before = oldest ? b->marks[(oldest - 1) % GS_CREW_WINDOW_MAX].content : 0;
        if (b->content + content - before <= LAG_BATCHES * (uint64_t)b->batch)
            break;
        lag--;
    }
    return lag;
}

/* Whether the run has to end before a batch of this content is added to it, batches but the last
 * `lag` being done. */
static bool run_is_full(const struct gs_builder *b, uint64_t content, uint64_t lag)
{
    uint64_t known_content = 0, known = 0;
    if (b->batches > lag) {
        const struct batch_mark *mark = &b->marks[(b->batches - lag - 1) % GS_CREW_WINDOW_MAX];
        known_content = mark->content;
        known = mark->accounted;
    }
    uint64_t coming = b->content + content - known_content;
    /* A quarter more than so far: what comes may be denser. */
    uint64_t estimate =
        known_content ? coming * (known + known / 4) / known_content : coming * FIRST_RATIO;
    /* At most two positions a byte, of which there are 2^32. */
    return known + estimate > b->params.run_bytes ||
           2 * (b->content + content) > UINT32_MAX - BATCH_MAX;
}

/* Ends the run where the next batch has no room in it. */
static enum gaosou_status make_room(struct gs_builder *b, uint64_t content, struct gs_err *err)
{
    uint64_t lag = lag_of(b, content);
    enum gaosou_status status = gs_crew_settle(b->crew, lag, err);
    if (status == GAOSOU_OK && run_is_full(b, content, lag))
        status = end_run(b, err);
    return status;
}

static enum gaosou_status seal(struct gs_builder *b, struct gs_err *err)
{
    struct gs_work *w = &b->works[b->sealed_total % b->work_count];
    if (w->doc_count == 0)
        return GAOSOU_OK;
    enum gaosou_status status = GAOSOU_OK;
    if (b->in_run)
        status = make_room(b, w->content.size, err);
    if (status == GAOSOU_OK && !b->in_run) {
        status = gs_index_writer_begin(b->writer, b->params.with_text, b->params.text_level, err);
        b->in_run = status == GAOSOU_OK;
    }
    if (status != GAOSOU_OK)
        return status;
    b->content += w->content.size;
    b->marks[b->batches++ % GS_CREW_WINDOW_MAX].content = b->content;
    b->sealed_total++;
    return gs_crew_submit(b->crew, &w->job, err);
}

/* ---- the builder ---- */

static enum gaosou_status builder_start(struct gs_builder *b, struct gs_err *err)
{
    const struct gs_builder_params *p = &b->params;
    enum gaosou_status status = gs_crew_create(&b->crew, p->threads, err);
    /* Address space only: what is touched is bounded by run_is_full(). */
    if (status == GAOSOU_OK)
        status = gs_run_open(&b->run, (size_t)p->memory, err);
    for (unsigned i = 0; i < p->threads && status == GAOSOU_OK; i++)
        status = gs_inverter_create(&b->inverters[i], err);
    b->batch = clamp(p->memory / BATCH_SHARE, BATCH_MIN, BATCH_MAX);
    size_t works = status == GAOSOU_OK ? gs_crew_window(b->crew) + 1 : 0;
    for (; b->work_count < works && status == GAOSOU_OK; b->work_count++) {
        struct gs_work *w = &b->works[b->work_count];
        status = gs_work_init(w, b->batch, gs_builder_filing_max(p->memory), p->with_text,
                              p->text_level, err);
        w->job = (struct gs_job){run_batch, consume_batch};
        w->owner = b;
    }
    return status;
}

enum gaosou_status gs_builder_create(struct gs_builder **out, struct gs_index_writer *writer,
                                     const struct gs_builder_params *params, struct gs_err *err)
{
    struct gs_builder *b = calloc(1, sizeof(*b));
    if (!b)
        return gs_err_nomem(err, sizeof(*b));
    b->params = *params;
    if (b->params.memory < GS_MEMORY_MIN)
        b->params.memory = GS_MEMORY_MIN;
    if (b->params.run_bytes == 0)
        b->params.run_bytes = run_limit(b->params.memory);
    params = &b->params;
    b->params.threads = affordable_threads(params->memory, params->threads);
    b->writer = writer;
    /* Of the memory alone, never of the threads: it decides where a run ends. */
    b->large_part = clamp(params->memory / SCRATCH_SHARE / SCRATCH_COST / 4, 1, (size_t)1 << 20);
    b->scratch_tokens = clamp(params->memory / SCRATCH_SHARE / params->threads / SCRATCH_COST,
                              (size_t)16 << 10, SCRATCH_MAX);
    enum gaosou_status status = builder_start(b, err);
    if (status != GAOSOU_OK) {
        gs_builder_free(b);
        return status;
    }
    *out = b;
    return GAOSOU_OK;
}

void gs_builder_free(struct gs_builder *b)
{
    if (!b)
        return;
    gs_crew_free(b->crew);
    for (unsigned i = 0; i < GS_CREW_THREADS_MAX; i++)
        gs_inverter_free(b->inverters[i]);
    for (size_t i = 0; i < sizeof(b->works) / sizeof(b->works[0]); i++)
        gs_work_release(&b->works[i]);
    gs_run_close(&b->run);
    free(b);
}

enum gaosou_status gs_builder_add(struct gs_builder *b, const struct gs_filing *filing,
                                  struct gs_err *err)
{
    struct gs_work *w = &b->works[b->sealed_total % b->work_count];
    enum gaosou_status status = gs_work_add(w, filing, err);
    if (status != GAOSOU_OK || !gs_work_is_full(w))
        return status;
    return seal(b, err);
}

enum gaosou_status gs_builder_checkpoint(struct gs_builder *b, struct gs_err *err)
{
    enum gaosou_status status = seal(b, err);
    if (status == GAOSOU_OK && b->in_run)
        status = end_run(b, err);
    return status;
}

enum gaosou_status gs_builder_finish(struct gs_builder *b, struct gs_err *err)
{
    return gs_builder_checkpoint(b, err);
}

struct gs_builder_counts gs_builder_get_counts(const struct gs_builder *b)
{
    return b->counts;
}
