/*
 * crew.h: worker threads that run jobs in any order, while the main thread consumes them in the
 * order of submission.
 *
 * With one thread no thread is started and a job is run and consumed inside submit. The main thread
 * helps: where it has to wait it runs jobs itself, as worker 0. A job belongs to the crew from
 * submit until its consume is called, which happens inside a submit or drain of the main thread.
 */
#ifndef GS_INDEXER_CREW_H
#define GS_INDEXER_CREW_H

#include "common/base/err.h"

#define GS_CREW_THREADS_MAX 64u
#define GS_CREW_WINDOW_MAX  16u /* jobs that are submitted and not yet consumed, at most */

struct gs_job {
    void (*run)(struct gs_job *job, unsigned worker); /* any thread; keeps its own status */
    enum gaosou_status (*consume)(struct gs_job *job, struct gs_err *err); /* main thread */
};

struct gs_crew;

/* threads: 1 to GS_CREW_THREADS_MAX, the main one included. */
GS_MUST_USE enum gaosou_status gs_crew_create(struct gs_crew **out, unsigned threads,
                                              struct gs_err *err);
/* Waits for what runs; nothing is consumed any more. */
void gs_crew_free(struct gs_crew *c);

unsigned gs_crew_threads(const struct gs_crew *c);
/* After submit returns, fewer than this many jobs are unconsumed: as many job objects suffice. */
unsigned gs_crew_window(const struct gs_crew *c);

/* The first failure of a consume is returned by this and every later call; jobs behind it are run
 * or not, but not consumed. */
GS_MUST_USE enum gaosou_status gs_crew_submit(struct gs_crew *c, struct gs_job *job,
                                              struct gs_err *err);
/* Consumes until at most `most` jobs are unconsumed; 0: all are. */
GS_MUST_USE enum gaosou_status gs_crew_settle(struct gs_crew *c, uint64_t most, struct gs_err *err);
static inline enum gaosou_status gs_crew_drain(struct gs_crew *c, struct gs_err *err)
{
    return gs_crew_settle(c, 0, err);
}

#endif
