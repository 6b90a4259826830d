/*
 * progress.h: one line on a terminal's stderr while work goes on that takes longer than a second.
 * Nothing into a pipe, nothing with --quiet. One thread.
 */
#ifndef GS_INDEXER_PROGRESS_H
#define GS_INDEXER_PROGRESS_H

#include "indexer/console.h"

struct gs_progress {
    struct gs_console *console;
    bool shown_at_all; /* whether err is a terminal */
    double start, last;
};

void gs_progress_start(struct gs_progress *p, struct gs_console *console);
/* Seconds since start. */
double gs_progress_seconds(const struct gs_progress *p);
/* May write the line: at most five times a second, and not in the first second. */
void gs_progress_update(struct gs_progress *p, uint64_t filings, uint64_t bytes);
void gs_progress_stop(struct gs_progress *p);

#endif
