#include "common/text/fold.h"

#include "common/text/chartab.h"
#include "common/text/utf8.h"
#include "common/text/white_space.h"

static void append_char(struct gs_buf *out, uint32_t c)
{
    uint8_t *p = gs_buf_reserve(out, 4);
    if (p)
        out->size += gs_utf8_encode(p, c);
}

/* A character that does not vanish. */
static void append_folded(struct gs_buf *out, uint32_t c, const struct gs_char_entry *entry)
{
    if (entry->class != GS_CLASS_TEXT)
        append_char(out, c >= 0xFF01 && c <= 0xFF5E ? c - 0xFEE0 : c);
    for (unsigned i = 0; i < entry->count && entry->class == GS_CLASS_TEXT; i++)
        append_char(out, entry->chars[i] & 0xFFFFFF);
}

void gs_fold_append(struct gs_buf *out, const char *bytes, size_t size)
{
    const size_t start = out->size;
    size_t spaces = 0; /* that wait for something behind them */
    for (size_t at = 0; at < size;) {
        struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)bytes + at, size - at);
        at = c.size ? at + c.size : size;
        if (c.size && gs_char_is_white_space(c.code)) {
            spaces += out->size > start;
            continue;
        }
        const uint32_t code = c.size ? c.code : GS_REPLACEMENT;
        struct gs_char_entry entry;
        gs_char_find(code, &entry);
        if (entry.class == GS_CLASS_VANISHING)
            continue;
        for (; spaces > 0; spaces--)
            append_char(out, ' ');
        append_folded(out, code, &entry);
    }
}
