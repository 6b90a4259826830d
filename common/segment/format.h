/*
 * format.h: every constant of the segment file, once. FORMAT.md is the normative text; the names
 * here are its names.
 */
#ifndef GS_SEGMENT_FORMAT_H
#define GS_SEGMENT_FORMAT_H

#include <stdint.h>

#define GS_FORMAT_VERSION 1u /* what is written */
#define GS_FORMAT_OLDEST  1u /* the oldest that is read */

/* ---- container ---- */
#define GS_SEGMENT_MAGIC      "\x89GAOSOU SEG\r\n\x1a\n"
#define GS_SEGMENT_MAGIC_SIZE 16u /* with the final NUL */
#define GS_PAGE               4096u
#define GS_SECTION_ALIGN      64u /* of a section's offset; the page checksums stand at a page */
#define GS_SECTION_PADDING    64u /* least zero bytes behind a section: decoders may over-read */
#define GS_TOC_OFFSET         128u
#define GS_TOC_ENTRY          32u
#define GS_TOC_CAP            64u /* sections a file may have */
#define GS_HEADER_CHECKSUM    (GS_PAGE - 8u)
#define GS_HEADER_FLAG_TEXT   1u          /* the segment has a text store */
#define GS_SECTION_OPTIONAL   1u          /* a reader that does not know the section may skip it */
#define GS_DOC_MAX            0x7FFFFFFFu /* most filings of one segment */

/* Offsets in the header page. */
enum {
    GS_HEADER_VERSION = 16,
    GS_HEADER_OLDEST_READER = 20,
    GS_HEADER_ANALYSIS = 24,
    GS_HEADER_FILE_SIZE = 32,
    GS_HEADER_DOCS = 40,
    GS_HEADER_FLAGS = 44,
    GS_HEADER_LENGTH = 48,
    GS_HEADER_TERMS = 56,
    GS_HEADER_POSTINGS = 64,
    GS_HEADER_POSITIONS = 72,
    GS_HEADER_FIRST_SEQUENCE = 80,
    GS_HEADER_TEXT_BYTES = 88,
    GS_HEADER_SECTIONS = 96,
    GS_HEADER_RESERVED = 100, /* zero up to GS_TOC_OFFSET */
};

/* Ids are pinned: a number is never given another meaning. 1-15 terms and lists, 16-31 filings and
 * text. */
enum gs_section_id {
    GS_SECTION_HAN_BLOCKS = 1,
    GS_SECTION_HAN_ENTRIES = 2,
    GS_SECTION_WORD_BLOCKS = 3,
    GS_SECTION_WORD_ENTRIES = 4,
    GS_SECTION_REVERSE_ROWS = 5,
    GS_SECTION_REVERSE_FIRSTS = 6,
    GS_SECTION_POSTINGS = 7,
    GS_SECTION_POSITIONS = 8,

    GS_SECTION_COLUMNS = 16,
    GS_SECTION_RECORDS = 17,
    GS_SECTION_RECORD_INDEX = 18,
    GS_SECTION_IDS = 19,
    GS_SECTION_TEXT = 20,
    GS_SECTION_TEXT_BLOCKS = 21,
    GS_SECTION_TEXT_DOCS = 22,
    GS_SECTION_DICTIONARIES = 23,
    GS_SECTION_KEYWORDS = 24,
    GS_SECTION_KEYWORD_BYTES = 25,
    GS_SECTION_KEYWORD_ORDINALS = 26,

    GS_SECTION_CHECKSUMS = 31,
    GS_SECTION_KNOWN = 32 /* ids below are this version's to know or refuse */
};

/* ---- terms ---- */
#define GS_TERM_BLOCK       64u    /* terms a block of entries */
#define GS_TERM_BLOCK_ENTRY 32u    /* bytes in HAN_BLOCKS and WORD_BLOCKS */
#define GS_REVERSE_ROW      16u    /* bytes in REVERSE_ROWS */
#define GS_REVERSE_RANGE    20992u /* n firsts are about this range divided by n apart */
#define GS_INLINE_LEAST     4u     /* bytes of a list in its term's entry */
#define GS_INLINE_MOST      11u

/* ---- lists ---- */
#define GS_SMALL_CF_MAX       1024u /* most occurrences of a small list */
#define GS_SKIP_ENTRY         20u   /* bytes a block of a blocked list */
#define GS_SKIP_GROUP         8u  /* entries with an offset before them, but for the first group */
#define GS_LIST_HEADER        13u /* fixed bytes before the skip entries */
#define GS_RICE_POSITION_BITS 5u
#define GS_POSITION_GROUP     32u  /* blocks a group of the position table */
#define GS_IMPACT_TOP         239u /* the highest finite impact code */
#define GS_IMPACT_UNBOUNDED   240u /* a frequency code only */

#endif
