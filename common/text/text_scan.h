/*
 * text_scan.h: the one pass over every byte that layout and structure share: offsets worth a look.
 *
 * Kernels: scalar (always there), SSE2, AVX2 where the processor has it (asked once per call of
 * gs_text_scan, which is one load); all give the same offsets. Nothing is read outside
 * [content, content + size). Pure functions.
 */
#ifndef GS_TEXT_TEXT_SCAN_H
#define GS_TEXT_TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define GS_SCAN_BLOCK     64 /* bytes that one mask is about */
#define GS_SCAN_LOOKAHEAD 2  /* bytes behind the block that decide too */

/*
 * Writes ascending offsets from *from on, at most `capacity` (>= GS_SCAN_BLOCK) of them, and moves
 * *from on; *from == size when all is seen. An offset is that of a byte a, with b and c behind it
 * (zeros past the end), where
 *   a is a control character below U+0020, `!`, `;` or `?`, or C2;
 *   a b c is 。, or ends as U+2028, U+2029, ！, ；, ？, the half-width 。 or 第 do (b and c only);
 *   b is a space and the high halves of a and c, ANDed, are 3;
 *   b and c are spaces and a is none (a wide gap begins), or white space beyond ASCII stands at a.
 * Whoever takes an offset looks at the bytes again.
 */
size_t gs_text_scan(const uint8_t *content, size_t size, size_t *from, uint32_t *out,
                    size_t capacity);

/* The masks of `blocks` blocks from p, bit i for byte i; reads GS_SCAN_LOOKAHEAD bytes past the
 * last. For tests too. */
typedef void gs_scan_kernel(const uint8_t *p, size_t blocks, uint64_t *masks);
gs_scan_kernel gs_scan_masks_scalar;
gs_scan_kernel gs_scan_masks_best; /* the best without asking the processor */
#if defined(__x86_64__) && defined(__GNUC__)
#define GS_HAS_AVX2_KERNEL 1
gs_scan_kernel gs_scan_masks_avx2; /* only where __builtin_cpu_supports("avx2") */
#endif

#endif
