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
