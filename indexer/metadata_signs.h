/*
 * metadata_signs.h: whether a stretch of a filing may hold what the rules look for, by one pass
 * over its bytes, before anything is folded. A sign that is missing is sure; one that is there may
 * be nothing. Pure functions on any bytes. Private to metadata_*.c.
 */
#ifndef GS_INDEXER_METADATA_SIGNS_H
#define GS_INDEXER_METADATA_SIGNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A label of a stock code (代码, 代号, Stock Code), or the Hong Kong exchange's disclaimer. */
bool gs_signs_of_filing(const uint8_t *text, size_t size);

/* A month or day: 4月, 4月12日 in any writing of the number, 2024-4-12 with any sign between. */
bool gs_signs_of_day(const uint8_t *text, size_t size);

/* memmem() for words that begin with a Han character, which is faster; NULL: it is not there. */
const char *gs_signs_find(const char *text, size_t size, const char *word);

#endif
