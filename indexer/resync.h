/*
 * resync.h: where the next character begins behind bytes that iconv refuses. Pure; thread-safe.
 */
#ifndef GS_INDEXER_RESYNC_H
#define GS_INDEXER_RESYNC_H

#include "indexer/encoding_name.h"

#include <stddef.h>
#include <stdint.h>

#define GS_RESYNC_LOOK 40u /* bytes that may decide: give so many, unless the input ends */

/*
 * The bytes that are no character: 1 to size. Bytes are dropped as few as may be; in the
 * double-byte encodings one more where what follows then reads far better, so that a lead byte that
 * was lost or overwritten does not pair up all that follows wrongly.
 */
size_t gs_resync_skip(enum gs_encoding_family family, const uint8_t *bytes, size_t size);

/*
 * Marks lost bytes in GB18030 or Big5, in place: where a character breaks off, the bytes before it
 * (4 KB at most, back to an ASCII byte) may have been paired wrongly since a byte was lost. If they
 * read far better with one byte dropped, that one becomes 0xFF, which is no character. Linear time.
 */
void gs_resync_mark(enum gs_encoding_family family, uint8_t *bytes, size_t size);

/* UTF-8 of a two-byte character of Big5 that iconv's BIG5-HKSCS lacks; NULL for none. Static. */
const char *gs_resync_rescue(enum gs_encoding_family family, const uint8_t *bytes, size_t size);

#endif
