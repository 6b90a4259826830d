/*
 * filing_kinds.h: the closed list of kinds of filings and their names (docs/METADATA.md).
 *
 * A kind is stored by its Chinese name (`type:审计报告`); the English id is as stable and stands
 * for the same. Static tables; thread-safe.
 */
#ifndef GS_FILTER_FILING_KINDS_H
#define GS_FILTER_FILING_KINDS_H

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

/* By id or Chinese name, or as 年报, 半年报, Interim Report and the like; in traditional
 * characters, full width, spaced out, in letters of either case. NULL: none of the list. */
const struct gs_filing_kind *gs_filing_kind_find(const char *name, size_t size);

/* By its id; NULL: none has it. */
const struct gs_filing_kind *gs_filing_kind_by_id(const char *id);

/* All of them, in the order of docs/METADATA.md; *count of them. */
const struct gs_filing_kind *gs_filing_kinds(size_t *count);

#endif
