/*
 * ref_content_hash.h: the content hash, character by character, as FORMAT.md says.
 */
#ifndef GS_TESTS_REF_CONTENT_HASH_H
#define GS_TESTS_REF_CONTENT_HASH_H

#include "common/text/layout.h"

uint64_t ref_content_hash(const uint8_t *content, size_t size, size_t title_size,
                          const struct gs_mark *marks, size_t mark_count);

#endif
