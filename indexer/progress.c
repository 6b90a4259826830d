#include "indexer/progress.h"

#include <time.h>
#include <unistd.h>

#define FIRST_AFTER 1.0 /* seconds */
#define EVERY       0.2

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void gs_progress_start(struct gs_progress *p, struct gs_console *console)
{
    *p = (struct gs_progress){.console = console};
    p->shown_at_all = !console->quiet && isatty(fileno(console->err));
    p->start = p->last = now();
}

double gs_progress_seconds(const struct gs_progress *p)
{
    return now() - p->start;
}

void gs_progress_update(struct gs_progress *p, uint64_t filings, uint64_t bytes)
{
    if (!p->shown_at_all)
        return;
    double t = now();
    if (t - p->start < FIRST_AFTER || t - p->last < EVERY)
        return;
    p->last = t;
    double mb = (double)bytes / 1e6;
    fprintf(p->console->err,
            GS_TR(p->console, "\r\033[K%llu filings, %.1f MB, %.1f MB/s",
                  "\r\033[K%llu 份公告,%.1f MB,%.1f MB/s"),
            (unsigned long long)filings, mb, mb / (t - p->start));
    fflush(p->console->err);
    p->console->status_line = true;
}

void gs_progress_stop(struct gs_progress *p)
{
    gs_console_clear_line(p->console);
}
