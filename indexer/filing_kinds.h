/*
 * filing_kinds.h: the closed list of kinds of filings: their names, and the rules that know them by
 * a title (docs/METADATA.md).
 *
 * A kind is stored by its Chinese name (`type:审计报告`); the English id is as stable and stands
 * for the same. Static tables; thread-safe.
 */
#ifndef GS_INDEXER_FILING_KINDS_H
#define GS_INDEXER_FILING_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gs_filing_kind {
    const char *id;   /* "annual-report" */
    const char *name; /* "年度报告": what is stored */
    uint8_t periodic; /* it reports on a period: enum gs_kind_period */
};

enum gs_kind_period {
    GS_PERIOD_NONE,    /* a year in its title is not one it reports on */
    GS_PERIOD_YEAR,    /* a year alone is the whole year */
    GS_PERIOD_HALF,    /* ... its first half */
    GS_PERIOD_QUARTER, /* the quarter must be said */
    GS_PERIOD_MONTH,
};

/* By id or Chinese name, or as 年报, 半年报, Interim Report and the like; in traditional characters,
 * full width, spaced out, in letters of either case. NULL: none of the list. */
const struct gs_filing_kind *gs_filing_kind_find(const char *name, size_t size);

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

/* All of them, in the order of docs/METADATA.md; *count of them. */
const struct gs_filing_kind *gs_filing_kinds(size_t *count);

#endif
