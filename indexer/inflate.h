/*
 * inflate.h: a file, a .gz or a .zst as one stream of bytes. The one door to zlib and to zstd's
 * streaming decoder.
 *
 * Several members or frames one after the other are one stream. Bytes behind the end that are no
 * member are an error, as is an end inside one. One thread owns a stream.
 */
#ifndef GS_INDEXER_INFLATE_H
#define GS_INDEXER_INFLATE_H

#include "common/base/err.h"

#include <stdbool.h>

enum gs_packing { GS_PACKING_NONE, GS_PACKING_GZIP, GS_PACKING_ZSTD };

struct gs_stream;

/* "-" is standard input. GAOSOU_E_IO for what is no regular file (pipes aside, for "-"). */
GS_MUST_USE enum gaosou_status gs_stream_open(struct gs_stream **out, const char *path,
                                              enum gs_packing packing, struct gs_err *err);

/* Up to `room` bytes; *got 0 is the end. GAOSOU_E_INPUT for damaged packing, with path and offset.
 */
GS_MUST_USE enum gaosou_status gs_stream_read(struct gs_stream *s, uint8_t *bytes, size_t room,
                                              size_t *got, struct gs_err *err);

/* Size and time of last change (ns since 1970) of the file as it is now; zeros for what is no
 * regular file. */
struct gs_stream_stamp {
    uint64_t size, time;
};
struct gs_stream_stamp gs_stream_stamp(const struct gs_stream *s);

/* Bytes read from the file so far. */
uint64_t gs_stream_consumed(const struct gs_stream *s);

void gs_stream_close(struct gs_stream *s);

#endif
