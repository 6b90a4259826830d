/*
 * exchange_names.h: what exchanges are called (docs/METADATA.md, Exchange and board). Static
 * tables; thread-safe.
 */
#ifndef GS_FILTER_EXCHANGE_NAMES_H
#define GS_FILTER_EXCHANGE_NAMES_H

#include <stddef.h>

/* The name under which an exchange is stored (SSE SZSE BSE NEEQ HKEX TWSE TPEx), by any of its
 * names, folded (common/text/fold.h); NULL: it is none of them. */
const char *gs_exchange_find(const char *folded, size_t size);

/* All stored names, *count of them. */
const char *const *gs_exchanges(size_t *count);

#endif
