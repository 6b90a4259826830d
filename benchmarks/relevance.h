/*
 * relevance.h: how good a ranking is, by judgements in TREC's form, and whether one is better than
 * another.
 *
 * nDCG@10 (Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", 2002, with
 * the gain as judged and discount log2(rank + 1)), reciprocal rank of the first relevant filing
 * among ten (Voorhees, TREC-8 question answering track, 1999), and the share of a query's relevant
 * filings among the first hundred. A query that finds nothing counts as 0; a mean is over the
 * queries with a relevant filing. Out of memory ends the program.
 */
#ifndef GS_BENCHMARKS_RELEVANCE_H
#define GS_BENCHMARKS_RELEVANCE_H

#include <stddef.h>
#include <stdint.h>

struct judgement {
    const char *query, *filing; /* borrowed from the file's text */
    unsigned grade;             /* 0: judged not relevant */
};

/* Lines "QUERY ITERATION FILING GRADE", read and sorted by query. `text` is cut at white space and
 * has to outlive the judgements. Returns false where a line is none; its number is in *line. */
struct judgements {
    struct judgement *all;
    size_t count;
};
_Bool judgements_read(struct judgements *j, char *text, size_t *line);
void judgements_release(struct judgements *j);
/* Those of a query; their number. */
size_t judgements_of(const struct judgements *j, const char *query, const struct judgement **first);

enum measure { MEASURE_NDCG10, MEASURE_MRR10, MEASURE_R100, MEASURE_COUNT };
#define MEASURE_DEPTH 100 /* filings of a ranking that are looked at */
extern const char *const measure_names[MEASURE_COUNT];

/* The measures of one ranking, best first, against the query's judgements. false: none of them is
 * relevant, and nothing is measured. */
_Bool measure_ranking(const char *const *filings, size_t count, const struct judgement *judged,
                      size_t judged_count, double out[MEASURE_COUNT]);

double mean_of(const double *values, size_t count);

/* The two-sided p of the difference of two means over the same queries by Fisher's randomisation
 * test (Smucker, Allan and Carterette, "A comparison of statistical significance tests for
 * information retrieval evaluation", 2007): the share of random exchanges whose difference is as
 * large. Of 10,000 exchanges, the same at every call. */
double randomisation_test(const double *a, const double *b, size_t count);

#endif
