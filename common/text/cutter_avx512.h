/*
 * cutter_avx512.h: what the three parts of the AVX-512 cutter hand each other. Private to
 * cutter_avx512*.
 *
 *   cutter_avx512_read.c   bytes into codes: a batch of blocks of 64 bytes, one code of
 *                          gs_chartab_bmp for each character
 *   cutter_avx512.c        codes into slots, by windows of 32; what goes to the state machine
 *   cutter_avx512_emit.c   slots into tokens, 32 at a time
 *   cutter_avx512.inc      arithmetic on masks, for all three
 *
 * Lanes are the characters of a batch. A slot is an element that takes a position: a Han-like
 * character, a word, or a run of breaks; slot i of a batch stands i positions behind the first. It
 * is held as the code of its (first) character, which tells the three apart: GS_CHAR_HAN_MIN and
 * more, GS_SLOT_WORD_MIN and more, less. The parts are passes over a batch, apart because the
 * processor can look no further ahead than a fraction of one block: a pass by itself is short
 * enough for the next blocks to hide its latency.
 */
#ifndef GS_TEXT_CUTTER_AVX512_H
#define GS_TEXT_CUTTER_AVX512_H

#include "common/text/cutter_emit.h"
#include "common/text/kernel.h"

#ifdef GS_HAS_X86_KERNELS

/* ---- cutter_avx512_read.c ---- */

#define GS_SLOT_BLOCK  32                            /* lanes, or slots, of one vector */
#define GS_SLOT_CAP    2048                          /* slots, lanes and bytes of a batch */
#define GS_CODE_BLOCK  64                            /* bytes of a block */
#define GS_CODE_BLOCKS (GS_SLOT_CAP / GS_CODE_BLOCK) /* of a batch, at most */

/* In place of all codes that are for the state machine: GS_CHAR_VANISHING, SPECIAL and WORD_SELF,
 * which have GS_CODE_BIT_RARE in common, and the letters beyond ASCII. */
#define GS_CODE_RARE          8
#define GS_CODE_BIT_RARE      2
#define GS_CODE_BIT_SEPARATOR 4 /* of the breaks, GS_CHAR_DOT and COMMA have it */

struct gs_codes {
    _Alignas(64) uint16_t code[GS_SLOT_CAP + GS_SLOT_BLOCK];
    uint64_t lead[GS_CODE_BLOCKS + 1]; /* first bytes of characters; bit i: byte i of a block */
    uint32_t first_lane[GS_CODE_BLOCKS + 1]; /* of the first of them */
    uint32_t lanes;                          /* characters in all */
    uint32_t size;                           /* bytes that they are of */
    bool refused;                            /* what follows them is for the state machine */
};

/* Code points from p on, as many blocks as there are room and bytes for; p < limit. Ends before the
 * first character that is malformed, not whole, of four bytes or begins with E0. */
void gs_codes_read(struct gs_codes *b, const uint8_t *p, const uint8_t *limit);
/* Code points into codes of gs_chartab_bmp, GS_CODE_RARE where the state machine is to see them. */
void gs_codes_look_up(struct gs_codes *b);

/* ---- cutter_avx512_emit.c ---- */

#define GS_SLOT_FIRST    GS_SLOT_BLOCK /* index of the first slot: two before it decide its tokens */
#define GS_SLOT_WORD_MIN 0x30u         /* the lowest code of a word, and any one */

/* Top bit of the first byte of each word behind batch.word_bytes that is not in batch.words yet:
 * all bytes there are ASCII. */
#define GS_WORD_FIRST 0x80u

struct gs_slots {
    uint16_t code[GS_SLOT_FIRST + GS_SLOT_CAP + GS_SLOT_BLOCK];
    uint32_t word_position[GS_SLOT_CAP + GS_SLOT_BLOCK];
    uint32_t word_at[GS_SLOT_CAP + GS_SLOT_BLOCK + 64]; /* where each word's bytes begin */
};

/* Writes what the cutter's state says of the two slots before the first one. */
void gs_slots_begin(struct gs_slots *s, const struct gs_cutter *c);

/* Gives the tokens of `count` slots and of the `word_bytes` marked bytes behind batch.word_bytes,
 * which are as many words as there are word slots. Cutter, batch and the two slots before the first
 * one then stand behind them. Up to GS_SLOT_BLOCK entries more are written behind each array. */
void gs_slots_emit(struct gs_slots *s, struct gs_cutter *c, size_t count, size_t word_bytes);

#endif
#endif
