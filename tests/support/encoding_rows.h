/*
 * encoding_rows.h: texts in other encodings, and what is found and read in them.
 */
#ifndef GS_TESTS_ENCODING_ROWS_H
#define GS_TESTS_ENCODING_ROWS_H

#include "indexer/detect.h"
#include "indexer/extract.h"

#define ENCODING_TEXT_MAX ((size_t)4 << 20)

/* Announcements of invented companies. */
extern const char encoding_simplified[], encoding_traditional[], encoding_english[];

/* A text read with the buffers that a test needs for it: encoding_case_init before the rows. */
struct encoding_case {
    struct gs_extracted x;
    struct gs_buf bytes;
};
void encoding_case_init(struct encoding_case *c);
void encoding_case_release(struct encoding_case *c);

/* Appends the UTF-8 in another encoding; the text must be expressible in it. */
void encoding_write(const char *to, const char *text, size_t size, struct gs_buf *out);
/* The same instead of what is in *out. */
void encoding_write_str(const char *to, const char *text, struct gs_buf *out);
struct gs_encoding encoding_found(const struct gs_buf *b);
/* The text of the bytes, valid UTF-8, read with `user` as the encoding that was told (NULL: none).
 */
enum gaosou_status encoding_extract(const void *bytes, size_t size, const char *user,
                                    struct gs_extracted *out);
void encoding_assert_text(const struct gs_extracted *x, const char *wanted);

#endif
