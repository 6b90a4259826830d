/*
 * ? and * between Latin letters and digits (docs/QUERY.md, Patterns). A pattern is cut as the word
 * that it is with a 0 for each sign, so that it takes the place of that word among its neighbours.
 */
#include "query/parse.h"

#include <string.h>

/* A pattern in p->piece. */
struct place {
    size_t from, to;
    uint8_t *bytes; /* with its signs; the arena's */
};

static bool is_sign(uint32_t c)
{
    return c == '?' || c == '*';
}

/* The letter, digit or sign at `at` of the piece (a full-width star is one), or 0. */
static uint32_t pattern_char(const struct gs_buf *piece, size_t at, size_t *size)
{
    static const uint8_t full_star[] = {0xEF, 0xBC, 0x8A};
    *size = 1;
    if (at >= piece->size)
        return 0;
    uint32_t c = piece->data[at];
    if (is_sign(c) || gs_scan_is_alnum(c))
        return c;
    if (piece->size - at < 3 || memcmp(piece->data + at, full_star, 3) != 0)
        return 0;
    *size = 3;
    return '*';
}

static bool may_hold_pattern(const struct gs_buf *piece)
{
    bool star = memchr(piece->data, '*', piece->size) || memchr(piece->data, 0xEF, piece->size);
    return (star || memchr(piece->data, '?', piece->size)) &&
           !memmem(piece->data, piece->size, "://", 3);
}

/* Moves the sequence at *from to *to, stars narrow; its first and last letter or digit there. */
static void move_sequence(struct gs_buf *piece, size_t *from, size_t *to, size_t *first,
                          size_t *last, bool *has_sign)
{
    size_t size, signs = 0;
    uint32_t c;
    *first = *last = SIZE_MAX;
    *has_sign = false;
    for (; (c = pattern_char(piece, *from, &size)) != 0; *from += size) {
        piece->data[*to] = (uint8_t)c;
        if (is_sign(c)) {
            signs++;
        } else {
            *has_sign |= *first != SIZE_MAX && signs > 0;
            *first = *first == SIZE_MAX ? *to : *first;
            *last = *to;
            signs = 0;
        }
        ++*to;
    }
}

/* Notes the pattern at [from, to) and puts zeros for its signs. */
static enum gaosou_status hide(struct gs_parser *p, struct gs_patterns *patterns, size_t from,
                               size_t to)
{
    uint8_t *bytes = p->piece.data + from;
    struct place place = {from, to, (uint8_t *)gs_parse_copy(p, bytes, to - from, "")};
    if (!place.bytes)
        return gs_parse_nomem(p);
    for (size_t i = 0; i < to - from; i++)
        bytes[i] = is_sign(bytes[i]) ? '0' : bytes[i];
    gs_buf_append(&patterns->places, &place, sizeof(place));
    return gs_buf_status(&patterns->places) ? gs_parse_nomem(p) : GAOSOU_OK;
}

void gs_patterns_init(struct gs_patterns *patterns)
{
    gs_buf_init(&patterns->places, GS_QUERY_BYTES_MAX * sizeof(struct place));
}

enum gaosou_status gs_patterns_hide(struct gs_parser *p, struct gs_patterns *patterns)
{
    struct gs_buf *piece = &p->piece;
    enum gaosou_status status = GAOSOU_OK;
    size_t from = 0, to = 0, first, last, size;
    bool has_sign;
    if (!may_hold_pattern(piece))
        return GAOSOU_OK;
    while (from < piece->size && !status) {
        if (!pattern_char(piece, from, &size)) {
            piece->data[to++] = piece->data[from++];
            continue;
        }
        move_sequence(piece, &from, &to, &first, &last, &has_sign);
        if (has_sign)
            status = hide(p, patterns, first, last + 1);
    }
    piece->size = to;
    return status;
}

/* The item takes the bytes, letters small, a row of stars one. */
static void fold_pattern(struct gs_item *item, uint8_t *bytes, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) {
        uint8_t c = bytes[i];
        if (c != '*' || kept == 0 || bytes[kept - 1] != '*')
            bytes[kept++] = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
    }
    item->is_pattern = true;
    item->bytes = bytes;
    item->size = kept;
}

/* at: of the run in the query, which has as many characters as the piece. */
static enum gaosou_status fail_part(struct gs_parser *p, const struct place *place, size_t at)
{
    size_t size;
    for (size_t i = 0; i < place->from; i++) {
        if ((p->piece.data[i] & 0xC0) == 0x80)
            continue;
        gs_scan_char(p, at, &size);
        at += size;
    }
    return gs_parse_fail(p, at,
                         "? and * stand in words of letters and digits alone; this is a part of a "
                         "larger word (put it in quotes to search for it as text)",
                         "? 和 * 只能用在单独的字母数字词中，这里只是更大的词的一部分"
                         "（要按文字查找，请加引号）");
}

enum gaosou_status gs_patterns_show(struct gs_parser *p, struct gs_patterns *patterns,
                                    struct gs_leaf *leaf, size_t at)
{
    const struct place *places = (const void *)patterns->places.data;
    size_t count = patterns->places.size / sizeof(*places), unit = 0;
    const struct gs_unit *units = p->batch.units;
    for (size_t i = 0; i < count; i++) {
        const struct place *place = &places[i];
        size_t size = place->to - place->from;
        while (unit < leaf->item_count && units[unit].start < place->from)
            unit++;
        if (unit == leaf->item_count || units[unit].start != place->from ||
            units[unit].end != place->to || leaf->items[unit].is_han)
            return fail_part(p, place, at);
        memcpy(p->piece.data + place->from, place->bytes, size);
        fold_pattern(&leaf->items[unit], place->bytes, size);
    }
    return GAOSOU_OK;
}

void gs_patterns_release(struct gs_patterns *patterns)
{
    gs_buf_release(&patterns->places);
}
