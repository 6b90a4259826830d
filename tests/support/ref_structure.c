/* Sentences, paragraphs and headings of the reference. See ref_layout.h. */
#include "tests/support/ref_layout.h"

#define FULL_ENDERS "。！？；｡"
#define HALF_ENDERS "!?;"
#define CLOSERS     "”’」』）】》)"
#define NUMERALS    "一二三四五六七八九十"

/* A line as structure sees it: furniture at its edges is no text. */
struct body {
    size_t line, first, last; /* letters of its text */
    bool row;
    unsigned level; /* of its heading mark, 0: none */
    size_t mark_end;
    bool heading;
    uint32_t kinds; /* of the end at its end */
};

typedef REF_LIST(struct body) body_list;

static bool is_blank(const struct ref_layout *l, size_t i)
{
    return l->letters.at[i].furniture || ref_is_white(ref_letter_cp(l, i));
}

static bool is_of(const struct ref_layout *l, size_t i, const char *list)
{
    return ref_is_among(ref_letter_cp(l, i), list);
}

static bool has_any(const struct ref_layout *l, const struct body *b, const char *list)
{
    for (size_t i = b->first; i < b->last; i++)
        if (!l->letters.at[i].furniture && is_of(l, i, list))
            return true;
    return false;
}

/* ---- rows ---- */

static size_t count_wide_gaps(const struct ref_layout *l, const struct body *b)
{
    size_t gaps = 0;
    for (size_t i = b->first; i < b->last;) {
        size_t start = i;
        bool tab = false;
        for (; i < b->last && ref_is_white(ref_letter_cp(l, i)); i++)
            tab |= ref_letter_cp(l, i) == '\t';
        gaps += i - start >= 2 || tab;
        i += i == start;
    }
    return gaps;
}

static bool is_letter(uint32_t cp)
{
    return (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z';
}

static bool is_plain_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

static bool is_mostly_figures(const struct ref_layout *l, const struct body *b)
{
    size_t figures = 0, tokens = 0;
    for (size_t i = b->first; i < b->last;) {
        bool letter = false, digit = false;
        size_t start = i;
        for (; i < b->last; i++) {
            uint32_t cp = ref_letter_cp(l, i);
            if (!is_letter(cp) && !is_plain_digit(cp) && cp != '.' && cp != ',')
                break;
            letter |= is_letter(cp);
            digit |= is_plain_digit(cp);
        }
        tokens += letter || digit;
        figures += digit && !letter;
        if (i == start) {
            tokens += ref_is_han(ref_letter_cp(l, i));
            i++;
        }
    }
    return figures >= 1 && 2 * figures >= tokens;
}

static bool is_row(const struct ref_layout *l, const struct body *b)
{
    if (has_any(l, b, "\x1F"))
        return true;
    if (ref_bytes_between(l, b->first, b->last) > 1000)
        return false;
    return count_wide_gaps(l, b) >= 2 || (is_mostly_figures(l, b) && !has_any(l, b, FULL_ENDERS));
}

/* ---- heading marks: each a walk over the text; the place behind, or 0 ---- */

struct walk {
    const struct ref_layout *l;
    size_t at, end;
};

static bool is_at(const struct walk *w, const char *list)
{
    return w->at < w->end && is_of(w->l, w->at, list);
}

static bool is_at_digit(const struct walk *w)
{
    return w->at < w->end && ref_is_digit(ref_letter_cp(w->l, w->at));
}

static bool step_over(struct walk *w, const char *list)
{
    bool yes = is_at(w, list);
    w->at += yes;
    return yes;
}

static size_t skip_blanks(struct walk *w)
{
    size_t n = 0;
    for (; n < 4 && w->at < w->end && ref_is_white(ref_letter_cp(w->l, w->at)); n++)
        w->at++;
    return n;
}

static size_t step_numerals(struct walk *w)
{
    size_t n = 0;
    while (n < 3 && step_over(w, NUMERALS))
        n++;
    return n;
}

static size_t step_digits(struct walk *w)
{
    size_t n = 0;
    for (; n < 2 && is_at_digit(w); n++)
        w->at++;
    return n;
}

/* 第 w x(w x){0,4} w */
static bool step_ordinal(struct walk *w)
{
    if (!step_over(w, "第"))
        return false;
    size_t n = 0;
    for (; n < 5; n++) {
        size_t back = w->at;
        skip_blanks(w);
        if (!is_at(w, NUMERALS "百零〇") && !is_at_digit(w)) {
            w->at = back;
            break;
        }
        w->at++;
    }
    skip_blanks(w);
    return n > 0;
}

static bool mark_chapter(struct walk *w)
{
    if (!step_ordinal(w))
        return false;
    if (step_over(w, "部")) {
        if (!step_over(w, "分"))
            return false;
    } else if (!step_over(w, "编編章节節")) {
        return false;
    }
    return !is_at(w, "之的中和及与與或所，、。；：,;:”」』》）)");
}

static bool mark_article(struct walk *w)
{
    return step_ordinal(w) && step_over(w, "条條") &&
           (w->at == w->end || ref_is_white(ref_letter_cp(w->l, w->at)));
}

static bool mark_numeral(struct walk *w)
{
    if (step_numerals(w) == 0 || !step_over(w, "、"))
        return false;
    struct walk behind = *w;
    skip_blanks(&behind);
    return behind.at < behind.end && !is_at(&behind, NUMERALS);
}

static bool mark_numeral_in_brackets(struct walk *w)
{
    if (!step_over(w, "(（"))
        return false;
    skip_blanks(w);
    if (step_numerals(w) == 0)
        return false;
    skip_blanks(w);
    return step_over(w, ")）");
}

static bool mark_digits(struct walk *w)
{
    if (step_digits(w) == 0 || !step_over(w, "、.．"))
        return false;
    struct walk behind = *w;
    skip_blanks(&behind);
    return behind.at < behind.end && !is_at_digit(&behind);
}

/* The number of points, 0 for none. */
static unsigned mark_points(struct walk *w)
{
    unsigned points = 0;
    if (step_digits(w) == 0)
        return 0;
    for (; points < 3; points++) {
        struct walk next = *w;
        if (!step_over(&next, ".．") || step_digits(&next) == 0)
            break;
        *w = next;
    }
    struct walk behind = *w;
    if (skip_blanks(&behind) == 0 || behind.at == behind.end)
        return 0;
    bool unit = is_at(&behind, "万萬亿億元千百倍个個股人家年月日天小吨台套件");
    return ref_is_han(ref_letter_cp(w->l, behind.at)) && !unit ? points : 0;
}

static bool mark_digits_in_brackets(struct walk *w)
{
    if (!step_over(w, "(（"))
        return false;
    skip_blanks(w);
    if (step_digits(w) == 0)
        return false;
    skip_blanks(w);
    return step_over(w, ")）");
}

static bool mark_half_bracket(struct walk *w)
{
    return step_digits(w) > 0 && step_over(w, ")）") && w->at < w->end;
}

static void find_mark(const struct ref_layout *l, struct body *b)
{
    static const struct {
        unsigned level;
        bool (*fits)(struct walk *);
    } marks[] = {{1, mark_chapter},
                 {2, mark_article},
                 {2, mark_numeral},
                 {3, mark_numeral_in_brackets},
                 {4, mark_digits},
                 {4, NULL},
                 {5, mark_digits_in_brackets},
                 {6, mark_half_bracket}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]) && b->level == 0; i++) {
        struct walk w = {l, b->first, b->last};
        unsigned points = marks[i].fits ? 0 : mark_points(&w);
        if (marks[i].fits ? marks[i].fits(&w) : points > 0) {
            b->level = marks[i].level + points;
            b->mark_end = w.at;
        }
    }
}

/* ---- headings ---- */

static bool has_dots(const struct ref_layout *l, const struct body *b)
{
    static const struct {
        uint32_t cp;
        size_t count;
    } dots[] = {{'.', 4}, {0x2026, 2}, {0xB7, 4}};
    for (size_t k = 0; k < 3; k++) {
        size_t run = 0;
        for (size_t i = b->first; i < b->last; i++) {
            run = ref_letter_cp(l, i) == dots[k].cp ? run + 1 : 0;
            if (run == dots[k].count)
                return true;
        }
    }
    return false;
}

static bool is_heading(const struct ref_layout *l, const struct body *b)
{
    size_t count = 0;
    bool han = false;
    if (b->level == 0)
        return false;
    for (size_t i = b->first; i < b->last; i++) {
        count += !ref_is_white(ref_letter_cp(l, i));
        han |= i >= b->mark_end && ref_is_han(ref_letter_cp(l, i));
    }
    return count <= 30 && han && !has_any(l, b, FULL_ENDERS) &&
           !is_of(l, b->last - 1, "：，、!?;:,") && !has_dots(l, b);
}

/* ---- ends ---- */

static bool ends_paragraph(const struct ref_layout *l, const struct body *b)
{
    size_t i = b->last;
    while (i > b->first && !l->letters.at[i - 1].furniture &&
           (is_of(l, i - 1, CLOSERS) || ref_is_white(ref_letter_cp(l, i - 1))))
        i--;
    return i > b->first && !l->letters.at[i - 1].furniture && is_of(l, i - 1, FULL_ENDERS "：!?;:");
}

static void read_bodies(const struct ref_layout *l, body_list *bodies)
{
    for (size_t k = 0; k < l->lines.count; k++) {
        struct body b = {.line = k, .first = l->lines.at[k].start, .last = l->lines.at[k].end};
        while (b.first < b.last && is_blank(l, b.first))
            b.first++;
        while (b.last > b.first && is_blank(l, b.last - 1))
            b.last--;
        if (b.first == b.last)
            continue;
        b.row = is_row(l, &b);
        if (!b.row)
            find_mark(l, &b);
        b.heading = is_heading(l, &b);
        *REF_PUSH(bodies) = b;
    }
}

static void decide_line_ends(const struct ref_layout *l, body_list *bodies)
{
    const uint32_t paragraph = GS_END_PARAGRAPH | GS_END_SENTENCE;
    for (size_t k = 0; k < bodies->count; k++) {
        struct body *b = &bodies->at[k], *next = k + 1 < bodies->count ? b + 1 : NULL;
        const struct ref_line *line = &l->lines.at[b->line];
        bool title =
            b->line == 0 && line->end > line->start && ref_letter_cp(l, line->end - 1) == 0x1F;
        if (b->heading)
            b->kinds |= GS_END_HEADING | paragraph;
        if (ends_paragraph(l, b) || title || (next && next->level > 0))
            b->kinds |= paragraph;
        if (b->row || (next && next->row))
            b->kinds |= GS_END_SENTENCE;
    }
}

static bool is_stop(const struct ref_layout *l, size_t i, const char *list)
{
    return i < l->letters.count && !l->letters.at[i].furniture && is_of(l, i, list);
}

/* Whether a run of half-width enders that ends at i ends a sentence. */
static bool stops_before(const struct ref_layout *l, size_t i)
{
    if (i < l->letters.count && ref_is_han(ref_letter_cp(l, i)))
        return true;
    while (i < l->letters.count && ref_is_white(ref_letter_cp(l, i)))
        i++;
    return i == l->letters.count || ref_is_line_end(ref_letter_cp(l, i));
}

static void add_inner_ends(struct ref_layout *l, const struct body *b)
{
    for (size_t i = b->first; i < b->last;) {
        if (!is_stop(l, i, FULL_ENDERS HALF_ENDERS)) {
            i++;
            continue;
        }
        bool full = false;
        for (; i < b->last && is_stop(l, i, FULL_ENDERS HALF_ENDERS CLOSERS); i++)
            full |= is_of(l, i, FULL_ENDERS);
        if (full || stops_before(l, i))
            *REF_PUSH(&l->ends) = (struct gs_end){ref_letter_offset(l, i), GS_END_SENTENCE};
    }
}

/* An end at a line's end; where nothing but blanks stands since the end before, it joins that one.
 */
static void add_line_end(struct ref_layout *l, const struct body *b, uint32_t kinds,
                         uint32_t offset)
{
    struct gs_end *last = l->ends.count ? &l->ends.at[l->ends.count - 1] : NULL;
    if (last && last->offset >= ref_letter_offset(l, b->last))
        last->kinds |= kinds;
    else
        *REF_PUSH(&l->ends) = (struct gs_end){offset, kinds};
}

void ref_structure_find(struct ref_layout *l)
{
    body_list bodies = {0};
    REF_CLEAR(&l->ends);
    REF_CLEAR(&l->headings);
    read_bodies(l, &bodies);
    decide_line_ends(l, &bodies);
    for (size_t k = 0; k < bodies.count; k++) {
        const struct body *b = &bodies.at[k];
        add_inner_ends(l, b);
        if (b->kinds)
            add_line_end(l, b, b->kinds, ref_letter_offset(l, l->lines.at[b->line].end));
        if (b->heading)
            *REF_PUSH(&l->headings) = (struct gs_heading){ref_letter_offset(l, b->first),
                                                          ref_letter_offset(l, b->last), b->level};
    }
    if (bodies.count > 0)
        add_line_end(l, &bodies.at[bodies.count - 1], GS_END_PARAGRAPH | GS_END_SENTENCE, l->size);
    REF_RELEASE(&bodies);
}
