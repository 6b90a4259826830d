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
    size_t event_mark; /* and behind the last ender */
    uint32_t line_start;
    uint32_t digits, han; /* gs_scan_line's, where the line begins */
    size_t line_ends;     /* ends written before the line's own */
    uint32_t run_end;     /* of the last run of enders */
    bool full_ender;      /* in the line so far */
    bool separator;       /* U+001F in the line so far */
    bool any_text;        /* a line with text was before */
    uint32_t last_text;   /* where its text ended */
    uint32_t last_end;    /* and the line */
};

/* What the scan tells of a line. `whole`: that holds for all of it, and no mark touches the line.
 */
struct facts {
    const uint32_t *gaps; /* text_scan.h's offsets in the line */
    size_t gap_count;
    uint32_t digits, han;
    bool whole;
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
        if (*end - *start < 3 || ((gs_line_can[c[*start]] | gs_last_can(c + *end)) & GS_CAN_SPACE))
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

/* Whether the text [start, end) has the wide gaps of a row. */
static bool has_gaps(const struct walk *w, const struct facts *f, uint32_t start, uint32_t end)
{
    const uint8_t *c = w->content;
    if (!f->whole)
        return gs_text_has_gaps(c + start, c + end);
    if (f->gap_count < GS_ROW_GAPS)
        return false;
    unsigned gaps = 0;
    for (size_t i = 0; i < f->gap_count; i++) {
        uint32_t at = f->gaps[i];
        if (at < start)
            continue;
        if (at >= end)
            break;
        uint8_t next = c[at + 1]; /* there is one: no text ends in white space */
        if (c[at] == '\t' && !(gs_line_can[next] & GS_CAN_SPACE))
            gaps++, at++;
        else
            gaps += gs_text_wide_gap(c, &at, start, end);
        if (gaps == GS_ROW_GAPS)
            return true;
        start = at; /* behind the gap: places inside it are done */
    }
    return false;
}

/* Whether the line with the text [start, end) is a table row. */
static bool is_row(const struct walk *w, const struct facts *f, uint32_t start, uint32_t end)
{
    if (w->separator)
        return true;
    if (end - start > GS_ROW_BYTES)
        return false;
    if (has_gaps(w, f, start, end))
        return true;
    if (w->full_ender || (f->whole && (f->digits == 0 || f->digits < f->han)))
        return false; /* figures are no more than digits, HAN no fewer than `han` */
    return gs_text_is_figures(w->content + start, w->content + end);
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
    const uint8_t *p = w->content + start, *to = w->content + end;
    if ((end - start < 3 || (gs_last_can(to) & GS_CAN_LAST)) && gs_text_ends_paragraph(p, to))
        kinds = PARAGRAPH;
    return kinds;
}

/* A line with text [start, end) that ends at `offset`. */
static enum gaosou_status read_text(struct walk *w, const struct facts *f, uint32_t start,
                                    uint32_t end, uint32_t offset)
{
    const uint8_t *p = w->content + start, *to = w->content + end, *behind;
    bool row = is_row(w, f, start, end);
    uint32_t level = row || !gs_text_may_have_mark(p, to) ? 0 : gs_heading_mark(p, to, &behind);
    enum gaosou_status status = GAOSOU_OK;
    if (w->any_text && (row || level))
        status = end_line_before(w, row ? SENTENCE : PARAGRAPH);
    uint32_t kinds = kinds_of_line(w, start, end, row);
    bool is_long = f->whole && f->han > GS_HEADING_CHARS; /* those are characters of it */
    if (level && !w->full_ender && !is_long && gs_text_is_heading(p, behind, to)) {
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
static enum gaosou_status read_line(struct walk *w, struct facts *f, uint32_t offset, uint32_t next)
{
    uint32_t start = w->line_start, end = offset;
    enum gaosou_status status = GAOSOU_OK;
    f->whole = f->whole && !(w->mark < w->mark_count && w->marks[w->mark].start < end);
    trim(w, &start, &end);
    if (start < end)
        status = read_text(w, f, start, end, offset);
    w->line_start = next;
    w->line_ends = w->out->end_count;
    w->full_ender = w->separator = false;
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

/* A run of enders and closers that begins with an ender of `size` bytes at `at`, outside furniture.
 */
static enum gaosou_status read_run(struct walk *w, uint32_t at, size_t size)
{
    const uint8_t *p = w->content + at + size, *end = w->content + w->size;
    bool full = size == 3;
    for (size_t n; p < end && (gs_line_can[*p] & GS_CAN_RUN); p += n) {
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

static enum gaosou_status read_ender(struct walk *w, uint32_t at)
{
    const uint8_t *p = w->content + at, *end = w->content + w->size;
    if (at < w->run_end || furniture_at(w, &w->event_mark, at))
        return GAOSOU_OK;
    size_t size = gs_ender_at(p, end);
    if (size)
        return read_run(w, at, size);
    w->separator = w->separator || *p == 0x1F;
    return GAOSOU_OK;
}

/* ---- the scan ---- */

/* Where a walk over the lines of a batch is. */
struct place {
    const struct gs_text_scan *scan;
    size_t ender, gap; /* the next of each */
};

/* Enders before number `until`. */
static enum gaosou_status read_enders(struct walk *w, struct place *at, size_t until)
{
    enum gaosou_status status = GAOSOU_OK;
    while (at->ender < until && status == GAOSOU_OK)
        status = read_ender(w, at->scan->enders[at->ender++]);
    return status;
}

/* The facts of the line that now ends, with the counts at its end. */
static struct facts take_facts(struct walk *w, struct place *at, const struct gs_scan_line *line,
                               bool whole)
{
    struct facts f = {at->scan->gaps + at->gap, line->gaps - at->gap, line->digits - w->digits,
                      line->han - w->han, whole};
    at->gap = line->gaps;
    w->digits = line->digits;
    w->han = line->han;
    return f;
}

/* The lines that end in a batch, and the enders of one that does not. */
static enum gaosou_status read_batch(struct walk *w, struct place *at, size_t begin)
{
    enum gaosou_status status = GAOSOU_OK;
    const struct gs_text_scan *scan = at->scan;
    for (size_t i = 0; i < scan->line_count && status == GAOSOU_OK; i++) {
        const struct gs_scan_line *line = &scan->lines[i];
        if (at->ender < line->enders)
            status = read_enders(w, at, line->enders);
        struct facts f = take_facts(w, at, line, w->line_start >= begin);
        if (status == GAOSOU_OK)
            status = read_line(w, &f, line->at, line->at + gs_line_end_size(w->content[line->at]));
    }
    return status == GAOSOU_OK ? read_enders(w, at, scan->ender_count) : status;
}

/* The line that the content's end ends. */
static enum gaosou_status read_last_line(struct walk *w, struct place *at, size_t begin)
{
    if (w->line_start >= w->size)
        return GAOSOU_OK;
    const struct gs_text_scan *scan = at->scan;
    struct gs_scan_line line = {w->size, (uint32_t)scan->ender_count, (uint32_t)scan->gap_count,
                                scan->digits, scan->han};
    struct facts f = take_facts(w, at, &line, w->line_start >= begin);
    return read_line(w, &f, w->size, w->size);
}

static enum gaosou_status read_content(struct walk *w, const struct gs_layout *l)
{
    enum gaosou_status status;
    struct gs_scan_walk scan;
    gs_scan_walk_begin(&scan, l, w->content, w->size);
    struct place at = {.scan = scan.scan};
    while ((status = gs_scan_walk_next(&scan)) == GAOSOU_OK && scan.more) {
        at = (struct place){.scan = scan.scan};
        status = read_batch(w, &at, scan.begin);
        if (status != GAOSOU_OK)
            break;
    }
    if (status == GAOSOU_OK)
        status = read_last_line(w, &at, scan.begin);
    gs_scan_walk_end(&scan);
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
