/* Pages, joins and the order of the rules. See ref_layout.h. */
#include "tests/support/ref_layout.h"

/* ---- pages ---- */

static void add_page(struct ref_layout *l, uint32_t offset, uint32_t sheet, const char *label)
{
    const struct ref_page *last = l->pages.count ? &l->pages.at[l->pages.count - 1] : NULL;
    if (offset >= l->size || (last && last->sheet == sheet && strcmp(last->label, label) == 0))
        return;
    struct ref_page *page = REF_PUSH(&l->pages);
    page->offset = offset;
    page->sheet = sheet;
    snprintf(page->label, sizeof(page->label), "%s", label);
}

static void add_page_of(struct ref_layout *l, size_t letter, const struct ref_number *n, bool known)
{
    add_page(l, ref_letter_offset(l, letter), known ? n->value : 0, known ? n->label : "");
}

static size_t count_like(const struct ref_layout *l, const struct ref_number *n)
{
    size_t count = 0;
    for (size_t i = 0; i < l->numbers.count; i++)
        count += ref_same_shape(&l->numbers.at[i], n);
    return count;
}

/* The numbers that make the pages, into *series. */
typedef REF_LIST(struct ref_number) number_list;

static void find_series(const struct ref_layout *l, number_list *series)
{
    const struct ref_number *best = NULL;
    size_t best_count = 0;
    for (size_t i = 0; i < l->numbers.count; i++) {
        const struct ref_number *n = &l->numbers.at[i];
        size_t count = count_like(l, n);
        if (count > best_count || (count == best_count && n->shape < best->shape)) {
            best = n;
            best_count = count;
        }
    }
    for (size_t i = 0; i < l->numbers.count; i++)
        if (ref_same_shape(&l->numbers.at[i], best))
            *REF_PUSH(series) = l->numbers.at[i];
}

static bool has_form_feed(const struct ref_layout *l)
{
    for (size_t i = 0; i < l->letters.count; i++)
        if (l->letters.at[i].cp == 0xC)
            return true;
    return false;
}

static void pages_by_form_feeds(struct ref_layout *l, const number_list *series)
{
    uint32_t sheet = 0;
    for (size_t start = 0; start < l->letters.count;) {
        size_t end = start;
        while (end < l->letters.count && l->letters.at[end].cp != 0xC)
            end++;
        const char *label = "";
        for (size_t i = 0; i < series->count; i++)
            if (series->at[i].start >= start && series->at[i].start < end)
                label = series->at[i].label;
        add_page(l, ref_letter_offset(l, start), ++sheet, label);
        start = end + 1;
    }
}

static void pages_by_bottom(struct ref_layout *l, const number_list *series)
{
    size_t start = 0;
    for (size_t i = 0; i < series->count; i++) {
        const struct ref_number *n = &series->at[i];
        uint32_t step = i > 0 ? n->value - series->at[i - 1].value : 2;
        add_page_of(l, start, n, n->value == 1 || step <= 1);
        start = n->end;
    }
    struct ref_number next = series->at[series->count - 1];
    bool last = next.total == ++next.value;
    snprintf(next.label, sizeof(next.label), "%u", next.value);
    add_page_of(l, start, &next, last);
}

static void pages_by_top(struct ref_layout *l, const number_list *series)
{
    for (size_t i = 0; i < series->count; i++) {
        const struct ref_number *n = &series->at[i];
        bool known = i + 1 == series->count || n[1].value - n->value <= 1 || n[1].value == 1;
        add_page_of(l, i == 0 ? 0 : n->start, n, known);
    }
}

static bool is_at_top(const struct ref_layout *l, const struct ref_number *first)
{
    const struct ref_line *title = &l->lines.at[0];
    size_t i = 0;
    if (title->end > 0 && l->letters.at[title->end - 1].cp == 0x1F)
        i = title->end;
    while (i < first->start && !ref_is_body(l, i))
        i++;
    return i >= first->start;
}

static void find_pages(struct ref_layout *l)
{
    number_list series = {0};
    REF_CLEAR(&l->pages);
    find_series(l, &series);
    if (has_form_feed(l))
        pages_by_form_feeds(l, &series);
    else if (series.count > 0 && is_at_top(l, &series.at[0]))
        pages_by_top(l, &series);
    else if (series.count > 0)
        pages_by_bottom(l, &series);
    REF_RELEASE(&series);
}

/* ---- joins ---- */

static bool is_ascii_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static bool is_spaced(const struct ref_layout *l, const struct ref_line *line)
{
    size_t all = 0, followed = 0;
    for (size_t i = line->start; i < line->end; i++) {
        if (!ref_is_han(ref_letter_cp(l, i)))
            continue;
        all++;
        uint32_t gap = i + 2 < line->end ? ref_letter_cp(l, i + 1) : 0;
        followed +=
            (gap == 0x20 || gap == 0xA0 || gap == 0x3000) && ref_is_han(ref_letter_cp(l, i + 2));
    }
    return all >= 8 && 5 * followed >= 3 * all;
}

/* Marks the single spaces of the digit pieces that begin at i; the letter behind what was looked
 * at. */
static size_t join_digits(struct ref_layout *l, const struct ref_line *line, size_t i)
{
    size_t start = i;
    for (;;) {
        while (i < line->end && is_ascii_digit(ref_letter_cp(l, i)))
            i++;
        if (i + 1 >= line->end || ref_letter_cp(l, i) != 0x20 ||
            !is_ascii_digit(ref_letter_cp(l, i + 1)))
            break;
        i++;
    }
    size_t behind = i;
    while (behind < line->end && ref_is_white(ref_letter_cp(l, behind)))
        behind++;
    bool date = behind < line->end && ref_is_among(ref_letter_cp(l, behind), "年月日");
    for (size_t k = start; k < i && date; k++)
        if (ref_letter_cp(l, k) == 0x20 && !l->letters.at[k].furniture)
            l->letters.at[k].join = true;
    return i;
}

static void find_joins(struct ref_layout *l)
{
    for (size_t k = 0; k < l->lines.count; k++) {
        const struct ref_line *line = &l->lines.at[k];
        if (!is_spaced(l, line))
            continue;
        for (size_t i = line->start; i < line->end;)
            i = is_ascii_digit(ref_letter_cp(l, i)) ? join_digits(l, line, i) : i + 1;
    }
}

/* ---- the whole ---- */

static void collect_marks(struct ref_layout *l)
{
    REF_CLEAR(&l->marks);
    for (size_t i = 0; i < l->letters.count; i++) {
        const struct ref_letter *c = &l->letters.at[i];
        if (!c->furniture && !c->join)
            continue;
        enum gs_mark_kind kind = c->furniture ? GS_MARK_FURNITURE : GS_MARK_JOIN;
        struct gs_mark *last = l->marks.count ? &l->marks.at[l->marks.count - 1] : NULL;
        if (!last || last->end != c->offset || last->kind != kind) {
            last = REF_PUSH(&l->marks);
            last->start = c->offset;
            last->kind = kind;
        }
        last->end = ref_letter_offset(l, i + 1);
    }
}

void ref_layout_find(struct ref_layout *l, const uint8_t *content, size_t size)
{
    ref_lines_read(l, content, size);
    ref_footers_find(l);
    ref_headers_find(l);
    find_joins(l);
    find_pages(l);
    collect_marks(l);
}

void ref_layout_release(struct ref_layout *l)
{
    REF_RELEASE(&l->letters);
    REF_RELEASE(&l->lines);
    REF_RELEASE(&l->numbers);
    REF_RELEASE(&l->marks);
    REF_RELEASE(&l->pages);
    REF_RELEASE(&l->ends);
    REF_RELEASE(&l->headings);
}
