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
        gs_text_scan_release(&s->scan);
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

/* First bytes of lines that can be page counts: of white space, digits, dashes, 第, p and P; and
 * last ones: of white space, digits, dashes, 页 and 頁. */
#define BIT(byte) ((uint64_t)1 << ((byte)&63))
#define COMMON    (BIT('\t') | BIT('\v') | BIT(' ') | BIT('-') | (uint64_t)0x3FF << '0')
static const uint64_t count_firsts[4] = {
    COMMON,
    BIT('p') | BIT('P') | BIT('~'),
    0,
    BIT(0xC2) | BIT(0xE2) | BIT(0xE3) | BIT(0xE7) | BIT(0xEF),
};
static const uint64_t count_lasts[4] = {
    COMMON,
    BIT('~'),
    (uint64_t)0x7FF | BIT(0x8D) | (uint64_t)0x3FF << 16 | BIT(0x9E) | BIT(0xA0) | BIT(0xB5) |
        BIT(0xB7),
    0,
};

static inline uint64_t is_in(const uint64_t set[4], uint8_t b)
{
    return set[b >> 6] >> (b & 63) & 1;
}

static inline uint32_t three_from(const uint8_t *p)
{
    return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

/* Of three bytes: whether white space, a dash or a digit can be; most others begin or end with
 * one of the bytes above only by chance. */
static inline bool may_be_part(uint32_t three)
{
    return (three >> 16 == 0xE2) | (three == 0xE38080) | (three - 0xEFBC90 < 10) |
           (three == 0xEFBC8D) | (three == 0xEFBD9E);
}

/* A quick look, with few branches: not long, begins and ends as page counts do. p[0] can be read in
 * any case. */
static inline bool may_count(const uint8_t *p, uint32_t size)
{
    uint8_t last_byte = p[size - (size > 0)];
    if (!((size - 1 < GS_COUNT_LINE_BYTES) & is_in(count_firsts, p[0]) &
          is_in(count_lasts, last_byte)))
        return false;
    if (size < 3)
        return true;
    uint32_t first = three_from(p), last = three_from(p + size - 3);
    bool begins = (p[0] < 0x80) | (p[0] == 0xC2) | (first == 0xE7ACAC) | may_be_part(first);
    bool ends = (last_byte < 0x80) | (p[size - 2] == 0xC2) | (last == 0xE9A1B5) |
                (last == 0xE9A081) | may_be_part(last);
    return begins & ends;
}

/* The line [start, end) as a page count. */
static enum gaosou_status read_count(struct reading *r, uint32_t start, uint32_t end)
{
    struct gs_number n;
    const uint8_t *content = r->s->content, *from = content + start, *to = content + end;
    from = gs_skip_spaces(from, to);
    for (size_t size; to > from && (size = gs_space_before(from, to)) > 0;)
        to -= size;
    if (from == to ||
        !gs_number_line(content, (uint32_t)(from - content), (uint32_t)(to - content), &n, NULL))
        return GAOSOU_OK;
    return add_number(r->s, &n);
}

/* A line is complete: up to `end`. */
static inline enum gaosou_status read_line(struct reading *r, uint32_t end)
{
    uint32_t start = r->line_start;
    if (start == r->s->size || !may_count(r->s->content + start, end - start) ||
        r->footer_end > start)
        return GAOSOU_OK;
    return read_count(r, start, end);
}

static enum gaosou_status add_feed(struct gs_layout_scratch *s, uint32_t at)
{
    GS_ARRAY_FIT(s->feeds, s->feed_count, s->feed_capacity);
    s->feeds[s->feed_count++] = at;
    return GAOSOU_OK;
}

/* Whether this byte can begin white space or a digit. */
static inline bool may_be_number(uint8_t b)
{
    return b <= '9' || b == 0xC2 || b == 0xE2 || b == 0xE3 || b == 0xEF;
}

static enum gaosou_status read_event(struct reading *r, uint32_t at)
{
    const struct gs_layout_scratch *s = r->s;
    if (s->content[at] == 0xE7) /* 第, three bytes; most have no digit behind */
        return s->size - at > 3 && may_be_number(s->content[at + 3]) ? read_footer(r, at)
                                                                     : GAOSOU_OK;
    return gs_join_look(r->s, &r->join, r->line_start, at);
}

/* Lines from number `first` on, and the offsets before and between them. */
static enum gaosou_status read_batch(struct reading *r, size_t first)
{
    enum gaosou_status status = GAOSOU_OK;
    struct gs_layout_scratch *s = r->s;
    const struct gs_text_scan *scan = &s->scan;
    size_t event = 0;
    for (size_t i = first; i < scan->line_count && status == GAOSOU_OK; i++) {
        uint32_t at = scan->lines[i].at;
        while (event < scan->layout_count && scan->layout[event] < at && status == GAOSOU_OK)
            status = read_event(r, scan->layout[event++]);
        if (s->content[at] == '\f' && status == GAOSOU_OK)
            status = add_feed(s, at);
        if (status == GAOSOU_OK)
            status = read_line(r, at);
        r->line_start = at + gs_line_end_size(s->content[at]);
    }
    while (event < scan->layout_count && status == GAOSOU_OK)
        status = read_event(r, scan->layout[event++]);
    return status;
}

static bool is_worth_keeping(const struct gs_text_scan *scan)
{
    return scan->line_count <= GS_KEPT_LINES && scan->ender_count <= GS_KEPT_LINES;
}

static enum gaosou_status read_content(struct gs_layout_scratch *s)
{
    struct reading r = {.s = s, .join.line_start = UINT32_MAX};
    struct gs_text_scan *scan = &s->scan;
    gs_text_scan_clear(scan);
    s->scan_kept = true;
    for (size_t from = 0; from < s->size;) {
        size_t first = scan->line_count;
        enum gaosou_status status = gs_text_scan_next(scan, s->content, s->size, &from);
        if (status == GAOSOU_OK)
            status = read_batch(&r, first);
        if (status != GAOSOU_OK)
            return status;
        scan->layout_count = 0;
        s->scan_kept = s->scan_kept && is_worth_keeping(scan);
        if (!s->scan_kept)
            gs_text_scan_clear(scan);
    }
    return read_line(&r, (uint32_t)s->size);
}

void gs_scan_walk_begin(struct gs_scan_walk *w, const struct gs_layout *l, const uint8_t *content,
                        size_t size)
{
    const struct gs_layout_scratch *s = l ? l->scratch : NULL;
    *w = (struct gs_scan_walk){.content = content, .size = size};
    bool kept = s && s->scan_kept && s->content == content && s->size == size;
    w->scan = kept ? &s->scan : &w->anew;
}

enum gaosou_status gs_scan_walk_next(struct gs_scan_walk *w)
{
    w->more = w->from < w->size;
    if (!w->more)
        return GAOSOU_OK;
    w->begin = w->from;
    if (w->scan == &w->anew) {
        gs_text_scan_clear(&w->anew);
        return gs_text_scan_next(&w->anew, w->content, w->size, &w->from);
    }
    w->from = w->size;
    return GAOSOU_OK;
}

void gs_scan_walk_end(struct gs_scan_walk *w)
{
    gs_text_scan_release(&w->anew);
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
