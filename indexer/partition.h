/*
 * partition.h: which partition a term belongs to. Both maps are monotone: a term of a lower
 * partition stands before every term of a higher one, so partitions sorted one by one are sorted
 * together. They are fixed, so that they depend on nothing. Pure functions.
 */
#ifndef GS_INDEXER_PARTITION_H
#define GS_INDEXER_PARTITION_H

#include <stddef.h>
#include <stdint.h>

/*
 * Han and structural terms, by their first character (BMP only): 16 code points a partition, so
 * that the rest of a key is 20 bits. With 160 MB of text the 1,300 partitions of the unified
 * ideographs have about 30,000 tokens on average, and those of the commonest characters some 3% of
 * all.
 */
#define GS_HAN_PARTS 4096u

static inline uint32_t gs_han_part(uint32_t first)
{
    return first >> 4;
}

/* The lowest first character of a partition; 0x10000 for GS_HAN_PARTS. */
static inline uint32_t gs_han_part_start(uint32_t part)
{
    return part << 4;
}

/*
 * Words, by their first two bytes: digits by both (figures are most of the words of filings), Latin
 * letters by the first and a quarter of the alphabet, all else by the first.
 */
#define GS_WORD_DIGIT_PARTS  12u
#define GS_WORD_LETTER_PARTS 4u
#define GS_WORD_DIGITS       1u
#define GS_WORD_BETWEEN      (GS_WORD_DIGITS + 10 * GS_WORD_DIGIT_PARTS)
#define GS_WORD_LETTERS      (GS_WORD_BETWEEN + 1)
#define GS_WORD_OTHERS       (GS_WORD_LETTERS + 26 * GS_WORD_LETTER_PARTS)
#define GS_WORD_PARTS        (GS_WORD_OTHERS + 1 + 16)

/* size >= 1; word bytes are UTF-8. */
static inline uint32_t gs_word_part(const uint8_t *bytes, size_t size)
{
    uint8_t first = bytes[0], second = size > 1 ? bytes[1] : 0;
    if (first >= '0' && first <= '9') {
        uint32_t sub = second < '0' ? 0 : second <= '9' ? (uint32_t)(second - '0') + 1 : 11;
        return GS_WORD_DIGITS + (uint32_t)(first - '0') * GS_WORD_DIGIT_PARTS + sub;
    }
    if (first >= 'a' && first <= 'z') {
        uint32_t sub = second < 'a' ? 0 : second <= 'h' ? 1 : second <= 'p' ? 2 : 3;
        return GS_WORD_LETTERS + (uint32_t)(first - 'a') * GS_WORD_LETTER_PARTS + sub;
    }
    if (first < '0')
        return 0;
    if (first < 'a')
        return GS_WORD_BETWEEN;
    return GS_WORD_OTHERS + (first < 0x80 ? 0 : 1 + (uint32_t)((first - 0x80) >> 3));
}

#endif
