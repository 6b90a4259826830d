/*
 * segment.h: the reading side of one segment file (FORMAT.md). Mapped, nothing parsed at open.
 *
 * Every function checks what it reads: a damaged page gives GAOSOU_E_CORRUPT with file and section,
 * never a crash and never a wrong answer. Page checksums are verified at first touch. A gs_segment
 * is immutable and shared by threads (the verified-page bits are atomic); cursors and scratch
 * objects belong to one thread. Doc numbers are local to the segment: 0 .. doc_count-1, in the
 * order the filings were added.
 */
#ifndef GS_SEGMENT_SEGMENT_H
#define GS_SEGMENT_SEGMENT_H

#include "common/base/buf.h"
#include "common/base/str.h"
#include "common/text/cutter.h"
#include "common/text/layout.h"
#include "common/text/structure.h"
#include "common/text/term.h"

#define GS_BLOCK   128 /* postings and positions a block */
#define GS_DOC_END UINT32_MAX

struct gs_segment;

struct gs_segment_stats {
    uint32_t doc_count;
    uint64_t total_length; /* sum of BM25 lengths */
    uint64_t terms, postings, positions;
    uint64_t
        first_sequence; /* of doc 0; sequence numbers are 64 bits, kept through merges, ascending */
    uint64_t analysis_id;
    uint64_t text_bytes; /* raw content bytes; 0 with --no-text */
    bool has_text;
};

GS_MUST_USE enum gaosou_status gs_segment_open(struct gs_segment **out, const char *path,
                                               struct gs_err *err);
void gs_segment_close(struct gs_segment *s);
const struct gs_segment_stats *gs_segment_get_stats(const struct gs_segment *s);
const char *gs_segment_path(const struct gs_segment *s);

/* ---- terms ---- */

/* Where a term's list is. Plain data, valid as long as the segment. */
struct gs_list_ref {
    uint32_t df; /* filings; 0: the term is not in this segment */
    /* private: */
    uint32_t kind;                         /* GS_LIST_* of segment_internal.h: says which section */
    uint64_t offset, size;                 /* bytes of the list */
    uint64_t positions_at, positions_size; /* blocked lists: bytes in POSITIONS */
};

GS_MUST_USE enum gaosou_status gs_term_find(const struct gs_segment *s, const struct gs_term *t,
                                            struct gs_list_ref *ref, struct gs_err *err);

/* Iterates terms in the total order of term.h from the first term >= *from (NULL: all); the dump,
 * merges, prefixes. */
struct gs_term_cursor {
    const struct gs_segment *segment;
    struct gs_term term; /* bytes valid until the next call */
    struct gs_list_ref ref;
    bool valid; /* false: past the end */
    uint8_t word[GS_WORD_MAX];
    /* private: */
    bool in_words;                      /* which of the two tables of blocks */
    uint64_t block, blocks;             /* the current block, and how many */
    const uint8_t *start, *at, *end;    /* the block's entries; the next one */
    uint64_t start_offset;              /* of the block in its section */
    uint64_t postings_at, positions_at; /* where the next list begins */
    uint64_t key; /* Han: first << 32 | second; of a block to come: its first */
};
GS_MUST_USE enum gaosou_status gs_term_cursor_seek(struct gs_term_cursor *c,
                                                   const struct gs_segment *s,
                                                   const struct gs_term *from, struct gs_err *err);
GS_MUST_USE enum gaosou_status gs_term_cursor_next(struct gs_term_cursor *c, struct gs_err *err);

/* All Han terms (a, ch) with a != 0: fills firsts with the a's, ascending, as uint32 in host order.
 */
GS_MUST_USE enum gaosou_status gs_term_firsts_of(const struct gs_segment *s, uint32_t ch,
                                                 struct gs_buf *firsts, struct gs_err *err);

/* ---- lists ---- */

/* The best of a block: for every posting in it there is a pair with freq >= its freq and length <=
 * its length. */
#define GS_IMPACT_MAX 4
struct gs_impacts {
    uint32_t count;
    struct {
        uint32_t freq, length;
    } pair[GS_IMPACT_MAX]; /* freq UINT32_MAX: unbounded */
};

/*
 * Cursor over one list. doc ascends; at the end doc is GS_DOC_END and every call leaves it there.
 * After open the cursor is on the first posting. About 2.5 KiB; no heap. Errors are sticky in
 * `status`: the cursor then is at its end, and the caller asks once, when it is done.
 */
struct gs_list_cursor {
    uint32_t doc, freq; /* of the posting it is on; freq is valid after gs_list_freq() */
    enum gaosou_status status;
    const struct gs_segment *segment;
    struct gs_list_ref ref;
    uint32_t index, count; /* inside the decoded block */
    uint32_t block, block_count;
    uint32_t docs[GS_BLOCK + 16]; /* decoded; padded with GS_DOC_END */
    uint32_t freqs[GS_BLOCK + 16];
    uint32_t deltas[GS_BLOCK + 16]; /* one decoded block of positions */
    /* private: */
    uint64_t cf;               /* positions of the whole list */
    const uint8_t *skips;      /* blocked: the skip entries */
    const uint8_t *freq_bytes; /* packed frequencies of the block, until they are decoded */
    uint32_t freq_code;
    uint32_t bound_block; /* where gs_list_bound stands */
    bool has_freqs;
    uint32_t ordinal_index;           /* index inside the block that `ordinal` belongs to */
    uint64_t ordinal, ordinal_end;    /* positions before that posting; and up to the block's end */
    uint64_t position_block;          /* number of the block in deltas; UINT64_MAX: none */
    const uint8_t *values;            /* small: the list's bits */
    uint64_t values_from, values_end; /* those of its positions */
    uint64_t value_at;                /* where those of posting value_index begin */
    uint32_t value_index;
    bool has_bound;
    struct gs_impacts bound; /* of a list without skip entries, once computed */
};
void gs_list_open(struct gs_list_cursor *c, const struct gs_segment *s,
                  const struct gs_list_ref *ref);
uint32_t gs_list_next(struct gs_list_cursor *c); /* the new doc */
uint32_t gs_list_seek(struct gs_list_cursor *c,
                      uint32_t target); /* first doc >= target, never back */
uint32_t gs_list_freq(struct gs_list_cursor *c);
/* The positions of the current posting, ascending, into out (room for freq values); returns their
 * number, 0 on damage. */
uint32_t gs_list_positions(struct gs_list_cursor *c, uint32_t *out);
/* For block-max: moves only the skip data to the block that holds the first doc >= target, never
 * back; gives that block's last doc and its impacts. The posting cursor stays. No such block:
 * GS_DOC_END and no pair. A list of less than GS_BLOCK docs is one block, whose impacts are
 * computed from the lengths column on first use. */
void gs_list_bound(struct gs_list_cursor *c, uint32_t target, uint32_t *block_last,
                   struct gs_impacts *out);
/* The same for all blocks at once, of a blocked list: how many skip entries it has (0 for other
 * lists), and of one the last doc and the GS_IMPACT_MAX pairs of codes (impacts.h) as they are
 * stored, unchecked. The cursor stays; pointers live as long as the segment. */
uint32_t gs_list_skip_count(const struct gs_list_cursor *c);
const uint8_t *gs_list_skip(const struct gs_list_cursor *c, uint32_t block, uint32_t *last);
/* Back to the first posting; a cursor that has met damage stays at its end. */
void gs_list_rewind(struct gs_list_cursor *c);
/* Impacts of the whole list. */
void gs_list_bound_all(struct gs_list_cursor *c, struct gs_impacts *out);

/* ---- columns, records, text ---- */

/* Integers, one per filing, O(1). Pinned: the order of the file, but for LENGTH and SEQUENCE. */
enum gs_column {
    GS_COLUMN_SEQUENCE,        /* 64-bit sequence number */
    GS_COLUMN_LENGTH,          /* BM25 length */
    GS_COLUMN_TITLE_POSITIONS, /* of the title: n; they are [start, start + n) */
    GS_COLUMN_DATE,            /* yyyymmdd, 0 unknown (month or day 00 where only the year or month
                                  is known) */
    GS_COLUMN_PERIOD,          /* yyyymmdd likewise, the end of the period reported on */
    GS_COLUMN_CONTENT_HASH,    /* content_hash.h; 0: no text */
    GS_COLUMN_SIZE,            /* source bytes */
    GS_COLUMN_COMMIT,          /* commit number that added it */
    GS_COLUMN_TITLE_START,     /* where they start; 0 for a title given as a field */
    GS_COLUMN_SOURCE_TIME,     /* when the source was last changed: ns since 1970, 0 unknown */
    GS_COLUMN_TEXT_STATE,      /* enum gs_text_state */
    GS_COLUMN_COUNT
};
/* Why a filing has no text to search. Pinned: stored. */
enum gs_text_state {
    GS_TEXT_READ = 0,    /* it has one */
    GS_TEXT_NONE = 1,    /* pages without a text layer: a scan */
    GS_TEXT_GARBAGE = 2, /* a text layer that is no text */
    GS_TEXT_STATE_COUNT
};

GS_MUST_USE enum gaosou_status gs_column_get(const struct gs_segment *s, enum gs_column column,
                                             uint32_t doc, uint64_t *value, struct gs_err *err);
/* Values of docs [first, first+count): a block's worth costs as much as a few single ones. */
GS_MUST_USE enum gaosou_status gs_column_range(const struct gs_segment *s, enum gs_column column,
                                               uint32_t first, uint32_t count, uint64_t *out,
                                               struct gs_err *err);
/* The first doc >= from with a value that is not 0, or GS_DOC_END: one look where none has, one for
 * each block of filings where few have. */
GS_MUST_USE enum gaosou_status gs_column_next(const struct gs_segment *s, enum gs_column column,
                                              uint32_t from, uint32_t *doc, struct gs_err *err);
/* No value of the block of 128 docs that doc stands in is outside [*least, *most]: told by its
 * directory alone, so there may be room on both sides. */
GS_MUST_USE enum gaosou_status gs_column_bounds(const struct gs_segment *s, enum gs_column column,
                                                uint32_t doc, uint64_t *least, uint64_t *most,
                                                struct gs_err *err);
/* Lengths of docs [first, first+count) for scoring loops. */
GS_MUST_USE enum gaosou_status gs_column_lengths(const struct gs_segment *s, uint32_t first,
                                                 uint32_t count, uint32_t *out, struct gs_err *err);
/* The same where they lie: little-endian, 4 bytes each, living as long as the segment. */
GS_MUST_USE enum gaosou_status gs_column_lengths_view(const struct gs_segment *s, uint32_t first,
                                                      uint32_t count, const uint8_t **bytes,
                                                      struct gs_err *err);

/*
 * Keyword columns: strings that filters, facets and sorts read, as ordinals of a dictionary. A
 * value of several parts (codes) is its parts in their order with U+001F between them, and each
 * such sequence is a value of its own. Fields beyond the fixed ones are those of the input that
 * were named filterable when a filing of the segment was indexed.
 */
enum gs_keyword {
    GS_KEYWORD_CODE,
    GS_KEYWORD_NAME,
    GS_KEYWORD_COMPANY,
    GS_KEYWORD_TYPE,
    GS_KEYWORD_EXCHANGE,
    GS_KEYWORD_BOARD,
    GS_KEYWORD_FIXED, /* the first field that only the input knows */
};
#define GS_KEYWORDS_MAX     32u  /* the fixed ones included */
#define GS_KEYWORD_NAME_MAX 255u /* bytes of a field's name */

/* The number of keyword columns; their names ("code", ..., then as the input has them), which live
 * as long as the segment; the column of a name, or false. */
uint32_t gs_keyword_count(const struct gs_segment *s);
struct gs_str gs_keyword_name(const struct gs_segment *s, uint32_t keyword);
bool gs_keyword_find(const struct gs_segment *s, const char *name, size_t size, uint32_t *keyword);
/* Different values: ordinals 1 to this, in the order of their bytes; 0 is a filing without one. */
uint32_t gs_keyword_value_count(const struct gs_segment *s, uint32_t keyword);
/* A value, 1 <= ordinal <= count; lives as long as the segment. */
GS_MUST_USE enum gaosou_status gs_keyword_value(const struct gs_segment *s, uint32_t keyword,
                                                uint32_t ordinal, struct gs_str *value,
                                                struct gs_err *err);
/* Ordinals of docs [first, first + count), each checked to be at most the count of values: a
 * block's worth costs as much as a few single ones. */
GS_MUST_USE enum gaosou_status gs_keyword_ordinals(const struct gs_segment *s, uint32_t keyword,
                                                   uint32_t first, uint32_t count, uint32_t *out,
                                                   struct gs_err *err);

/* What is stored to be shown, one per filing. Strings are (bytes, size), not NUL-ended, empty when
 * unknown. In a reader they point into the gs_record's own buffer and live until its next read or
 * release. */
struct gs_record {
    struct gs_str id, title, name, company, date, period, type, exchange, board, url, path;
    struct gs_str codes;  /* several, separated by U+001F */
    struct gs_str extra;  /* a JSON object of the unknown fields, or empty */
    struct gs_str number; /* of the announcement */
    struct gs_str source; /* id of the file it came from, if its own id does not tell */
    uint32_t content_size,
        title_size; /* bytes of content; of a title given as a field at its front */
    const struct gs_mark *marks;
    size_t mark_count; /* furniture and joins */
    const struct gs_page *pages;
    size_t page_count;              /* by byte offset */
    const uint32_t *page_positions; /* the position at each page's start */
    const uint8_t *labels;
    size_t labels_size;
    const struct gs_heading *headings;
    size_t heading_count;
};
struct gs_record_reader; /* keeps the last decoded block; one thread */
GS_MUST_USE enum gaosou_status gs_record_reader_create(struct gs_record_reader **out);
void gs_record_reader_free(struct gs_record_reader *r);
/* Drops the decoded block, keeps the memory. */
void gs_record_reader_forget(struct gs_record_reader *r);
GS_MUST_USE enum gaosou_status gs_record_read(struct gs_record_reader *r,
                                              const struct gs_segment *s, uint32_t doc,
                                              struct gs_record *out, struct gs_err *err);

/* The local doc with this id, newest if several, or GS_DOC_END. */
GS_MUST_USE enum gaosou_status gs_segment_find_id(const struct gs_segment *s,
                                                  struct gs_record_reader *r, const char *id,
                                                  size_t size, uint32_t *doc, struct gs_err *err);

/* Text: blocks of about 16 KiB, decoded on demand; keeps the last few. One thread. */
struct gs_text_reader;
GS_MUST_USE enum gaosou_status gs_text_reader_create(struct gs_text_reader **out);
void gs_text_reader_free(struct gs_text_reader *r);
/* Drops the decoded blocks, keeps the memory. */
void gs_text_reader_forget(struct gs_text_reader *r);
/* Bytes [from, to) of a filing's content appended to *out. GAOSOU_E_NOT_FOUND where the segment has
 * no text. */
GS_MUST_USE enum gaosou_status gs_text_read(struct gs_text_reader *r, const struct gs_segment *s,
                                            uint32_t doc, uint32_t from, uint32_t to,
                                            struct gs_buf *out, struct gs_err *err);
/* The last place at or before `position` (content positions) from which the cutter can be resumed:
 * byte offset in the content and state; offset 0 and a zero state for the filing's start. */
GS_MUST_USE enum gaosou_status gs_text_resume_point(const struct gs_segment *s, uint32_t doc,
                                                    uint32_t position, uint32_t *offset,
                                                    struct gs_cutter_state *state,
                                                    struct gs_err *err);

/* ---- whole-file work ---- */

/* Reads and verifies everything: checksums, orders, counts, every list, every block. *problems
 * counts; the first is in err. */
GS_MUST_USE enum gaosou_status gs_segment_check(const struct gs_segment *s,
                                                void (*report)(void *ctx, const char *line),
                                                void *ctx, uint64_t *problems, struct gs_err *err);

/* Section names and sizes for `stats`: index 0.. until false. */
bool gs_segment_section(const struct gs_segment *s, size_t index, const char **name,
                        uint64_t *size);

#endif
