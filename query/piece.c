#include "query/piece.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"

#include <string.h>

enum gaosou_status gs_piece_parse(struct gs_query **out, const char *text, size_t size,
                                  bool title_only, struct gs_err *err)
{
    const struct gs_query_params params = {.mode = GS_QUERY_LITERAL};
    enum gaosou_status status = gs_query_parse(out, text, size, &params, err);
    if (status == GAOSOU_OK && (*out)->leaf_count == 1 && title_only) {
        (*out)->leaves[0].title_only = true;
        (*out)->fingerprint = ~(*out)->fingerprint;
    }
    return status;
}

static bool is_word_byte(uint8_t b)
{
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '.' ||
           b == ',';
}

/* Where the atoms of a text begin: a character each, a run of ASCII letters, digits and points as
 * one. One entry more than atoms: the end. */
static size_t find_atoms(const char *text, size_t size, size_t starts[GS_PIECE_ATOMS_MAX + 1])
{
    const uint8_t *p = (const uint8_t *)text;
    size_t count = 0, at = 0;
    while (at < size && count < GS_PIECE_ATOMS_MAX) {
        starts[count++] = at;
        if (is_word_byte(p[at])) {
            while (at < size && is_word_byte(p[at]))
                at++;
            continue;
        }
        uint32_t cp;
        at += gs_utf8_step(p + at, p + size, &cp);
    }
    starts[count] = at;
    return count;
}

/* Whether an atom is more than punctuation. */
static bool has_content(const char *text, size_t size)
{
    uint32_t cp;
    (void)gs_utf8_step((const uint8_t *)text, (const uint8_t *)text + size, &cp);
    struct gs_char_entry entry;
    gs_char_find(cp, &entry);
    return entry.class == GS_CLASS_TEXT;
}

/* If atoms [i, j) occur, so do [i+1, j): one walk with two ends. */
enum gaosou_status gs_piece_find(const struct gs_leaf *leaf, gs_piece_count_fn *count,
                                 void *context, struct gs_str *piece, uint64_t *total)
{
    size_t starts[GS_PIECE_ATOMS_MAX + 1];
    size_t atoms = find_atoms(leaf->text, strlen(leaf->text), starts), best = 1;
    *total = 0;
    for (size_t i = 0, j = 0; i < atoms && j < atoms; i++) {
        const char *from = leaf->text + starts[i];
        if (!has_content(from, starts[i + 1] - starts[i]))
            continue;
        for (j = j < i + best ? i + best : j; j < atoms; j++) {
            uint64_t n = 0;
            enum gaosou_status status =
                count(context, from, starts[j + 1] - starts[i], leaf->title_only, &n);
            if (status != GAOSOU_OK)
                return status;
            if (n == 0)
                break;
            best = j + 1 - i;
            *total = n;
            *piece = (struct gs_str){from, starts[j + 1] - starts[i]};
        }
    }
    return GAOSOU_OK;
}

size_t gs_piece_words(const struct gs_leaf *leaf, struct gs_buf *out)
{
    size_t starts[GS_PIECE_ATOMS_MAX + 1], words = 0;
    size_t atoms = find_atoms(leaf->text, strlen(leaf->text), starts);
    bool inside = false;
    for (size_t i = 0; i < atoms; i++) {
        size_t size = starts[i + 1] - starts[i];
        bool content = has_content(leaf->text + starts[i], size);
        if (content && !inside && words++ > 0)
            gs_buf_append_u8(out, ' ');
        if (content)
            gs_buf_append(out, leaf->text + starts[i], size);
        inside = content;
    }
    return words;
}
