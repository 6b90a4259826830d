#include "common/text/content_hash.h"

#include "common/base/bytes.h"
#include "common/base/checksum.h"
#include "common/text/kernel.h"

#include <string.h>

#define PIECE 8192u /* bytes folded at a time: they stay in the first-level cache */

/* Whether a character of two or three bytes says nothing. */
static bool is_silent(uint32_t c)
{
    return c <= 0xA0 || c == 0xAD || c == 0x1680 || (c >= 0x2000 && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) || c == 0x3000 ||
           c == 0xFEFF;
}

static bool is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* A character that begins with C2, E1, E2, E3 or EF: how many bytes it takes of the `left` ones. */
static size_t fold_special(const uint8_t *p, size_t left, uint8_t **out)
{
    size_t size = *p == 0xC2 ? 2 : 3;
    uint32_t c = 0;
    if (left >= size && is_tail(p[1]) && is_tail(p[size - 1]))
        c = size == 2 ? p[1] : (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
    if (c == 0) { /* no character: the byte alone */
        *(*out)++ = *p;
        return 1;
    }
    if (is_silent(c))
        return size;
    if (c >= 0xFF01 && c <= 0xFF5E) {
        *(*out)++ = (uint8_t)(c - 0xFEE0);
        return size;
    }
    memcpy(*out, p, size);
    *out += size;
    return size;
}

/* Folds characters of E3 to EF, which nearly all of Chinese text is, as far as there are any; some
 * of the last ones are left, as four bytes are read and written at a time. */
static const uint8_t *fold_wide(const uint8_t *p, const uint8_t *end, uint8_t **out)
{
    uint8_t *q = *out;
    while (end - p >= 4) {
        uint32_t four = gs_load_u32(p), three = four & 0xFFFFFF, third = three >> 16;
        if ((four & 0xFF) - 0xE3 > 0xEF - 0xE3 || (four & 0xC0C000) != 0x808000)
            break;
        bool low = (four & 0xFFFF) == 0xBCEF && third != 0x80;
        bool high = (four & 0xFFFF) == 0xBDEF && third <= 0x9E;
        bool silent = three == 0x8080E3 || three == 0xBFBBEF;
        gs_store_u32(q, low ? third - 0x60 : high ? third - 0x20 : four);
        q += low || high ? 1 : silent ? 0 : 3;
        p += 3;
    }
    *out = q;
    return p;
}

/* Copies ASCII, leaving out what is silent. */
static const uint8_t *copy_ascii(const uint8_t *p, const uint8_t *end, uint8_t **out)
{
    uint8_t *q = *out;
    for (; p < end && *p < 0x80; p++) {
        *q = *p;
        q += *p > 0x20 && *p != 0x7F;
    }
    *out = q;
    return p;
}

size_t gs_fold_scalar(const uint8_t *bytes, size_t size, uint8_t *out)
{
    const uint8_t *p = bytes, *end = bytes + size;
    uint8_t *q = out;
    while (p < end) {
        p = fold_wide(p, end, &q);
        p = copy_ascii(p, end, &q);
        if (p == end)
            break;
        if (*p == 0xC2 || (*p >= 0xE1 && *p <= 0xE3) || *p == 0xEF)
            p += fold_special(p, (size_t)(end - p), &q);
        else if (*p >= 0x80)
            *q++ = *p++; /* a character's first byte or a later one */
    }
    return (size_t)(q - out);
}

static size_t fold(const uint8_t *bytes, size_t size, uint8_t *out)
{
#ifdef GS_HAS_X86_KERNELS
    if (gs_kernel_current() == GS_KERNEL_AVX512)
        return gs_fold_avx512(bytes, size, out);
#endif
    return gs_fold_scalar(bytes, size, out);
}

struct folded {
    struct gs_hash_stream hash;
    uint64_t size;
};

/* Pieces end where a character does. */
static void add(struct folded *f, const uint8_t *bytes, size_t size)
{
    uint8_t out[PIECE + GS_FOLD_SLACK];
    while (size > 0) {
        size_t piece = size < PIECE ? size : PIECE;
        for (size_t back = 0; piece < size && back < 3 && is_tail(bytes[piece]); back++)
            piece--;
        size_t n = fold(bytes, piece, out);
        gs_hash_update(&f->hash, out, n);
        f->size += n;
        bytes += piece;
        size -= piece;
    }
}

/* Where the text begins: behind a title that was put in front of it. */
static size_t text_start(const uint8_t *content, size_t size, size_t title_size)
{
    bool in_front = title_size > 0 && title_size <= size && size - title_size >= 2 &&
                    content[title_size] == 0x1F && content[title_size + 1] == '\n';
    return in_front ? title_size + 2 : 0;
}

uint64_t gs_content_hash(const uint8_t *content, size_t size, size_t title_size,
                         const struct gs_mark *marks, size_t mark_count)
{
    struct folded f = {.size = 0};
    size_t at = text_start(content, size, title_size);
    gs_hash_begin(&f.hash);
    for (size_t i = 0; i < mark_count; i++) {
        if (marks[i].kind != GS_MARK_FURNITURE || marks[i].end <= at)
            continue;
        if (marks[i].start > at)
            add(&f, content + at, marks[i].start - at);
        at = marks[i].end;
    }
    if (at < size)
        add(&f, content + at, size - at);
    return f.size ? gs_hash_digest(&f.hash) : 0;
}
