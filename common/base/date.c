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

/* ---- parts of a year ---- */

#define NO_SUCH_PART UINT32_MAX

/* A figure, or one Han sign up to ten; 0: none. */
static uint32_t take_sign(struct scan *s)
{
    static const char *const signs[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
    for (uint32_t i = 0; i < 10; i++) {
        if (skip(s, signs[i]))
            return i + 1;
    }
    return 0;
}

/* A number in figures or in Han signs up to ten; 0: none. What is larger is UINT16_MAX. */
static uint32_t take_number(struct scan *s)
{
    size_t digits = digits_ahead(s);
    uint32_t value = digits == 1 || digits == 2 ? take(s, digits) : 0;
    if (digits > 0 && value == 0) {
        s->at += digits > 2 ? digits : 0;
        return UINT16_MAX; /* 0, or too many figures */
    }
    if (digits == 0)
        value = take_sign(s);
    while (digits == 0 && take_sign(s))
        value = UINT16_MAX;
    return value;
}

/* The last day of the part `number` of a year of `parts`. */
static uint32_t end_of(uint32_t year, uint32_t number, uint32_t parts)
{
    if (number == 0 || number > parts)
        return NO_SUCH_PART;
    uint32_t month = 12 / parts * number;
    return month * 100 + month_days(year, month);
}

/* 1-6月, 1月至6月: behind the number that was read. 0: no such thing. */
static uint32_t months_end(struct scan *s, uint32_t year, uint32_t from)
{
    (void)skip(s, "月");
    if (!skip(s, "-") && !skip(s, "至") && !skip(s, "~") && !skip(s, "—"))
        return 0;
    uint32_t to = take_number(s);
    if (to == 0 || !skip(s, "月"))
        return 0;
    return from <= to ? end_of(year, to, 12) : NO_SUCH_PART;
}

/* A part by its number: Q1, H2, 一季, 1-6月. 0: nothing such. */
static uint32_t numbered_end(struct scan s, uint32_t year)
{
    bool is_quarter = skip(&s, "Q") || skip(&s, "q");
    if (is_quarter || skip(&s, "H") || skip(&s, "h"))
        return digits_ahead(&s) ? end_of(year, take_number(&s), is_quarter ? 4 : 2) : 0;
    (void)(skip(&s, "第") || skip(&s, "前"));
    uint32_t number = take_number(&s);
    if (number == 0)
        return 0;
    (void)skip(&s, "个");
    if (skip(&s, "季"))
        return end_of(year, number, 4);
    return skip(&s, "半年") ? end_of(year, number, 2) : months_end(&s, year, number);
}

/* Month and day at which a part of a year ends, by what stands behind the year: 0 where that is no
 * part, NO_SUCH_PART where it is one that no year has. */
static uint32_t part_end(struct scan s, uint32_t year)
{
    static const struct {
        const char *name;
        uint32_t end;
    } rows[] = {{"上半年", 630}, {"半年", 630}, {"下半年", 1231}, {"年度", 1231}, {"度", 1231}};
    while (skip(&s, " ") || skip(&s, "-"))
        ;
    (void)skip(&s, "年");
    uint32_t end = numbered_end(s, year);
    (void)skip(&s, "第");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && end == 0; i++)
        end = skip(&s, rows[i].name) ? rows[i].end : 0;
    return end;
}

/* Whether a date is cut off in the middle of what was meant: 2024-1x, 2024-123. */
static bool is_torn(const char *bytes, size_t size, size_t used)
{
    if (used <= 4 || used >= size)
        return false;
    char last = bytes[used - 1], next = bytes[used];
    bool in_number = last >= '0' && last <= '9', digit = next >= '0' && next <= '9';
    bool letter = (next | 0x20) >= 'a' && (next | 0x20) <= 'z';
    return in_number ? letter && next != 'T' && next != 't' && next != 'Z' : digit;
}

/* A date, and what part_end() says of the text behind its year. */
static uint32_t parse_with_part(const char *bytes, size_t size, uint32_t *part)
{
    size_t used;
    uint32_t date = gs_date_parse(bytes, size, &used);
    *part = 0;
    if (date == 0)
        return 0;
    struct scan s = {bytes, bytes + size};
    while (*s.at == ' ' || *s.at == '\t') /* a date follows */
        s.at++;
    s.at += 4; /* the year */
    *part = part_end(s, date / 10000);
    return *part == NO_SUCH_PART || (*part == 0 && is_torn(bytes, size, used)) ? 0 : date;
}

uint32_t gs_date_parse_period(const char *bytes, size_t size)
{
    uint32_t part, date = parse_with_part(bytes, size, &part);
    return date && part ? date / 10000 * 10000 + part : date;
}

uint32_t gs_date_parse_given(const char *bytes, size_t size)
{
    uint32_t part, date = parse_with_part(bytes, size, &part);
    return date && part ? date / 10000 * 10000 : date;
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
