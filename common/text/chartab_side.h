/*
 * chartab_side.h: the shape of the generated side tables; private to chartab.c and chartab_side.c.
 */
#ifndef GS_TEXT_CHARTAB_SIDE_H
#define GS_TEXT_CHARTAB_SIDE_H

#include "common/text/chartab.h"

/* Every code point that gs_chartab_bmp calls special, and those of higher planes that their range
 * does not describe; ascending. */
struct gs_chartab_entry {
    uint32_t code;
    uint16_t pool; /* first character in gs_chartab_pool */
    uint8_t count; /* 0: vanishes (a voice mark) */
    uint8_t flags; /* GS_CHAR_FLAG_* */
};

/* [first, last] of planes 1 and up: a GS_CHAR_* code, or GS_CHAR_HAN_MIN for Han that stays as it
 * is. */
struct gs_chartab_range {
    uint32_t first, last;
    uint32_t code;
};

struct gs_chartab_kana_pair {
    uint32_t kana, voiced, semi_voiced; /* 0: no composition */
};

extern const struct gs_chartab_entry gs_chartab_side[];
extern const size_t gs_chartab_side_count;
extern const uint32_t gs_chartab_pool[]; /* kind << 24 | character */
extern const size_t gs_chartab_pool_count;
extern const struct gs_chartab_range gs_chartab_ranges[];
extern const size_t gs_chartab_ranges_count;
extern const struct gs_chartab_kana_pair gs_chartab_kana[];
extern const size_t gs_chartab_kana_count;
extern const struct gs_chartab_range gs_chartab_latin[]; /* letters of Script=Latin */
extern const size_t gs_chartab_latin_count;

#endif
