#include "indexer/decode.h"

#include "indexer/resync.h"

#include <assert.h>
#include <errno.h>
#include <iconv.h>
#include <string.h>

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

enum gaosou_status gs_decoder_open(struct gs_decoder *d, const char *encoding, struct gs_err *err)
{
    *d = (struct gs_decoder){0};
    const char *known = gs_encoding_canonical(encoding);
    enum gs_encoding_family family = gs_encoding_family(encoding);
    if (!encoding || family == GS_FAMILY_UTF8)
        return GAOSOU_OK;
    iconv_t handle = (iconv_t)-1;
    if (!strchr(encoding, '/')) /* //IGNORE would lose characters without a count */
        handle = iconv_open("UTF-8", known ? known : encoding);
    if (handle == (iconv_t)-1)
        return gs_err_set(err, GAOSOU_E_ENCODING, "encoding %s is not known to iconv", encoding);
    d->iconv = handle;
    d->family = family;
    return GAOSOU_OK;
}

void gs_decoder_close(struct gs_decoder *d)
{
    if (d && d->iconv)
        iconv_close((iconv_t)d->iconv);
    if (d)
        *d = (struct gs_decoder){0};
}

void gs_decoder_reset(struct gs_decoder *d)
{
    d->replaced = 0;
    d->pending_size = 0;
    if (d->iconv)
        (void)iconv((iconv_t)d->iconv, NULL, NULL, NULL, NULL);
}

/* A character that iconv holds back, since it might combine with the next (BIG5-HKSCS). */
static void flush(struct gs_decoder *d, struct gs_buf *out)
{
    char bytes[16], *at = bytes;
    size_t room = sizeof(bytes);
    if (iconv((iconv_t)d->iconv, NULL, NULL, &at, &room) != (size_t)-1)
        gs_buf_append(out, bytes, (size_t)(at - bytes));
}

/* What iconv refuses at `bytes`: a character it does not have, or U+FFFD. Returns the bytes that
 * takes, or 0 where more of them must be seen. */
static size_t replace(struct gs_decoder *d, const uint8_t *bytes, size_t size, bool last,
                      struct gs_buf *out)
{
    if (size < GS_RESYNC_LOOK && !last)
        return 0;
    flush(d, out);
    const char *rescued = gs_resync_rescue(d->family, bytes, size);
    if (rescued) {
        gs_buf_append(out, rescued, strlen(rescued));
        return 2;
    }
    gs_buf_append(out, replacement, 3);
    d->replaced++;
    return gs_resync_skip(d->family, bytes, size);
}

/* Room for what `size` bytes become, as far as the cap leaves it. */
static uint8_t *reserve(struct gs_buf *out, size_t size, size_t *room)
{
    size_t wanted = size * 2 + 16, left = out->cap - out->size;
    *room = left > 0 && left < wanted ? left : wanted;
    return gs_buf_reserve(out, *room);
}

/* Converts as much as goes; returns the bytes that are left because more must be seen. */
static size_t convert(struct gs_decoder *d, const uint8_t *bytes, size_t size, bool last,
                      struct gs_buf *out)
{
    char *in = (char *)(uintptr_t)bytes;
    size_t left = size, room;
    while (left > 0) {
        uint8_t *to = reserve(out, left, &room);
        if (!to)
            return 0;
        char *at = (char *)to;
        size_t result = iconv((iconv_t)d->iconv, &in, &left, &at, &room);
        int why = errno;
        out->size += (size_t)(at - (char *)to);
        if (why == E2BIG && result == (size_t)-1 && at == (char *)to)
            (void)gs_buf_reserve(out, room + 16); /* the cap: an error that stays */
        if (result != (size_t)-1 || why == E2BIG)
            continue;
        if (why == EINVAL && !last)
            return left;
        size_t skip = replace(d, (const uint8_t *)in, left, last, out);
        if (skip == 0)
            return left;
        in += skip;
        left -= skip;
    }
    return 0;
}

/* Goes on with what the last call left open, byte by byte. Returns the bytes it took. */
static size_t convert_pending(struct gs_decoder *d, const uint8_t *bytes, size_t size,
                              struct gs_buf *out)
{
    size_t taken = 0;
    while (d->pending_size > 0 && taken < size && gs_buf_status(out) == GAOSOU_OK) {
        d->pending[d->pending_size++] = bytes[taken++];
        size_t left = convert(d, d->pending, d->pending_size, false, out);
        memmove(d->pending, d->pending + d->pending_size - left, left);
        d->pending_size = left;
    }
    return taken;
}

static void keep_pending(struct gs_decoder *d, const uint8_t *bytes, size_t size)
{
    assert(size <= sizeof(d->pending));
    memcpy(d->pending, bytes, size);
    d->pending_size = size;
}

enum gaosou_status gs_decoder_feed(struct gs_decoder *d, const uint8_t *bytes, size_t size,
                                   bool last, struct gs_buf *out)
{
    if (!d->iconv) {
        gs_buf_append(out, bytes, size);
        return gs_buf_status(out);
    }
    size_t taken = convert_pending(d, bytes, size, out);
    if (d->pending_size == 0 && taken < size) {
        size_t left = convert(d, bytes + taken, size - taken, last, out);
        keep_pending(d, bytes + size - left, left);
    }
    if (last) {
        (void)convert(d, d->pending, d->pending_size, true, out);
        d->pending_size = 0;
        flush(d, out);
    }
    return gs_buf_status(out);
}

void gs_encodings_hold(struct gs_encodings_held *held)
{
    static const char *const names[] = {"GB18030",  "BIG5-HKSCS", "UTF-16LE",
                                        "UTF-16BE", "CP1252",     "EUC-JP"};
    *held = (struct gs_encodings_held){0};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        iconv_t handle = iconv_open("UTF-8", names[i]);
        held->handles[i] = handle == (iconv_t)-1 ? NULL : handle;
    }
}

void gs_encodings_release(struct gs_encodings_held *held)
{
    for (size_t i = 0; held && i < sizeof(held->handles) / sizeof(held->handles[0]); i++) {
        if (held->handles[i])
            iconv_close((iconv_t)held->handles[i]);
        held->handles[i] = NULL;
    }
}
