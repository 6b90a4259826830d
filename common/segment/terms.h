/*
 * terms.h: the term dictionary of a segment (FORMAT.md, section Terms): what its writer, reader and
 * check share.
 *
 * Han and structural terms stand in one table of blocks, words in another, each with its section of
 * entries. A block has up to GS_TERM_BLOCK entries and absolute offsets of its lists; an entry
 * holds only sizes.
 */
#ifndef GS_SEGMENT_TERMS_H
#define GS_SEGMENT_TERMS_H

#include "common/segment/container.h"
#include "common/segment/list_codec.h"

#define GS_CODE_POINT_MAX 0x10FFFFu

/* A block's line in HAN_BLOCKS or WORD_BLOCKS. */
struct gs_term_block {
    uint64_t key;                          /* of its first term: gs_han_key or gs_word_key */
    uint64_t entries, postings, positions; /* offsets in the three sections */
};

static inline uint64_t gs_han_key(uint32_t first, uint32_t second)
{
    return (uint64_t)first << 32 | second;
}

/* The first eight bytes as a big-endian number, zeros behind: words with different keys compare as
 * their keys do. */
static inline uint64_t gs_word_key(const uint8_t *bytes, size_t size)
{
    uint64_t key = 0;
    for (size_t i = 0; i < 8; i++)
        key = key << 8 | (i < size ? bytes[i] : 0);
    return key;
}

/* As strcmp, by bytes, a prefix first. */
static inline int gs_word_compare(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

/* ---- writing ---- */

/* A term of a part, whose bytes stand in the part's buffers one after the other. */
struct gs_part_record {
    uint32_t first;               /* GS_PART_WORD for a word */
    uint32_t second;              /* a word: its size */
    uint32_t payload;             /* bytes in sinks.payload */
    uint64_t postings, positions; /* bytes in sinks.postings and sinks.positions */
};
#define GS_PART_WORD UINT32_MAX

struct gs_term_part {
    struct gs_list_sinks sinks;
    struct gs_buf records; /* struct gs_part_record, aligned */
    struct gs_buf words;
    uint64_t posting_count, position_count;
    enum gaosou_status status; /* sticky */
};

struct gs_term_writer {
    struct gs_container_writer *out; /* borrowed */
    struct gs_buf entries;           /* scratch: entries of the part at hand */
    struct gs_buf pairs;             /* every Han bigram: uint64 second << 32 | first */
    struct gs_buf row;               /* gaps of a row of the reverse table */
    uint32_t in_block;               /* entries in the open block */
    bool in_words, started;
    uint64_t key;              /* of the last Han term */
    uint8_t word[GS_WORD_MAX]; /* the last word */
    size_t word_size;
    uint64_t terms, postings, positions; /* totals */
    uint64_t postings_at, positions_at;  /* where the next list begins */
    enum gaosou_status status;           /* sticky */
};

void gs_term_writer_init(struct gs_term_writer *w, struct gs_container_writer *out);
void gs_term_writer_release(struct gs_term_writer *w);
void gs_term_writer_append(struct gs_term_writer *w, const struct gs_term_part *p);
/* Writes the reverse table. */
GS_MUST_USE enum gaosou_status gs_term_writer_finish(struct gs_term_writer *w);
size_t gs_term_writer_memory(const struct gs_term_writer *w);

#endif
