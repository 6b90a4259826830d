#include "query/deadline.h"

#include <time.h>

static uint64_t monotonic(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void gs_deadline_init(struct gs_deadline *d, uint64_t at, uint64_t (*clock)(void))
{
    *d = (struct gs_deadline){
        .at = at, .clock = clock ? clock : monotonic, .looks = GS_DEADLINE_LOOKS - 1};
}

bool gs_deadline_ask(struct gs_deadline *d)
{
    d->looks = 0;
    d->passed = d->passed || (d->at != 0 && d->clock() >= d->at);
    return d->passed;
}
