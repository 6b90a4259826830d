#include "indexer/crew.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

enum job_state { JOB_READY, JOB_RUNNING, JOB_DONE };

struct crew_slot {
    struct gs_job *job;
    enum job_state state;
};

struct crew_thread {
    struct gs_crew *crew;
    pthread_t thread;
    unsigned number;
};

struct gs_crew {
    unsigned threads, started, window;
    pthread_mutex_t lock;
    pthread_cond_t ready, done;
    struct crew_slot slots[GS_CREW_WINDOW_MAX]; /* job k is in slot k % window */
    uint64_t consumed, taken, submitted;        /* consumed <= taken <= submitted */
    bool stop;
    struct gs_err failure; /* main thread's; status GAOSOU_OK: none */
    struct crew_thread *members;
};

/* With the lock held and a job ready: runs it with the lock dropped. */
static void run_one(struct gs_crew *c, unsigned worker)
{
    struct crew_slot *slot = &c->slots[c->taken++ % c->window];
    slot->state = JOB_RUNNING;
    pthread_mutex_unlock(&c->lock);
    slot->job->run(slot->job, worker);
    pthread_mutex_lock(&c->lock);
    slot->state = JOB_DONE;
    pthread_cond_signal(&c->done);
}

static void *member_main(void *arg)
{
    struct crew_thread *self = arg;
    struct gs_crew *c = self->crew;
    pthread_mutex_lock(&c->lock);
    while (!c->stop) {
        if (c->taken < c->submitted)
            run_one(c, self->number);
        else
            pthread_cond_wait(&c->ready, &c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

enum gaosou_status gs_crew_create(struct gs_crew **out, unsigned threads, struct gs_err *err)
{
    struct gs_crew *c = calloc(1, sizeof(*c));
    struct crew_thread *members = calloc(threads, sizeof(*members));
    if (!c || !members) {
        free(c);
        free(members);
        return gs_err_nomem(err, sizeof(*c));
    }
    c->members = members;
    c->threads = threads;
    c->window = 2 * threads < GS_CREW_WINDOW_MAX ? 2 * threads : GS_CREW_WINDOW_MAX;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->ready, NULL);
    pthread_cond_init(&c->done, NULL);
    for (unsigned i = 1; i < threads; i++) {
        members[i] = (struct crew_thread){.crew = c, .number = i};
        int failed = pthread_create(&members[i].thread, NULL, member_main, &members[i]);
        if (failed) {
            enum gaosou_status status = gs_err_sys(err, failed, "cannot start thread %u", i);
            gs_crew_free(c);
            return status;
        }
        c->started++;
    }
    *out = c;
    return GAOSOU_OK;
}

void gs_crew_free(struct gs_crew *c)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    c->stop = true;
    c->taken = c->submitted;
    pthread_cond_broadcast(&c->ready);
    pthread_mutex_unlock(&c->lock);
    for (unsigned i = 1; i <= c->started; i++)
        pthread_join(c->members[i].thread, NULL);
    pthread_cond_destroy(&c->ready);
    pthread_cond_destroy(&c->done);
    pthread_mutex_destroy(&c->lock);
    free(c->members);
    free(c);
}

unsigned gs_crew_threads(const struct gs_crew *c)
{
    return c->threads;
}

unsigned gs_crew_window(const struct gs_crew *c)
{
    return c->window;
}

static enum gaosou_status failure_of(const struct gs_crew *c, struct gs_err *err)
{
    if (c->failure.status != GAOSOU_OK)
        return gs_err_set(err, c->failure.status, "%s", c->failure.text);
    return GAOSOU_OK;
}

static void consume(struct gs_crew *c, struct gs_job *job)
{
    struct gs_err why = {0};
    if (c->failure.status != GAOSOU_OK)
        return;
    enum gaosou_status status = job->consume(job, &why);
    if (status != GAOSOU_OK) {
        c->failure = why;
        c->failure.status = status;
    }
}

/* With the lock held: consumes, helps or waits until at most `most` jobs are unconsumed; consumes
 * what is done in any case. */
static void settle(struct gs_crew *c, uint64_t most)
{
    for (;;) {
        struct crew_slot *head = &c->slots[c->consumed % c->window];
        if (c->consumed < c->taken && head->state == JOB_DONE) {
            pthread_mutex_unlock(&c->lock);
            consume(c, head->job);
            pthread_mutex_lock(&c->lock);
            c->consumed++;
        } else if (c->submitted - c->consumed <= most) {
            return;
        } else if (c->taken < c->submitted) {
            run_one(c, 0);
        } else {
            pthread_cond_wait(&c->done, &c->lock);
        }
    }
}

enum gaosou_status gs_crew_submit(struct gs_crew *c, struct gs_job *job, struct gs_err *err)
{
    if (c->failure.status != GAOSOU_OK)
        return failure_of(c, err);
    if (c->threads == 1) {
        job->run(job, 0);
        consume(c, job);
        return failure_of(c, err);
    }
    pthread_mutex_lock(&c->lock);
    c->slots[c->submitted++ % c->window] = (struct crew_slot){job, JOB_READY};
    pthread_cond_signal(&c->ready);
    settle(c, c->window - 1);
    pthread_mutex_unlock(&c->lock);
    return failure_of(c, err);
}

enum gaosou_status gs_crew_settle(struct gs_crew *c, uint64_t most, struct gs_err *err)
{
    pthread_mutex_lock(&c->lock);
    settle(c, most);
    pthread_mutex_unlock(&c->lock);
    return failure_of(c, err);
}
