#include "query/score.h"

#include <math.h>

struct gs_scorer gs_scorer_make(double k1, double b, uint64_t doc_count, uint64_t total_length)
{
    double average = doc_count ? (double)total_length / (double)doc_count : 0;
    if (average <= 0)
        average = 1;
    return (struct gs_scorer){.base = k1 * (1 - b), .slope = k1 * b / average, .longest = UINT32_MAX};
}

double gs_idf(uint64_t doc_count, uint64_t n)
{
    if (n > doc_count)
        n = doc_count;
    return log(1 + ((double)(doc_count - n) + 0.5) / ((double)n + 0.5));
}

double gs_score_bound(const struct gs_scorer *s, double weight, const struct gs_impacts *impacts)
{
    double best = 0;
    for (uint32_t i = 0; i < impacts->count; i++) {
        if (impacts->pair[i].freq == UINT32_MAX)
            return weight;
        double part =
            gs_score_part(weight, impacts->pair[i].freq, gs_score_norm(s, impacts->pair[i].length));
        if (part > best)
            best = part;
    }
    return impacts->count ? best : weight;
}
