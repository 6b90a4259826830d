/*
 * cutter_avx512.h: what the two halves of the AVX-512 cutter hand each other. Private to
 * cutter_avx512*.c.
 *
 * The first half (cutter_avx512.c) turns bytes into slots. A slot is an element that takes a
 * position: a Han-like character, a word, or a run of breaks; slot i of a filing stands at position
 * i. It is held as the 16-bit code that gs_chartab_bmp has for its (first) character, which tells
 * the three apart: GS_CHAR_HAN_MIN and more, 0x30 and more, less. The second half
 * (cutter_avx512_emit.c) turns slots into tokens, 32 at a time.
 */
#ifndef GS_TEXT_CUTTER_AVX512_H
#define GS_TEXT_CUTTER_AVX512_H

#include "common/text/cutter_emit.h"
#include "common/text/kernel.h"

#ifdef GS_HAS_X86_KERNELS

#define GS_SLOT_BLOCK 32   /* slots of one vector; most that a block of bytes gives */
#define GS_SLOT_CAP   2048 /* slots kept before they become tokens */

/* Word slots; the lowest code and any one. */
#define GS_SLOT_WORD_MIN 0x30u

/* Top bit of the first byte of each word behind batch.word_bytes that is not in batch.words yet:
 * all bytes there are ASCII. */
#define GS_WORD_FIRST 0x80u

#define GS_SLOT_FIRST                                                                              \
    GS_SLOT_BLOCK /* index of the first slot; the two before it decide its tokens */

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
