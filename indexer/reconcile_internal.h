/*
 * reconcile_internal.h: what reconcile.c, reconcile_roots.c and reconcile_prune.c share.
 */
#ifndef GS_INDEXER_RECONCILE_INTERNAL_H
#define GS_INDEXER_RECONCILE_INTERNAL_H

#include "indexer/reconcile.h"
#include "indexer/sequence_set.h"
#include "indexer/touched.h"
#include "indexer/work.h"

struct reconcile_root {
    struct gs_str id; /* bytes are owned */
    uint64_t hash;
    bool is_folder;
    uint64_t found;
};

struct gs_reconcile {
    struct gs_index_writer *writer; /* borrowed */
    struct gs_reconcile_params params;
    struct gs_record_reader *records;
    struct gs_text_reader *texts;
    struct gs_buf text;             /* of the filing that the index has */
    struct gs_work work;            /* the filing being compared, as the builder would have it */
    uint64_t start;                 /* the writer's next sequence number at create */
    uint64_t live;                  /* filings at create */
    struct gs_sequence_set looked;  /* filings that somebody asked for */
    struct gs_sequence_set changed; /* of them those that are about to be replaced */
    struct gs_sequence_set whole;   /* of them those that are the only one of their file */
    struct gs_touched touched;
    struct reconcile_root *roots;
    size_t root_count;
    uint32_t *root_slots; /* by hash of the id: root + 1, or 0; twice as many as roots fit */
    size_t root_mask;
    struct gs_buf exempt; /* uint64_t each: hashes of ids */
};

void gs_reconcile_release_roots(struct gs_reconcile *r);
/* Notes for each root at or above the filing that it gave something. */
void gs_reconcile_count_found(struct gs_reconcile *r, struct gs_str id, struct gs_str source);
/* Below some root, and below none that gave nothing. */
bool gs_reconcile_is_in_roots(const struct gs_reconcile *r, struct gs_str source);
/* Whether the first `at` bytes of an id may be the id of what it is in: a folder, archive or file.
 */
bool gs_reconcile_ends_name(struct gs_str id, size_t at);

#endif
