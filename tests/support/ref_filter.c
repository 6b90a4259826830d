/* Filters on dates of the reference: docs/QUERY.md (Filters), by counting days one by one. */
#include "tests/support/ref_engine.h"
#include "tests/support/ref_sign.h"

#define YEAR_MIN 1000u

/* ---- reading ---- */

static uint32_t plain(uint32_t cp)
{
    if (cp >= 0xFF10 && cp <= 0xFF19)
        return '0' + (cp - 0xFF10);
    return cp == 0xFF0D ? '-' : cp == 0xFF0F ? '/' : cp == 0xFF0E ? '.' : cp;
}

static bool is_digit_at(const struct parser *p, size_t at, size_t to)
{
    uint32_t cp = plain(sign(p, at));
    return at < to && cp >= '0' && cp <= '9';
}

static uint32_t number(const struct parser *p, size_t at, size_t digits)
{
    uint32_t n = 0;
    for (size_t i = 0; i < digits; i++)
        n = n * 10 + (plain(sign(p, at + i)) - '0');
    return n;
}

static uint32_t days_of_month(uint32_t year, uint32_t month)
{
    static const uint32_t thirty[] = {4, 6, 9, 11, 0};
    bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
    return month == 2 ? (leap ? 29 : 28) : one_of(month, thirty) ? 30 : 31;
}

static bool exists(struct ref_date d)
{
    if (d.year < YEAR_MIN || d.month > 12 || (d.month == 0 && d.day))
        return false;
    return d.day == 0 || d.day <= days_of_month(d.year, d.month);
}

/* One of - / . or the unit; steps over it. */
static bool separator(const struct parser *p, size_t *at, size_t to, uint32_t unit)
{
    uint32_t cp = plain(sign(p, *at));
    bool is = *at < to && (cp == '-' || cp == '/' || cp == '.' || cp == unit);
    *at += is;
    return is;
}

/* The signs [at, to) as a date; all of them. */
static bool read_date(const struct parser *p, size_t at, size_t to, struct ref_date *d)
{
    size_t digits = 0;
    *d = (struct ref_date){0};
    while (is_digit_at(p, at + digits, to))
        digits++;
    if (digits != 4 && digits != 6 && digits != 8)
        return false;
    d->year = number(p, at, 4);
    if (digits > 4) {
        d->month = number(p, at + 4, 2);
        d->day = digits == 8 ? number(p, at + 6, 2) : 0;
        return at + digits == to && d->month && exists(*d);
    }
    at += 4;
    uint32_t *parts[] = {&d->month, &d->day};
    const uint32_t units[] = {0x5E74, 0x6708};
    bool has_day = false;
    for (size_t i = 0; i < 2 && separator(p, &at, to, units[i]); i++) {
        for (digits = 0; is_digit_at(p, at + digits, to);)
            digits++;
        if (digits == 0 && at == to)
            return exists(*d);
        if (digits < 1 || digits > 2)
            return false;
        *parts[i] = number(p, at, digits);
        if (i == 0 && d->month == 0)
            return false;
        at += digits;
        has_day = i == 1;
    }
    if (has_day && at < to && sign(p, at) == 0x65E5)
        at++;
    return at == to && exists(*d);
}

/* Which of these signs stands there, from 1; 0: none. */
static uint32_t which(uint32_t cp, const uint32_t *signs)
{
    for (uint32_t i = 0; signs[i]; i++)
        if (signs[i] == cp)
            return i + 1;
    return 0;
}

/* A part of a year at `at`, up to `to`: its number and its months; false: there is none. */
static bool read_part(const struct parser *p, size_t at, size_t to, uint32_t *n, uint32_t *months)
{
    static const uint32_t han[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0};
    uint32_t cp = sign(p, at), figure = plain(sign(p, at + 1)) - '0';
    size_t size = to - at;
    *n = 0;
    if (size == 2 && (cp == 'Q' || cp == 'q') && figure >= 1 && figure <= 4)
        *n = figure, *months = 3;
    if (size == 2 && (cp == 'H' || cp == 'h') && figure >= 1 && figure <= 2)
        *n = figure, *months = 6;
    if (size == 3 && sign(p, at + 1) == 0x534A && sign(p, at + 2) == 0x5E74) /* 半年 */
        *n = cp == 0x4E0A ? 1 : cp == 0x4E0B ? 2 : 0, *months = 6;
    if (size == 3 && cp == 0x534A && sign(p, at + 1) == 0x5E74 && sign(p, at + 2) == 0x5EA6)
        *n = 1, *months = 6;
    if (*n)
        return true;
    if (size == 4 && cp == 0x7B2C) /* 第 */
        at++, size--;
    if (size != 3 || sign(p, at + 1) != 0x5B63 || sign(p, at + 2) != 0x5EA6) /* 季度 */
        return false;
    figure = plain(sign(p, at)) - '0';
    *n = figure >= 1 && figure <= 4 ? figure : which(sign(p, at), han);
    *months = 3;
    return *n > 0;
}

/* [at, to) as a part of the year: both its ends. */
static bool read_year_part(const struct parser *p, uint32_t year, size_t at, size_t to,
                           struct ref_date *from, struct ref_date *end)
{
    uint32_t n, months;
    if (year < YEAR_MIN || !read_part(p, at, to, &n, &months))
        return false;
    *from = (struct ref_date){year, (n - 1) * months + 1, 0};
    *end = (struct ref_date){year, n * months, 0};
    return true;
}

/* A date, or a year and a part of it. */
static bool read_days(const struct parser *p, size_t at, size_t to, struct ref_date *from,
                      struct ref_date *end)
{
    size_t digits = 0;
    while (digits < 4 && is_digit_at(p, at + digits, to))
        digits++;
    size_t behind = at + 4 + (at + 4 < to && sign(p, at + 4) == 0x5E74);
    if (digits == 4 && behind < to && read_year_part(p, number(p, at, 4), behind, to, from, end))
        return true;
    bool read = read_date(p, at, to, from);
    *end = *from;
    return read;
}

/* The end of a range that leaves the year to the start: `6月`, `6月30日`, `Q3`, `三季度`. */
static bool read_yearless(const struct parser *p, uint32_t year, size_t at, size_t to,
                          struct ref_date *end)
{
    struct ref_date from;
    size_t digits = 0, days = 0;
    if (at < to && read_year_part(p, year, at, to, &from, end))
        return true;
    while (is_digit_at(p, at + digits, to))
        digits++;
    if (digits < 1 || digits > 2 || at + digits >= to || sign(p, at + digits) != 0x6708)
        return false;
    *end = (struct ref_date){year, number(p, at, digits), 0};
    at += digits + 1;
    if (end->month == 0)
        return false;
    while (is_digit_at(p, at + days, to))
        days++;
    if (days > 2)
        return false;
    end->day = days ? number(p, at, days) : 0;
    at += days;
    if (days && at < to && sign(p, at) == 0x65E5)
        at++;
    return at == to && exists(*end);
}

static bool is_range_sign(uint32_t cp)
{
    return cp == '~' || cp == 0xFF5E || cp == 0x81F3;
}

static struct ref_date last_day(struct ref_date d)
{
    if (d.month == 0)
        d.month = 12;
    if (d.day == 0)
        d.day = days_of_month(d.year, d.month);
    return d;
}

static uint32_t as_number(struct ref_date d)
{
    return d.year * 10000 + d.month * 100 + d.day;
}

static struct ref_date first_day(struct ref_date d)
{
    return (struct ref_date){d.year, d.month ? d.month : 1, d.day ? d.day : 1};
}

static bool read_range(const struct parser *p, size_t from, size_t to, struct ref_range *r)
{
    size_t at = from, width = 1;
    while (at < to && !is_range_sign(sign(p, at)))
        at++;
    if (at == to)
        for (at = from, width = 2; at < to && !(at + 1 < to && plain(sign(p, at)) == '.' &&
                                                plain(sign(p, at + 1)) == '.');)
            at++;
    *r = (struct ref_range){{0}, {0}};
    if (at == to) {
        return read_days(p, from, to, &r->from, &r->to);
    }
    if (at == from && at + width == to)
        return false;
    struct ref_date other;
    if (at > from && !read_days(p, from, at, &r->from, &other))
        return false;
    if (at + width < to && !(at > from && read_yearless(p, r->from.year, at + width, to, &r->to)) &&
        !read_days(p, at + width, to, &other, &r->to))
        return false;
    return at == from || at + width == to ||
           as_number(first_day(r->from)) <= as_number(last_day(r->to));
}

bool ref_dates_read(const struct parser *p, size_t from, size_t to, struct ref_filter *filter)
{
    for (size_t at = from; at <= to; at++) {
        size_t end = at;
        while (end < to && sign(p, end) != ',' && sign(p, end) != 0xFF0C && sign(p, end) != 0x3001)
            end++;
        if (!read_range(p, at, end, REF_PUSH(&filter->ranges)))
            return false;
        at = end;
    }
    return true;
}

/* ---- judging ---- */

static bool covers(const struct ref_filter *filter, struct ref_date day)
{
    for (size_t i = 0; i < filter->ranges.count; i++) {
        struct ref_range r = filter->ranges.at[i];
        if ((!r.from.year || as_number(first_day(r.from)) <= as_number(day)) &&
            (!r.to.year || as_number(day) <= as_number(last_day(r.to))))
            return true;
    }
    return false;
}

enum gs_truth ref_dates_judge(const struct ref_filter *filter, struct ref_date date)
{
    size_t days = 0, within = 0;
    if (date.year == 0)
        return GS_TRUTH_UNKNOWN;
    struct ref_date day = first_day(date), last = last_day(date);
    while (as_number(day) <= as_number(last)) {
        days++;
        within += covers(filter, day);
        if (++day.day > days_of_month(day.year, day.month)) {
            day.day = 1;
            day.month++;
        }
        if (day.month > 12)
            break;
    }
    return within == days ? GS_TRUTH_YES : within ? GS_TRUTH_UNKNOWN : GS_TRUTH_NO;
}
