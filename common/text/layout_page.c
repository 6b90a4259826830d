/*
 * layout_page.c: page entries out of form feeds and the series of page numbers (docs/ANALYSIS.md,
 * section Layout, Pages).
 */
#include "common/text/layout_internal.h"
#include "common/text/text_array.h"

#include <stdio.h>

/* The page numbers of the series, by start: numbers[order[0 .. count)]. */
struct series {
    const struct gs_number *numbers;
    const uint32_t *order;
    size_t count;
};

static const struct gs_number *series_at(const struct series *r, size_t i)
{
    return &r->numbers[r->order[i]];
}

/* The shape with the most numbers; of equal ones the lower kind, then the one that begins first. */
static void choose_series(const struct gs_layout_scratch *s, struct series *out)
{
    *out = (struct series){s->numbers, s->order, 0};
    for (size_t from = 0, to; from < s->number_count; from = to) {
        uint64_t shape = s->numbers[s->order[from]].shape;
        for (to = from + 1; to < s->number_count && s->numbers[s->order[to]].shape == shape;)
            to++;
        bool better = to - from > out->count;
        if (to - from == out->count) {
            unsigned old = GS_SHAPE_KIND(series_at(out, 0)->shape);
            better = GS_SHAPE_KIND(shape) == old && s->order[from] < out->order[0];
        }
        if (better)
            *out = (struct series){s->numbers, s->order + from, to - from};
    }
}

static void number_label(const uint8_t *content, const struct gs_number *n,
                         char label[GS_LABEL_CAP])
{
    struct gs_number again;
    if (GS_SHAPE_KIND(n->shape) == GS_NUMBER_FOOTER ||
        !gs_number_line(content, n->start, n->end, &again, label))
        (void)snprintf(label, GS_LABEL_CAP, "%u", (unsigned)n->value);
}

/* Enters a page unless it says what the entry before says. label "" : none. */
static enum gaosou_status add_page(struct gs_layout *l, uint32_t offset, uint32_t sheet,
                                   const char *label)
{
    size_t size = strlen(label);
    if (l->page_count > 0) {
        const struct gs_page *last = &l->pages[l->page_count - 1];
        if (last->sheet == sheet && last->label_size == size &&
            (size == 0 || memcmp(l->labels + last->label_offset, label, size) == 0))
            return GAOSOU_OK;
    }
    GS_ARRAY_FIT(l->pages, l->page_count, l->page_capacity);
    for (size_t i = 0; i < size; i++) {
        GS_ARRAY_FIT(l->labels, l->labels_size + i, l->labels_capacity);
        l->labels[l->labels_size + i] = (uint8_t)label[i];
    }
    l->pages[l->page_count++] =
        (struct gs_page){offset, sheet, (uint32_t)l->labels_size, (uint32_t)size};
    l->labels_size += size;
    return GAOSOU_OK;
}

static enum gaosou_status add_number_page(struct gs_layout *l, const struct gs_layout_scratch *s,
                                          uint32_t offset, const struct gs_number *n, bool known)
{
    char label[GS_LABEL_CAP] = "";
    if (offset >= s->size)
        return GAOSOU_OK;
    if (known)
        number_label(s->content, n, label);
    return add_page(l, offset, known ? n->value : 0, label);
}

/* ---- form feeds ---- */

static enum gaosou_status sheets_from_feeds(struct gs_layout *l, const struct gs_layout_scratch *s,
                                            const struct series *r)
{
    size_t next = 0;
    for (size_t sheet = 0; sheet <= s->feed_count; sheet++) {
        uint32_t start = sheet ? s->feeds[sheet - 1] + 1 : 0;
        uint32_t end = sheet < s->feed_count ? s->feeds[sheet] : (uint32_t)s->size;
        char label[GS_LABEL_CAP] = "";
        size_t first = next;
        while (next < r->count && series_at(r, next)->start < end)
            next++;
        if (next > first)
            number_label(s->content, series_at(r, next - 1), label);
        enum gaosou_status status =
            start < s->size ? add_page(l, start, (uint32_t)sheet + 1, label) : GAOSOU_OK;
        if (status != GAOSOU_OK)
            return status;
    }
    return GAOSOU_OK;
}

/* ---- printed numbers alone ---- */

/* Whether the pages of two neighbouring numbers adjoin: the same page, the next, or a new start. */
static bool follows(const struct gs_number *before, const struct gs_number *n)
{
    return n->value == 1 || n->value == before->value || n->value == before->value + 1;
}

static bool numbers_stand_at_top(const struct gs_layout_scratch *s, const struct gs_number *first)
{
    if (gs_skip_forward(s, 0) >= first->start)
        return true;
    uint32_t at = 0;
    const uint8_t *content = s->content, *end = content + s->size;
    while (at < s->size && !gs_line_end_at(content + at, end))
        at++;
    return at > 0 && content[at - 1] == 0x1F && gs_skip_forward(s, at) >= first->start;
}

static enum gaosou_status pages_from_top(struct gs_layout *l, const struct gs_layout_scratch *s,
                                         const struct series *r)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < r->count && status == GAOSOU_OK; i++) {
        const struct gs_number *n = series_at(r, i);
        bool known = i + 1 == r->count || follows(n, series_at(r, i + 1));
        status = add_number_page(l, s, i ? n->start : 0, n, known);
    }
    return status;
}

static enum gaosou_status pages_from_bottom(struct gs_layout *l, const struct gs_layout_scratch *s,
                                            const struct series *r)
{
    enum gaosou_status status = GAOSOU_OK;
    const struct gs_number *before = NULL;
    for (size_t i = 0; i < r->count && status == GAOSOU_OK; i++) {
        const struct gs_number *n = series_at(r, i);
        bool known = before ? follows(before, n) : n->value == 1;
        status = add_number_page(l, s, before ? before->end : 0, n, known);
        before = n;
    }
    if (status != GAOSOU_OK)
        return status;
    struct gs_number last = *before;
    bool known = last.total > 0 && last.value + 1 == last.total;
    last.value++;
    last.shape = (uint64_t)GS_NUMBER_FOOTER << 56; /* its label is its value */
    return add_number_page(l, s, before->end, &last, known);
}

enum gaosou_status gs_pages_make(struct gs_layout *l, struct gs_layout_scratch *s)
{
    struct series r;
    if (s->number_count == 0 && s->feed_count == 0)
        return GAOSOU_OK;
    enum gaosou_status status = gs_number_order(s);
    if (status != GAOSOU_OK)
        return status;
    choose_series(s, &r);
    if (s->feed_count > 0)
        return sheets_from_feeds(l, s, &r);
    return numbers_stand_at_top(s, series_at(&r, 0)) ? pages_from_top(l, s, &r)
                                                     : pages_from_bottom(l, s, &r);
}
