#include "query/sort_key.h"

#include "query/doc_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PART_SEPARATOR '\x1f' /* between the codes of a filing */
#define BATCH          GS_BLOCK

/* ---- codes ---- */

/* A code with the place that it came from. */
struct code_entry {
    struct gs_str code;
    uint32_t segment, ordinal;
};

static int compare_strs(struct gs_str a, struct gs_str b)
{
    size_t least = a.size < b.size ? a.size : b.size;
    int order = least ? memcmp(a.bytes, b.bytes, least) : 0;
    return order ? order : a.size < b.size ? -1 : a.size > b.size;
}

static int compare_entries(const void *a, const void *b)
{
    return compare_strs(((const struct code_entry *)a)->code, ((const struct code_entry *)b)->code);
}

static struct gs_str first_part(struct gs_str value)
{
    const char *end = value.size ? memchr(value.bytes, PART_SEPARATOR, value.size) : NULL;
    if (end)
        value.size = (size_t)(end - value.bytes);
    return value;
}

/* The first codes of one segment's values, ascending: nearly always the order that they have. */
static enum gaosou_status read_codes(const struct gs_segment *segment, uint32_t number,
                                     struct code_entry *entries, struct gs_err *err)
{
    uint32_t count = gs_keyword_value_count(segment, GS_KEYWORD_CODE);
    bool sorted = true;
    for (uint32_t i = 0; i < count; i++) {
        struct gs_str value = {NULL, 0};
        enum gaosou_status status = gs_keyword_value(segment, GS_KEYWORD_CODE, i + 1, &value, err);
        if (status)
            return status;
        entries[i] =
            (struct code_entry){.code = first_part(value), .segment = number, .ordinal = i + 1};
        sorted = sorted && (i == 0 || compare_entries(&entries[i - 1], &entries[i]) <= 0);
    }
    if (!sorted)
        qsort(entries, count, sizeof(*entries), compare_entries);
    return GAOSOU_OK;
}

/* Merges the runs from[starts[i], starts[i + 1]) by twos into `to`; their number then. */
static size_t merge_runs(const struct code_entry *from, struct code_entry *to, size_t *starts,
                         size_t runs)
{
    size_t merged = 0;
    for (size_t r = 0; r < runs; r += 2) {
        size_t a = starts[r], a_end = starts[r + 1], b = a_end,
               b_end = r + 1 < runs ? starts[r + 2] : a_end, at = a;
        starts[merged++] = a;
        while (a < a_end || b < b_end) {
            bool second = a == a_end || (b < b_end && compare_entries(&from[b], &from[a]) < 0);
            to[at++] = second ? from[b++] : from[a++];
        }
        starts[merged] = b_end;
    }
    return merged;
}

/* Numbers the different codes of the sorted entries. */
static void number_codes(struct gs_sort_keys *k, const struct code_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_entries(&entries[i - 1], &entries[i]) != 0)
            k->codes[k->code_count++] = entries[i].code;
        k->places[entries[i].segment][entries[i].ordinal] = (uint32_t)k->code_count;
    }
}

static enum gaosou_status take_places(struct gs_sort_keys *k, size_t *starts)
{
    for (size_t i = 0; i < k->snapshot->segment_count; i++) {
        size_t values = gs_keyword_value_count(k->snapshot->segments[i].segment, GS_KEYWORD_CODE);
        starts[i + 1] = starts[i] + values;
        k->places[i] = calloc(values + 1, sizeof(**k->places));
        if (!k->places[i])
            return GAOSOU_E_NOMEM;
    }
    return GAOSOU_OK;
}

static enum gaosou_status sort_codes(struct gs_sort_keys *k, struct code_entry *entries,
                                     struct code_entry *other, size_t *starts, struct gs_err *err)
{
    size_t runs = k->snapshot->segment_count, total = starts[runs];
    for (size_t i = 0; i < runs; i++) {
        enum gaosou_status status =
            read_codes(k->snapshot->segments[i].segment, (uint32_t)i, entries + starts[i], err);
        if (status)
            return status;
    }
    for (; runs > 1; runs = merge_runs(other, entries, starts, runs)) {
        struct code_entry *swap = entries;
        entries = other;
        other = swap;
    }
    k->codes = malloc((total + 1) * sizeof(*k->codes));
    if (!k->codes)
        return gs_err_nomem(err, total * sizeof(*k->codes));
    number_codes(k, entries, total);
    return GAOSOU_OK;
}

static enum gaosou_status make_codes(struct gs_sort_keys *k, struct gs_err *err)
{
    size_t segments = k->snapshot->segment_count;
    struct code_entry *entries = NULL, *other = NULL;
    size_t *starts = calloc(segments + 2, sizeof(*starts));
    k->places = calloc(segments + 1, sizeof(*k->places));
    enum gaosou_status status = starts && k->places ? take_places(k, starts) : GAOSOU_E_NOMEM;
    if (!status) {
        entries = malloc((starts[segments] + 1) * sizeof(*entries));
        other = malloc((starts[segments] + 1) * sizeof(*other));
        if (!entries || !other)
            status = GAOSOU_E_NOMEM;
    }
    status = status ? gs_err_nomem(err, segments * sizeof(*k->places))
                    : sort_codes(k, entries, other, starts, err);
    free(entries);
    free(other);
    free(starts);
    return status;
}

struct gs_str gs_sort_keys_code(const struct gs_sort_keys *k, double key)
{
    size_t place = key <= 0 && -key < (double)k->code_count ? (size_t)-key : k->code_count;
    return place < k->code_count ? k->codes[place] : (struct gs_str){"", 0};
}

double gs_sort_keys_of_code(const struct gs_sort_keys *k, struct gs_str code)
{
    if (code.size == 0)
        return -INFINITY;
    size_t low = 0, high = k->code_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_strs(k->codes[middle], code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool known = low < k->code_count && compare_strs(k->codes[low], code) == 0;
    return known ? -(double)low : 0.5 - (double)low;
}

/* ---- keys ---- */

enum gaosou_status gs_sort_keys_make(struct gs_sort_keys *k, enum gs_sort sort,
                                     const struct gs_snapshot *snapshot, struct gs_err *err)
{
    *k = (struct gs_sort_keys){.sort = sort, .snapshot = snapshot};
    return sort == GS_SORT_CODE ? make_codes(k, err) : GAOSOU_OK;
}

void gs_sort_keys_release(struct gs_sort_keys *k)
{
    for (size_t i = 0; k->places && i < k->snapshot->segment_count; i++)
        free(k->places[i]);
    free(k->places);
    free(k->codes);
    *k = (struct gs_sort_keys){0};
}

static double date_key(enum gs_sort sort, uint64_t date)
{
    if (date == 0)
        return -INFINITY;
    return sort == GS_SORT_NEWEST ? (double)date : -(double)date;
}

/* Whether no filing of the block of `doc` reaches the threshold, as far as its bounds tell. */
static enum gaosou_status is_block_below(const struct gs_sort_keys *k,
                                         const struct gs_segment *segment, uint32_t doc,
                                         double threshold, bool *below, struct gs_err *err)
{
    uint64_t least = 0, most = 0;
    enum gaosou_status status = gs_column_bounds(segment, GS_COLUMN_DATE, doc, &least, &most, err);
    double best = k->sort == GS_SORT_NEWEST ? (double)most : -(double)least;
    *below = status == GAOSOU_OK && best < threshold;
    return status;
}

/* Dates of filings of one block. */
static enum gaosou_status read_date_block(const struct gs_sort_keys *k,
                                          const struct gs_segment *segment, const uint32_t *docs,
                                          size_t count, double threshold, double *keys,
                                          struct gs_err *err)
{
    uint64_t dates[BATCH];
    bool below = false;
    enum gaosou_status status = GAOSOU_OK;
    if (threshold > -INFINITY)
        status = is_block_below(k, segment, docs[0], threshold, &below, err);
    if (!status && !below)
        status = gs_doc_values(segment, GS_COLUMN_DATE, docs, count, dates, err);
    for (size_t i = 0; i < count && !status; i++)
        keys[i] = below ? -INFINITY : date_key(k->sort, dates[i]);
    return status;
}

static enum gaosou_status read_dates(const struct gs_sort_keys *k, const struct gs_segment *segment,
                                     const uint32_t *docs, size_t count, double threshold,
                                     double *keys, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0, end; i < count && !status; i = end) {
        for (end = i + 1; end < count && docs[end] / GS_BLOCK == docs[i] / GS_BLOCK;)
            end++;
        status = read_date_block(k, segment, docs + i, end - i, threshold, keys + i, err);
    }
    return status;
}

static enum gaosou_status read_places(const struct gs_sort_keys *k, size_t segment,
                                      const uint32_t *docs, size_t count, double *keys,
                                      struct gs_err *err)
{
    uint32_t ordinals[BATCH];
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0, n; i < count && !status; i += n) {
        n = count - i < BATCH ? count - i : BATCH;
        status = gs_doc_ordinals(k->snapshot->segments[segment].segment, GS_KEYWORD_CODE, docs + i,
                                 n, ordinals, err);
        for (size_t j = 0; j < n && !status; j++) {
            uint32_t place = k->places[segment][ordinals[j]];
            keys[i + j] = place ? 1.0 - (double)place : -INFINITY;
        }
    }
    return status;
}

static enum gaosou_status read_lengths(const struct gs_segment *segment, const uint32_t *docs,
                                       size_t count, double *keys, struct gs_err *err)
{
    const uint8_t *lengths = NULL;
    uint32_t first = docs[0];
    enum gaosou_status status =
        gs_column_lengths_view(segment, first, docs[count - 1] - first + 1, &lengths, err);
    for (size_t i = 0; i < count && !status; i++)
        keys[i] = gs_load_u32(lengths + (size_t)(docs[i] - first) * 4);
    return status;
}

enum gaosou_status gs_sort_keys_read(const struct gs_sort_keys *k, size_t segment,
                                     const uint32_t *docs, size_t count, double threshold,
                                     double *keys, struct gs_err *err)
{
    const struct gs_segment *s = k->snapshot->segments[segment].segment;
    if (count == 0)
        return GAOSOU_OK;
    if (k->sort == GS_SORT_LENGTH)
        return read_lengths(s, docs, count, keys, err);
    if (k->sort == GS_SORT_CODE)
        return read_places(k, segment, docs, count, keys, err);
    return read_dates(k, s, docs, count, threshold, keys, err);
}
