#include "common/text/term.h"

#include "common/text/utf8.h"

#include <stdio.h>
#include <string.h>

static int compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

int gs_term_compare(const struct gs_term *a, const struct gs_term *b)
{
    if (a->is_word != b->is_word)
        return a->is_word ? 1 : -1;
    if (!a->is_word) {
        /* Structural terms have first = 0 and so come first of themselves. */
        int c = compare_u32(a->first, b->first);
        return c ? c : compare_u32(a->second, b->second);
    }
    size_t size = a->size < b->size ? a->size : b->size;
    int c = size ? memcmp(a->bytes, b->bytes, size) : 0;
    return c ? c : (a->size > b->size) - (a->size < b->size);
}

static const char *structural_name(uint32_t kind)
{
    switch (kind) {
    case GS_STRUCT_SENTENCE:
        return "#sentence";
    case GS_STRUCT_PARAGRAPH:
        return "#paragraph";
    case GS_STRUCT_HEADING:
        return "#heading";
    default:
        return "#unknown";
    }
}

char *gs_term_text(const struct gs_term *t, char out[GS_TERM_TEXT_CAP])
{
    if (t->is_word) {
        size_t size = t->size < GS_TERM_TEXT_CAP ? t->size : GS_TERM_TEXT_CAP - 1;
        if (size)
            memcpy(out, t->bytes, size);
        out[size] = '\0';
    } else if (t->first == 0) {
        snprintf(out, GS_TERM_TEXT_CAP, "%s", structural_name(t->second));
    } else {
        uint32_t n = gs_utf8_encode((uint8_t *)out, t->first);
        if (t->second)
            n += gs_utf8_encode((uint8_t *)out + n, t->second);
        out[n] = '\0';
    }
    return out;
}
