/*
 * progress.h: one line on a terminal's stderr while work goes on that takes longer than a second:
 * files, MB, rate, percent and time left, and the name of a file that takes more than two seconds.
 * Nothing into a pipe, nothing with --quiet.
 *
 * Two threads of its own: one walks the inputs without reading them for the total, one draws, at
 * most five times a second, also while all others are busy with one long file. The line and
 * messages (console.h) take turns by the lock of the stream. The terminal's width is asked for each
 * drawing.
 */
#ifndef GS_INDEXER_PROGRESS_H
#define GS_INDEXER_PROGRESS_H

#include "indexer/console.h"
#include "indexer/source.h"

struct gs_progress_work;

struct gs_progress {
    struct gs_console *console;
    double start;                  /* monotonic seconds */
    struct gs_progress_work *work; /* NULL: nothing is shown */
};

/* Where the work is; any thread's. */
struct gs_progress_place {
    uint64_t files, bytes; /* passed, as they lie on disk */
};

/* Slots of gs_progress_begin: a worker's number, or this for what the main thread streams. */
#define GS_PROGRESS_STREAM 64u
#define GS_PROGRESS_SLOTS  (GS_PROGRESS_STREAM + 1)

/* Starts the clock. */
void gs_progress_start(struct gs_progress *p, struct gs_console *console);
/* Starts the threads, if anything is to be shown. roots and params are borrowed until stop. */
void gs_progress_watch(struct gs_progress *p, char *const *roots, int count,
                       const struct gs_source_params *params);
/* Seconds since start. */
double gs_progress_seconds(const struct gs_progress *p);
void gs_progress_update(struct gs_progress *p, struct gs_progress_place place);
/* A file is begun or done with, by this slot; p may be NULL. Any thread, each its own slots. */
void gs_progress_begin(struct gs_progress *p, unsigned slot, const char *path);
void gs_progress_end(struct gs_progress *p, unsigned slot);
/* Ends the threads and removes the line; again is fine. begin and end may still be called. */
void gs_progress_stop(struct gs_progress *p);
/* Stops, and frees: after the last begin and end. Takes a zeroed object. */
void gs_progress_release(struct gs_progress *p);

#endif
