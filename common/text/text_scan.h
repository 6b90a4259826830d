/*
 * text_scan.h: the one pass over every byte that layout and structure share: offsets worth a look.
 *
 * Kernels: scalar (always there), SSE2, AVX2 where the processor has it; all give the same offsets.
 * Nothing is read outside [content, content + size). Pure functions.
 */
#ifndef GS_TEXT_TEXT_SCAN_H
#define GS_TEXT_TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define GS_SCAN_BLOCK     64 /* bytes that one mask is about */
#define GS_SCAN_LOOKAHEAD 2  /* bytes behind the block that decide too */
#define GS_SCAN_BATCH     32 /* blocks of one call, at most */
#define GS_SCAN_ROOM      (GS_SCAN_BATCH * GS_SCAN_BLOCK + 4) /* offsets to make room for */

/*
 * Whoever takes an offset looks at the bytes again: these are supersets. Of a byte a, with b and c
 * behind it (zeros past the end), the offset is written
 *   to both, where a line can end: a is 0A to 0D or C2, or b c are the last of U+2028, U+2029;
 *   to `layout`, where b c are the last of 第, or b is a space and the high halves of a and c,
 * ANDed, are 3 (digits about a space); to `structure`, where a is a control character, `!`, `;` or
 * `?`, a b c is 。 ！ ； ？ or the half-width 。, b and c are spaces
 * and a is none (a wide gap begins), or white space beyond ASCII stands at a.
 */
struct gs_scan_offsets {
    uint32_t *layout, *structure; /* each with room for GS_SCAN_ROOM; written from the front */
    size_t layout_count, structure_count;
};

/* Scans the next bytes, from *from on, and moves it on; *from == size when all is seen. Offsets
 * ascend. */
void gs_text_scan(const uint8_t *content, size_t size, size_t *from, struct gs_scan_offsets *out);

/* The masks of `blocks` blocks from p, bit i for byte i; reads GS_SCAN_LOOKAHEAD bytes past the
 * last. For tests too. */
struct gs_scan_masks {
    uint64_t layout, structure;
};
typedef void gs_scan_kernel(const uint8_t *p, size_t blocks, struct gs_scan_masks *masks);
gs_scan_kernel gs_scan_masks_scalar;
gs_scan_kernel gs_scan_masks_best; /* the best without asking the processor */
#if defined(__x86_64__) && defined(__GNUC__)
#define GS_HAS_AVX2_KERNEL 1
gs_scan_kernel gs_scan_masks_avx2; /* only where __builtin_cpu_supports("avx2") */
#endif

#endif
