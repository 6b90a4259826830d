/*
 * format_reader.h: a second reader of an index, written from common/segment/FORMAT.md alone.
 *
 * Whole files are read into memory, everything is checked that the page states, and every list is
 * decoded. Shares with common/segment nothing but the character table of the text code. One thread;
 * slow.
 */
#ifndef GS_TESTS_FORMAT_READER_H
#define GS_TESTS_FORMAT_READER_H

#include "tests/support/ref_array.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes with a place in them; a read past the end gives 0 and makes it failed. */
struct format_cursor {
    const uint8_t *bytes;
    size_t size, at;
    bool failed;
};

enum format_section {
    FORMAT_HAN_BLOCKS = 1,
    FORMAT_HAN_ENTRIES,
    FORMAT_WORD_BLOCKS,
    FORMAT_WORD_ENTRIES,
    FORMAT_REVERSE_ROWS,
    FORMAT_REVERSE_FIRSTS,
    FORMAT_POSTINGS,
    FORMAT_POSITIONS,
    FORMAT_COLUMNS = 16,
    FORMAT_RECORDS,
    FORMAT_RECORD_INDEX,
    FORMAT_IDS,
    FORMAT_TEXT,
    FORMAT_TEXT_BLOCKS,
    FORMAT_TEXT_DOCS,
    FORMAT_DICTIONARIES,
    FORMAT_KEYWORDS,
    FORMAT_KEYWORD_BYTES,
    FORMAT_KEYWORD_ORDINALS,
    FORMAT_PAGE_CHECKSUMS = 31,
    FORMAT_SECTIONS = 32
};

enum format_column {
    FORMAT_LENGTH,
    FORMAT_SEQUENCE,
    FORMAT_TITLE_POSITIONS,
    FORMAT_DATE,
    FORMAT_PERIOD,
    FORMAT_CONTENT_HASH,
    FORMAT_SOURCE_SIZE,
    FORMAT_COMMIT,
    FORMAT_TITLE_START,
    FORMAT_SOURCE_TIME,
    FORMAT_TEXT_STATE,
    FORMAT_COLUMN_COUNT
};

struct format_term {
    bool is_word;
    uint32_t first, second;
    uint8_t word[64];
    size_t size;
    uint32_t df;
    uint64_t cf;
    uint32_t *docs, *freqs, *positions; /* malloc'ed */
};

enum { FORMAT_FIELDS = 15 };
struct format_mark {
    uint64_t start, end;
    bool join;
};
struct format_page {
    uint64_t offset, position, sheet, label_offset, label_size;
};
struct format_heading {
    uint64_t start, size, level;
};
struct format_record {
    uint64_t content_size, title_size;
    struct {
        const uint8_t *bytes;
        size_t size;
    } fields[FORMAT_FIELDS]; /* id title name company date period type exchange board url path codes
                                extra number source */
    const uint8_t *labels;
    REF_LIST(struct format_mark) marks;
    REF_LIST(struct format_page) pages;
    REF_LIST(struct format_heading) headings;
};

struct format_segment {
    uint8_t *file;
    size_t size;
    uint32_t docs, flags;
    uint64_t header_checksum, analysis_id, total_length, terms_count, postings, positions,
        first_sequence, text_bytes;
    struct format_cursor sections[FORMAT_SECTIONS]; /* size 0: absent */
    uint8_t *deleted;                               /* one a doc, 1: deleted */
    REF_LIST(struct format_term) terms;
    uint64_t *columns[FORMAT_COLUMN_COUNT]; /* docs values each */
    REF_LIST(struct format_record) records;
    REF_LIST(uint8_t *) record_blocks; /* what the records point into */
    uint8_t *text;                     /* the raw text, or NULL */
    uint64_t *text_starts;             /* docs + 1 values */
};

struct format_index {
    REF_LIST(struct format_segment) segments;
    uint64_t commit, next_sequence;
    char error[256]; /* why it could not be read */
};

/* False with index->error where anything is not as FORMAT.md says. Release in either case; *index
 * zeroed at first. */
bool format_index_read(struct format_index *index, const char *folder);
void format_index_release(struct format_index *index);

/* What `gaosou-index dump INDEX` prints. */
void format_dump(const struct format_index *index, FILE *out);
/* What `gaosou-index dump INDEX --doc ID` prints; false where there is none. */
bool format_dump_doc(const struct format_index *index, const char *id, FILE *out);

/* ---- between the files of the reader; each returns false where the bytes are not as they should
 * be ---- */

uint64_t format_number(struct format_cursor *c, size_t bytes); /* little-endian */
uint64_t format_varint(struct format_cursor *c);
struct format_cursor format_slice(struct format_cursor *c, uint64_t offset, uint64_t size);
void *format_memory(size_t size); /* zeroed; never NULL */

bool format_segment_open(struct format_segment *s, uint8_t *file,
                         size_t size); /* takes over file */
bool format_terms_read(struct format_segment *s);
bool format_reverse_check(const struct format_segment *s);
/* One list: from POSTINGS and POSITIONS slices. */
bool format_small_read(struct format_term *t, struct format_cursor postings,
                       const struct format_segment *s);
/* One in its entry, at c->at, which goes behind it. */
bool format_inline_read(struct format_term *t, struct format_cursor *c,
                        const struct format_segment *s);
bool format_blocked_read(struct format_term *t, struct format_cursor postings,
                         struct format_cursor positions, const struct format_segment *s);
/* The n firsts of a row of the reverse table, malloc'ed; NULL where damaged. */
uint32_t *format_firsts_read(struct format_cursor row, uint64_t n);
/* Values of positions to positions, in place. */
void format_positions_restore(struct format_term *t);
/* Column k of a section as 64-bit values, malloc'ed, *count out; NULL where damaged. */
uint64_t *format_column_read(struct format_cursor section, uint32_t k, uint32_t columns,
                             size_t *count);
bool format_columns_read(struct format_segment *s);
bool format_records_read(struct format_segment *s);
bool format_ids_check(const struct format_segment *s);
bool format_keywords_check(const struct format_segment *s);
bool format_text_read(struct format_segment *s);
/* Undoes a packed block of `raw` bytes; malloc'ed, NULL where damaged. */
uint8_t *format_unpack(struct format_cursor packed, size_t raw);

#endif
