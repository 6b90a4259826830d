/*
 * utf8_skip.h: passes over valid UTF-8 at the speed of memory. Thread-safe, pure.
 */
#ifndef GS_BASE_UTF8_SKIP_H
#define GS_BASE_UTF8_SKIP_H

#include <stddef.h>
#include <stdint.h>

/*
 * How many of the leading bytes are surely valid: ends on a character, and may stop early, above
 * all within the last 63 bytes; the caller goes on one character at a time. Always 0 on a processor
 * without a kernel. Reads nothing outside [bytes, bytes + size). After Keiser and Lemire,
 * "Validating UTF-8 in less than one instruction per byte" (2021), the lookup algorithm.
 */
size_t gs_utf8_skip(const uint8_t *bytes, size_t size);

#endif
