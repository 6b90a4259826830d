/*
 * invented.h: words out of numbers: what gen_corpus strings together.
 *
 * Nothing is stored but frequencies. The word of rank r is a function of r: its length and its
 * characters are drawn with the bits of a hash of r, the characters by the frequencies that Han
 * characters have in such texts. Ranks are drawn by octaves: octave k is the ranks [2^k, 2^(k+1)),
 * all equally likely, and its share of all occurrences is a parameter; behind the octaves given the
 * shares go on falling by one factor for ever, so that there is always a word that was never seen,
 * and the vocabulary grows with the text by a power of its length (Heaps' law). All arithmetic is
 * in integers: the same seed gives the same bytes everywhere. Objects are constant once filled and
 * may be shared by threads.
 */
#ifndef GS_BENCHMARKS_INVENTED_H
#define GS_BENCHMARKS_INVENTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INVENTED_OCTAVES 20
#define INVENTED_SHARES  4096 /* what the shares of a distribution add up to */

/* A distribution of ranks from 1. */
struct invented_shares {
    uint16_t octave[INVENTED_OCTAVES]; /* of INVENTED_SHARES; the rest is the tail's */
    uint8_t octaves;                   /* used of the above */
    uint8_t tail; /* each octave of the tail has tail/16 of what is left; 0: no tail */
};
struct invented_ranks {
    uint8_t octave[INVENTED_SHARES];
    uint8_t octaves, tail;
};

#define INVENTED_CHARS_MAX 8192
struct invented_words {
    struct invented_ranks chars;
    uint8_t utf8[INVENTED_CHARS_MAX][4]; /* three bytes each, the most frequent first */
    uint32_t char_count;
};

#define INVENTED_WORD_BYTES 16 /* a word is at most this long, and written in pieces of 4 bytes */

/* A good 64-bit mixer (splitmix64's). */
static inline uint64_t invented_mix(uint64_t x)
{
    x += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

void invented_ranks_init(struct invented_ranks *r, const struct invented_shares *shares);
/* The rank (>= 1, < 2^40) that 64 uniform bits stand for. */
static inline uint64_t invented_rank(const struct invented_ranks *r, uint64_t bits)
{
    unsigned k = r->octave[bits & (INVENTED_SHARES - 1)];
    if (k == r->octaves) { /* the tail: four bits an octave decide whether to go on */
        uint64_t more = invented_mix(bits);
        while (k < 39 && (more & 15) >= r->tail && r->tail) {
            more = more >> 4 ? more >> 4 : invented_mix(bits + k);
            k++;
        }
    }
    uint64_t wide = k <= 32 ? (bits >> 32) : invented_mix(~bits) >> 24; /* 32 or 40 bits */
    return (UINT64_C(1) << k) + (wide >> ((k <= 32 ? 32 : 40) - k));
}

/* False where iconv knows no GB 2312, whose characters are used. */
bool invented_words_init(struct invented_words *w);
/* Writes the word of a rank (up to INVENTED_WORD_BYTES bytes); its size. Ranks from 2^40 on are
 * names: three or four characters, from a flatter distribution. */
#define INVENTED_NAMES (UINT64_C(1) << 40)
size_t invented_word(const struct invented_words *w, uint64_t rank, char *out);
/* The same for a Latin word of a rank: 2 to 10 letters, and in the deeper ranks digits. */
size_t invented_latin(uint64_t rank, char *out);

#endif
