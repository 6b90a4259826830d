/*
 * random_text.h: seeded texts that lean on the rules of docs/ANALYSIS.md, and the shrinking of a
 * failure.
 */
#ifndef GS_TESTS_RANDOM_TEXT_H
#define GS_TESTS_RANDOM_TEXT_H

#include "common/base/buf.h"
#include "common/text/layout.h"
#include "common/text/structure.h"
#include "tests/support/random_source.h"

/* About `pieces` pieces one after the other: characters of every class, numbers, footers, spaces.
 * Valid UTF-8 unless with_damage, which puts in bytes that belong to no character. Appended to
 * *out. */
void random_soup(struct random_source *r, size_t pieces, bool with_damage, struct gs_buf *out);

/* About `lines` lines laid out like a filing's: paragraphs, headings, tables, running headers, page
 * counts, form feeds, spaced lines. Appended to *out. */
void random_pages(struct random_source *r, size_t lines, struct gs_buf *out);

/* Marks and ends as layout and structure could give them, for the cutter alone: disjoint furniture
 * and joined white space on character boundaries; ends behind breaks and line ends. Arrays are
 * malloc'ed. */
void random_marks(struct random_source *r, const uint8_t *text, size_t size, struct gs_mark **marks,
                  size_t *count);
void random_ends(struct random_source *r, const uint8_t *text, size_t size, struct gs_end **ends,
                 size_t *count);

/* Whether a text still fails; ctx is the caller's. */
typedef bool random_fails(const uint8_t *text, size_t size, void *ctx);

/* Takes away ever smaller pieces as long as the rest fails. text is changed in place; the new size.
 */
size_t random_shrink(uint8_t *text, size_t size, random_fails *fails, void *ctx);

#endif
