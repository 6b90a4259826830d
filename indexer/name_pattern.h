/*
 * name_pattern.h: --name-pattern: fields out of file names, such as
 * `{date}__{company}__{code}__{name}__{year}__{type}.txt` for
 * `2020-03-26__公司__601658__邮储银行__2019年__年度报告.txt`.
 *
 * A pattern is literal text and fields in braces: {date} {company} {code} {name} {year} {period}
 * {type} {title} {number} {exchange} {board}; {} and {*} match anything and say nothing. A field
 * takes the shortest text, of one byte at least, before the literal that follows it; between two
 * fields there is one. The pattern covers the base name, or where it has slashes as many folders
 * too; a name's suffix (.pdf) is cut off where the pattern ends in a field or in `.*`. {date},
 * {year}, {period} and {code} must be such; {year} and a {type} that names a half or a quarter
 * give the period.
 *
 * Immutable once parsed, shared by threads; what apply() hands out lives in the caller's buffer.
 */
#ifndef GS_INDEXER_NAME_PATTERN_H
#define GS_INDEXER_NAME_PATTERN_H

#include "common/base/err.h"
#include "indexer/filing.h"

#include <stdbool.h>

#define GS_NAME_PATTERN_PARTS 32
#define GS_NAME_PATTERN_MAX   512 /* bytes of a pattern */

struct gs_name_part {
    uint16_t literal, literal_size; /* behind the field (of the first part: all there is) */
    int field;                      /* private to name_pattern.c */
};

struct gs_name_pattern {
    char text[GS_NAME_PATTERN_MAX];
    struct gs_name_part part[GS_NAME_PATTERN_PARTS]; /* the first has no field */
    size_t part_count;
    size_t slashes;  /* folders that the pattern names */
    bool any_suffix; /* the name's is cut off first */
};

/* What one application writes: kept by the caller as long as the filing is used. */
struct gs_name_fields {
    char date[16], period[16];
    char codes[128];
};

/* GAOSOU_E_USE with the column and a hint. */
GS_MUST_USE enum gaosou_status gs_name_pattern_parse(struct gs_name_pattern *out, const char *text,
                                                     struct gs_err *err);

/* Writes the fields of `path` (a file's path or id, an archive member's id) over those of f,
 * pointing into path and *fields; false, nothing written: the name does not fit. */
bool gs_name_pattern_apply(const struct gs_name_pattern *p, struct gs_str path,
                           struct gs_name_fields *fields, struct gs_filing *f);

#endif
