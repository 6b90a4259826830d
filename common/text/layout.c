/*
 * layout.c: one filing through the layout pass: scan, page numbers, running lines, pages, marks.
 * The thresholds are in layout_internal.h.
 */
#include "common/text/layout_internal.h"
#include "common/text/text_array.h"

void gs_layout_init(struct gs_layout *l)
{
    *l = (struct gs_layout){0};
}

void gs_layout_release(struct gs_layout *l)
{
    struct gs_layout_scratch *s = l->scratch;
    if (s) {
        free(s->numbers);
        free(s->order);
        free(s->feeds);
        free(s->furniture);
        free(s->joins);
        free(s->lines);
        free(s->boundaries);
        free(s->events);
        free(s);
    }
    free(l->marks);
    free(l->pages);
    free(l->labels);
    gs_layout_init(l);
}

static struct gs_layout_scratch *scratch_of(struct gs_layout *l)
{
    struct gs_layout_scratch *s = l->scratch;
    if (!s && (s = calloc(1, sizeof(*s)))) {
        memset(s->of_value, 0xFF, sizeof(s->of_value));
        l->scratch = s;
    }
    return s;
}

/* ---- what the scan has found ---- */

struct reading {
    struct gs_layout_scratch *s;
    struct gs_join_state join;
    uint32_t line_start;
    uint32_t footer_end; /* of the last footer with a total; 0: none yet */
};

static enum gaosou_status add_number(struct gs_layout_scratch *s, const struct gs_number *n)
{
    GS_ARRAY_FIT(s->numbers, s->number_count, s->number_capacity);
    s->numbers[s->number_count++] = *n;
    return GAOSOU_OK;
}

static enum gaosou_status read_footer(struct reading *r, uint32_t at)
{
    struct gs_number n;
    uint32_t low = r->footer_end > r->line_start ? r->footer_end : r->line_start;
    if (at < low || !gs_number_footer(r->s->content, r->s->size, low, at, &n))
        return GAOSOU_OK;
    r->footer_end = n.end;
    return add_number(r->s, &n);
}

/* Whether a line with this first character can be a page count. */
static inline bool can_count(const uint8_t *p, const uint8_t *end)
{
    switch (*p) {
    case 0xC2:
        return true;
    case 0xE2:
        return end - p >= 3 && (p[1] != 0x80 || (p[2] >= 0x90 && p[2] <= 0x95));
    case 0xE7:
        return gs_three_bytes(p, end) == 0xE7ACAC; /* 第 */
    case 0xEF:                                     /* full-width: a digit, a hyphen, a tilde */
        return end - p >= 3 && (p[1] == 0xBD || p[2] == 0x8D || (uint8_t)(p[2] - 0x90) < 10);
    default:
        return (uint8_t)(*p - '0') < 10 || *p == '-' || *p == '~' || (*p | 0x20) == 'p';
    }
}

/* A line is complete: [r->line_start, end). */
static enum gaosou_status read_line(struct reading *r, uint32_t end)
{
    struct gs_number n;
    uint32_t start = r->line_start;
    if (end - start > GS_COUNT_LINE_BYTES || end == start || r->footer_end > start)
        return GAOSOU_OK;
    const uint8_t *content = r->s->content, *from = content + start, *to = content + end;
    from = gs_skip_spaces(from, to);
    if (from == to || !can_count(from, to))
        return GAOSOU_OK;
    for (size_t size; to > from && (size = gs_space_before(from, to)) > 0;)
        to -= size;
    if (!gs_number_line(content, (uint32_t)(from - content), (uint32_t)(to - content), &n, NULL))
        return GAOSOU_OK;
    return add_number(r->s, &n);
}

static enum gaosou_status read_line_end(struct reading *r, uint32_t at, size_t size)
{
    struct gs_layout_scratch *s = r->s;
    if (s->content[at] == '\f') {
        GS_ARRAY_FIT(s->feeds, s->feed_count, s->feed_capacity);
        s->feeds[s->feed_count++] = at;
    }
    enum gaosou_status status = read_line(r, at);
    r->line_start = at + (uint32_t)size;
    return status;
}

static enum gaosou_status read_event(struct reading *r, uint32_t at)
{
    const struct gs_layout_scratch *s = r->s;
    const uint8_t *p = s->content + at, *end = s->content + s->size;
    size_t size = gs_line_end_at(p, end);
    if (size)
        return read_line_end(r, at, size);
    if ((*p & 0xF0) == 0x30)
        return gs_join_look(r->s, &r->join, r->line_start, at);
    return *p == 0xE7 ? read_footer(r, at) : GAOSOU_OK;
}

/* Room for one more batch of events. */
static enum gaosou_status fit_events(struct gs_layout_scratch *s)
{
    size_t need = s->event_count + GS_SCAN_ROOM;
    if (need <= s->event_capacity)
        return GAOSOU_OK;
    uint32_t *grown = gs_array_grown(s->events, &s->event_capacity, need, sizeof(*s->events));
    if (!grown)
        return GAOSOU_E_NOMEM;
    s->events = grown;
    return GAOSOU_OK;
}

static enum gaosou_status read_content(struct gs_layout_scratch *s)
{
    struct reading r = {.s = s, .join.line_start = UINT32_MAX};
    uint32_t layout[GS_SCAN_ROOM];
    for (size_t from = 0; from < s->size;) {
        enum gaosou_status status = fit_events(s);
        if (status != GAOSOU_OK)
            return status;
        struct gs_scan_offsets found = {.layout = layout, .structure = s->events + s->event_count};
        gs_text_scan(s->content, s->size, &from, &found);
        for (size_t i = 0; i < found.layout_count && status == GAOSOU_OK; i++)
            status = read_event(&r, layout[i]);
        if (status != GAOSOU_OK)
            return status;
        size_t total = s->event_count + found.structure_count;
        s->events_complete = s->events_complete && total <= GS_KEPT_EVENTS;
        s->event_count = s->events_complete ? total : 0;
    }
    return read_line(&r, (uint32_t)s->size);
}

void gs_events_begin(struct gs_event_walk *w, const struct gs_layout *l, const uint8_t *content,
                     size_t size)
{
    const struct gs_layout_scratch *s = l ? l->scratch : NULL;
    w->kept = s && s->events_complete && s->content == content && s->size == size;
    w->events = w->kept ? s->events : w->structure;
    w->count = w->kept ? s->event_count : 0;
    w->content = content;
    w->size = size;
    w->from = 0;
}

bool gs_events_next(struct gs_event_walk *w)
{
    if (w->from >= w->size)
        return false;
    if (w->kept) {
        w->from = w->size; /* one batch holds them all */
        return true;
    }
    struct gs_scan_offsets found = {.layout = w->layout, .structure = w->structure};
    gs_text_scan(w->content, w->size, &w->from, &found);
    w->count = found.structure_count;
    return true;
}

/* ---- marks ---- */

static enum gaosou_status furniture_from_numbers(struct gs_layout_scratch *s)
{
    for (size_t i = 0; i < s->number_count; i++) {
        GS_ARRAY_FIT(s->furniture, s->furniture_count, s->furniture_capacity);
        s->furniture[s->furniture_count++] =
            (struct gs_span){s->numbers[i].start, s->numbers[i].end};
    }
    return GAOSOU_OK;
}

static enum gaosou_status add_mark(struct gs_layout *l, uint32_t start, uint32_t end,
                                   enum gs_mark_kind kind)
{
    GS_ARRAY_FIT(l->marks, l->mark_count, l->mark_capacity);
    l->marks[l->mark_count++] = (struct gs_mark){start, end, kind};
    return GAOSOU_OK;
}

/* Furniture and joins in one order; a join inside furniture is none. */
static enum gaosou_status marks_make(struct gs_layout *l, const struct gs_layout_scratch *s)
{
    enum gaosou_status status = GAOSOU_OK;
    size_t join = 0;
    for (size_t i = 0; i <= s->furniture_count && status == GAOSOU_OK; i++) {
        bool more = i < s->furniture_count;
        struct gs_span f = more ? s->furniture[i] : (struct gs_span){UINT32_MAX, UINT32_MAX};
        for (; join < s->join_count && s->joins[join] < f.start && status == GAOSOU_OK; join++)
            status = add_mark(l, s->joins[join], s->joins[join] + 1, GS_MARK_JOIN);
        while (join < s->join_count && s->joins[join] < f.end)
            join++;
        if (more && status == GAOSOU_OK)
            status = add_mark(l, f.start, f.end, GS_MARK_FURNITURE);
    }
    return status;
}

static enum gaosou_status find(struct gs_layout *l, struct gs_layout_scratch *s)
{
    enum gaosou_status status = read_content(s);
    if (status == GAOSOU_OK && s->number_count > 0)
        status = gs_chain_settle(s);
    if (status == GAOSOU_OK)
        status = furniture_from_numbers(s);
    if (status == GAOSOU_OK && (s->number_count > 0 || s->feed_count > 0))
        status = gs_running_find(l);
    if (status == GAOSOU_OK)
        status = gs_pages_make(l, s);
    return status == GAOSOU_OK ? marks_make(l, s) : status;
}

enum gaosou_status gs_layout_find(struct gs_layout *l, const uint8_t *content, size_t size,
                                  struct gs_err *err)
{
    l->mark_count = l->page_count = l->labels_size = 0;
    if (size > GS_FILING_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "a filing of %zu bytes: the limit is %zu", size,
                          GS_FILING_MAX);
    struct gs_layout_scratch *s = scratch_of(l);
    if (!s)
        return gs_err_nomem(err, sizeof(*s));
    s->content = content;
    s->size = size;
    s->event_count = 0;
    s->events_complete = true;
    s->number_count = s->feed_count = s->furniture_count = s->join_count = 0;
    enum gaosou_status status = find(l, s);
    if (status != GAOSOU_OK) {
        l->mark_count = l->page_count = l->labels_size = 0;
        return gs_err_nomem(err, size);
    }
    return GAOSOU_OK;
}

const struct gs_page *gs_layout_page_at(const struct gs_page *pages, size_t count, uint32_t offset)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pages[middle].offset <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &pages[low - 1] : NULL;
}
