#include "common/base/date.h"

#include <stdbool.h>
#include <string.h>

struct scan {
    const char *at, *end;
};

static size_t digits_ahead(const struct scan *s)
{
    size_t n = 0;
    while (s->at + n < s->end && s->at[n] >= '0' && s->at[n] <= '9')
        n++;
    return n;
}

static uint32_t take(struct scan *s, size_t digits)
{
    uint32_t value = 0;
    for (size_t i = 0; i < digits; i++)
        value = value * 10 + (uint32_t)(*s->at++ - '0');
    return value;
}

/* Steps over one separator, ASCII or the Han sign `unit`; false where there is none. */
static bool separator(struct scan *s, const char *unit)
{
    size_t left = (size_t)(s->end - s->at), size = strlen(unit);
    if (left >= size && memcmp(s->at, unit, size) == 0) {
        s->at += size;
        return true;
    }
    if (left > 0 && (*s->at == '-' || *s->at == '/' || *s->at == '.')) {
        s->at++;
        return true;
    }
    return false;
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static uint32_t date_make(uint32_t year, uint32_t month, uint32_t day)
{
    if (year < 1000 || month > 12 || (month == 0 && day != 0))
        return 0;
    if (day != 0 && day > month_days(year, month))
        return 0;
    return year * 10000 + month * 100 + day;
}

/* Month and day behind a year, what there is of them; false where the month is 0. */
static bool scan_month(struct scan *s, uint32_t *month, uint32_t *day)
{
    size_t digits;
    if (!separator(s, "年"))
        return true;
    digits = digits_ahead(s);
    if (digits < 1 || digits > 2)
        return true;
    *month = take(s, digits);
    if (!separator(s, "月"))
        return *month > 0;
    digits = digits_ahead(s);
    if (digits == 1 || digits == 2) {
        *day = take(s, digits);
        if (s->end - s->at >= 3 && memcmp(s->at, "日", 3) == 0)
            s->at += 3;
    }
    return *month > 0;
}

uint32_t gs_date_parse(const char *bytes, size_t size, size_t *used)
{
    struct scan s = {bytes, bytes + size};
    uint32_t month = 0, day = 0;
    if (used)
        *used = 0;
    while (s.at < s.end && (*s.at == ' ' || *s.at == '\t'))
        s.at++;
    size_t digits = digits_ahead(&s);
    if (digits != 4 && digits != 6 && digits != 8)
        return 0;
    uint32_t year = take(&s, 4);
    if (digits >= 6)
        month = take(&s, 2);
    if (digits == 8)
        day = take(&s, 2);
    bool has_month = digits > 4 ? month > 0 : scan_month(&s, &month, &day);
    if (used)
        *used = (size_t)(s.at - bytes);
    return has_month ? date_make(year, month, day) : 0;
}

static bool skip(struct scan *s, const char *text)
{
    size_t size = strlen(text);
    if ((size_t)(s->end - s->at) < size || memcmp(s->at, text, size) != 0)
        return false;
    s->at += size;
    return true;
}

/* Month and day at which a part of a year ends, by the names behind it; 0 where there is none. */
static uint32_t part_end(struct scan *s)
{
    static const struct {
        const char *name;
        uint32_t end;
    } rows[] = {
        {"H1", 630},    {"h1", 630},    {"H2", 1231},     {"h2", 1231},    {"Q1", 331},
        {"q1", 331},    {"Q2", 630},    {"q2", 630},      {"Q3", 930},     {"q3", 930},
        {"Q4", 1231},   {"q4", 1231},   {"上半年", 630},  {"半年", 630},   {"下半年", 1231},
        {"一季", 331},  {"1季", 331},   {"二季", 630},    {"2季", 630},    {"三季", 930},
        {"3季", 930},   {"四季", 1231}, {"4季", 1231},    {"前三季", 930}, {"1-3月", 331},
        {"1-6月", 630}, {"1-9月", 930}, {"1-12月", 1231}, {"年度", 1231},  {"度", 1231},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (skip(s, rows[i].name))
            return rows[i].end;
    return 0;
}

uint32_t gs_date_parse_period(const char *bytes, size_t size)
{
    uint32_t date = gs_date_parse(bytes, size, NULL);
    if (date == 0)
        return 0;
    struct scan s = {bytes, bytes + size};
    while (*s.at == ' ' || *s.at == '\t') /* a date follows */
        s.at++;
    s.at += 4; /* the year */
    while (skip(&s, " ") || skip(&s, "-"))
        ;
    (void)skip(&s, "年");
    (void)skip(&s, "第");
    uint32_t end = part_end(&s);
    return end ? date / 10000 * 10000 + end : date;
}

/* Every month has 31 days here. */
static uint32_t day_number(uint32_t year, uint32_t month, uint32_t day)
{
    return (year * 12 + month - 1) * 31 + day - 1;
}

struct gs_day_span gs_date_days(uint32_t date)
{
    uint32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    uint32_t last_month = month ? month : 12;
    bool to_end = day == 0 || day >= month_days(year, last_month);
    return (struct gs_day_span){day_number(year, month ? month : 1, day ? day : 1),
                                day_number(year, last_month, to_end ? 31 : day)};
}
