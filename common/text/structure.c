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
    const struct gs_scan_kernel *kernel;
    uint32_t line_start;
    size_t line_ends;              /* ends written before the line's own */
    uint32_t run_end;              /* of the last run of enders */
    bool full_ender;               /* in the line so far */
    bool separator;                /* U+001F in the line so far */
    bool any_text;                 /* a line with text was before */
    bool no_memory;                /* for a heading: what was found is void */
    uint32_t last_text;            /* where its text ended */
    uint32_t last_end;             /* and the line */
    struct gs_line_window *window; /* over some lines, this one perhaps */
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

/* Room for the ends of so many enders and lines: one of an ender, two of a line, and the content's.
 */
static enum gaosou_status make_room(struct gs_structure *s, size_t enders, size_t lines)
{
    size_t need = s->end_count + enders + 2 * (lines + 1) + 1;
    struct gs_end *grown = gs_array_grown(s->ends, &s->end_capacity, need, sizeof(*s->ends));
    if (!grown)
        return GAOSOU_E_NOMEM;
    s->ends = grown;
    return GAOSOU_OK;
}

static inline void push_end(struct gs_structure *s, uint32_t offset, uint32_t kinds)
{
    s->ends[s->end_count++] = (struct gs_end){offset, kinds};
}

/* An end of `kinds` at the line end `offset`, where the text before ends at text_end; none where
 * kinds is 0. Nothing is branched on: what a line is can hardly be guessed. */
static inline void end_line(struct gs_structure *s, uint32_t text_end, uint32_t offset,
                            uint32_t kinds)
{
    size_t count = s->end_count;
    s->ends[count] = (struct gs_end){offset, kinds};
    struct gs_end *last = s->ends + count - (count > 0);
    bool joins = (count > 0) & (last->offset >= text_end);
    last->kinds |= kinds & (0 - (uint32_t)joins);
    s->end_count = count + (!joins & (kinds != 0));
}

/* The end of the line that was before the present one, as end_line(): enders of the present one may
 * stand behind. */
static inline void end_line_before(struct walk *w, uint32_t kinds)
{
    struct gs_structure *s = w->out;
    struct gs_end *at = s->ends + w->line_ends;
    size_t behind = s->end_count - w->line_ends;
    if (behind == 0) {
        end_line(s, w->last_text, w->last_end, kinds);
    } else if (w->line_ends > 0 && at[-1].offset >= w->last_text) {
        at[-1].kinds |= kinds;
    } else if (kinds) {
        memmove(at + 1, at, behind * sizeof(*at));
        *at = (struct gs_end){w->last_end, kinds};
        s->end_count++;
    }
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
        if (*end - *start < 3 || gs_may_be_space(gs_three_from(c + *start)) ||
            gs_may_be_space_last(gs_three_from(c + *end - 3)))
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

/* ---- lines ---- */

/* What is known of a line with text. */
struct line {
    uint32_t start, end;          /* of the text */
    uint32_t offset;              /* of the line's end */
    struct gs_line_counts counts; /* in the text, where it has at most GS_ROW_BYTES, else 0 */
};

static void count_line(struct walk *w, struct line *l)
{
    l->counts = (struct gs_line_counts){0};
    if (l->end - l->start > GS_ROW_BYTES)
        return;
    if (l->end > w->window->to)
        w->kernel->window(w->content, w->size, l->start, w->window);
    l->counts = w->kernel->count(w->window, l->start, l->end);
}

/* Whether figures are at least one, and half of its tokens. */
static bool is_figures(const struct walk *w, const uint8_t *p, const uint8_t *end)
{
    struct gs_line_tokens n = w->kernel->tokens(p, (size_t)(end - p));
    if (!n.exact)
        return gs_text_is_figures(p, end);
    return (n.figures > 0) & (n.figures >= n.others);
}

static bool is_row(const struct walk *w, const struct line *l)
{
    const uint8_t *p = w->content + l->start, *end = w->content + l->end;
    const struct gs_line_counts *n = &l->counts;
    /* figures are no more than digits, HAN no fewer than n->han */
    bool figures = !w->full_ender & (n->digits > 0) & (n->digits >= n->han);
    bool gaps = n->gaps >= GS_ROW_GAPS;
    if (gaps & w->window->other_space)
        gaps = gs_text_has_gaps(p, end);
    return w->separator | gaps || (figures && is_figures(w, p, end));
}

static void add_heading(struct walk *w, uint32_t start, uint32_t end, uint32_t level)
{
    struct gs_structure *s = w->out;
    if (s->heading_count == s->heading_capacity) {
        void *grown = gs_array_grown(s->headings, &s->heading_capacity, s->heading_count + 1,
                                     sizeof(*s->headings));
        w->no_memory = w->no_memory || !grown;
        if (!grown)
            return;
        s->headings = grown;
    }
    s->headings[s->heading_count++] = (struct gs_heading){start, end, level};
}

/* What ends at the end of the line: GS_END_* or 0. A title that was given as a field is the
 * content's first line and ends in U+001F. */
static uint32_t kinds_of_line(const struct walk *w, const struct line *l, bool row)
{
    const uint8_t *p = w->content + l->start, *end = w->content + l->end;
    bool ends = (w->line_start == 0) & (end[-1] == 0x1F);
    uint32_t last = end - p < 3 ? GS_LAST_CLOSES : gs_last_kind(gs_three_from(end - 3));
    if (last == GS_LAST_CLOSES)
        ends = ends || gs_text_ends_paragraph(p, end);
    else
        ends |= last != 0;
    return (PARAGRAPH & (0 - (uint32_t)ends)) | (SENTENCE & (0 - (uint32_t)row));
}

/* Whether a line with a heading mark, which ends at `behind`, is a heading. Most are not, being
 * too long, which counts tell. */
static bool is_heading(const struct walk *w, const struct line *l, const uint8_t *behind)
{
    const uint8_t *p = w->content + l->start, *end = w->content + l->end;
    if (w->full_ender || l->counts.han > GS_HEADING_CHARS ||
        w->kernel->tokens(p, (size_t)(end - p)).characters > GS_HEADING_CHARS)
        return false;
    return gs_text_is_heading(p, behind, end);
}

/* A line with text. */
static void read_text(struct walk *w, struct line *l)
{
    const uint8_t *p = w->content + l->start, *end = w->content + l->end, *behind;
    count_line(w, l);
    bool row = is_row(w, l);
    uint32_t level = 0, kinds = kinds_of_line(w, l, row);
    if (!row & gs_text_may_have_mark(p, end))
        level = gs_heading_mark(p, end, &behind);
    if (w->any_text)
        end_line_before(w, (SENTENCE & (0 - (uint32_t)row)) |
                               (PARAGRAPH & (0 - (uint32_t)(level > 0))));
    if (level && is_heading(w, l, behind)) {
        kinds = HEADING;
        add_heading(w, l->start, l->end, level);
    }
    end_line(w->out, l->end, l->offset, kinds);
    w->any_text = true;
    w->last_text = l->end;
    w->last_end = l->offset;
}

/* The line ends at `offset`; the next begins at `next`. */
static void read_line(struct walk *w, uint32_t offset, uint32_t next)
{
    struct line l = {w->line_start, offset, offset, {0}};
    trim(w, &l.start, &l.end);
    if (l.start < l.end)
        read_text(w, &l);
    w->line_start = next;
    w->line_ends = w->out->end_count;
    w->full_ender = w->separator = false;
    while (w->mark < w->mark_count && w->marks[w->mark].end <= next)
        w->mark++;
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
static void read_run(struct walk *w, uint32_t at, size_t size)
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
        push_end(w->out, w->run_end, SENTENCE);
}

/* A place out of the scan's enders. */
static void read_ender(struct walk *w, uint32_t at)
{
    if (at < w->run_end || furniture_at(w, &w->event_mark, at))
        return;
    const uint8_t *p = w->content + at;
    size_t size = gs_ender_at(p, w->content + w->size);
    if (size)
        read_run(w, at, size);
    else
        w->separator = w->separator || *p == 0x1F;
}

/* Places out of the scan's enders, in order. Most are a 。 that nothing of a run follows. */
static inline void read_enders(struct walk *w, const uint32_t *at, const uint32_t *end)
{
    bool plain = w->mark_count == 0;
    for (; at < end; at++) {
        const uint8_t *p = w->content + *at;
        if (plain & (w->size - *at > 3) && (gs_three_from(p) == 0xE38082) &
                                               !(gs_line_can[p[3]] & GS_CAN_RUN) &
                                               (*at >= w->run_end)) {
            w->run_end = *at + 3;
            w->full_ender = true;
            push_end(w->out, w->run_end, SENTENCE);
        } else {
            read_ender(w, *at);
        }
    }
}

/* ---- the scan ---- */

/* The lines that end in a batch, and the enders of one that does not. */
static enum gaosou_status read_batch(struct walk *w, const struct gs_text_scan *scan)
{
    const struct gs_scan_line *line = scan->lines, *lines_end = line + scan->line_count;
    uint32_t ender = 0;
    w->kernel = scan->kernel;
    enum gaosou_status status = make_room(w->out, scan->ender_count, scan->line_count);
    if (status != GAOSOU_OK)
        return status;
    for (; line < lines_end; line++) {
        if (ender < line->enders)
            read_enders(w, scan->enders + ender, scan->enders + line->enders);
        read_line(w, line->at, line->at + gs_line_end_size(w->content[line->at]));
        ender = line->enders;
    }
    read_enders(w, scan->enders + ender, scan->enders + scan->ender_count);
    return w->no_memory ? GAOSOU_E_NOMEM : GAOSOU_OK;
}

static enum gaosou_status read_content(struct walk *w, const struct gs_layout *l)
{
    enum gaosou_status status;
    struct gs_scan_walk scan;
    gs_scan_walk_begin(&scan, l, w->content, w->size);
    while ((status = gs_scan_walk_next(&scan)) == GAOSOU_OK && scan.more) {
        status = read_batch(w, scan.scan);
        if (status != GAOSOU_OK)
            break;
    }
    gs_scan_walk_end(&scan);
    if (status != GAOSOU_OK)
        return status;
    if (w->line_start < w->size) /* a last line that the content's end ends */
        read_line(w, w->size, w->size);
    if (w->any_text)
        end_line(w->out, w->last_text, w->size, PARAGRAPH);
    return w->no_memory ? GAOSOU_E_NOMEM : GAOSOU_OK;
}

enum gaosou_status gs_structure_find(struct gs_structure *s, const struct gs_layout *l,
                                     const uint8_t *content, size_t size, struct gs_err *err)
{
    s->end_count = s->heading_count = 0;
    if (size > GS_FILING_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "a filing of %zu bytes: the limit is %zu", size,
                          GS_FILING_MAX);
    struct gs_line_window window;
    struct walk w = {.out = s, .content = content, .size = (uint32_t)size, .window = &window};
    window.from = window.to = 0;
    window.other_space = false;
    w.marks = l ? l->marks : NULL;
    w.mark_count = l ? l->mark_count : 0;
    enum gaosou_status status = read_content(&w, l);
    if (status != GAOSOU_OK) {
        s->end_count = s->heading_count = 0;
        return gs_err_nomem(err, size);
    }
    return GAOSOU_OK;
}
