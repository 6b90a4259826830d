#include "query/facets.h"

#include "common/base/checksum.h"
#include "query/doc_values.h"

#include <stdlib.h>
#include <string.h>

#define PART_SEPARATOR '\x1f' /* between the parts of a value */
#define YEARS          10000u /* 0: not known */
#define BATCH          GS_BLOCK
#define FEW            256u /* wanted values that are kept in order as they come */

/* A value in the table of those that were met. */
struct facet_slot {
    struct gs_str value; /* bytes NULL: free */
    uint64_t count, hash;
    uint64_t stamp; /* of the stored value that was added last: each part of it counts once */
};

/* Filings by year, and the years as values. */
struct year_counts {
    uint64_t counts[YEARS];
    char digits[YEARS][4];
};

struct gs_facet_count {
    char *name;                /* owned */
    struct year_counts *years; /* of the field "year", which has no column of its own */
    uint64_t unknown;
    /* The segment that is being counted: */
    bool has_column;
    uint32_t keyword, value_count;
    uint32_t *counts; /* by ordinal */
    size_t capacity;
    /* All of them: */
    struct facet_slot *slots;
    size_t slot_mask, used;
    uint64_t stamp;
    struct gs_facet_value *values; /* the result */
};

/* ---- life ---- */

static void release_field(struct gs_facet_count *c)
{
    free(c->name);
    free(c->years);
    free(c->counts);
    free(c->slots);
    free(c->values);
}

void gs_facets_release(struct gs_facets *f)
{
    for (size_t i = 0; i < f->count; i++)
        release_field(&f->fields[i]);
    free(f->fields);
    *f = (struct gs_facets){0};
}

static bool is_fixed(const char *name)
{
    static const char *const FIXED[] = {"code", "name", "company", "type", "exchange", "board"};
    for (size_t i = 0; i < sizeof(FIXED) / sizeof(FIXED[0]); i++)
        if (strcmp(FIXED[i], name) == 0)
            return true;
    return false;
}

bool gs_facets_is_known(const struct gs_snapshot *snapshot, const char *name)
{
    uint32_t keyword;
    if (strcmp(name, "year") == 0 || is_fixed(name))
        return true;
    for (size_t i = 0; i < snapshot->segment_count; i++)
        if (gs_keyword_find(snapshot->segments[i].segment, name, strlen(name), &keyword))
            return true;
    return false;
}

static enum gaosou_status begin_field(struct gs_facet_count *c, const char *name,
                                      struct gs_err *err)
{
    bool is_year = strcmp(name, "year") == 0;
    c->name = strdup(name);
    c->years = is_year ? calloc(1, sizeof(*c->years)) : NULL;
    c->slot_mask = 63;
    c->slots = calloc(c->slot_mask + 1, sizeof(*c->slots));
    return c->name && c->slots && (c->years || !is_year) ? GAOSOU_OK
                                                         : gs_err_nomem(err, sizeof(*c));
}

enum gaosou_status gs_facets_begin(struct gs_facets *f, const struct gs_snapshot *snapshot,
                                   const struct gs_search_options *options, struct gs_err *err)
{
    gs_facets_release(f);
    f->snapshot = snapshot;
    if (options->facet_count > GS_FACETS_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%zu fields to count by; at most %u are counted",
                          options->facet_count, GS_FACETS_MAX);
    if (options->facet_count == 0)
        return GAOSOU_OK;
    f->fields = calloc(options->facet_count, sizeof(*f->fields));
    if (!f->fields)
        return gs_err_nomem(err, options->facet_count * sizeof(*f->fields));
    for (size_t i = 0; i < options->facet_count; i++) {
        const char *name = options->facets[i].name;
        if (!gs_facets_is_known(snapshot, name))
            return gs_err_set(err, GAOSOU_E_USE,
                              "no field %s to count by: it is neither code, name, company, type, "
                              "exchange, board, year nor a filterable field of the index",
                              name);
        enum gaosou_status status = begin_field(&f->fields[f->count++], name, err);
        if (status)
            return status;
    }
    return GAOSOU_OK;
}

/* ---- one segment ---- */

static enum gaosou_status open_field(struct gs_facet_count *c, const struct gs_segment *segment,
                                     struct gs_err *err)
{
    if (c->years)
        return GAOSOU_OK;
    c->has_column = gs_keyword_find(segment, c->name, strlen(c->name), &c->keyword);
    if (!c->has_column)
        return GAOSOU_OK;
    c->value_count = gs_keyword_value_count(segment, c->keyword);
    if ((size_t)c->value_count + 1 > c->capacity) {
        free(c->counts);
        c->capacity = (size_t)c->value_count + 1;
        c->counts = malloc(c->capacity * sizeof(*c->counts));
    }
    if (!c->counts) {
        c->capacity = 0;
        return gs_err_nomem(err, (size_t)c->value_count * sizeof(*c->counts));
    }
    memset(c->counts, 0, ((size_t)c->value_count + 1) * sizeof(*c->counts));
    return GAOSOU_OK;
}

enum gaosou_status gs_facets_open_segment(struct gs_facets *f, size_t segment, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    f->part = &f->snapshot->segments[segment];
    for (size_t i = 0; i < f->count && !status; i++)
        status = open_field(&f->fields[i], f->part->segment, err);
    return status;
}

static enum gaosou_status add_years(struct gs_facet_count *c, const struct gs_segment *segment,
                                    const uint32_t *docs, size_t count, struct gs_err *err)
{
    uint64_t dates[BATCH];
    enum gaosou_status status = gs_doc_values(segment, GS_COLUMN_DATE, docs, count, dates, err);
    for (size_t i = 0; i < count && !status; i++) {
        if (dates[i] > UINT32_MAX || (uint32_t)dates[i] / 10000 >= YEARS)
            return gs_err_set(err, GAOSOU_E_CORRUPT,
                              "%s is damaged: section columns: a date that is none "
                              "(gaosou-index check names it)",
                              gs_segment_path(segment));
        c->years->counts[(uint32_t)dates[i] / 10000]++;
    }
    return status;
}

static enum gaosou_status add_ordinals(struct gs_facet_count *c, const struct gs_segment *segment,
                                       const uint32_t *docs, size_t count, struct gs_err *err)
{
    uint32_t ordinals[BATCH];
    enum gaosou_status status = gs_doc_ordinals(segment, c->keyword, docs, count, ordinals, err);
    for (size_t i = 0; i < count && !status; i++)
        c->counts[ordinals[i]]++;
    return status;
}

enum gaosou_status gs_facets_add(struct gs_facets *f, const uint32_t *docs, size_t count,
                                 struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < f->count; i++) {
        struct gs_facet_count *c = &f->fields[i];
        if (!c->years && !c->has_column) {
            c->unknown += count;
            continue;
        }
        for (size_t at = 0, n; at < count && !status; at += n) {
            n = count - at < BATCH ? count - at : BATCH;
            status = c->years ? add_years(c, f->part->segment, docs + at, n, err)
                              : add_ordinals(c, f->part->segment, docs + at, n, err);
        }
    }
    return status;
}

/* ---- all of them ---- */

static bool grow_slots(struct gs_facet_count *c)
{
    size_t mask = 2 * c->slot_mask + 1;
    struct facet_slot *grown = calloc(mask + 1, sizeof(*grown));
    if (!grown)
        return false;
    for (size_t i = 0; i <= c->slot_mask; i++) {
        if (!c->slots[i].value.bytes)
            continue;
        size_t k = (size_t)c->slots[i].hash & mask;
        while (grown[k].value.bytes)
            k = (k + 1) & mask;
        grown[k] = c->slots[i];
    }
    free(c->slots);
    c->slots = grown;
    c->slot_mask = mask;
    return true;
}

static enum gaosou_status add_part(struct gs_facet_count *c, struct gs_str part, uint32_t count,
                                   struct gs_err *err)
{
    if (2 * c->used > c->slot_mask && !grow_slots(c))
        return gs_err_nomem(err, 2 * c->slot_mask * sizeof(*c->slots));
    uint64_t hash = gs_hash64(part.bytes, part.size);
    size_t i = (size_t)hash & c->slot_mask;
    for (; c->slots[i].value.bytes; i = (i + 1) & c->slot_mask) {
        const struct gs_str *known = &c->slots[i].value;
        if (c->slots[i].hash == hash && known->size == part.size &&
            memcmp(known->bytes, part.bytes, part.size) == 0)
            break;
    }
    struct facet_slot *slot = &c->slots[i];
    if (!slot->value.bytes) {
        *slot = (struct facet_slot){.value = part, .hash = hash};
        c->used++;
    }
    if (slot->stamp != c->stamp)
        slot->count += count;
    slot->stamp = c->stamp;
    return GAOSOU_OK;
}

/* Each part of a stored value; empty ones are none. */
static enum gaosou_status add_value(struct gs_facet_count *c, struct gs_str value, uint32_t count,
                                    struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    const char *at = value.bytes, *end = value.bytes + value.size;
    bool any = false;
    c->stamp++;
    while (at < end && !status) {
        const char *stop = memchr(at, PART_SEPARATOR, (size_t)(end - at));
        stop = stop ? stop : end;
        if (stop > at) {
            status = add_part(c, (struct gs_str){at, (size_t)(stop - at)}, count, err);
            any = true;
        }
        at = stop + 1;
    }
    c->unknown += any ? 0 : count;
    return status;
}

enum gaosou_status gs_facets_close_segment(struct gs_facets *f, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < f->count; i++) {
        struct gs_facet_count *c = &f->fields[i];
        if (c->years || !c->has_column)
            continue;
        c->unknown += c->counts[0];
        for (uint32_t o = 1; o <= c->value_count && !status; o++) {
            struct gs_str value = {NULL, 0};
            if (c->counts[o] == 0)
                continue;
            status = gs_keyword_value(f->part->segment, c->keyword, o, &value, err);
            if (!status)
                status = add_value(c, value, c->counts[o], err);
        }
    }
    return status;
}

/* ---- the result ---- */

static int compare_values(const void *a, const void *b)
{
    const struct gs_facet_value *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    size_t least = x->value.size < y->value.size ? x->value.size : y->value.size;
    int order = memcmp(x->value.bytes, y->value.bytes, least);
    return order ? order : x->value.size < y->value.size ? -1 : x->value.size > y->value.size;
}

/* The best `limit` of what is put in, in order, where few are wanted; else all, to be sorted. */
static void put_value(struct gs_facet_count *c, struct gs_facet *out, size_t limit,
                      struct gs_facet_value value)
{
    size_t n = out->value_count;
    if (limit > FEW) {
        c->values[out->value_count++] = value;
        return;
    }
    if (n == limit && (n == 0 || compare_values(&c->values[n - 1], &value) < 0))
        return;
    if (n < limit)
        out->value_count = ++n;
    size_t i = n - 1;
    for (; i > 0 && compare_values(&c->values[i - 1], &value) > 0; i--)
        c->values[i] = c->values[i - 1];
    c->values[i] = value;
}

static struct gs_facet_value year_value(struct gs_facet_count *c, uint32_t year)
{
    char *digits = c->years->digits[year];
    for (uint32_t i = 4, rest = year; i > 0; rest /= 10)
        digits[--i] = (char)('0' + rest % 10);
    return (struct gs_facet_value){.value = {digits, 4}, .count = c->years->counts[year]};
}

static enum gaosou_status finish_field(struct gs_facet_count *c, struct gs_facet *out, size_t limit,
                                       struct gs_err *err)
{
    size_t distinct = c->used;
    for (uint32_t y = 1; c->years && y < YEARS; y++)
        distinct += c->years->counts[y] > 0;
    size_t room = limit <= FEW ? limit : distinct;
    c->values = malloc((room + 1) * sizeof(*c->values));
    if (!c->values)
        return gs_err_nomem(err, room * sizeof(*c->values));
    *out = (struct gs_facet){.name = c->name,
                             .values = c->values,
                             .unknown = c->unknown + (c->years ? c->years->counts[0] : 0)};
    for (uint32_t y = 1; c->years && y < YEARS; y++)
        if (c->years->counts[y] > 0)
            put_value(c, out, limit, year_value(c, y));
    for (size_t i = 0; i <= c->slot_mask; i++)
        if (c->slots[i].value.bytes)
            put_value(c, out, limit, (struct gs_facet_value){c->slots[i].value, c->slots[i].count});
    if (limit > FEW)
        qsort(c->values, out->value_count, sizeof(*c->values), compare_values);
    out->value_count = out->value_count < limit ? out->value_count : limit;
    out->more = distinct - out->value_count;
    return GAOSOU_OK;
}

enum gaosou_status gs_facets_finish(struct gs_facets *f, size_t limit, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < f->count && !status; i++)
        status = finish_field(&f->fields[i], &f->results[i], limit, err);
    return status;
}
