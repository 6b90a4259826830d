/*
 * segment_bytes.h: segment files as bytes in memory that a test may damage.
 *
 * test_trust_pages() makes a container believe every page, so that damage reaches the decoders
 * behind the checksums: what a hostile writer could do, who can compute checksums too.
 */
#ifndef GS_TESTS_SEGMENT_BYTES_H
#define GS_TESTS_SEGMENT_BYTES_H

#include "common/segment/segment_internal.h"
#include "common/segment/segment_writer.h"

/* A whole file, malloc'ed; ends the test on failure. */
uint8_t *test_file_bytes(const char *path, size_t *size);
/* Writes a container whose only sections are what `fill` appends; its bytes, malloc'ed. */
uint8_t *test_container_bytes(void (*fill)(struct gs_container_writer *w, void *ctx), void *ctx,
                              const struct gs_segment_stats *stats, size_t *size);
void test_trust_pages(struct gs_container *c);
/* Makes the checksums of header and pages of a file right, as far as it still has a place for them:
 * so that what is read at open can be damaged too. */
void test_repair_checksums(uint8_t *file, size_t size);

#endif
