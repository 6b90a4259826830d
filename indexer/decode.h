/*
 * decode.h: bytes of an input into valid UTF-8. The one door to iconv.
 *
 * Without an encoding name bytes pass as they are, and repair() makes them valid afterwards; with
 * one they go through iconv, and what iconv cannot read becomes U+FFFD, one a byte. Replacements
 * are counted. One thread owns a decoder; reset it for each input.
 */
#ifndef GS_INDEXER_DECODE_H
#define GS_INDEXER_DECODE_H

#include "common/base/buf.h"
#include "indexer/inflate.h"

/* The offset of the first byte that is not part of valid UTF-8, or size. */
size_t gs_utf8_valid(const uint8_t *bytes, size_t size);

/* Appends bytes to *out, each maximal invalid sequence as one U+FFFD; returns how many there were.
 */
uint64_t gs_utf8_repair(const uint8_t *bytes, size_t size, struct gs_buf *out);

struct gs_decoder {
    void *iconv;         /* NULL: bytes pass */
    uint64_t replaced;   /* by iconv, since the last reset */
    uint8_t pending[64]; /* the start of a character whose rest has not come yet */
    size_t pending_size;
};

/* encoding NULL: none. GAOSOU_E_ENCODING for a name that iconv does not know. */
GS_MUST_USE enum gaosou_status gs_decoder_open(struct gs_decoder *d, const char *encoding,
                                               struct gs_err *err);
void gs_decoder_close(struct gs_decoder *d);
void gs_decoder_reset(struct gs_decoder *d);
/* Appends the decoded bytes; `last`: the input ends here. The status is that of *out. */
GS_MUST_USE enum gaosou_status gs_decoder_feed(struct gs_decoder *d, const uint8_t *bytes,
                                               size_t size, bool last, struct gs_buf *out);

/* A stream behind a decoder: decoded bytes on demand. */
struct gs_decoded_stream {
    struct gs_stream *stream;   /* owned */
    struct gs_decoder *decoder; /* borrowed, reset at open */
    uint8_t *input;             /* owned; only with an encoding */
    bool at_end;
};

GS_MUST_USE enum gaosou_status gs_decoded_open(struct gs_decoded_stream *d, const char *path,
                                               enum gs_packing packing, struct gs_decoder *decoder,
                                               struct gs_err *err);
void gs_decoded_close(struct gs_decoded_stream *d);
/* Appends some more bytes, at least one unless the stream ends (at_end). GAOSOU_E_LIMIT where *out
 * cannot take them. */
GS_MUST_USE enum gaosou_status gs_decoded_read(struct gs_decoded_stream *d, struct gs_buf *out,
                                               struct gs_err *err);

#endif
