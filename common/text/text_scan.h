/*
 * text_scan.h: the one pass over every byte that layout and structure share: where lines end, and
 * offsets worth a look; and counts in one line, for those that want them.
 *
 * Kernels by kernel.h's levels; all find the same. A byte outside [content, content + size) is
 * never read. A gs_text_scan is reused from filing to filing and belongs to one thread; its arrays
 * are valid until the next call. It takes the kernel in force at its first scan and keeps it.
 */
#ifndef GS_TEXT_TEXT_SCAN_H
#define GS_TEXT_TEXT_SCAN_H

#include "common/base/err.h"
#include "common/text/kernel.h"

#include <stddef.h>
#include <stdint.h>

/* A line's end: LF, CR, FF, U+0085, U+2028 or U+2029 at `at`, behind so many of the enders. */
struct gs_scan_line {
    uint32_t at, enders;
};

/* Offsets ascend. Lines are exactly those; the other lists are supersets, and which strangers are
 * in them depends on the kernel: who takes an offset looks at the bytes again.
 *   enders   ! ; ? 。 ！ ； ？, the half-width 。, U+001F
 *   layout   第; a space between two bytes of 30 to 3F (digits and a few signs): the first of those
 */
struct gs_text_scan {
    struct gs_scan_line *lines;
    uint32_t *enders, *layout;
    size_t line_count, ender_count, layout_count;
    size_t capacity; /* of each array */
    const struct gs_scan_kernel *kernel;
};

/* Scans some KB more of the content, from *from on, appends what it finds, and moves *from on;
 * *from == size when all is seen. size < 2^32. GAOSOU_E_NOMEM. A zeroed object is a cleared one. */
GS_MUST_USE enum gaosou_status gs_text_scan_next(struct gs_text_scan *s, const uint8_t *content,
                                                 size_t size, size_t *from);
void gs_text_scan_clear(struct gs_text_scan *s);
void gs_text_scan_release(struct gs_text_scan *s);

/* ---- kernels ---- */

#define GS_SCAN_BLOCK 64   /* bytes that one mask is about */
#define GS_SCAN_BATCH 64   /* blocks of one call, at most */
#define GS_SCAN_AHEAD 4096 /* bytes, how far the next ones are asked for */
#define GS_SCAN_ROOM  (GS_SCAN_BATCH * GS_SCAN_BLOCK + 16) /* offsets to make room for */

/*
 * A window over the content, from the start of a line's text on: what stands in any lines of it is
 * told by counts before two offsets. Of a block, bit i for byte i, and what is before it.
 *   gaps     white space of more than one byte; runs of U+0020, 0009 and 000B that hold two, or a
 *            tab, one bit each. Such runs only, unless other_space
 *   digits   bytes 30 to 3F: no fewer than there are ASCII digits
 *   han      bytes E5 to E9: the first ones of U+5000 to U+9FFF, all of them HAN
 */
struct gs_line_block {
    uint64_t gaps, digits, han;
    uint32_t gaps_before, digits_before, han_before;
};
#define GS_WINDOW_BLOCKS 64
struct gs_line_window {
    uint32_t from, to; /* bytes of the content; equal: none */
    bool other_space;  /* there may be white space of more than one byte */
    struct gs_line_block blocks[GS_WINDOW_BLOCKS + 1];
};

/* What of it is between two offsets. */
struct gs_line_counts {
    uint32_t gaps, digits, han;
};

/* The tokens of docs/ANALYSIS.md, Rows, of a text of valid UTF-8. exact: else there are characters
 * which only a closer look can tell HAN from others, and `others` says nothing. */
struct gs_line_tokens {
    uint32_t figures, others; /* others: words and HAN */
    uint32_t characters;      /* no more than there are, white space aside */
    bool exact;
};

/* Of a block of a text, bit i for byte i: what a kernel's tokens() counts by. */
struct gs_token_masks {
    uint64_t letters, digits, points; /* ASCII: A-Z a-z, 0-9, full stop and comma */
    uint64_t han;                     /* bytes E4 to E9, the first ones of U+4000 to U+9FFF */
    bool odd; /* others may be HAN too, or one of those is none: U+4DC0 to U+4DFF */
};

struct gs_scan_kernel {
    /* Appends what is at [from, to) of the content; at most GS_SCAN_BATCH blocks, whole ones unless
     * to == size. Each array has GS_SCAN_ROOM free. */
    void (*scan)(const uint8_t *content, size_t size, size_t from, size_t to,
                 struct gs_text_scan *out);
    /* Opens the window at `from`, as far as it goes or the content does. */
    void (*window)(const uint8_t *content, size_t size, size_t from, struct gs_line_window *out);
    /* from <= start <= end <= to of the window. */
    struct gs_line_counts (*count)(const struct gs_line_window *w, uint32_t start, uint32_t end);
    /* Of the text [p, p + size). */
    struct gs_line_tokens (*tokens)(const uint8_t *p, size_t size);
};
/* That of a level which the processor has; static. */
const struct gs_scan_kernel *gs_scan_kernel_of(enum gs_kernel level);

extern const struct gs_scan_kernel gs_scan_scalar;
#ifdef GS_HAS_X86_KERNELS
extern const struct gs_scan_kernel gs_scan_ssse3, gs_scan_avx2, gs_scan_avx512;
#endif

/* Room for another batch. */
GS_MUST_USE enum gaosou_status gs_text_scan_fit(struct gs_text_scan *s);

#endif
