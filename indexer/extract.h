/*
 * extract.h: what an extractor makes of the bytes of one file: text in UTF-8, and what the format
 * itself says of it.
 *
 * An extractor is a function of bytes, thread-safe and without state of its own:
 *
 *     enum gaosou_status gs_extract_<format>(const uint8_t *bytes, size_t size,
 *                                            const struct gs_extract_params *params,
 *                                            struct gs_extracted *out, struct gs_err *err);
 *
 * `out` has been cleared. GAOSOU_E_INPUT: the bytes are not what they should be (the message says
 * where; text found up to there may be in `out` and is not used); GAOSOU_E_LIMIT: a limit was
 * reached; GAOSOU_E_NOMEM and GAOSOU_E_IO: not the file's fault. Whatever the bytes are, time and
 * memory stay within the limits. GAOSOU_E_NOT_FOUND: a program that the format needs is not
 * installed (the message says which): nothing is known of the file, it is to be skipped.
 */
#ifndef GS_INDEXER_EXTRACT_H
#define GS_INDEXER_EXTRACT_H

#include "common/base/buf.h"
#include "common/segment/segment.h"
#include "indexer/detect.h"

struct gs_extract_params {
    const char *encoding; /* what the user said the bytes are, as iconv knows it; NULL: find out */
    size_t text_max;      /* bytes of text: more is GAOSOU_E_LIMIT */
    unsigned seconds_max; /* of processor time for a child process; of the clock twice that */
    uint64_t memory_max;  /* bytes, for a child process */
    const char *path;     /* folders that hold such programs, as PATH; NULL: the usual ones */
};

struct gs_extracted {
    struct gs_buf text;  /* valid UTF-8 without BOM or U+0000; form feeds between pages, where the
                            format has pages */
    struct gs_buf title; /* as the format names it (HTML title, DOCX property); often empty */
    struct gs_buf furniture; /* running headers and footers that are not in the text, a line each:
                                for the metadata */
    const char *encoding;    /* static: what it was converted from; NULL: UTF-8, or not a matter of
                                this format */
    uint64_t replaced;       /* U+FFFD put in for bytes that could not be read */
    uint32_t pages;          /* 0: the format has none */
    uint32_t pages_without_text; /* of those: not a character on them */
    bool damaged; /* the file is damaged and the text what could be rescued: pages may be missing */
    enum gs_text_state state;
    enum gs_encoding_origin encoding_by; /* how the encoding was found */
};

void gs_extracted_init(struct gs_extracted *x, size_t text_max);
void gs_extracted_clear(struct gs_extracted *x); /* keeps the memory */
void gs_extracted_release(struct gs_extracted *x);

#endif
