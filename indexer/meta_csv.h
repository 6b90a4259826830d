/*
 * meta_csv.h: --meta FILE.csv: fields of filings by id or path, over those of the input.
 *
 * The table is UTF-8 (with or without BOM) or GBK, quoted as RFC 4180 has it, with a header row. A
 * column `id` or `path` is the key: a filing's id, its path as given, or its base name where only
 * one row has that. The other columns are the fields of a JSON line (title code codes name company
 * date period type exchange board url number); any other column becomes part of `extra`. An empty
 * cell says nothing.
 *
 * Read once, whole, and then only looked up, by any number of threads. Fields that apply() hands
 * out live until close, `extra` in the caller's buffer.
 */
#ifndef GS_INDEXER_META_CSV_H
#define GS_INDEXER_META_CSV_H

#include "common/base/buf.h"
#include "indexer/filing.h"

#include <stdbool.h>

struct gs_meta_csv;

#define GS_META_CSV_MAX ((size_t)256 << 20) /* bytes of a table */

/* Caller closes. GAOSOU_E_INPUT with "file:line:column: what" for a table that cannot be read, and
 * for a key that stands twice. */
GS_MUST_USE enum gaosou_status gs_meta_csv_open(struct gs_meta_csv **out, const char *path,
                                                struct gs_err *err);
void gs_meta_csv_close(struct gs_meta_csv *t); /* NULL is fine */

/* Writes the row of this filing over its fields; false: the table has none. f needs its id; its
 * path where it has one. Members of f->extra that the row names are replaced: *extra is cleared
 * and written then. */
bool gs_meta_csv_apply(struct gs_meta_csv *t, struct gs_buf *extra, struct gs_filing *f);

/* Where a field that the row of this filing gave stands: the table's path, and *line; NULL: it did
 * not come from there. */
const char *gs_meta_csv_place(const struct gs_meta_csv *t, const struct gs_filing *f,
                              struct gs_str value, uint64_t *line);

size_t gs_meta_csv_rows(const struct gs_meta_csv *t);   /* without the header */
size_t gs_meta_csv_unused(const struct gs_meta_csv *t); /* rows that no filing asked for so far */
/* One of them from `*at` on (0 first), with its line; false at the end. */
bool gs_meta_csv_next_unused(const struct gs_meta_csv *t, size_t *at, struct gs_str *key,
                             uint64_t *line);

#endif
