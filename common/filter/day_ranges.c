#include "common/filter/day_ranges.h"

#include "common/base/date.h"

#include <stdlib.h>
#include <string.h>

/* ---- ranges ---- */

static int compare_ranges(const void *a, const void *b)
{
    const struct gs_day_range *x = a, *y = b;
    return (x->first > y->first) - (x->first < y->first);
}

size_t gs_day_ranges_settle(struct gs_day_range *ranges, size_t count)
{
    size_t kept = 0;
    qsort(ranges, count, sizeof(*ranges), compare_ranges);
    for (size_t i = 1; i < count; i++) {
        struct gs_day_range *last = &ranges[kept];
        if (last->last == UINT32_MAX || ranges[i].first <= last->last + 1)
            last->last = ranges[i].last > last->last ? ranges[i].last : last->last;
        else
            ranges[++kept] = ranges[i];
    }
    return count ? kept + 1 : 0;
}

enum gs_truth gs_day_ranges_judge(const struct gs_day_ranges *ranges, uint32_t date)
{
    if (date == 0)
        return GS_TRUTH_UNKNOWN;
    struct gs_day_span days = gs_date_days(date);
    size_t low = 0, high = ranges->count; /* the first range that ends at or behind them */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges->items[middle].last < days.first)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == ranges->count || ranges->items[low].first > days.last)
        return GS_TRUTH_NO;
    const struct gs_day_range *r = &ranges->items[low];
    return r->first <= days.first && r->last >= days.last ? GS_TRUTH_YES : GS_TRUTH_UNKNOWN;
}

/* ---- values ---- */

/* One end of a range; false where it is no date. Nothing at all leaves *days alone. */
static bool read_days(const char *bytes, size_t size, struct gs_day_span *days,
                      struct gs_value_flaw *flaw)
{
    size_t used = 0;
    if (size == 0)
        return true;
    uint32_t date = gs_date_parse(bytes, size, &used);
    if (used != size || *bytes < '0' || *bytes > '9')
        return false;
    if (date == 0) {
        *flaw = (struct gs_value_flaw){GS_FLAW_NO_SUCH_DAY, bytes, size, 0};
        return false;
    }
    *days = gs_date_days(date);
    return true;
}

/* A date, or two with `..` or `~` between; one of them may be missing. False: see *flaw. */
static bool read_range(const char *bytes, size_t size, struct gs_day_range *range,
                       struct gs_value_flaw *flaw)
{
    const char *sign = memchr(bytes, '~', size);
    size_t sign_size = 1;
    *flaw = (struct gs_value_flaw){.kind = GS_FLAW_FORM};
    if (!sign) {
        sign = memmem(bytes, size, "..", 2);
        sign_size = 2;
    }
    struct gs_day_span from = {0, 0}, to = {UINT32_MAX, UINT32_MAX};
    if (!sign) {
        bool read = size > 0 && read_days(bytes, size, &from, flaw);
        *range = (struct gs_day_range){from.first, from.last};
        return read;
    }
    size_t left = (size_t)(sign - bytes), right = size - left - sign_size;
    if (left + right == 0 || !read_days(bytes, left, &from, flaw) ||
        !read_days(sign + sign_size, right, &to, flaw))
        return false;
    *range = (struct gs_day_range){from.first, to.last};
    if (range->first > range->last)
        *flaw = (struct gs_value_flaw){GS_FLAW_BACKWARDS, bytes, size, 0};
    return range->first <= range->last;
}

enum gaosou_status gs_day_ranges_read(struct gs_arena *arena, const char *value, size_t size,
                                      struct gs_day_ranges *out, struct gs_value_flaw *flaw)
{
    size_t folded_size, count = 1;
    const char *at = gs_value_fold(arena, value, size, &folded_size);
    for (size_t i = 0; at && i < folded_size; i++)
        count += at[i] == ',';
    out->items = at ? gs_arena_alloc(arena, count * sizeof(*out->items)) : NULL;
    if (!out->items)
        return GAOSOU_E_NOMEM;
    const char *end = at + folded_size;
    for (size_t i = 0; i < count; i++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        if (!read_range(at, (size_t)(stop - at), &out->items[i], flaw))
            return GAOSOU_E_QUERY;
        at = stop + 1;
    }
    out->count = gs_day_ranges_settle(out->items, count);
    return GAOSOU_OK;
}
