/*
 * synonyms.h: terms that stand for one another, from a file in Solr's format (docs/QUERY.md,
 * Synonyms).
 *
 * A gs_synonyms is immutable once read and shared by threads; queries copy what they take from it.
 */
#ifndef GS_QUERY_SYNONYMS_H
#define GS_QUERY_SYNONYMS_H

#include "query/query.h"

/* Caps on the file. */
#define GS_SYNONYMS_BYTES_MAX ((size_t)16 << 20)
#define GS_SYNONYMS_TERM_MAX  4096 /* bytes of one term */

struct gs_synonyms;

/* Reads the rules of a file whose bytes these are. name: of the file, for messages. GAOSOU_E_INPUT
 * with name and line, GAOSOU_E_LIMIT, GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_synonyms_read(struct gs_synonyms **out, const void *bytes,
                                                size_t size, const char *name, struct gs_err *err);
/* The same from a path; GAOSOU_E_NOT_FOUND and GAOSOU_E_IO too. */
GS_MUST_USE enum gaosou_status gs_synonyms_open(struct gs_synonyms **out, const char *path,
                                                struct gs_err *err);
void gs_synonyms_free(struct gs_synonyms *s);

/* Of the bytes: equal ones give the same reading of a query. */
uint64_t gs_synonyms_fingerprint(const struct gs_synonyms *s);

/* What a leaf becomes: *count terms as leaves, in the order of the file; 0: it stays as it is.
 * Alive as long as s. */
const struct gs_leaf *const *gs_synonyms_of(const struct gs_synonyms *s, const struct gs_leaf *leaf,
                                            size_t *count);

#endif
