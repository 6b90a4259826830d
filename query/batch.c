#include "query/batch.h"

#include "common/base/json_write.h"
#include "query/answer.h"
#include "query/batch_line.h"
#include "query/searcher.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define WINDOW_PER_THREAD 16u /* answers that may wait for those before them */
#define READ_STEP         ((size_t)64 << 10)
#define KEPT_MAX          ((size_t)1 << 20) /* bytes of a buffer that is kept for the next line */
#define ANSWER_MAX        ((size_t)1 << 29) /* bytes of an answer */

/* An answer from when its line is taken until it is written. */
struct slot {
    struct gs_buf text;
    bool done;
};

struct batch {
    const struct gs_batch_params *params;

    pthread_mutex_t input_lock; /* of what follows, up to the next lock */
    struct gs_buf input;        /* read and not yet taken: from `from` on */
    size_t from;
    bool at_end;
    uint64_t taken; /* lines */

    pthread_mutex_t output_lock;
    pthread_cond_t written_more;
    struct gs_sink sink;
    uint64_t written;   /* lines whose answer is in the sink */
    bool input_waits;   /* somebody is about to wait for input: all that is done goes out at once */
    bool stopped;       /* nothing more is taken */
    struct slot *slots; /* of line k at k % slot_count */
    size_t slot_count;
    struct gs_batch_counts counts;
    enum gaosou_status status; /* of the work, not of a line */
    struct gs_err err;
};

struct worker {
    struct batch *batch;
    pthread_t thread;
    struct gs_buf line;
    struct gs_batch_line reader;
    struct gs_answerer *answerer;
    struct gs_shared_snapshot *snapshot; /* of the last answer; NULL: none */
};

/* ---- output ---- */

/* With the output's lock. */
static void flush(struct batch *b)
{
    gs_sink_flush(&b->sink);
    b->stopped = b->stopped || b->sink.closed || b->sink.errnum;
}

static void stop(struct batch *b, enum gaosou_status status, const struct gs_err *err)
{
    pthread_mutex_lock(&b->output_lock);
    b->stopped = true;
    if (b->status == GAOSOU_OK && status != GAOSOU_OK) {
        b->status = status;
        b->err = *err;
    }
    pthread_cond_broadcast(&b->written_more);
    pthread_mutex_unlock(&b->output_lock);
}

static void release_large(struct gs_buf *buf)
{
    if (buf->capacity > KEPT_MAX)
        gs_buf_release(buf);
}

/* The answer to this line is done: writes what is due. */
static void hand_over(struct batch *b, uint64_t number)
{
    pthread_mutex_lock(&b->output_lock);
    b->slots[number % b->slot_count].done = true;
    uint64_t before = b->written;
    for (struct slot *s = &b->slots[before % b->slot_count]; s->done;
         s = &b->slots[b->written % b->slot_count]) {
        gs_buf_append(&b->sink.buf, s->text.data, s->text.size);
        gs_buf_clear(&s->text);
        release_large(&s->text);
        s->done = false;
        b->written++;
        gs_sink_relieve(&b->sink);
    }
    if (b->input_waits)
        flush(b);
    if (b->written > before)
        pthread_cond_broadcast(&b->written_more);
    pthread_mutex_unlock(&b->output_lock);
}

/* Waits until there is a slot for this line. False: there will be none. */
static bool wait_for_slot(struct batch *b, uint64_t number)
{
    pthread_mutex_lock(&b->output_lock);
    while (!b->stopped && number >= b->written + b->slot_count)
        pthread_cond_wait(&b->written_more, &b->output_lock);
    bool go_on = !b->stopped;
    pthread_mutex_unlock(&b->output_lock);
    return go_on;
}

/* ---- input: with its lock ---- */

static void set_waiting(struct batch *b, bool waits)
{
    pthread_mutex_lock(&b->output_lock);
    b->input_waits = waits;
    if (waits)
        flush(b);
    pthread_mutex_unlock(&b->output_lock);
}

static bool has_input(int input)
{
    struct pollfd p = {.fd = input, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

/* Reads on; all that is done is out before that may take long. After a wait the newest commit is
 * taken; where it cannot be read, the one before goes on to serve. */
static enum gaosou_status read_more(struct batch *b, struct gs_err *err)
{
    if (b->from > 0) {
        memmove(b->input.data, b->input.data + b->from, b->input.size - b->from);
        b->input.size -= b->from;
        b->from = 0;
    }
    uint8_t *at = gs_buf_reserve(&b->input, READ_STEP);
    if (!at)
        return gs_err_nomem(err, READ_STEP);
    ssize_t n;
    bool waits = !has_input(b->params->input);
    set_waiting(b, true);
    do
        n = read(b->params->input, at, READ_STEP);
    while (n < 0 && errno == EINTR);
    int problem = errno;
    set_waiting(b, false);
    if (n < 0)
        return gs_err_sys(err, problem, "standard input");
    if (waits && n > 0)
        (void)gaosou_searcher_refresh(b->params->searcher, NULL, NULL);
    b->at_end = n == 0;
    b->input.size += (size_t)n;
    return GAOSOU_OK;
}

/* The next line into w->line, without its end. *more: there was one. *too_long: it is not whole. */
static enum gaosou_status next_line(struct worker *w, bool *more, bool *too_long,
                                    struct gs_err *err)
{
    struct batch *b = w->batch;
    size_t end = 0, searched = 0;
    gs_buf_clear(&w->line);
    *too_long = false;
    for (;;) {
        const uint8_t *start = b->input.data + b->from;
        size_t left = b->input.size - b->from;
        const uint8_t *line_end =
            left > searched ? memchr(start + searched, '\n', left - searched) : NULL;
        end = line_end ? (size_t)(line_end - start) : left;
        *too_long = *too_long || end > GS_BATCH_LINE_MAX;
        if (line_end || b->at_end) {
            *more = line_end || left > 0 || *too_long;
            if (!*too_long && end > 0)
                gs_buf_append(&w->line, start, end);
            b->from += end + (line_end != NULL);
            break;
        }
        if (*too_long)
            b->from = b->input.size; /* what is read of it is of no use */
        searched = *too_long ? 0 : left;
        enum gaosou_status status = read_more(b, err);
        if (status != GAOSOU_OK)
            return status;
    }
    return gs_buf_status(&w->line) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, end);
}

/* ---- one line ---- */

/* The answer to a line with an "id" says it, too, behind all else. */
static void write_id(struct gs_buf *out, struct gs_str id)
{
    if (id.size == 0)
        return;
    out->size--; /* the object's end */
    gs_buf_append(out, ",\"id\":", 6);
    gs_buf_append(out, id.bytes, id.size);
    gs_buf_append_u8(out, '}');
}

static void write_error(struct gs_buf *out, const struct gs_err *why, uint64_t line)
{
    struct gs_json j;
    gs_json_init(&j, out);
    gs_json_begin_object(&j);
    gs_json_key(&j, "error");
    gs_json_begin_object(&j);
    gs_json_key(&j, "status");
    gs_json_u64(&j, (uint64_t)why->status);
    gs_json_key(&j, "message");
    gs_json_string(&j, why->text);
    gs_json_key(&j, "line");
    gs_json_u64(&j, line);
    gs_json_end_object(&j);
    gs_json_end_object(&j);
}

static enum gaosou_status run_line(struct worker *w, struct gs_err *why)
{
    struct gaosou_searcher *searcher = w->batch->params->searcher;
    struct gs_shared_snapshot *before = w->snapshot; /* the last answer points into it until now */
    w->snapshot = gs_searcher_take(searcher);
    enum gaosou_status status =
        gs_answer_run(w->answerer, &w->snapshot->snapshot, &w->reader.request, why);
    gs_searcher_give_back(searcher, before);
    return status;
}

/* Answers into *out, or says in *why what is wrong. */
static enum gaosou_status answer(struct worker *w, uint64_t number, bool too_long,
                                 struct gs_buf *out, struct gs_err *why)
{
    const struct gs_batch_params *p = w->batch->params;
    const uint8_t *bytes = w->line.data;
    size_t size = w->line.size;
    w->reader.id = (struct gs_str){0};
    if (too_long)
        return gs_err_set(why, GAOSOU_E_LIMIT, "a line of more than %zu bytes", GS_BATCH_LINE_MAX);
    if (number == 0 && size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        size -= 3;
    }
    if (size > 0 && bytes[size - 1] == '\r')
        size--;
    enum gaosou_status status = gs_batch_line_read(&w->reader, p->defaults, bytes, size, why);
    if (status == GAOSOU_OK)
        status = run_line(w, why);
    return status == GAOSOU_OK ? gs_answer_write_json(w->answerer, out, why) : status;
}

static void answer_line(struct worker *w, uint64_t number, bool too_long)
{
    struct batch *b = w->batch;
    struct gs_buf *out = &b->slots[number % b->slot_count].text;
    struct gs_err why = {0};
    enum gaosou_status status = answer(w, number, too_long, out, &why);
    bool found = status == GAOSOU_OK && gs_answer_head(w->answerer)->total > 0;
    if (status != GAOSOU_OK) {
        if (why.status != status)
            (void)gs_err_set(&why, status, "%s", gaosou_status_text(status));
        gs_buf_release(out); /* a part of an answer, or what did not fit */
        write_error(out, &why, number + 1);
    }
    if (gs_buf_status(out) == GAOSOU_OK)
        write_id(out, w->reader.id);
    gs_buf_append_u8(out, '\n');
    __atomic_fetch_add(&b->counts.lines, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&b->counts.found, found, __ATOMIC_RELAXED);
    __atomic_fetch_add(&b->counts.errors, status != GAOSOU_OK, __ATOMIC_RELAXED);
    if (gs_buf_status(out) != GAOSOU_OK)
        stop(b, GAOSOU_E_NOMEM, &(struct gs_err){GAOSOU_E_NOMEM, "out of memory"});
    release_large(&w->line);
}

/* Takes lines and answers them until there are no more. */
static void *work(void *context)
{
    struct worker *w = context;
    struct batch *b = w->batch;
    struct gs_err err = {0};
    for (;;) {
        bool more = false, too_long = false;
        enum gaosou_status status = GAOSOU_OK;
        pthread_mutex_lock(&b->input_lock);
        uint64_t number = b->taken;
        if (wait_for_slot(b, number))
            status = next_line(w, &more, &too_long, &err);
        b->taken += more && status == GAOSOU_OK;
        pthread_mutex_unlock(&b->input_lock);
        if (status != GAOSOU_OK)
            stop(b, status, &err);
        if (status != GAOSOU_OK || !more)
            return NULL;
        answer_line(w, number, too_long);
        hand_over(b, number);
    }
}

/* ---- the batch ---- */

static enum gaosou_status worker_init(struct worker *w, struct batch *b, struct gs_err *err)
{
    *w = (struct worker){.batch = b};
    gs_buf_init(&w->line, GS_BATCH_LINE_MAX);
    gs_batch_line_init(&w->reader);
    return gs_answerer_create(&w->answerer, err);
}

static void worker_release(struct worker *w)
{
    gs_answerer_free(w->answerer);
    gs_searcher_give_back(w->batch->params->searcher, w->snapshot);
    gs_batch_line_release(&w->reader);
    gs_buf_release(&w->line);
}

/* The caller is worker 0; a thread that cannot be had is done without. */
static enum gaosou_status work_all(struct batch *b, struct worker *workers, struct gs_err *err)
{
    unsigned ready = 0, running = 1;
    enum gaosou_status status = GAOSOU_OK;
    for (; ready < b->params->threads && status == GAOSOU_OK; ready++)
        status = worker_init(&workers[ready], b, err);
    if (status == GAOSOU_OK) {
        while (running < ready &&
               pthread_create(&workers[running].thread, NULL, work, &workers[running]) == 0)
            running++;
        work(&workers[0]);
        for (unsigned i = 1; i < running; i++)
            pthread_join(workers[i].thread, NULL);
        status = b->status;
        if (status != GAOSOU_OK)
            *err = b->err;
    }
    for (unsigned i = 0; i < ready; i++)
        worker_release(&workers[i]);
    return status;
}

static void batch_release(struct batch *b)
{
    for (size_t i = 0; b->slots && i < b->slot_count; i++)
        gs_buf_release(&b->slots[i].text);
    free(b->slots);
    gs_buf_release(&b->input);
    pthread_mutex_destroy(&b->input_lock);
    pthread_mutex_destroy(&b->output_lock);
    pthread_cond_destroy(&b->written_more);
}

enum gaosou_status gs_batch_run(const struct gs_batch_params *params,
                                struct gs_batch_counts *counts, struct gs_err *err)
{
    struct batch b = {.params = params, .slot_count = params->threads * WINDOW_PER_THREAD};
    struct worker *workers = calloc(params->threads, sizeof(*workers));
    pthread_mutex_init(&b.input_lock, NULL);
    pthread_mutex_init(&b.output_lock, NULL);
    pthread_cond_init(&b.written_more, NULL);
    gs_buf_init(&b.input, GS_BATCH_LINE_MAX + 4 * READ_STEP);
    gs_sink_init(&b.sink, params->output);
    b.slots = calloc(b.slot_count, sizeof(*b.slots));
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; b.slots && i < b.slot_count; i++)
        gs_buf_init(&b.slots[i].text, ANSWER_MAX);
    if (!workers || !b.slots)
        status = gs_err_nomem(err, params->threads * sizeof(*workers));
    if (status == GAOSOU_OK)
        status = work_all(&b, workers, err);
    struct gs_err output_err;
    enum gaosou_status written = gs_sink_finish(&b.sink, "standard output", &output_err);
    if (status == GAOSOU_OK && written != GAOSOU_OK) {
        status = written;
        *err = output_err;
    }
    *counts = b.counts;
    batch_release(&b);
    free(workers);
    return status;
}
