#include "common/filter/decimal.h"

#include <string.h>

static size_t digits_at(const char *text, size_t size, size_t at)
{
    size_t from = at;
    while (at < size && text[at] >= '0' && text[at] <= '9')
        at++;
    return at - from;
}

bool gs_decimal_is(const char *text, size_t size)
{
    size_t at = size > 0 && text[0] == '-';
    size_t whole = digits_at(text, size, at);
    at += whole;
    if (at == size)
        return whole > 0;
    if (text[at++] != '.')
        return false;
    size_t behind = digits_at(text, size, at);
    return behind > 0 && at + behind == size;
}

/* Without the zeros that say nothing. */
struct decimal {
    bool negative;
    const char *whole, *part; /* before and behind the point */
    size_t whole_size, part_size;
};

static struct decimal read_decimal(const char *text, size_t size)
{
    struct decimal d = {.negative = text[0] == '-'};
    size_t at = d.negative, digits = digits_at(text, size, at);
    for (; digits > 0 && text[at] == '0'; at++)
        digits--;
    d.whole = text + at;
    d.whole_size = digits;
    at += digits;
    if (at < size) {
        d.part = text + at + 1;
        d.part_size = size - at - 1;
    }
    while (d.part_size > 0 && d.part[d.part_size - 1] == '0')
        d.part_size--;
    d.negative = d.negative && d.whole_size + d.part_size > 0;
    return d;
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int compare_magnitudes(const struct decimal *a, const struct decimal *b)
{
    int order = compare_sizes(a->whole_size, b->whole_size);
    if (order == 0 && a->whole_size > 0)
        order = memcmp(a->whole, b->whole, a->whole_size);
    size_t common = a->part_size < b->part_size ? a->part_size : b->part_size;
    if (order == 0 && common > 0)
        order = memcmp(a->part, b->part, common);
    return order ? order : compare_sizes(a->part_size, b->part_size);
}

int gs_decimal_compare(const char *a, size_t a_size, const char *b, size_t b_size)
{
    struct decimal x = read_decimal(a, a_size), y = read_decimal(b, b_size);
    if (x.negative != y.negative)
        return x.negative ? -1 : 1;
    return x.negative ? compare_magnitudes(&y, &x) : compare_magnitudes(&x, &y);
}
