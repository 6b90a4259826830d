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
        bool read = read_date(p, from, to, &r->from);
        r->to = r->from;
        return read;
    }
    if (at == from && at + width == to)
        return false;
    if (at > from && !read_date(p, from, at, &r->from))
        return false;
    if (at + width < to && !read_date(p, at + width, to, &r->to))
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
