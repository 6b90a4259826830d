#include "tests/support/ref_layout.h"

#include "tests/support/ref_tokenise.h"

/* ---- characters and lines ---- */

bool ref_is_among(uint32_t cp, const char *list)
{
    const uint8_t *p = (const uint8_t *)list, *end = p + strlen(list);
    while (p < end) {
        uint32_t one;
        p += ref_decode(p, end, &one);
        if (one == cp)
            return true;
    }
    return false;
}

bool ref_is_white(uint32_t cp)
{
    return cp == 9 || cp == 0xB || cp == 0x20 || cp == 0xA0 || (cp >= 0x2000 && cp <= 0x200A) ||
           cp == 0x3000;
}

bool ref_is_line_end(uint32_t cp)
{
    return cp == 0xA || cp == 0xD || cp == 0xC || cp == 0x85 || cp == 0x2028 || cp == 0x2029;
}

bool ref_is_digit(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 0xFF10 && cp <= 0xFF19);
}

bool ref_is_han(uint32_t cp)
{
    static const uint32_t ranges[][2] = {{0x2E80, 0x2FDF}, {0x3005, 0x3007},  {0x3041, 0x3096},
                                         {0x309D, 0x309F}, {0x30A1, 0x30FA},  {0x30FC, 0x30FF},
                                         {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},  {0xAC00, 0xD7A3},
                                         {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
        if (cp >= ranges[i][0] && cp <= ranges[i][1])
            return true;
    return false;
}

uint32_t ref_letter_offset(const struct ref_layout *l, size_t i)
{
    return i < l->letters.count ? l->letters.at[i].offset : l->size;
}

uint32_t ref_letter_cp(const struct ref_layout *l, size_t i)
{
    return i < l->letters.count ? l->letters.at[i].cp : 0;
}

static void read_letters(struct ref_layout *l, const uint8_t *content, size_t size)
{
    l->size = (uint32_t)size;
    for (size_t at = 0; at < size;) {
        struct ref_letter *letter = REF_PUSH(&l->letters);
        letter->offset = (uint32_t)at;
        at += ref_decode(content + at, content + size, &letter->cp);
    }
}

static void read_lines(struct ref_layout *l)
{
    for (size_t at = 0; at < l->letters.count;) {
        struct ref_line *line = REF_PUSH(&l->lines);
        line->start = at;
        while (at < l->letters.count && !ref_is_line_end(ref_letter_cp(l, at)))
            at++;
        line->end = at;
        line->first = line->start;
        line->last = line->end;
        while (line->first < line->end && ref_is_white(ref_letter_cp(l, line->first)))
            line->first++;
        while (line->last > line->first && ref_is_white(ref_letter_cp(l, line->last - 1)))
            line->last--;
        at += ref_letter_cp(l, at) == 0xD && ref_letter_cp(l, at + 1) == 0xA ? 2 : 1;
    }
}

uint32_t ref_bytes_between(const struct ref_layout *l, size_t from, size_t to)
{
    return ref_letter_offset(l, to) - ref_letter_offset(l, from);
}

bool ref_has_furniture(const struct ref_layout *l, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (l->letters.at[i].furniture)
            return true;
    return false;
}

void ref_mark_furniture(struct ref_layout *l, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        l->letters.at[i].furniture = true;
}

bool ref_is_body(const struct ref_layout *l, size_t i)
{
    const struct ref_letter *c = &l->letters.at[i];
    return !c->furniture && !ref_is_white(c->cp) && !ref_is_line_end(c->cp);
}

void ref_lines_read(struct ref_layout *l, const uint8_t *content, size_t size)
{
    REF_CLEAR(&l->letters);
    REF_CLEAR(&l->lines);
    read_letters(l, content, size);
    read_lines(l);
}
