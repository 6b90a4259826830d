/*
 * text_stream.h: a file, packed or not, as a stream of decoded bytes. One thread owns a stream.
 */
#ifndef GS_INDEXER_TEXT_STREAM_H
#define GS_INDEXER_TEXT_STREAM_H

#include "indexer/decode.h"
#include "indexer/detect.h"
#include "indexer/inflate.h"

struct gs_text_stream {
    struct gs_stream *stream;    /* owned */
    struct gs_decoder decoder;   /* owned; .replaced may be read and set to 0 */
    struct gs_encoding encoding; /* what was found, before the first read of the caller; later where
                                    the first MB is ASCII: when something else comes */
    struct gs_buf start;         /* read ahead to find the encoding; not decoded from start_at on */
    size_t start_at;
    uint8_t *input; /* owned */
    bool undecided; /* all was ASCII so far */
    bool at_end;
};

/*
 * encoding NULL: found out on the first MB. A BOM is dropped. Where the encoding is UTF-8 the bytes
 * pass as they are, valid or not. GAOSOU_E_ENCODING as gs_decoder_open; all else as gs_stream_open
 * and gs_stream_read. Closed by the caller only where it succeeded.
 */
GS_MUST_USE enum gaosou_status gs_text_stream_open(struct gs_text_stream *d, const char *path,
                                                   enum gs_packing packing, const char *encoding,
                                                   struct gs_err *err);
void gs_text_stream_close(struct gs_text_stream *d);
/* Appends some more bytes, at least one unless the stream ends (at_end). GAOSOU_E_LIMIT where *out
 * cannot take them. */
GS_MUST_USE enum gaosou_status gs_text_stream_read(struct gs_text_stream *d, struct gs_buf *out,
                                                   struct gs_err *err);

#endif
