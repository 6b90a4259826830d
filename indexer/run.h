/*
 * run.h: what has been inverted since the last flush: token slices, and the filings' bases.
 *
 * A *run* is what one flush turns into one segment. Its tokens lie in *slices*: a slice is about a
 * quarter of a million tokens of consecutive text of one batch, ordered by partition and inside a
 * partition by position. A token is 5 bytes, little-endian: key << 20 | position. The key of a Han
 * term is its low 20 bits of first << 16 | second (the partition has the rest); that of a word is
 * its number among the slice's words of the partition. The position counts from the slice's base.
 * Small tokens are worth their unpacking: a run is hundreds of megabytes, written once and read
 * twice. Nothing in a run depends on threads: which thread fills a slice decides only where it
 * lies.
 *
 * Workers take memory from the region at the same time (gs_run_alloc); all else is the main
 * thread's, which appends finished batches in order.
 */
#ifndef GS_INDEXER_RUN_H
#define GS_INDEXER_RUN_H

#include "common/base/arena.h"
#include "common/base/bytes.h"
#include "indexer/partition.h"

#include <stdatomic.h>
#include <stdbool.h>

struct gs_wide_token { /* a Han term with a character outside the BMP */
    uint64_t term;     /* first << 32 | second */
    uint32_t position;
};

#define GS_TOKEN_BYTES 5u
#define GS_TOKEN_BITS  20u /* of key and of position */
#define GS_TOKEN_MASK  ((1u << GS_TOKEN_BITS) - 1)
#define GS_TOKEN_SLACK 8u  /* readable bytes behind the last token */
#define GS_LINE        64u /* bytes: of a cache line; a partition's tokens begin with one */

/* The key in the upper half, the position in the lower. Reads 8 bytes. */
static inline uint64_t gs_token_load(const uint8_t *p)
{
    uint64_t token = gs_load_u64(p);
    return (token >> GS_TOKEN_BITS & GS_TOKEN_MASK) << 32 | (token & GS_TOKEN_MASK);
}

/*
 * Where the tokens of each partition are: begin[part] is the offset of its first line, and in the
 * low bits how many bytes of its last line are not used; one more entry is the end of all.
 */
static inline uint32_t gs_part_start(const uint32_t *begin, size_t part)
{
    return begin[part] & ~(GS_LINE - 1);
}
static inline uint32_t gs_part_end(const uint32_t *begin, size_t part)
{
    return gs_part_start(begin, part + 1) - begin[part] % GS_LINE;
}
static inline uint32_t gs_part_tokens(const uint32_t *begin, size_t part)
{
    return (gs_part_end(begin, part) - gs_part_start(begin, part)) / GS_TOKEN_BYTES;
}

struct gs_slice {
    uint32_t position_base; /* within its batch, then within the run once it is appended to that */
    const uint8_t *han;     /* tokens */
    const uint32_t *han_begin;  /* GS_HAN_PARTS + 1 */
    const uint8_t *words;       /* tokens */
    const uint32_t *word_begin; /* GS_WORD_PARTS + 1 */
    const uint32_t *name_begin; /* distinct words; GS_WORD_PARTS + 1 */
    const uint32_t *name_bytes; /* where a partition's words begin in names; GS_WORD_PARTS + 1 */
    const uint8_t *names;       /* size byte and bytes of each distinct word */
    const struct gs_wide_token *wide;
    uint32_t wide_count;
};

struct gs_run {
    struct gs_region region;
    atomic_size_t used; /* bytes of the region handed out */
    struct gs_slice *slices;
    size_t slice_count, slice_capacity;
    uint32_t *doc_base;   /* position of each filing's start; one more entry than filings */
    uint32_t *doc_length; /* BM25 lengths */
    uint32_t doc_count, doc_capacity;
    uint64_t positions; /* the next filing's base; at most UINT32_MAX */
    uint64_t han_tokens[GS_HAN_PARTS], word_tokens[GS_WORD_PARTS];
    uint64_t names[GS_WORD_PARTS]; /* distinct words of the slices, added up */
    uint64_t largest_part;         /* tokens in the fullest partition */
    uint64_t largest_names;        /* of names */
    uint64_t wide_tokens;
    uint64_t bytes; /* of slices and filings: counted from the input alone */
};

GS_MUST_USE enum gaosou_status gs_run_open(struct gs_run *r, size_t region_size,
                                           struct gs_err *err);
void gs_run_close(struct gs_run *r);
void gs_run_clear(struct gs_run *r); /* keeps its memory */

/* Memory of the run, 64-byte aligned, until clear; NULL where the region is full. Any thread. */
void *gs_run_alloc(struct gs_run *r, size_t size);
/* The bytes that an allocation takes: what `bytes` is made of. */
static inline size_t gs_run_rounded(size_t size)
{
    return (size + 63) & ~(size_t)63;
}

GS_MUST_USE enum gaosou_status gs_run_add_slice(struct gs_run *r, const struct gs_slice *s,
                                                struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_run_add_doc(struct gs_run *r, uint32_t positions, uint32_t length,
                                              struct gs_err *err);

#endif
