#include "tests/support/ref_content_hash.h"

#include "common/base/checksum.h"
#include "tests/support/ref_tokenise.h"

#include <stdlib.h>

static bool is_in(uint32_t cp, uint32_t first, uint32_t last)
{
    return cp >= first && cp <= last;
}

/* Steps 3 and 4 of section Content hash on one character: its bytes, or none. */
static size_t fold_character(uint32_t cp, uint8_t *out)
{
    if (is_in(cp, 0, 0x20) || is_in(cp, 0x7F, 0xA0) || cp == 0xAD || cp == 0x1680 ||
        is_in(cp, 0x2000, 0x200F) || is_in(cp, 0x2028, 0x202F) || is_in(cp, 0x205F, 0x206F) ||
        cp == 0x3000 || cp == 0xFEFF)
        return 0;
    return ref_encode(is_in(cp, 0xFF01, 0xFF5E) ? cp - 0xFEE0 : cp, out);
}

uint64_t ref_content_hash(const uint8_t *content, size_t size, size_t title_size,
                          const struct gs_mark *marks, size_t mark_count)
{
    size_t at = 0, n = 0, mark = 0;
    uint8_t *folded = malloc(3 * size + 4);
    if (!folded)
        abort();
    if (title_size > 0 && title_size + 2 <= size && content[title_size] == 0x1F &&
        content[title_size + 1] == '\n')
        at = title_size + 2;
    while (at < size) {
        while (mark < mark_count && (marks[mark].kind == GS_MARK_JOIN || marks[mark].end <= at))
            mark++;
        if (mark < mark_count && marks[mark].start <= at) {
            at = marks[mark].end;
            continue;
        }
        uint32_t cp;
        at += ref_decode(content + at, content + size, &cp);
        n += fold_character(cp, folded + n);
    }
    uint64_t hash = n ? gs_hash64(folded, n) : 0;
    free(folded);
    return hash;
}
