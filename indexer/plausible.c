#include "indexer/plausible.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"
#include "indexer/plausible_table.h"

#include <stdbool.h>

#define SAMPLE_SIZE ((size_t)4096)

/* What a character weighs and how much of that it gains. The figures were set so that texts decoded
 * right and wrong lie far apart, Traditional and Simplified, ten characters or a book. */
struct weight {
    float weight, gain;
};

static const struct weight han_weight[4] = {{1, 0.05f}, {1, 0.35f}, {1, 0.9f}, {1, 1}};
static const struct weight good = {1, 1}, bad = {4, 0};

static struct weight weigh_han(uint32_t c)
{
    uint32_t folded = gs_chartab_bmp[c]; /* to Simplified */
    if (folded < GS_PLAUSIBLE_FIRST || folded > GS_PLAUSIBLE_LAST)
        folded = c;
    uint32_t at = folded - GS_PLAUSIBLE_FIRST;
    return han_weight[gs_plausible_bands[at / 32] >> at % 32 * 2 & 3];
}

static bool is_private(uint32_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

/* U+0080 .. U+2FFF */
static struct weight weigh_low(uint32_t c)
{
    if (c < 0xA0)
        return bad; /* C1 controls */
    if (c == 0xA0 || c == 0xB7 || c == 0xD7)
        return good; /* no-break space, middle dot, multiplication sign */
    if (c < 0xC0)
        return (struct weight){1, 0.3f}; /* Latin-1 signs: half of all mojibake */
    if (c < 0x250)
        return (struct weight){1, 0.7f}; /* Latin letters with marks */
    if (c < 0x530)
        return (struct weight){1, 0.5f}; /* Greek, Cyrillic */
    if (c >= 0x2000 && c < 0x2070)
        return (struct weight){1, 0.95f}; /* dashes, quotes, spaces, ellipsis */
    if (c >= 0x20A0 && c < 0x2800)
        return (struct weight){1, 0.7f}; /* signs, arrows, boxes, circled numbers */
    if (c >= 0x2F00 && c < 0x2FE0)
        return (struct weight){1, 0.6f}; /* Kangxi radicals, as PDFs have them */
    return (struct weight){1, 0.2f};
}

/* U+3000 .. */
static struct weight weigh_high(uint32_t c)
{
    if (c < 0x3030)
        return good; /* Chinese punctuation */
    if (c < 0x3100)
        return (struct weight){1, 0.5f}; /* kana */
    if (c < 0x3400)
        return (struct weight){1, 0.4f}; /* bopomofo, enclosed, units */
    if (c >= GS_PLAUSIBLE_FIRST && c <= GS_PLAUSIBLE_LAST)
        return weigh_han(c);
    if (c >= 0xAC00 && c < 0xD7A4)
        return (struct weight){1, 0.5f}; /* Hangul */
    if (c >= 0xF900 && c < 0xFB00)
        return (struct weight){1, 0.3f}; /* compatibility ideographs */
    if (c >= 0xFF01 && c < 0xFF5F)
        return good; /* full-width ASCII */
    if (c >= 0xFFE0 && c < 0xFFE7)
        return (struct weight){1, 0.8f};
    if (is_private(c))
        return (struct weight){2, 0};
    if (c == 0xFEFF || (c & 0xFFFF) >= 0xFFF0)
        return bad; /* noncharacters, U+FFFD */
    if (c >= 0xFE10 && c < 0xFFF0)
        return (struct weight){1, 0.5f};
    return (struct weight){1, 0.05f}; /* rare ideographs, all other scripts */
}

static struct weight weigh_ascii(uint32_t c)
{
    bool is_control = (c < 0x20 && (c < '\t' || c > '\r')) || c == 0x7F;
    return is_control ? bad : (struct weight){0.5f, 1};
}

static bool is_ascii_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Latin letters with marks stand one at a time among others; a row of them, or one by itself, is
 * another encoding read as Latin-1. */
static struct weight weigh_marked(uint32_t c, unsigned run, bool by_letter)
{
    static const float worth[3] = {1, 0.4f, 0};
    struct weight w = weigh_low(c);
    if (c >= 0xC0 && c != 0xD7 && !by_letter)
        w.gain = 0.3f;
    w.gain *= worth[run < 3 ? run : 2];
    return w;
}

void gs_plausible_count(struct gs_plausible *p, const uint8_t *text, size_t size)
{
    const uint8_t *end = text + size;
    unsigned run = 0;           /* of Latin-1 and Latin letters with marks */
    bool behind_letter = false; /* of ASCII, at the run's beginning */
    while (text < end) {
        uint32_t c;
        uint8_t first = text[0];
        text += gs_utf8_step(text, end, &c);
        p->characters++;
        struct weight w;
        if (c >= 0x80 && c < 0x250) {
            w = weigh_marked(c, run++, behind_letter || (text < end && is_ascii_letter(*text)));
        } else {
            w = c < 0x80 ? weigh_ascii(c) : c < 0x3000 ? weigh_low(c) : weigh_high(c);
            run = 0;
            behind_letter = is_ascii_letter(first);
        }
        if (c < 0x80 && w.gain > 0) {
            p->ascii += (double)w.weight;
            continue;
        }
        p->other += (double)w.weight;
        p->other_gained += (double)(w.weight * w.gain);
    }
}

double gs_plausible_score(const struct gs_plausible *p)
{
    double weight = p->ascii + p->other;
    return weight > 0 ? (p->ascii + p->other_gained) / weight : 1;
}

double gs_plausible_score_other(const struct gs_plausible *p)
{
    return p->other > 0 ? p->other_gained / p->other : 1;
}

double gs_text_plausibility(const uint8_t *text, size_t size)
{
    struct gs_plausible p = {0};
    if (size <= 3 * SAMPLE_SIZE) {
        gs_plausible_count(&p, text, size);
        return gs_plausible_score(&p);
    }
    const size_t starts[3] = {0, size / 2, size - SAMPLE_SIZE};
    for (size_t i = 0; i < 3; i++) {
        size_t from = starts[i], end = starts[i] + SAMPLE_SIZE;
        while (from < end && gs_utf8_is_tail(text[from]))
            from++;
        while (end < size && end > from && gs_utf8_is_tail(text[end]))
            end--;
        gs_plausible_count(&p, text + from, end - from);
    }
    return gs_plausible_score(&p);
}
