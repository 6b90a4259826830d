/*
 * deadline.h: when a search has to come to its end with what it has found (--timeout).
 *
 * The clock is asked at every GS_DEADLINE_LOOKS-th look, so that a look may stand in any loop over
 * filings, blocks or lists. Once the time is up it stays up. One thread.
 */
#ifndef GS_QUERY_DEADLINE_H
#define GS_QUERY_DEADLINE_H

#include <stdbool.h>
#include <stdint.h>

#define GS_DEADLINE_LOOKS 32u

struct gs_deadline {
    uint64_t at;             /* ns of the clock; 0: never */
    uint64_t (*clock)(void); /* NULL: CLOCK_MONOTONIC */
    uint32_t looks;          /* since the clock was asked */
    bool passed;
};

/* The clock is asked at the first look. */
void gs_deadline_init(struct gs_deadline *d, uint64_t at, uint64_t (*clock)(void));
/* Asks the clock. */
bool gs_deadline_ask(struct gs_deadline *d);

/* Whether the time is up. */
static inline bool gs_deadline_look(struct gs_deadline *d)
{
    if (d->at == 0 || d->passed || ++d->looks < GS_DEADLINE_LOOKS)
        return d->passed;
    return gs_deadline_ask(d);
}

#endif
