/* plausible_table.h: bands of frequency of Han characters, for plausible.c. Constant. */
#ifndef GS_INDEXER_PLAUSIBLE_TABLE_H
#define GS_INDEXER_PLAUSIBLE_TABLE_H

#include <stdint.h>

#define GS_PLAUSIBLE_FIRST 0x4E00u
#define GS_PLAUSIBLE_LAST  0x9FFFu
#define GS_PLAUSIBLE_WORDS 656u

/* Two bits a character from GS_PLAUSIBLE_FIRST: 3 very common, 2 common, 1 known, 0 rare. */
extern const uint64_t gs_plausible_bands[GS_PLAUSIBLE_WORDS];

#endif
