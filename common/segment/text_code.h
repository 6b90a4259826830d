/*
 * text_code.h: a one- and two-byte character code that makes Chinese UTF-8 fit for zstd (FORMAT.md,
 * section Text code).
 *
 *   00-7F      one byte: ASCII
 *   80-CF      one byte: character number b - 0x80 of the table
 *   D0-FE xx   two bytes: character number 80 + (lead - 0xD0) * 256 + trail
 *   FF         any other character: its UTF-8 follows
 *
 * The table is part of the format. Common characters have one byte, the next common few lead bytes
 * and trail bytes from 0x80 up, which suits a byte-wise entropy coder: a quarter less than zstd on
 * UTF-8, and sooner done (figures in FORMAT.md).
 *
 * The tables are immutable; everything here may be used from any thread.
 */
#ifndef GS_SEGMENT_TEXT_CODE_H
#define GS_SEGMENT_TEXT_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GS_TEXT_CODE_SINGLES 80u
#define GS_TEXT_CODE_LEADS   47u
#define GS_TEXT_CODE_LEAD    0xD0u /* the first lead byte */
#define GS_TEXT_CODE_COUNT   (GS_TEXT_CODE_SINGLES + GS_TEXT_CODE_LEADS * 256u)
#define GS_TEXT_CODE_ESCAPE  0xFFu
#define GS_TEXT_CODE_SLACK   8u /* bytes readable behind the input, writable behind the output */

/* Each character once, all in U+0080 .. U+FFFF. */
extern const uint16_t gs_text_code_characters[GS_TEXT_CODE_COUNT];

/* The encoder's table: by UTF-16 unit the code, its first byte in the low half; 0 for none. */
struct gs_text_code {
    uint16_t code[65536];
};
void gs_text_code_init(struct gs_text_code *c);

/* Encodes UTF-8 into out, which has room for size + GS_TEXT_CODE_SLACK bytes; input is read up to
 * GS_TEXT_CODE_SLACK bytes past its end (what stands there decides nothing). Returns the bytes
 * written, or 0 where they would not be fewer than size or the input is not valid UTF-8. */
size_t gs_text_code_encode(const struct gs_text_code *c, const uint8_t *text, size_t size,
                           uint8_t *out);

/* Decodes into out; true where that gave exactly out_size bytes of valid codes. Same slack. */
bool gs_text_code_decode(const uint8_t *coded, size_t size, uint8_t *out, size_t out_size);

#endif
