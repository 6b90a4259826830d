/*
 * text_scan.h: the one pass over every byte that layout and structure share: lines, counts in them,
 * and offsets worth a look.
 *
 * Kernels: scalar (always there), SSSE3, AVX2 and AVX-512 where the processor has them; all give
 * the same. Nothing is read outside [content, content + size). A gs_text_scan is reused from filing
 * to filing and belongs to one thread; its arrays are valid until the next call.
 */
#ifndef GS_TEXT_TEXT_SCAN_H
#define GS_TEXT_TEXT_SCAN_H

#include "common/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* A line's end: LF, CR, FF, U+0085, U+2028 or U+2029 at `at`; and how much stands before it since
 * the scan was cleared. */
struct gs_scan_line {
    uint32_t at;
    uint32_t enders, gaps; /* offsets in those arrays */
    uint32_t digits;       /* bytes 30 to 3F: digits and a few signs */
    uint32_t han;          /* bytes E4 to E7: most characters of U+4000 to U+7FFF */
};

/* Offsets ascend. Those of layout, enders and gaps are supersets: who takes one looks at the bytes
 * again. With a b c the bytes from an offset on, zeros past the end:
 *   layout   第; or b is a space and a and c are of 30 to 3F (digits about a space)
 *   enders   ! ; ? 。 ！ ； ？, the half-width 。, U+001F (and 1B, Ａ, ａ)
 *   gaps     white space other than U+0020; or b and c are spaces and a is none */
struct gs_text_scan {
    struct gs_scan_line *lines;
    uint32_t *layout, *enders, *gaps;
    size_t line_count, layout_count, ender_count, gap_count;
    size_t capacity; /* of each array */
    uint32_t digits, han;
};

/* Scans some KB more of the content, from *from on, appends what it finds, and moves *from on;
 * *from == size when all is seen. size < 2^32. GAOSOU_E_NOMEM. A zeroed object is a cleared one. */
GS_MUST_USE enum gaosou_status gs_text_scan_next(struct gs_text_scan *s, const uint8_t *content,
                                                 size_t size, size_t *from);
void gs_text_scan_clear(struct gs_text_scan *s);
void gs_text_scan_release(struct gs_text_scan *s);

/* ---- kernels; here for tests too ---- */

#define GS_SCAN_BLOCK     64 /* bytes that one mask is about */
#define GS_SCAN_LOOKAHEAD 2  /* bytes behind the block that decide too */
#define GS_SCAN_BATCH     64 /* blocks of one call, at most */
#define GS_SCAN_ROOM      (GS_SCAN_BATCH * GS_SCAN_BLOCK + 16) /* offsets to make room for */

/* Scans `blocks` blocks from p, whose first byte has the offset `base`; reads GS_SCAN_LOOKAHEAD
 * bytes past the last. Each array has GS_SCAN_ROOM free. */
typedef void gs_scan_kernel(const uint8_t *p, size_t blocks, uint32_t base,
                            struct gs_text_scan *out);
gs_scan_kernel gs_text_scan_scalar;
#if defined(__x86_64__) && defined(__GNUC__)
#define GS_HAS_X86_SCAN 1
gs_scan_kernel gs_text_scan_ssse3, gs_text_scan_avx2, gs_text_scan_avx512;
#endif
/* Those that this processor can run, the best one first; how many. */
#define GS_SCAN_KERNELS 4
size_t gs_text_scan_kernels(gs_scan_kernel *out[GS_SCAN_KERNELS]);
/* Room for another batch. */
GS_MUST_USE enum gaosou_status gs_text_scan_fit(struct gs_text_scan *s);

#endif
