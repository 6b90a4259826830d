/*
 * bytes.h: the only way numbers go into and out of bytes on disk. Little-endian, no alignment.
 *
 * Varints are LEB128: seven bits a byte, low group first, the top bit set on all but the last byte
 * (300 is AC 02); at most 10 bytes for 64 bits. Readers get an end and never pass it.
 */
#ifndef GS_BASE_BYTES_H
#define GS_BASE_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GS_VARINT_MAX 10

static inline uint16_t gs_load_u16(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t gs_load_u32(const uint8_t *p)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint32_t v;
    memcpy(&v, p, sizeof(v));
    return v;
#else
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
#endif
}

static inline uint64_t gs_load_u64(const uint8_t *p)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
#else
    return (uint64_t)gs_load_u32(p) | (uint64_t)gs_load_u32(p + 4) << 32;
#endif
}

static inline void gs_store_u16(uint8_t *p, uint16_t v)
{
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void gs_store_u32(uint8_t *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    memcpy(p, &v, sizeof(v));
#else
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
#endif
}

static inline void gs_store_u64(uint8_t *p, uint64_t v)
{
    gs_store_u32(p, (uint32_t)v);
    gs_store_u32(p + 4, (uint32_t)(v >> 32));
}

/* Writes v; returns the byte behind. The caller has GS_VARINT_MAX bytes of room. */
static inline uint8_t *gs_varint_put(uint8_t *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    *p++ = (uint8_t)v;
    return p;
}

/* Reads one varint from [p, end); returns the byte behind, or NULL where the bytes end inside it
 * or it needs more than 64 bits. */
static inline const uint8_t *gs_varint_get(const uint8_t *p, const uint8_t *end, uint64_t *v)
{
    uint64_t x = 0;
    for (unsigned shift = 0; p < end && shift < 64; shift += 7) {
        uint8_t b = *p++;
        if (shift == 63 && b > 1)
            return NULL;
        x |= (uint64_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            *v = x;
            return p;
        }
    }
    return NULL;
}

/* As gs_varint_get for values that must fit 32 bits. */
static inline const uint8_t *gs_varint_get32(const uint8_t *p, const uint8_t *end, uint32_t *v)
{
    uint64_t x;
    p = gs_varint_get(p, end, &x);
    if (!p || x > UINT32_MAX)
        return NULL;
    *v = (uint32_t)x;
    return p;
}

#endif
