#include "benchmarks/relevance.h"

#include "benchmarks/options.h"
#include "tests/support/random_source.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EXCHANGES 10000

const char *const measure_names[MEASURE_COUNT] = {"ndcg10", "mrr10", "r100"};

static int compare_judgements(const void *a, const void *b)
{
    const struct judgement *x = a, *y = b;
    int order = strcmp(x->query, y->query);
    return order ? order : strcmp(x->filing, y->filing);
}

/* The next word of a line, ended by a NUL; NULL where there is none. */
static char *next_word(char **at)
{
    char *start = *at + strspn(*at, " \t\r");
    size_t size = strcspn(start, " \t\r");
    if (size == 0)
        return NULL;
    *at = start + size + (start[size] != 0);
    start[size] = 0;
    return start;
}

static _Bool read_line(struct judgement *out, char *line)
{
    char *query = next_word(&line), *iteration = query ? next_word(&line) : NULL;
    char *filing = iteration ? next_word(&line) : NULL;
    char *grade = filing ? next_word(&line) : NULL;
    if (!grade || (!isdigit((unsigned char)*grade) && *grade != '-') || next_word(&line))
        return 0;
    long value = strtol(grade, NULL, 10);
    *out = (struct judgement){query, filing, value > 0 && value < 1000 ? (unsigned)value : 0};
    return 1;
}

_Bool judgements_read(struct judgements *j, char *text, size_t *line)
{
    size_t capacity = 0;
    *j = (struct judgements){0};
    *line = 0;
    for (char *at = text, *end; at && *at; at = end) {
        end = strchr(at, '\n');
        if (end)
            *end++ = 0;
        ++*line;
        if (at[strspn(at, " \t\r")] == 0)
            continue;
        if (j->count == capacity) {
            capacity = capacity * 2 + 1024;
            j->all = realloc(j->all, capacity * sizeof(*j->all));
            if (!j->all)
                option_fail("judgements", "no memory");
        }
        if (!read_line(&j->all[j->count++], at))
            return 0;
    }
    if (j->count > 1)
        qsort(j->all, j->count, sizeof(*j->all), compare_judgements);
    return 1;
}

void judgements_release(struct judgements *j)
{
    free(j->all);
    *j = (struct judgements){0};
}

size_t judgements_of(const struct judgements *j, const char *query, const struct judgement **first)
{
    size_t low = 0, high = j->count, end;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strcmp(j->all[middle].query, query) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < j->count && strcmp(j->all[end].query, query) == 0;)
        end++;
    *first = j->all + low;
    return end - low;
}

static unsigned grade_of(const char *filing, const struct judgement *judged, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(judged[i].filing, filing) == 0)
            return judged[i].grade;
    return 0;
}

static int compare_grades(const void *a, const void *b)
{
    const unsigned *x = a, *y = b;
    return *x > *y ? -1 : *x < *y;
}

/* The gain of the best ten in the best order. */
static double ideal_gain(const struct judgement *judged, size_t count)
{
    unsigned *grades = malloc((count + 1) * sizeof(*grades));
    double gain = 0;
    if (!grades)
        option_fail("judgements", "no memory");
    for (size_t i = 0; i < count; i++)
        grades[i] = judged[i].grade;
    qsort(grades, count, sizeof(*grades), compare_grades);
    for (size_t i = 0; i < count && i < 10; i++)
        gain += grades[i] / log2((double)i + 2);
    free(grades);
    return gain;
}

_Bool measure_ranking(const char *const *filings, size_t count, const struct judgement *judged,
                      size_t judged_count, double out[MEASURE_COUNT])
{
    size_t relevant = 0, found = 0;
    double gain = 0, reciprocal = 0;
    for (size_t i = 0; i < judged_count; i++)
        relevant += judged[i].grade > 0;
    if (relevant == 0)
        return 0;
    for (size_t i = 0; i < count && i < MEASURE_DEPTH; i++) {
        unsigned grade = grade_of(filings[i], judged, judged_count);
        found += grade > 0;
        if (i < 10)
            gain += grade / log2((double)i + 2);
        if (i < 10 && grade > 0 && reciprocal == 0)
            reciprocal = 1 / ((double)i + 1);
    }
    out[MEASURE_NDCG10] = gain / ideal_gain(judged, judged_count);
    out[MEASURE_MRR10] = reciprocal;
    out[MEASURE_R100] = (double)found / (double)relevant;
    return 1;
}

double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return count ? sum / (double)count : 0;
}

double randomisation_test(const double *a, const double *b, size_t count)
{
    double *differences = malloc((count + 1) * sizeof(*differences)), seen = 0;
    size_t n = 0, as_large = 0;
    struct random_source random = {1};
    if (!differences)
        option_fail("test", "no memory");
    for (size_t i = 0; i < count; i++) { /* equal pairs change nothing */
        if (a[i] != b[i])
            differences[n++] = a[i] - b[i];
        seen += a[i] - b[i];
    }
    for (int round = 0; round < EXCHANGES; round++) {
        double sum = 0;
        uint64_t bits = 0;
        for (size_t i = 0; i < n; i++, bits >>= 1) {
            if (i % 64 == 0)
                bits = random_next(&random);
            sum += bits & 1 ? differences[i] : -differences[i];
        }
        as_large += fabs(sum) >= fabs(seen) * (1 - 1e-12);
    }
    free(differences);
    return ((double)as_large + 1) / (EXCHANGES + 1);
}
