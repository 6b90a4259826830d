/*
 * segment_build.h: small segments with lists of any shape, made through the public writer. One
 * thread.
 */
#ifndef GS_TESTS_SEGMENT_BUILD_H
#define GS_TESTS_SEGMENT_BUILD_H

#include "common/segment/segment_writer.h"
#include "tests/support/random_source.h"

/* A term with its whole list. Arrays have GS_BLOCK entries of slack. */
struct test_list {
    struct gs_term term; /* a word's bytes are in `word` */
    uint8_t word[GS_WORD_MAX];
    uint32_t *docs, *freqs, *positions;
    uint32_t df;
    uint64_t cf;
};

/* What a segment is to hold. Lists in term order. */
struct test_lists {
    struct test_list *lists;
    size_t count, capacity;
    uint32_t doc_count;
    uint32_t *lengths; /* BM25 length of each filing */
};

void test_lists_init(struct test_lists *t, uint32_t doc_count, struct random_source *r);
void test_lists_release(struct test_lists *t);

struct test_list_shape {
    uint32_t df;
    uint32_t freq_max;  /* frequencies are 1..this, mostly 1 */
    uint32_t gap_max;   /* positions are at most this far apart */
    uint32_t first_doc; /* docs are spread over [first_doc, doc_count) */
};
/* Appends a list of random docs, frequencies and positions. */
struct test_list *test_lists_add(struct test_lists *t, struct gs_term term,
                                 struct test_list_shape shape, struct random_source *r);
/* Appends a list with one posting for each freq; positions one after the other from `position` on.
 */
struct test_list *test_lists_add_plain(struct test_lists *t, struct gs_term term, uint32_t df,
                                       const uint32_t *docs, const uint32_t *freqs,
                                       const uint32_t *positions);

struct gs_term test_han(uint32_t first, uint32_t second);
struct gs_term test_word(const char *word); /* borrowed */

/* Writes folder/name with `parts` parts of terms of about the same number. malloc'ed path. */
char *test_segment_write(const struct test_lists *t, const char *folder, const char *name,
                         size_t parts);
struct gs_segment *test_segment_open(const char *path);

#endif
