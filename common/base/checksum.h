/*
 * checksum.h: the one door to xxHash. XXH3 as published (seed 0), so that other programs can check
 * our files. Thread-safe, pure.
 */
#ifndef GS_BASE_CHECKSUM_H
#define GS_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint64_t gs_hash64(const void *bytes, size_t size); /* XXH3_64bits */
static inline uint32_t gs_checksum32(const void *bytes, size_t size)
{
    return (uint32_t)gs_hash64(bytes, size); /* the low half */
}

/* XXH3_128bits, low half first: to tell contents apart that are never compared. */
void gs_hash128(const void *bytes, size_t size, uint64_t out[2]);

/* XXH3_64bits of bytes that come in pieces. Plain storage, no heap: begin, update any number of
 * times; digest may be asked at any point and changes nothing. */
struct gs_hash_stream {
    _Alignas(64) unsigned char opaque[640];
};
void gs_hash_begin(struct gs_hash_stream *s);
void gs_hash_update(struct gs_hash_stream *s, const void *bytes, size_t size);
uint64_t gs_hash_digest(const struct gs_hash_stream *s);

#endif
