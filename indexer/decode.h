/*
 * decode.h: bytes of an input into UTF-8. The one door to iconv.
 *
 * UTF-8 passes as it is, and gs_utf8_repair() (utf8_valid.h) makes it valid afterwards; all else goes through
 * iconv and comes out valid. What cannot be read becomes U+FFFD, one for each broken character, and
 * is counted; the next character is then looked for, so that one bad byte does not shift those
 * behind it (resync.h). The result does not depend on where the input is cut. One thread owns a
 * decoder; reset it for each input.
 */
#ifndef GS_INDEXER_DECODE_H
#define GS_INDEXER_DECODE_H

#include "common/base/buf.h"
#include "common/base/utf8_valid.h"
#include "indexer/encoding_name.h"

struct gs_decoder {
    void *iconv; /* NULL: bytes pass */
    enum gs_encoding_family family;
    uint64_t replaced;   /* U+FFFD put in since the last reset */
    uint8_t pending[64]; /* what cannot be decided before more bytes have come */
    size_t pending_size;
};

/* encoding NULL or UTF-8: bytes pass. A name is taken as gs_encoding_canonical has it, or as iconv
 * knows it; GAOSOU_E_ENCODING where neither does. */
GS_MUST_USE enum gaosou_status gs_decoder_open(struct gs_decoder *d, const char *encoding,
                                               struct gs_err *err);
void gs_decoder_close(struct gs_decoder *d);
void gs_decoder_reset(struct gs_decoder *d);
/* Appends the decoded bytes; `last`: the input ends here. The status is that of *out. */
GS_MUST_USE enum gaosou_status gs_decoder_feed(struct gs_decoder *d, const uint8_t *bytes,
                                               size_t size, bool last, struct gs_buf *out);

/*
 * Keeps the tables of the usual encodings loaded. Without it iconv loads and unloads them with
 * every few decoders (0.4 ms each); a work over many inputs holds them from its beginning to its
 * end. Any thread; NULL and zeroed are fine to release.
 */
struct gs_encodings_held {
    void *handles[6];
};
void gs_encodings_hold(struct gs_encodings_held *held);
void gs_encodings_release(struct gs_encodings_held *held);

#endif
