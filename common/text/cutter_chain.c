#include "common/text/cutter_emit.h"

static bool is_digit(const struct gs_chain *chain, size_t i)
{
    return i < chain->size && chain->chars[i] >= '0' && chain->chars[i] <= '9';
}

static bool is_char(const struct gs_chain *chain, size_t i, uint8_t what)
{
    return i < chain->size && chain->chars[i] == what;
}

static size_t skip_digits(const struct gs_chain *chain, size_t i)
{
    while (is_digit(chain, i))
        i++;
    return i;
}

/* The end of \d{1,3}(,\d{3})+ or \d+ that starts at i and is followed by no digit and no comma; 0:
 * none. */
static size_t integer_end(const struct gs_chain *chain, size_t i)
{
    size_t end = skip_digits(chain, i);
    if (end == i)
        return 0;
    if (!is_char(chain, end, ','))
        return end;
    if (end - i > 3)
        return 0;
    while (is_char(chain, end, ',')) {
        size_t group = skip_digits(chain, end + 1);
        if (group - end != 4)
            return 0;
        end = group;
    }
    return end;
}

/* \d{1,3}(,\d{3})+(\.\d+)? or \d+(\.\d+)? */
static bool is_number(const struct gs_chain *chain)
{
    size_t end = integer_end(chain, 0);
    if (!end)
        return false;
    if (is_char(chain, end, '.'))
        end = skip_digits(chain, end + 1);
    return end == chain->size;
}

/* The end of the piece (\d{1,3}(,\d{3})+|\d+)\.\d\d that starts at i; 0: none. */
static size_t piece_end(const struct gs_chain *chain, size_t i)
{
    size_t point = integer_end(chain, i);
    if (!point || !is_char(chain, point, '.'))
        return 0;
    return is_digit(chain, point + 1) && is_digit(chain, point + 2) ? point + 3 : 0;
}

static bool is_glued(const struct gs_chain *chain)
{
    size_t pieces = 0, i = 0;
    while (i < chain->size) {
        i = piece_end(chain, i);
        if (!i)
            return false;
        pieces++;
    }
    return pieces >= 2;
}

/* \d{1,2}\.(19|20)\d\d */
static bool is_item_and_year(const struct gs_chain *chain)
{
    size_t point = skip_digits(chain, 0);
    if (point < 1 || point > 2 || !is_char(chain, point, '.') || chain->size != point + 5)
        return false;
    const uint8_t *y = chain->chars + point + 1;
    return skip_digits(chain, point + 1) == chain->size &&
           ((y[0] == '1' && y[1] == '9') || (y[0] == '2' && y[1] == '0'));
}

enum gs_chain_form gs_chain_classify(const struct gs_chain *chain, uint32_t next)
{
    if (chain->size > GS_CHAIN_MAX)
        return GS_CHAIN_APART;
    if (next == GS_NIAN && is_item_and_year(chain))
        return GS_CHAIN_APART;
    if (is_number(chain))
        return GS_CHAIN_NUMBER;
    return is_glued(chain) ? GS_CHAIN_GLUED : GS_CHAIN_APART;
}

static uint32_t start_of(const struct gs_chain *chain, size_t i)
{
    return chain->starts ? chain->starts[i] : chain->base + (uint32_t)i;
}

static uint32_t end_of(const struct gs_chain *chain, size_t i)
{
    return chain->ends ? chain->ends[i] : chain->base + (uint32_t)i + 1;
}

/* Characters [from, to) as one word, commas dropped. */
static void emit_piece(struct gs_cutter *c, const struct gs_chain *chain, size_t from, size_t to)
{
    uint8_t bytes[GS_CHAIN_MAX];
    size_t size = 0;
    for (size_t i = from; i < to; i++) {
        bytes[size] = chain->chars[i];
        size += chain->chars[i] != ',';
    }
    uint64_t hash = size > GS_WORD_MAX ? gs_hash64(bytes, size) : 0;
    gs_emit_word(c, bytes, size, hash, start_of(chain, from), end_of(chain, to - 1));
}

static void emit_apart(struct gs_cutter *c, const struct gs_chain *chain)
{
    for (size_t i = 0; i < chain->size;) {
        size_t end = skip_digits(chain, i);
        if (end > i)
            emit_piece(c, chain, i, end);
        else
            gs_emit_break(c, start_of(chain, end++));
        i = end;
    }
}

void gs_chain_emit(struct gs_cutter *c, const struct gs_chain *chain, enum gs_chain_form form)
{
    if (form == GS_CHAIN_APART) {
        emit_apart(c, chain);
        return;
    }
    for (size_t i = 0; i < chain->size;) {
        size_t end = form == GS_CHAIN_NUMBER ? chain->size : piece_end(chain, i);
        emit_piece(c, chain, i, end);
        i = end;
    }
}

void gs_chain_count(const struct gs_chain *chain, enum gs_chain_form form, uint32_t *words,
                    uint32_t *breaks)
{
    *words = *breaks = 0;
    if (form == GS_CHAIN_NUMBER) {
        *words = 1;
        return;
    }
    uint8_t counted = form == GS_CHAIN_GLUED ? '.' : 0;
    for (size_t i = 0; i < chain->size; i++) {
        if (form == GS_CHAIN_GLUED)
            *words += chain->chars[i] == counted;
        else
            *breaks += !is_digit(chain, i);
    }
    if (form == GS_CHAIN_APART)
        *words = *breaks + 1; /* separators stand singly between digit runs */
}
