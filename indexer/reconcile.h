/*
 * reconcile.h: what the index has already against what is found: which inputs need not be read,
 * which filings are the same as before, and which are gone.
 *
 * An id is the identity of a filing. An input is looked up before it is read; where its size and
 * time are those the index has, it is done. What was read is compared before it is added: equal
 * fields and equal text are no change. What the index has below the roots that were walked and
 * nobody asked for is gone, and is dropped by prune.
 *
 * Calls on a filing, in any mix over filings:
 *     look -> HAVE_NOT      read, add
 *          -> HAVE_SAME     nothing to read
 *          -> HAVE_COMPARE  read, compare; same: done, otherwise add
 * look may run ahead of compare by any number of inputs (when files are read by other threads);
 * compare is called in the order in which filings are added, and only the calls of compare and the
 * filings decide what is added: an index is the same whatever look ran ahead. Of an id that is met
 * twice in a run the last one stays.
 *
 * Uses the index writer, and like it belongs to one thread. Strings are borrowed for the call.
 */
#ifndef GS_INDEXER_RECONCILE_H
#define GS_INDEXER_RECONCILE_H

#include "indexer/filing.h"
#include "indexer/index_writer.h"

struct gs_reconcile;

enum gs_reconcile_mode {
    GS_RECONCILE_ADD,   /* what is found is added, whether the index has it or not; but a filing
                           that an interrupted run of the same work added is the same */
    GS_RECONCILE_UPDATE /* what is the same is left alone */
};

struct gs_reconcile_params {
    enum gs_reconcile_mode mode;
    /* Filings from this sequence number on were added by an interrupted run of the same work
     * (work_journal.h); the writer's next one where nothing is continued. */
    uint64_t from_sequence;
};

enum gs_have {
    GS_HAVE_NOT,    /* to be read and added. Whether it replaces a filing only the builder knows */
    GS_HAVE_SAME,   /* there, same size and time */
    GS_HAVE_COMPARE /* there: compare tells, once it has been read */
};

/* A filing before it is read. */
struct gs_reconcile_source {
    struct gs_str id;     /* of the filing */
    struct gs_str source; /* id of the file it comes from, or empty: the id begins with it */
    uint64_t size, time;  /* what would be stored: bytes; ns since 1970, 0 not known */
    bool is_part;         /* of a file of many filings: size and time do not tell it apart */
    /* Fields that are given from outside (tables, file names), by enum gs_field: GS_FIELD_COUNT
     * strings, empty where nothing is given, or NULL. Where one differs from what is stored, size
     * and time do not suffice. */
    const struct gs_str *given;
};

/* The writer is borrowed and must live longer. */
GS_MUST_USE enum gaosou_status gs_reconcile_create(struct gs_reconcile **out,
                                                   struct gs_index_writer *writer,
                                                   const struct gs_reconcile_params *params,
                                                   struct gs_err *err);
void gs_reconcile_free(struct gs_reconcile *r);

GS_MUST_USE enum gaosou_status gs_reconcile_look(struct gs_reconcile *r,
                                                 const struct gs_reconcile_source *source,
                                                 enum gs_have *have, struct gs_err *err);

/* Whether the index has this very filing: every stored field, the text state and the text are
 * equal; of an index without texts the text's size and content hash, which leaves out furniture and
 * white space. Size and time of the source are not looked at. Where *same is false the caller adds
 * the filing. */
GS_MUST_USE enum gaosou_status gs_reconcile_compare(struct gs_reconcile *r,
                                                    const struct gs_filing *filing, bool *same,
                                                    struct gs_err *err);

/* After commits: notes sizes and times of files that were merely touched (touched.h), so
 * that the next run need not read them. What fails here is no harm to the index. */
GS_MUST_USE enum gaosou_status gs_reconcile_keep(struct gs_reconcile *r, struct gs_err *err);

/* The time to store for a file: its modification time, or 0 where that is less than two seconds
 * before the clock was read (before the file was): it may change again without a new time, so the
 * next update has to compare it. All in ns since 1970. */
uint64_t gs_reconcile_settled_time(uint64_t modified, uint64_t now);

/* ---- what is gone ---- */

/* A root that is walked, by the id of the root itself (what the ids of its files begin with).
 * Announced before the first look below it. Filings at or below it: of a folder those whose source
 * is root/..., of a file those whose source is root, root!... or root:<line>. */
GS_MUST_USE enum gaosou_status gs_reconcile_root(struct gs_reconcile *r, struct gs_str id,
                                                 bool is_folder, struct gs_err *err);
/* Something is there and could not be read (a folder, an archive, a file, or one line of it): what
 * the index has of it, or below it, is not gone. */
GS_MUST_USE enum gaosou_status gs_reconcile_exempt(struct gs_reconcile *r, struct gs_str id,
                                                   struct gs_err *err);

struct gs_prune {
    uint64_t gone;    /* filings not found below roots that gave something */
    uint64_t removed; /* gone, or 0 where that was refused */
    uint64_t live;    /* filings the index had when this run began */
    bool refused;     /* they are more than a tenth of the live ones, and not forced */
    /* Called for each filing that is removed; may be NULL. */
    void (*removing)(void *ctx, struct gs_str id);
    void *ctx;
};

/* After the builder has finished: deletes the filings that are gone. Never below a root at which
 * nothing was looked up (see below). The caller zeroes p and sets removing; the commit is the
 * caller's. */
GS_MUST_USE enum gaosou_status gs_reconcile_prune(struct gs_reconcile *r, bool force,
                                                  struct gs_prune *p, struct gs_err *err);
/* Root `index` in the order of the calls; false behind the last. *found: filings looked up at or
 * below it. Where that is 0 nothing below it is dropped: it may be a disk that is not there. The id
 * lives as long as r. */
bool gs_reconcile_get_root(const struct gs_reconcile *r, size_t index, struct gs_str *id,
                           uint64_t *found);

#endif
