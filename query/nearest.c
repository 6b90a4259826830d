#include "query/nearest.h"

#include "common/base/utf8_step.h"

/* Its characters; 0 where it has too many, or none. */
static size_t read_chars(const char *name, size_t size, uint32_t chars[GS_NEAREST_CHARS_MAX])
{
    const uint8_t *at = (const uint8_t *)name, *end = at + size;
    size_t count = 0;
    while (at < end) {
        uint32_t c;
        if (count == GS_NEAREST_CHARS_MAX)
            return 0;
        at += gs_utf8_step(at, end, &c);
        chars[count++] = c >= 'A' && c <= 'Z' ? c + 32 : c;
    }
    return count;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* One row of the table at a time. */
static size_t distance_to(const struct gs_nearest *n, const uint32_t *name, size_t count)
{
    size_t row[GS_NEAREST_CHARS_MAX + 1];
    for (size_t j = 0; j <= count; j++)
        row[j] = j;
    for (size_t i = 0; i < n->count; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < count; j++) {
            size_t above = row[j + 1];
            row[j + 1] =
                smallest(above + 1, row[j] + 1, diagonal + (n->wanted[i] != name[j] ? 1 : 0));
            diagonal = above;
        }
    }
    return row[count];
}

void gs_nearest_begin(struct gs_nearest *n, const char *wanted, size_t size)
{
    n->best = (struct gs_str){NULL, 0};
    n->count = read_chars(wanted, size, n->wanted);
    n->distance = SIZE_MAX;
}

void gs_nearest_offer(struct gs_nearest *n, const char *name, size_t size)
{
    uint32_t chars[GS_NEAREST_CHARS_MAX];
    size_t count = read_chars(name, size, chars);
    if (count == 0 || n->count == 0)
        return;
    size_t distance = distance_to(n, chars, count);
    size_t most = count > n->count ? count : n->count; /* nothing stays as it is */
    if (distance >= most || distance >= n->distance)
        return;
    n->distance = distance;
    n->best = (struct gs_str){name, size};
}
