/*
 * utf8_valid.h: whether bytes are UTF-8 throughout, and how they become so. Thread-safe, pure.
 */
#ifndef GS_BASE_UTF8_VALID_H
#define GS_BASE_UTF8_VALID_H

#include "common/base/buf.h"

/* The offset of the first byte that is not part of valid UTF-8, or size. */
size_t gs_utf8_valid(const uint8_t *bytes, size_t size);

/* Appends bytes to *out, each maximal invalid sequence as one U+FFFD; returns how many there were.
 */
uint64_t gs_utf8_repair(const uint8_t *bytes, size_t size, struct gs_buf *out);

#endif
