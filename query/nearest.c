#include "query/nearest.h"

#include "common/base/utf8_step.h"

#include <stdio.h>
#include <string.h>

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

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Three rows of the table at a time. */
static size_t distance_to(const struct gs_nearest *n, const uint32_t *name, size_t count)
{
    size_t rows[3][GS_NEAREST_CHARS_MAX + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= count; j++)
        above[j] = before[j] = j;
    for (size_t i = 1; i <= n->count; i++) {
        row[0] = i;
        for (size_t j = 1; j <= count; j++) {
            size_t replaced = above[j - 1] + (n->wanted[i - 1] != name[j - 1] ? 1 : 0);
            row[j] = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && n->wanted[i - 1] == name[j - 2] &&
                n->wanted[i - 2] == name[j - 1])
                row[j] = smaller(row[j], before[j - 2] + 1);
        }
        size_t *spare = before;
        before = above;
        above = row;
        row = spare;
    }
    return above[count];
}

static bool holds(const uint32_t *text, size_t size, const uint32_t *piece, size_t piece_size)
{
    for (size_t i = 0; i + piece_size <= size; i++) {
        if (memcmp(text + i, piece, piece_size * sizeof(*piece)) == 0)
            return true;
    }
    return false;
}

void gs_nearest_begin(struct gs_nearest *n, const char *wanted, size_t size)
{
    n->name_count = 0;
    n->count = read_chars(wanted, size, n->wanted);
    n->distance = SIZE_MAX;
}

static bool is_kept(const struct gs_nearest *n, const char *name, size_t size)
{
    for (size_t i = 0; i < n->name_count; i++) {
        if (n->names[i].size == size && memcmp(n->names[i].bytes, name, size) == 0)
            return true;
    }
    return false;
}

void gs_nearest_offer(struct gs_nearest *n, const char *name, size_t size)
{
    uint32_t chars[GS_NEAREST_CHARS_MAX];
    size_t count = read_chars(name, size, chars);
    if (count == 0 || n->count == 0)
        return;
    size_t distance = distance_to(n, chars, count), most = count > n->count ? count : n->count;
    bool near = distance * 3 <= most || holds(chars, count, n->wanted, n->count) ||
                holds(n->wanted, n->count, chars, count);
    if (!near || distance > n->distance)
        return;
    if (distance < n->distance)
        n->name_count = 0;
    n->distance = distance;
    if (n->name_count < GS_NEAREST_NAMES && !is_kept(n, name, size))
        n->names[n->name_count++] = (struct gs_str){name, size};
}

void gs_nearest_write(const struct gs_nearest *n, const char *field, bool chinese, char *out,
                      size_t capacity)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < n->name_count; i++) {
        struct gs_str name = n->names[i];
        size_t needed = (field ? strlen(field) : 0) + name.size + sizeof("、:");
        if (name.size > capacity || needed >= capacity - used)
            continue;
        const char *between = used == 0 ? "" : chinese ? "、" : ", ";
        used += (size_t)snprintf(out + used, capacity - used,
                                 field ? "%s%s:%.*s" : "%s%s%.*s:", between, field ? field : "",
                                 (int)name.size, name.bytes);
    }
}
