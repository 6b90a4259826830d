/*
 * work_journal.h: the note that an add or update that commits as it goes leaves in the index's
 * folder (file `work`, FORMAT.md), so that the same command goes on where it stopped after a kill.
 *
 * Written once, before the first commit that is not the last; removed after the last. A note of
 * another command, or one that does not fit the index, is removed when it is looked for. Readers
 * do not look at it, and losing it costs time only. For the holder of the index's lock.
 */
#ifndef GS_INDEXER_WORK_JOURNAL_H
#define GS_INDEXER_WORK_JOURNAL_H

#include "indexer/index_writer.h"

#define GS_WORK_JOURNAL_NAME "work"

struct gs_work_journal {
    uint64_t hash;           /* of the command: gs_work_journal_hash() */
    uint64_t start_commit;   /* of the index when the work began; 0: there was none */
    uint64_t start_sequence; /* the number its first filing was to have */
    bool is_written;         /* the file is there */
};

/* Of a command: its name, the folder it runs in, roots and options that change what is indexed. */
uint64_t gs_work_journal_hash(const char *const *parts, size_t count);

/* The work of this hash: continued where the folder has its note (is_written is true), else new,
 * from the writer's commit on. */
GS_MUST_USE enum gaosou_status gs_work_journal_begin(struct gs_work_journal *j,
                                                     const struct gs_index_writer *w, uint64_t hash,
                                                     struct gs_err *err);
/* Before a commit that is not the last: writes the note where it is not there yet. Without that
 * commit the note says nothing. */
GS_MUST_USE enum gaosou_status gs_work_journal_keep(struct gs_work_journal *j,
                                                    const struct gs_index_writer *w,
                                                    struct gs_err *err);
/* After the last commit. */
void gs_work_journal_end(struct gs_work_journal *j, const struct gs_index_writer *w);

#endif
