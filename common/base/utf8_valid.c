#include "common/base/utf8_valid.h"

#include "common/base/utf8_skip.h"
#include "common/base/utf8_step.h"

#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* Whether the lead byte E0..EF asks for a closer look at the second byte: E0 (overlong forms) or ED
 * (surrogates). */
static inline uint32_t is_delicate(uint64_t lead)
{
    return 0x2001u >> (lead & 15) & 1;
}

/* Four three-byte characters that need no closer look: nearly all of a Chinese text. Reads 14
 * bytes. */
static inline bool are_plain_threes(const uint8_t *p)
{
    uint64_t a = gs_load_u64(p), b = gs_load_u64(p + 6);
    uint64_t shape = ((a & 0x0000C0C0F0C0C0F0u) ^ 0x00008080E08080E0u) |
                     ((b & 0x0000C0C0F0C0C0F0u) ^ 0x00008080E08080E0u);
    uint32_t delicate =
        is_delicate(a) | is_delicate(a >> 24) | is_delicate(b) | is_delicate(b >> 24);
    return (shape | delicate) == 0;
}

static inline bool is_plain_three(const uint8_t *p)
{
    uint32_t v = gs_load_u32(p);
    return (v & 0x00C0C0F0) == 0x008080E0 && !is_delicate(v);
}

size_t gs_utf8_valid(const uint8_t *bytes, size_t size)
{
    const uint8_t *p = bytes + gs_utf8_skip(bytes, size), *end = bytes + size;
    while (p < end) {
        while (end - p >= 14 && are_plain_threes(p))
            p += 12;
        while (end - p >= 4 && is_plain_three(p))
            p += 3;
        while (end - p >= 8 && (gs_load_u64(p) & 0x8080808080808080u) == 0)
            p += 8;
        if (p == end)
            break;
        uint32_t cp;
        size_t step = gs_utf8_step(p, end, &cp);
        if (cp == GS_UTF8_BAD && (step != 3 || memcmp(p, replacement, 3) != 0))
            return (size_t)(p - bytes);
        p += step;
    }
    return size;
}

uint64_t gs_utf8_repair(const uint8_t *bytes, size_t size, struct gs_buf *out)
{
    uint64_t replaced = 0;
    while (size > 0) {
        size_t good = gs_utf8_valid(bytes, size);
        gs_buf_append(out, bytes, good);
        bytes += good;
        size -= good;
        if (size == 0)
            break;
        uint32_t cp;
        size_t bad = gs_utf8_step(bytes, bytes + size, &cp);
        gs_buf_append(out, replacement, 3);
        replaced++;
        bytes += bad;
        size -= bad;
    }
    return replaced;
}
