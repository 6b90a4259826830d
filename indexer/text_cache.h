/*
 * text_cache.h: texts that were extracted before, kept in a folder (--cache), so that a rebuild
 * need not ask the extractors again.
 *
 * An entry is one file, named by a 128-bit hash of the source's bytes, its format, the extractor's
 * version and the encoding that the user gave; its place is DIR/ab/cdef... A refusal of the source
 * itself (GAOSOU_E_INPUT: damaged, binary, encrypted) is kept too; limits, memory and the system's
 * failures are not. Entries are compressed (zstd), checksummed, and appear whole (a temporary file,
 * renamed): one that is damaged or cut off is a miss and is written anew, and two programs may use
 * the folder at once. The folder may be deleted at any time.
 *
 * A cache that cannot be written never fails the work: the entry is left out, after a disk that is
 * full or broken all that follow too, and that is said once (gs_text_cache_trouble). All functions but open and close may be called by any thread.
 *
 * The file, little-endian, 8-byte fields unless said otherwise:
 *
 *     "GSTXTC" and 2 bytes of version | 2 of the key | status, state (4 bytes each)
 *     | replaced | pages, pages without text (4 bytes each) | damaged, how the
 *     encoding was found (4 bytes each)
 *     | bytes of message, encoding, title, furniture, text, unpacked in this order
 *     | bytes packed | XXH3-64 of all before and of what follows | zstd frame
 */
#ifndef GS_INDEXER_TEXT_CACHE_H
#define GS_INDEXER_TEXT_CACHE_H

#include "indexer/extract.h"

struct gs_text_cache;

struct gs_text_cache_key {
    uint64_t hash[2];
    const char *encoding; /* the user's; borrowed from params */
};

/* What one run took from the cache and gave to it. */
struct gs_text_cache_counts {
    uint64_t hits, misses, damaged, written;
};

/* Creates the folder where there is none (one level). The message names it. */
GS_MUST_USE enum gaosou_status gs_text_cache_open(struct gs_text_cache **out, const char *folder,
                                                  struct gs_err *err);
void gs_text_cache_close(struct gs_text_cache *c); /* NULL is fine */

/* format: a short name ("pdf"); version: the extractor's GS_EXTRACT_<FORMAT>_VERSION; encoding: of
 * gs_extract_params, NULL for none. */
void gs_text_cache_key_make(struct gs_text_cache_key *key, const uint8_t *bytes, size_t size,
                            const char *format, uint32_t version, const char *encoding);

/* True: *out (cleared before) is what the extractor made, *status what it returned, with its
 * message in err. False: not there, damaged, or larger than *out may hold; *out is cleared. */
bool gs_text_cache_get(struct gs_text_cache *c, const struct gs_text_cache_key *key,
                       struct gs_extracted *out, enum gaosou_status *status, struct gs_err *err);

/* Keeps what an extractor made. `why` has the message where status is not GAOSOU_OK. */
void gs_text_cache_put(struct gs_text_cache *c, const struct gs_text_cache_key *key,
                       const struct gs_extracted *x, enum gaosou_status status,
                       const struct gs_err *why);

/* Once, after writing failed for the first time: true with the reason, for a warning. */
bool gs_text_cache_trouble(struct gs_text_cache *c, struct gs_err *err);

void gs_text_cache_count(struct gs_text_cache *c, struct gs_text_cache_counts *out);

#endif
