/*
 * text_scan.c: the scan's arrays, its scalar kernel, and the choice between kernels.
 */
#include "common/text/text_scan_masks.inc"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* ---- the scalar kernel: a, b, c are the bytes from a place on ---- */

static inline bool ends_line(uint8_t a, uint8_t b, uint8_t c)
{
    return a == '\n' || a == '\r' || a == '\f' || (a == 0xC2 && b == 0x85) ||
           (a == 0xE2 && b == 0x80 && (c | 1) == 0xA9);
}

static inline bool is_for_layout(uint8_t a, uint8_t b, uint8_t c)
{
    return (a == 0xE7 && b == 0xAC && c == 0xAC) ||
           (b == ' ' && (a & 0xF0) == 0x30 && (c & 0xF0) == 0x30);
}

static inline bool can_end_sentence(uint8_t a, uint8_t b, uint8_t c)
{
    switch (a) {
    case 0x1B:
    case 0x1F:
    case '!':
    case ';':
    case '?':
        return true;
    case 0xE3:
        return b == 0x80 && c == 0x82;
    case 0xEF:
        return (b == 0xBC && (c == 0x9B || c == 0x9F)) ||
               ((b == 0xBC || b == 0xBD) && (c == 0x81 || c == 0xA1));
    default:
        return false;
    }
}

static inline bool can_begin_gap(uint8_t a, uint8_t b, uint8_t c)
{
    if (b == ' ' && c == ' ' && a != ' ')
        return true;
    switch (a) {
    case '\t':
    case '\v':
        return true;
    case 0xC2:
        return b == 0xA0;
    case 0xE2:
        return b == 0x80 && c >= 0x80 && c <= 0x8A;
    case 0xE3:
        return b == 0x80 && c == 0x80;
    default:
        return false;
    }
}

static inline void block_masks(const uint8_t *p, struct masks *m)
{
    *m = (struct masks){0};
    for (unsigned i = 0; i < GS_SCAN_BLOCK; i++) {
        uint8_t a = p[i], b = p[i + 1], c = p[i + 2];
        m->lines |= (uint64_t)ends_line(a, b, c) << i;
        m->layout |= (uint64_t)is_for_layout(a, b, c) << i;
        m->enders |= (uint64_t)can_end_sentence(a, b, c) << i;
        m->gaps |= (uint64_t)can_begin_gap(a, b, c) << i;
        m->digits |= (uint64_t)((a & 0xF0) == 0x30) << i;
        m->han |= (uint64_t)((a & 0xFC) == 0xE4) << i;
    }
}

void gs_text_scan_scalar(const uint8_t *p, size_t blocks, uint32_t base, struct gs_text_scan *out)
{
    scan_blocks(p, blocks, base, out, block_masks);
}

/* ---- the choice ---- */

size_t gs_text_scan_kernels(gs_scan_kernel *out[GS_SCAN_KERNELS])
{
    size_t count = 0;
#ifdef GS_HAS_X86_SCAN
    if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2"))
        out[count++] = gs_text_scan_avx512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        out[count++] = gs_text_scan_avx2;
    if (__builtin_cpu_supports("ssse3") && __builtin_cpu_supports("popcnt"))
        out[count++] = gs_text_scan_ssse3;
#endif
    out[count++] = gs_text_scan_scalar;
    return count;
}

/* ---- the arrays ---- */

void gs_text_scan_clear(struct gs_text_scan *s)
{
    s->line_count = s->layout_count = s->ender_count = s->gap_count = 0;
    s->digits = s->han = 0;
}

void gs_text_scan_release(struct gs_text_scan *s)
{
    free(s->lines);
    free(s->layout);
    free(s->enders);
    free(s->gaps);
    *s = (struct gs_text_scan){0};
}

/* Moves the array to room for `capacity` items, or returns; the old ones stay. */
#define GROW(array, capacity)                                                                      \
    do {                                                                                           \
        void *grown_ = realloc((array), (capacity) * sizeof((array)[0]));                          \
        if (!grown_)                                                                               \
            return GAOSOU_E_NOMEM;                                                                 \
        (array) = grown_;                                                                          \
    } while (0)

static size_t most(const struct gs_text_scan *s)
{
    size_t a = s->line_count > s->layout_count ? s->line_count : s->layout_count;
    size_t b = s->ender_count > s->gap_count ? s->ender_count : s->gap_count;
    return a > b ? a : b;
}

enum gaosou_status gs_text_scan_fit(struct gs_text_scan *s)
{
    size_t need = most(s) + GS_SCAN_ROOM;
    if (need <= s->capacity)
        return GAOSOU_OK;
    size_t wanted = s->capacity * 2 > need ? s->capacity * 2 : need;
    GROW(s->lines, wanted);
    GROW(s->layout, wanted);
    GROW(s->enders, wanted);
    GROW(s->gaps, wanted);
    s->capacity = wanted;
    return GAOSOU_OK;
}

enum gaosou_status gs_text_scan_next(struct gs_text_scan *s, const uint8_t *content, size_t size,
                                     size_t *from)
{
    gs_scan_kernel *kernels[GS_SCAN_KERNELS];
    enum gaosou_status status = gs_text_scan_fit(s);
    if (status != GAOSOU_OK)
        return status;
    (void)gs_text_scan_kernels(kernels);
    size_t at = *from, left = size - at, blocks = 0;
    if (left >= GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD) {
        blocks = (left - GS_SCAN_LOOKAHEAD) / GS_SCAN_BLOCK;
        blocks = blocks < GS_SCAN_BATCH ? blocks : GS_SCAN_BATCH - 1;
        kernels[0](content + at, blocks, (uint32_t)at, s);
        at += blocks * GS_SCAN_BLOCK;
        left = size - at;
    }
    if (left > 0 &&
        left < GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD) { /* zeros behind the end give nothing */
        uint8_t tail[2 * GS_SCAN_BLOCK + GS_SCAN_LOOKAHEAD] = {0};
        memcpy(tail, content + at, left);
        kernels[0](tail, left > GS_SCAN_BLOCK ? 2 : 1, (uint32_t)at, s);
        at = size;
    }
    *from = at;
    return GAOSOU_OK;
}
