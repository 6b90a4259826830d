#include "common/filter/day_ranges.h"

#include "common/base/date.h"

#include <stdio.h>
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

static bool take(const char **at, const char *end, const char *text)
{
    size_t size = strlen(text);
    bool is = (size_t)(end - *at) >= size && memcmp(*at, text, size) == 0;
    *at += is ? size : 0;
    return is;
}

/* One of the figures, which stand for 1, 2, ...; 0: none of them. */
static uint32_t take_figure(const char **at, const char *end, const char *const *figures,
                            uint32_t count)
{
    for (uint32_t i = 0; i < 2 * count; i++) {
        if (take(at, end, figures[i]))
            return i / 2 + 1;
    }
    return 0;
}

/* Q1 to Q4, H1, H2, 一季度 to 四季度 (第 before and a figure too), 上半年, 半年度, 下半年: the
 * first of its months, and how many they are. */
static bool read_part(const char *at, const char *end, uint32_t *month, uint32_t *months)
{
    static const char *const FIGURES[] = {"1", "一", "2", "二", "3", "三", "4", "四"};
    uint32_t n = 0;
    *months = 6;
    if (take(&at, end, "上半年") || take(&at, end, "半年度")) {
        n = 1;
    } else if (take(&at, end, "下半年")) {
        n = 2;
    } else if (take(&at, end, "H") || take(&at, end, "h")) {
        n = at < end && (*at == '1' || *at == '2') ? (uint32_t)(*at++ - '0') : 0;
    } else if (take(&at, end, "Q") || take(&at, end, "q")) {
        *months = 3;
        n = at < end && *at >= '1' && *at <= '4' ? (uint32_t)(*at++ - '0') : 0;
    } else {
        *months = 3;
        take(&at, end, "第");
        n = take_figure(&at, end, FIGURES, 4);
        n = take(&at, end, "季度") ? n : 0;
    }
    *month = (n - 1) * *months + 1;
    return n > 0 && at == end;
}

/* A year of four figures, 年 or not, and a part of it. */
static bool read_year_part(const char *bytes, size_t size, struct gs_day_span *days)
{
    const char *at = bytes, *end = bytes + size;
    uint32_t year = 0, month, months;
    for (; at < end && at < bytes + 4 && *at >= '0' && *at <= '9'; at++)
        year = year * 10 + (uint32_t)(*at - '0');
    if (year < 1000)
        return false;
    take(&at, end, "年");
    if (!read_part(at, end, &month, &months))
        return false;
    days->first = gs_date_days(year * 10000 + month * 100).first;
    days->last = gs_date_days(year * 10000 + (month + months - 1) * 100).last;
    return true;
}

/* One end of a range; false where it is no date. Nothing at all leaves *days alone. */
static bool read_days(const char *bytes, size_t size, struct gs_day_span *days,
                      struct gs_value_flaw *flaw)
{
    size_t used = 0;
    if (size == 0 || read_year_part(bytes, size, days))
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

/* The end of a range that leaves its year to the start: 6月, 6月30日, Q3, 三季度. */
static bool read_days_of_year(const char *start, const char *bytes, size_t size,
                              struct gs_day_span *days)
{
    char whole[40];
    struct gs_value_flaw flaw;
    int n = size > 24 ? 0 : snprintf(whole, sizeof(whole), "%.4s年%.*s", start, (int)size, bytes);
    bool month = size > 0 && memmem(bytes, size, "月", 3);
    return n > 0 && (month ? read_days(whole, (size_t)n, days, &flaw)
                           : read_year_part(whole, (size_t)n, days));
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
        (!(left > 0 && read_days_of_year(bytes, sign + sign_size, right, &to)) &&
         !read_days(sign + sign_size, right, &to, flaw)))
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
