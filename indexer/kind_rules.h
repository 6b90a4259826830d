/*
 * kind_rules.h: the rules that know a filing's kind by its title (docs/METADATA.md, Kind).
 */
#ifndef GS_INDEXER_KIND_RULES_H
#define GS_INDEXER_KIND_RULES_H

#include "common/filter/filing_kinds.h"

#define GS_KIND_RULES_MAX   128u
#define GS_KIND_PAIRS       32768u /* a power of two: hashes of two characters */
#define GS_KIND_PAIR_GROUPS 1024u

/*
 * Which rules of titles a pair of characters leaves possible: most titles have no pair that any
 * rule begins with. Filled once, then only read, by any threads.
 */
struct gs_kind_finder {
    uint64_t pairs[GS_KIND_PAIRS / 64];                          /* a rule's word begins with it */
    uint64_t rules[GS_KIND_PAIR_GROUPS][GS_KIND_RULES_MAX / 64]; /* a bit per rule */
    uint64_t always[GS_KIND_RULES_MAX / 64]; /* rules with a word of one character */
};

void gs_kind_finder_init(struct gs_kind_finder *finder);

/*
 * The kind that a title names, or NULL. title: folded (metadata_lines.h: simplified, without
 * spaces, half-width), size bytes. A title that says it is a filing without saying which is
 * `other`.
 */
const struct gs_filing_kind *gs_filing_kind_of_title(const struct gs_kind_finder *finder,
                                                     const char *title, size_t size);

#endif
