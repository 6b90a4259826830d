/*
 * structure.c: walks a filing's lines and enders in order and writes the ends (docs/ANALYSIS.md,
 * section Structure).
 *
 * The places to look at are those that layout has found in its own pass, where it was asked first.
 */
#include "common/text/layout_internal.h"
#include "common/text/structure_internal.h"
#include "common/text/text_array.h"

#define SENTENCE  GS_END_SENTENCE
#define PARAGRAPH (GS_END_PARAGRAPH | GS_END_SENTENCE)
#define HEADING   (GS_END_HEADING | GS_END_PARAGRAPH | GS_END_SENTENCE)

struct walk {
    struct gs_structure *out;
    const uint8_t *content;
    uint32_t size;
    const struct gs_mark *marks;
    size_t mark_count;
    size_t mark;       /* the first that ends behind line_start */
    size_t event_mark; /* and behind the last event */
    uint32_t line_start;
    size_t line_ends; /* ends written before the line's own */
    uint32_t run_end; /* of the last run of enders */
    bool full_ender;  /* in the line so far */
    bool separator;   /* U+001F in the line so far */
    uint32_t gaps;    /* wide gaps in the line so far, at its edges too */
    uint32_t first_gap_end, last_gap_start;
    uint32_t space_end; /* white space up to here is counted */
    bool any_text;      /* a line with text was before */
    uint32_t last_text; /* where its text ended */
    uint32_t last_end;  /* and the line */
};

void gs_structure_init(struct gs_structure *s)
{
    *s = (struct gs_structure){0};
}

void gs_structure_release(struct gs_structure *s)
{
    free(s->ends);
    free(s->headings);
    gs_structure_init(s);
}

/* ---- writing ends ---- */

static enum gaosou_status push_end(struct walk *w, uint32_t offset, uint32_t kinds)
{
    struct gs_structure *s = w->out;
    GS_ARRAY_FIT(s->ends, s->end_count, s->end_capacity);
    s->ends[s->end_count++] = (struct gs_end){offset, kinds};
    return GAOSOU_OK;
}

/* The end of the line that was before the present one: enders of the present one may stand behind.
 */
static enum gaosou_status end_line_before(struct walk *w, uint32_t kinds)
{
    struct gs_structure *s = w->out;
    size_t at = w->line_ends;
    if (at > 0 && s->ends[at - 1].offset >= w->last_text) {
        s->ends[at - 1].kinds |= kinds;
        return GAOSOU_OK;
    }
    GS_ARRAY_FIT(s->ends, s->end_count, s->end_capacity);
    memmove(s->ends + at + 1, s->ends + at, (s->end_count - at) * sizeof(*s->ends));
    s->ends[at] = (struct gs_end){w->last_end, kinds};
    s->end_count++;
    return GAOSOU_OK;
}

/* An end at the line end `offset`, where the text before ends at text_end. */
static enum gaosou_status end_line(struct walk *w, uint32_t text_end, uint32_t offset,
                                   uint32_t kinds)
{
    struct gs_structure *s = w->out;
    if (s->end_count > 0 && s->ends[s->end_count - 1].offset >= text_end) {
        s->ends[s->end_count - 1].kinds |= kinds;
        return GAOSOU_OK;
    }
    return push_end(w, offset, kinds);
}

/* ---- furniture ---- */

/* The furniture that holds the offset or begins there, or NULL. *mark moves on; offsets ascend. */
static const struct gs_mark *furniture_at(const struct walk *w, size_t *mark, uint32_t at)
{
    if (*mark == w->mark_count)
        return NULL;
    while (*mark < w->mark_count && w->marks[*mark].end <= at)
        ++*mark;
    const struct gs_mark *m = w->marks + *mark;
    return *mark < w->mark_count && m->start <= at && m->kind == GS_MARK_FURNITURE ? m : NULL;
}

static void trim_spaces(const uint8_t *c, uint32_t *start, uint32_t *end)
{
    size_t n;
    while (*start < *end && (n = gs_space_at(c + *start, c + *end)) > 0)
        *start += (uint32_t)n;
    while (*start < *end && (n = gs_space_before(c + *start, c + *end)) > 0)
        *end -= (uint32_t)n;
}

/* Cuts white space and furniture off both ends of the line. */
static void trim(const struct walk *w, uint32_t *start, uint32_t *end)
{
    const uint8_t *c = w->content;
    if (w->mark == w->mark_count || w->marks[w->mark].start >= *end) {
        trim_spaces(c, start, end);
        return;
    }
    size_t n, mark = w->mark;
    const struct gs_mark *m;
    while (*start < *end) {
        if ((m = furniture_at(w, &mark, *start)))
            *start = m->end;
        else if ((n = gs_space_at(c + *start, c + *end)) > 0)
            *start += (uint32_t)n;
        else
            break;
    }
    if (*start >= *end)
        return;
    while (mark < w->mark_count && w->marks[mark].end <= *end)
        mark++;
    while (*start < *end) {
        if (mark > 0 && w->marks[mark - 1].end > *end)
            mark--;
        else if (mark > 0 && w->marks[mark - 1].end == *end &&
                 w->marks[mark - 1].kind == GS_MARK_FURNITURE)
            *end = w->marks[--mark].start;
        else if ((n = gs_space_before(c + *start, c + *end)) > 0)
            *end -= (uint32_t)n;
        else
            break;
    }
}

/* ---- rows ---- */

static void count_gap(struct walk *w, uint32_t at)
{
    const uint8_t *p = w->content + at, *end = w->content + w->size;
    if (!gs_space_at(p, end) && (end - p < 3 || *++p != ' ' || p[1] != ' '))
        return;
    uint32_t start = (uint32_t)(p - w->content), spaces = 0;
    if (start < w->space_end)
        return;
    if (start > w->line_start && p[-1] == ' ') /* a space before white space of another kind */
        start--, spaces++;
    bool tab = false;
    for (size_t n; p < end && (n = gs_space_at(p, end)) > 0; p += n, spaces++)
        tab = tab || *p == '\t';
    w->space_end = (uint32_t)(p - w->content);
    if (spaces < 2 && !tab)
        return;
    if (w->gaps++ == 0)
        w->first_gap_end = w->space_end;
    w->last_gap_start = start;
}

/* Whether the text [start, end) has the wide gaps of a row; the line has as many, its edges too. */
static bool has_gaps(const struct walk *w, uint32_t start, uint32_t end)
{
    if (w->mark < w->mark_count && w->marks[w->mark].start < end) /* furniture at an edge, maybe */
        return gs_text_has_gaps(w->content + start, w->content + end);
    uint32_t edges = (uint32_t)(w->first_gap_end == start) + (uint32_t)(w->last_gap_start == end);
    return w->gaps >= GS_ROW_GAPS + edges;
}

/* Whether the line with the text [start, end) is a table row. */
static bool is_row(const struct walk *w, uint32_t start, uint32_t end)
{
    const uint8_t *p = w->content + start, *to = w->content + end;
    if (w->separator)
        return true;
    if (end - start > GS_ROW_BYTES)
        return false;
    if (w->gaps >= GS_ROW_GAPS && has_gaps(w, start, end))
        return true;
    return !w->full_ender && gs_text_is_figures(p, to, w->content + w->size);
}

/* ---- lines ---- */

static enum gaosou_status add_heading(struct walk *w, uint32_t start, uint32_t end, uint32_t level)
{
    struct gs_structure *s = w->out;
    GS_ARRAY_FIT(s->headings, s->heading_count, s->heading_capacity);
    s->headings[s->heading_count++] = (struct gs_heading){start, end, level};
    return GAOSOU_OK;
}

/* What ends at the end of the line with the text [start, end): GS_END_* or 0. A title that was
 * given as a field is the content's first line and ends in U+001F. */
static uint32_t kinds_of_line(const struct walk *w, uint32_t start, uint32_t end, bool row)
{
    uint32_t kinds = row ? SENTENCE : 0;
    if (w->line_start == 0 && w->content[end - 1] == 0x1F)
        kinds = PARAGRAPH;
    if (gs_text_ends_paragraph(w->content + start, w->content + end))
        kinds = PARAGRAPH;
    return kinds;
}

/* A line with text [start, end) that ends at `offset`. */
static enum gaosou_status read_text(struct walk *w, uint32_t start, uint32_t end, uint32_t offset)
{
    const uint8_t *p = w->content + start, *to = w->content + end, *behind;
    bool row = is_row(w, start, end);
    uint32_t level = row ? 0 : gs_heading_mark(p, to, &behind);
    enum gaosou_status status = GAOSOU_OK;
    if (w->any_text && (row || level))
        status = end_line_before(w, row ? SENTENCE : PARAGRAPH);
    uint32_t kinds = kinds_of_line(w, start, end, row);
    if (level && !w->full_ender && gs_text_is_heading(p, behind, to)) {
        kinds = HEADING;
        if (status == GAOSOU_OK)
            status = add_heading(w, start, end, level);
    }
    if (kinds && status == GAOSOU_OK)
        status = end_line(w, end, offset, kinds);
    w->any_text = true;
    w->last_text = end;
    w->last_end = offset;
    return status;
}

/* The line ends at `offset`; the next begins at `next`. */
static enum gaosou_status read_line(struct walk *w, uint32_t offset, uint32_t next)
{
    uint32_t start = w->line_start, end = offset;
    enum gaosou_status status = GAOSOU_OK;
    trim(w, &start, &end);
    if (start < end)
        status = read_text(w, start, end, offset);
    w->line_start = next;
    w->line_ends = w->out->end_count;
    w->full_ender = w->separator = false;
    w->gaps = 0;
    while (w->mark < w->mark_count && w->marks[w->mark].end <= next)
        w->mark++;
    return status;
}

/* ---- enders ---- */

/* Whether a run without a full ender ends a sentence at p: a Han follows, or the line's end. */
static bool line_or_han_follows(const uint8_t *p, const uint8_t *end)
{
    uint32_t c;
    if (p < end) {
        gs_utf8_step(p, end, &c);
        if (gs_is_rough_han(c))
            return true;
    }
    p = gs_skip_spaces(p, end);
    return p == end || gs_line_end_at(p, end) > 0;
}

/* A run of enders and closers that begins at `at`, outside furniture. */
static enum gaosou_status read_run(struct walk *w, uint32_t at)
{
    const uint8_t *p = w->content + at, *end = w->content + w->size;
    bool full = false;
    for (size_t n; p < end; p += n) {
        n = gs_ender_at(p, end);
        bool closes = !n;
        if (closes && !(n = gs_closer_at(p, end)))
            break;
        if (furniture_at(w, &w->event_mark, (uint32_t)(p - w->content)))
            break;
        full = full || (!closes && n == 3);
    }
    w->run_end = (uint32_t)(p - w->content);
    w->full_ender = w->full_ender || full;
    if (full || line_or_han_follows(p, end))
        return push_end(w, w->run_end, SENTENCE);
    return GAOSOU_OK;
}

static enum gaosou_status read_event(struct walk *w, uint32_t at)
{
    const uint8_t *p = w->content + at, *end = w->content + w->size;
    size_t n = gs_line_end_at(p, end);
    if (n)
        return read_line(w, at, at + (uint32_t)n);
    count_gap(w, at);
    if (!gs_ender_at(p, end)) {
        w->separator = w->separator || (*p == 0x1F && !furniture_at(w, &w->event_mark, at));
        return GAOSOU_OK;
    }
    if (at < w->run_end || furniture_at(w, &w->event_mark, at))
        return GAOSOU_OK;
    return read_run(w, at);
}

static enum gaosou_status read_content(struct walk *w, const struct gs_layout *l)
{
    enum gaosou_status status = GAOSOU_OK;
    struct gs_event_walk events;
    gs_events_begin(&events, l, w->content, w->size);
    while (status == GAOSOU_OK && gs_events_next(&events)) {
        for (size_t i = 0; i < events.count && status == GAOSOU_OK; i++)
            status = read_event(w, events.events[i]);
    }
    if (status == GAOSOU_OK && w->line_start < w->size)
        status = read_line(w, w->size, w->size);
    if (status == GAOSOU_OK && w->any_text)
        status = end_line(w, w->last_text, w->size, PARAGRAPH);
    return status;
}

enum gaosou_status gs_structure_find(struct gs_structure *s, const struct gs_layout *l,
                                     const uint8_t *content, size_t size, struct gs_err *err)
{
    s->end_count = s->heading_count = 0;
    if (size > GS_FILING_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "a filing of %zu bytes: the limit is %zu", size,
                          GS_FILING_MAX);
    struct walk w = {.out = s, .content = content, .size = (uint32_t)size};
    w.marks = l ? l->marks : NULL;
    w.mark_count = l ? l->mark_count : 0;
    enum gaosou_status status = read_content(&w, l);
    if (status != GAOSOU_OK) {
        s->end_count = s->heading_count = 0;
        return gs_err_nomem(err, size);
    }
    return GAOSOU_OK;
}
