#include "indexer/text_stream.h"

#include <stdlib.h>

#define READ_SIZE  ((size_t)256 << 10)
#define START_SIZE ((size_t)1 << 20)

static bool is_ascii(const uint8_t *bytes, size_t size)
{
    uint8_t all = 0;
    for (size_t i = 0; i < size; i++)
        all |= bytes[i];
    return all < 0x80;
}

/* Reads up to START_SIZE bytes, from which the encoding is found. */
static enum gaosou_status read_start(struct gs_text_stream *d, const char *encoding,
                                     struct gs_err *err)
{
    bool at_end = false;
    while (!at_end && d->start.size < START_SIZE) {
        size_t got = 0, room = START_SIZE - d->start.size;
        uint8_t *p = gs_buf_reserve(&d->start, room < READ_SIZE ? room : READ_SIZE);
        if (!p)
            return gs_err_nomem(err, READ_SIZE);
        enum gaosou_status status =
            gs_stream_read(d->stream, p, room < READ_SIZE ? room : READ_SIZE, &got, err);
        if (status != GAOSOU_OK)
            return status;
        d->start.size += got;
        at_end = got == 0;
    }
    if (at_end)
        gs_encoding_find(d->start.data, d->start.size, encoding, NULL, &d->encoding);
    else
        gs_encoding_find_start(d->start.data, d->start.size, encoding, &d->encoding);
    d->start_at = d->encoding.bom_size;
    d->undecided =
        !encoding && !at_end && d->start_at == 0 && is_ascii(d->start.data, d->start.size);
    return gs_decoder_open(&d->decoder, d->encoding.name, err);
}

enum gaosou_status gs_text_stream_open(struct gs_text_stream *d, const char *path,
                                       enum gs_packing packing, const char *encoding,
                                       struct gs_err *err)
{
    struct gs_text_stream opened = {.input = malloc(READ_SIZE)};
    gs_buf_init(&opened.start, START_SIZE);
    if (!opened.input)
        return gs_err_nomem(err, READ_SIZE);
    enum gaosou_status status = gs_stream_open(&opened.stream, path, packing, err);
    if (status == GAOSOU_OK)
        status = read_start(&opened, encoding, err);
    if (status != GAOSOU_OK) {
        gs_text_stream_close(&opened);
        return status;
    }
    *d = opened;
    return GAOSOU_OK;
}

void gs_text_stream_close(struct gs_text_stream *d)
{
    gs_stream_close(d->stream);
    gs_decoder_close(&d->decoder);
    gs_buf_release(&d->start);
    free(d->input);
    *d = (struct gs_text_stream){0};
}

/* The next bytes as they are in the file: what was read ahead, then the stream. */
static enum gaosou_status next_bytes(struct gs_text_stream *d, const uint8_t **bytes, size_t *size,
                                     struct gs_err *err)
{
    size_t left = d->start.size - d->start_at;
    if (left > 0) {
        *bytes = d->start.data + d->start_at;
        *size = left < READ_SIZE ? left : READ_SIZE;
        d->start_at += *size;
        return GAOSOU_OK;
    }
    *bytes = d->input;
    return gs_stream_read(d->stream, d->input, READ_SIZE, size, err);
}

/* The encoding of the first bytes outside ASCII, behind a start that had none. */
static enum gaosou_status decide(struct gs_text_stream *d, const uint8_t *bytes, size_t size,
                                 struct gs_err *err)
{
    if (!d->undecided || is_ascii(bytes, size))
        return GAOSOU_OK;
    struct gs_encoding found;
    gs_encoding_find_start(bytes, size, NULL, &found);
    enum gs_encoding_family family = gs_encoding_family(found.name);
    d->undecided = false;
    if (found.binary || family == GS_FAMILY_UTF16 || family == GS_FAMILY_UTF32)
        return GAOSOU_OK; /* not behind a MB of ASCII */
    found.bom_size = 0;
    d->encoding = found;
    return gs_decoder_open(&d->decoder, found.name, err);
}

enum gaosou_status gs_text_stream_read(struct gs_text_stream *d, struct gs_buf *out,
                                       struct gs_err *err)
{
    size_t before = out->size;
    while (!d->at_end && out->size == before) {
        const uint8_t *bytes = NULL;
        size_t got = 0;
        enum gaosou_status status = next_bytes(d, &bytes, &got, err);
        if (status == GAOSOU_OK)
            status = decide(d, bytes, got, err);
        if (status != GAOSOU_OK)
            return status;
        d->at_end = got == 0;
        if (gs_decoder_feed(&d->decoder, bytes, got, d->at_end, out) != GAOSOU_OK)
            return gs_err_set(err, gs_buf_status(out), "more than %zu bytes in one piece",
                              out->cap);
    }
    return GAOSOU_OK;
}
