/*
 * segment_writer.h: the writing side of one segment file. Used by the inverter's flush and by merges.
 *
 * Order of calls: create; for each filing in order add_doc (and, with text, append_text packs that cover the filings in the same
 * order); then parts of terms in the total order of term.h; finish. Sticky: after an error calls are no-ops and finish returns it.
 * One thread owns the writer; gs_text_pack and gs_term_part are filled by other threads and handed over one at a time.
 * The bytes depend only on what is added, never on clocks, threads or addresses.
 */
#ifndef GS_SEGMENT_SEGMENT_WRITER_H
#define GS_SEGMENT_SEGMENT_WRITER_H

#include "common/segment/segment.h"

struct gs_segment_writer;

struct gs_segment_params {
    uint64_t analysis_id;
    bool with_text;
    int text_level; /* zstd level, 0: the default of the format's writer */
    /* Fields beyond the fixed ones to be keyword columns: names of 1 to GS_KEYWORD_NAME_MAX bytes,
     * ascending strictly by bytes, none a fixed one's. Borrowed for the call. */
    const struct gs_str *filterable;
    size_t filterable_count; /* at most GS_KEYWORDS_MAX - GS_KEYWORD_FIXED */
};

GS_MUST_USE enum gaosou_status gs_segment_writer_create(struct gs_segment_writer **out, const char *path, const struct gs_segment_params *params, struct gs_err *err);
void gs_segment_writer_discard(struct gs_segment_writer *w); /* removes what was written */

struct gs_doc {
    struct gs_record record; /* borrowed for the call */
    uint64_t sequence, content_hash, source_size, commit;
    uint64_t source_time;    /* ns since 1970, 0: unknown */
    uint32_t date, period;   /* yyyymmdd */
    uint32_t length, positions;
    uint32_t title_start, title_positions; /* the title is positions [start, start + n) */
    enum gs_text_state text_state;
    /* Values of the filterable fields, one for each name of the writer's params, parts with U+001F
     * between them; empty: none. NULL: none of all. Borrowed for the call. */
    const struct gs_str *filterable;
};
void gs_segment_writer_add_doc(struct gs_segment_writer *w, const struct gs_doc *doc);

/* ---- text: filled by workers, a pack holds the contents of consecutive filings ---- */
struct gs_text_pack;
GS_MUST_USE enum gaosou_status gs_text_pack_create(struct gs_text_pack **out, int level);
void gs_text_pack_free(struct gs_text_pack *p);
void gs_text_pack_clear(struct gs_text_pack *p);
/*
 * Adds one filing's content. A filing that does not fit one block is cut at places that gs_text_cuts names; `states` has one
 * entry for each cut (position and cutter state there; state valid only where resumable).
 */
struct gs_text_cut { uint32_t offset; uint32_t position; bool resumable; struct gs_cutter_state state; };
/* Where a content of this size is to be cut (offsets only are filled; the caller runs the analysis up to each and fills the
 * rest); appended to *cuts, count out. Depends on the bytes alone. */
GS_MUST_USE enum gaosou_status gs_text_cuts(const uint8_t *content, uint32_t size, struct gs_text_cut **cuts, size_t *count, size_t *capacity);
void gs_text_pack_add(struct gs_text_pack *p, const uint8_t *content, uint32_t size, const struct gs_text_cut *cuts, size_t cut_count);
/* Compresses the blocks that are still open; call once, before append. */
GS_MUST_USE enum gaosou_status gs_text_pack_finish(struct gs_text_pack *p, struct gs_err *err);
void gs_segment_writer_append_text(struct gs_segment_writer *w, const struct gs_text_pack *p);
/* The text of all filings of a segment, which were added last, as it is stored there: packed blocks are copied. With an error
 * the writer is to be discarded. */
GS_MUST_USE enum gaosou_status gs_segment_writer_copy_text(struct gs_segment_writer *w, const struct gs_segment *from, struct gs_err *err);

/* ---- terms: a part is a range of the term order, encoded by a worker ---- */
struct gs_term_part;
GS_MUST_USE enum gaosou_status gs_term_part_create(struct gs_term_part **out);
void gs_term_part_free(struct gs_term_part *p);
void gs_term_part_clear(struct gs_term_part *p);
/* BM25 lengths of all filings of the segment; borrowed. The same that its docs are added with. */
struct gs_doc_lengths {
    const uint32_t *of; /* by doc */
    uint32_t count;     /* of filings */
};
/*
 * Adds the next term with its whole list: df docs ascending with freqs >= 1, and the positions of all docs one after the other
 * (ascending inside a doc; cf = sum of freqs values). The lengths make impacts and the widths of positions.
 * Arrays are read up to a multiple of GS_BLOCK past their ends: the caller gives GS_BLOCK entries of slack.
 */
void gs_term_part_add(struct gs_term_part *p, const struct gs_term *term, const uint32_t *docs, const uint32_t *freqs, uint32_t df, const uint32_t *positions, uint64_t cf, const struct gs_doc_lengths *lengths);
enum gaosou_status gs_term_part_status(const struct gs_term_part *p);
size_t gs_term_part_memory(const struct gs_term_part *p);
void gs_segment_writer_append_terms(struct gs_segment_writer *w, const struct gs_term_part *p);

/* Everything written, synced and renamed to its final name. Frees w in every case. */
GS_MUST_USE enum gaosou_status gs_segment_writer_finish(struct gs_segment_writer *w, struct gs_err *err);

/* Bytes the writer holds in memory now (columns, records, buffered parts). */
size_t gs_segment_writer_memory(const struct gs_segment_writer *w);

#endif
