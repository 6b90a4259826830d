/*
 * report.h: --report FILE: what became of every input as JSON lines, in the order of the walk, so
 * that it can be read by a program or checked in a spreadsheet. The keys are in the man page; a key
 * may be added, none changes, and every line has all of them.
 *
 * Every line is valid JSON whatever names and texts hold. Lines are buffered; flush at a commit
 * makes the file tell what the index holds. A write that fails is kept and told at the end; what is
 * noted after it is dropped. One thread.
 */
#ifndef GS_INDEXER_REPORT_H
#define GS_INDEXER_REPORT_H

#include "indexer/hash_set.h"
#include "indexer/outcome.h"

struct gs_report {
    FILE *out; /* NULL: not open, and every call does nothing */
    bool is_ours;
    struct gs_buf line;
    struct gs_hash_set said; /* inputs that have a line of the work that goes on */
    const char *path;        /* borrowed */
    struct gs_err failure;   /* the first */
};

/* "-": `standard`, which stays the caller's. GAOSOU_E_USE: the file has something in it and is no
 * report. What it has stays until gs_report_begin(). */
GS_MUST_USE enum gaosou_status gs_report_open(struct gs_report *r, const char *path, FILE *standard,
                                              struct gs_err *err);
/* Before the first line. Empties the file, or goes on behind what it has: then an input that has a
 * line already gets no other one, unless it was replaced since. */
GS_MUST_USE enum gaosou_status gs_report_begin(struct gs_report *r, bool goes_on,
                                               struct gs_err *err);
void gs_report_note(struct gs_report *r, const struct gs_outcome *o);
/* A filing that was added has the text of another one: known only at the end, so a line of its
 * own. */
void gs_report_note_duplicate(struct gs_report *r, struct gs_str id, struct gs_str other);
void gs_report_flush(struct gs_report *r);
/* What failed since it was opened, if anything did. Takes a report that is zeroed or closed. */
GS_MUST_USE enum gaosou_status gs_report_close(struct gs_report *r, struct gs_err *err);

#endif
