/*
 * progress_line.h: the text of the progress line, and the rate and time left that it tells. Pure;
 * storage is the caller's.
 */
#ifndef GS_INDEXER_PROGRESS_LINE_H
#define GS_INDEXER_PROGRESS_LINE_H

#include "common/base/buf.h"

#include <stdbool.h>

#define GS_PROGRESS_SAMPLES 60u

struct gs_progress_state {
    uint64_t files, bytes;             /* done */
    uint64_t files_total, bytes_total; /* only where is_total_known */
    bool is_total_known, is_stopping;
    double bytes_per_second;
    double seconds_left; /* below 0: not known */
    const char *name;    /* NULL: none */
};

/* Appends the line, at most `columns` wide. */
void gs_progress_line(struct gs_buf *out, const struct gs_progress_state *s, size_t columns,
                      bool chinese);

/*
 * Bytes done over time. The rate is that of the last minute: long enough that texts and PDFs, a
 * hundred times slower, average out where they alternate. The time left is by the mean of that and
 * the rate since the beginning, which damps it where the inputs come in long stretches of a kind.
 */
struct gs_progress_rate {
    double first_seconds, seconds[GS_PROGRESS_SAMPLES];
    uint64_t bytes[GS_PROGRESS_SAMPLES];
    unsigned count, next;
};

/* Keeps at most one sample a second. */
void gs_progress_rate_add(struct gs_progress_rate *r, double seconds, uint64_t bytes);
/* Bytes a second, now; 0 where nothing is known. */
double gs_progress_rate_now(const struct gs_progress_rate *r, double seconds, uint64_t bytes);
/* Seconds for so many bytes more; below 0: not known, as in the first three seconds. */
double gs_progress_rate_left(const struct gs_progress_rate *r, double seconds, uint64_t bytes,
                             uint64_t more);

#endif
