/*
 * fragment.h: one fragment of a filing around one occurrence: whole sentences, cleaned, with the
 * hits marked.
 *
 * Input is a stretch of the content with the units that the cutter gave for it; nothing is read or
 * tokenised here. A fragment is of a shape. The common one is at most GS_FRAGMENT_CHARS characters:
 * the sentence of the anchor, and whole sentences of running text after and before it as they fit;
 * a longer sentence is cut at clauses where one is near and says so with an ellipsis. A heading, a
 * table row and a title are sentences by themselves. An occurrence longer than that is shown from
 * its start. One thread; reused.
 */
#ifndef GS_QUERY_FRAGMENT_H
#define GS_QUERY_FRAGMENT_H

#include "common/text/cutter.h"
#include "query/clean.h"
#include "query/search.h"

#define GS_FRAGMENT_CHARS     160  /* ellipses included, combining marks not */
#define GS_FRAGMENT_CHARS_MAX 8000 /* of any shape */

/* How long a fragment is. */
struct gs_fragment_shape {
    uint32_t chars;     /* at most, ellipses included, up to GS_FRAGMENT_CHARS_MAX */
    uint32_t sentences; /* before and behind the anchor's, of any kind, as they fit */
    bool fill;          /* running text before and behind it, as it fits */
};
/* The common shape; the anchor's sentence alone; `context` sentences on each side of it. */
struct gs_fragment_shape gs_fragment_shape_common(void);
struct gs_fragment_shape gs_fragment_shape_context(size_t context);

/* Positions before and behind an occurrence that are looked at: the source should hold them. */
static inline uint32_t gs_fragment_around(const struct gs_fragment_shape *shape)
{
    return shape->chars + 5;
}

struct gs_fragment_source {
    const uint8_t *bytes; /* content [offset, offset + size) */
    size_t size;
    uint32_t offset;
    bool complete;               /* the content ends there */
    const struct gs_unit *units; /* of these bytes, in order */
    size_t unit_count;
    const struct gs_mark *marks; /* of the whole filing */
    size_t mark_count;
    const uint32_t
        *ends; /* positions of sentence ends, ascending, of the whole filing; may be none */
    size_t end_count;
    const struct gs_occurrence *occurrences; /* by position, of the whole filing */
    size_t occurrence_count;
    const struct gs_clean_range
        *taken; /* bytes that other fragments show: this one keeps clear of them */
    size_t taken_count;
    bool leads; /* the anchor's sentence is a heading: what stands below it is shown with it */
    struct gs_fragment_shape shape;
};

/* Byte offsets into the fragment's text. */
struct gs_fragment_span {
    uint32_t start, end;
};

struct gs_fragment {
    struct gs_buf text;             /* valid UTF-8, one line */
    struct gs_fragment_span *spans; /* ascending, neither overlapping nor touching */
    size_t span_count, span_capacity;
    uint32_t start, end; /* bytes of the content that it was made from */
    uint32_t first_hit;  /* byte of the content where the first marked occurrence begins */
    bool says_something; /* clauses, sentences or figures: no heading, no head of a table */
    uint32_t first_position, end_position; /* positions [first, end) that it covers */
};

void gs_fragment_init(struct gs_fragment *f);
void gs_fragment_release(struct gs_fragment *f);

/* Scratch memory of gs_fragment_cut. */
struct gs_fragment_cutter {
    struct gs_clean clean;
    struct gs_clean_range *ranges; /* occurrences of the region, by their starts */
    size_t range_count, range_capacity;
};
void gs_fragment_cutter_init(struct gs_fragment_cutter *k);
void gs_fragment_cutter_release(struct gs_fragment_cutter *k);

/* Fills *f around source->occurrences[anchor]. GAOSOU_E_NOT_FOUND where the source does not hold
 * the occurrence; GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_fragment_cut(struct gs_fragment_cutter *k,
                                               const struct gs_fragment_source *source,
                                               size_t anchor, struct gs_fragment *f);

/* Index of the first unit at or behind a position; count where there is none. */
size_t gs_fragment_unit_at(const struct gs_unit *units, size_t count, uint32_t position);

#endif
