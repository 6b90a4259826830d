/*
 * An answer as text. A hit is its title line, lines of what is known about it, and its fragments:
 *
 *    1  12.345  深圳瑞云股份有限公司2023年年度报告
 *               603893  瑞云股份  2024-03-29  年度报告  page 18  seeds/002.txt
 *               净利润 31  增长 12
 *               page 18  ...
 *
 * Columns are counted, not characters. With colour the title is bold and hits are bold red; without
 * it nothing is marked, so that a fragment can be quoted as it stands.
 */
#include "query/output.h"
#include "query/output_style.h"
#include "query/wrap.h"

#include "common/text/display.h"

#include <inttypes.h>
#include <stdio.h>

#define TWINS_MAX      8  /* ids of filings that say the same; the rest is counted */
#define TERM_BYTES_MAX 60 /* a longer term is cut in the line of counts */

static void color(struct gs_buf *out, const struct gs_text_style *style, const char *sgr)
{
    if (style->color)
        gs_buf_append_str(out, sgr);
}

void gs_text_set_widths(struct gs_text_style *style, uint64_t last_rank, double best_score)
{
    char text[64];
    int rank = snprintf(text, sizeof(text), "%" PRIu64, last_rank);
    int score = snprintf(text, sizeof(text), "%.3f", best_score);
    style->rank_columns = rank > 2 ? (unsigned)rank : 2;
    style->score_columns = score > 0 ? (unsigned)score : 0;
}

/* Where the title begins, and below it all the other lines of a hit. */
static size_t indentation(const struct gs_text_style *style)
{
    return style->rank_columns + style->score_columns + 4;
}

static void indent(struct gs_buf *out, const struct gs_text_style *style)
{
    for (size_t i = 0; i < indentation(style); i++)
        gs_buf_append_u8(out, ' ');
}

/* Ends the line that began at byte `start`; what goes on in a new line stands below its text. */
static void end_line(struct gs_buf *out, size_t start, const struct gs_text_style *style)
{
    gs_buf_append_u8(out, '\n');
    gs_wrap_lines(out, start, style->columns, indentation(style));
}

/* A field of a line, two spaces behind the one before; an empty one leaves no trace. */
static void field(struct gs_buf *out, struct gs_str s, bool *first)
{
    size_t before = out->size;
    if (!*first)
        gs_buf_append_str(out, "  ");
    size_t start = out->size;
    if (s.size)
        gs_display_append(out, s.bytes, s.size);
    if (out->size == start)
        out->size = before;
    else
        *first = false;
}

static struct gs_str str_of(const struct gs_buf *b)
{
    return (struct gs_str){(const char *)b->data, b->size};
}

void gs_text_write_page(struct gs_buf *out, uint32_t sheet, struct gs_str label, bool chinese)
{
    char number[16];
    int size = snprintf(number, sizeof(number), "%" PRIu32, sheet);
    bool same =
        size > 0 && label.size == (size_t)size && memcmp(label.bytes, number, label.size) == 0;
    if (sheet == 0 && label.size == 0)
        return;
    gs_buf_append_str(out, chinese ? "第" : "page ");
    if (sheet)
        gs_buf_append_str(out, number);
    else
        gs_display_append(out, label.bytes, label.size);
    gs_buf_append_str(out, chinese ? "页" : "");
    if (sheet == 0 || label.size == 0 || same)
        return;
    gs_buf_append_str(out, chinese ? "（印作 " : " (");
    gs_display_append(out, label.bytes, label.size);
    gs_buf_append_str(out, chinese ? "）" : ")");
}

static void write_title(struct gs_buf *out, const struct gs_results_hit *hit,
                        const struct gs_text_style *style)
{
    char text[64];
    size_t start = out->size;
    const struct gs_str *title = hit->record.title.size ? &hit->record.title : &hit->record.id;
    int size = snprintf(text, sizeof(text), "%" PRIu64, hit->rank);
    gs_display_pad(out, text, size > 0 ? (size_t)size : 0, style->rank_columns, true);
    gs_buf_append_str(out, "  ");
    size = snprintf(text, sizeof(text), "%.3f", hit->score);
    color(out, style, GS_SGR_DIM);
    gs_display_pad(out, text, size > 0 && size < 64 ? (size_t)size : 0, style->score_columns, true);
    color(out, style, GS_SGR_OFF);
    gs_buf_append_str(out, "  ");
    color(out, style, GS_SGR_TITLE);
    gs_display_append(out, title->bytes, title->size);
    color(out, style, GS_SGR_OFF);
    end_line(out, start, style);
}

static bool ends_with(struct gs_str s, struct gs_str tail)
{
    return s.size >= tail.size && tail.size > 0 &&
           memcmp(s.bytes + (s.size - tail.size), tail.bytes, tail.size) == 0;
}

/* Why there is no text; empty where there is one. */
static struct gs_str state_text(enum gs_text_state state, bool chinese)
{
    const char *text = state == GS_TEXT_NONE      ? chinese ? "无文本" : "text: none"
                       : state == GS_TEXT_GARBAGE ? chinese ? "文本为乱码" : "text: garbled"
                                                  : "";
    return (struct gs_str){text, strlen(text)};
}

/* Codes, name, date, type, number, page, id, path or url. */
static void write_known(struct gs_buf *out, const struct gs_results_hit *hit,
                        const struct gs_text_style *style, struct gs_buf *scratch)
{
    const struct gs_record *r = &hit->record;
    const struct gs_str place = r->path.size ? r->path : r->url;
    bool first = true;
    size_t start = out->size;
    indent(out, style);
    gs_buf_clear(scratch);
    for (size_t i = 0; i < r->codes.size; i++)
        gs_buf_append_u8(scratch, r->codes.bytes[i] == 0x1F ? ',' : (uint8_t)r->codes.bytes[i]);
    field(out, str_of(scratch), &first);
    field(out, r->name, &first);
    field(out, r->date, &first);
    field(out, r->type, &first);
    field(out, r->number, &first);
    gs_buf_clear(scratch);
    gs_text_write_page(scratch, hit->place.sheet, hit->place.label, style->chinese);
    field(out, str_of(scratch), &first);
    field(out, state_text(hit->text_state, style->chinese), &first);
    if (r->title.size && !ends_with(place, r->id)) /* else the id stands there already */
        field(out, r->id, &first);
    field(out, place, &first);
    end_line(out, start, style);
}

/* At most TERM_BYTES_MAX bytes of a term. */
static struct gs_str short_term(const char *text, bool *cut)
{
    size_t size = strlen(text);
    *cut = size > TERM_BYTES_MAX;
    if (*cut)
        for (size = TERM_BYTES_MAX; size > 0 && ((uint8_t)text[size] & 0xC0) == 0x80;)
            size--;
    return (struct gs_str){text, size};
}

static void write_counts(struct gs_buf *out, const struct gs_results_hit *hit,
                         const struct gs_text_style *style)
{
    bool first = true;
    if (hit->term_count == 0 || style->any)
        return; /* filters alone, or a line of bigrams */
    size_t start = out->size;
    indent(out, style);
    for (size_t i = 0; i < hit->term_count; i++) {
        bool cut;
        if (hit->terms[i].count == 0)
            continue;
        field(out, short_term(hit->terms[i].text, &cut), &first);
        gs_buf_printf(out, "%s %" PRIu64, cut ? "…" : "", hit->terms[i].count);
    }
    end_line(out, start, style);
}

/* The text with its spans in colour. It is clean already: one line, nothing that steers a terminal.
 */
static void write_marked(struct gs_buf *out, const struct gs_results_fragment *f,
                         const struct gs_text_style *style)
{
    size_t at = 0;
    for (size_t i = 0; i < f->span_count && style->color; i++) {
        gs_buf_append(out, f->text.bytes + at, f->spans[i].start - at);
        gs_buf_append_str(out, GS_SGR_HIT);
        gs_buf_append(out, f->text.bytes + f->spans[i].start, f->spans[i].end - f->spans[i].start);
        gs_buf_append_str(out, GS_SGR_OFF);
        at = f->spans[i].end;
    }
    gs_buf_append(out, f->text.bytes + at, f->text.size - at);
}

/* The headings above a place, outermost first. */
static void write_section(struct gs_buf *out, struct gs_str section,
                          const struct gs_text_style *style)
{
    if (section.size == 0)
        return;
    size_t start = out->size;
    indent(out, style);
    color(out, style, GS_SGR_DIM);
    gs_display_append(out, section.bytes, section.size);
    color(out, style, GS_SGR_OFF);
    end_line(out, start, style);
}

static struct gs_str no_section(const struct gs_text_style *style)
{
    const char *text = style->chinese ? "（首个标题之前）" : "(before the first heading)";
    return (struct gs_str){text, strlen(text)};
}

static bool is_same(struct gs_str a, struct gs_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* The widest name of a page among a hit's fragments. */
static size_t page_columns(const struct gs_results_hit *hit, const struct gs_text_style *style,
                           struct gs_buf *scratch)
{
    size_t columns = 0;
    for (size_t i = 0; i < hit->fragment_count; i++) {
        gs_buf_clear(scratch);
        gs_text_write_page(scratch, hit->fragments[i].place.sheet, hit->fragments[i].place.label,
                           style->chinese);
        size_t used = gs_display_columns(scratch->data, scratch->size);
        columns = used > columns ? used : columns;
    }
    return columns;
}

/* Its page, then its text, which goes on below itself. */
static void write_fragment(struct gs_buf *out, const struct gs_results_fragment *fragment,
                           size_t columns, const struct gs_text_style *style,
                           struct gs_buf *scratch)
{
    size_t start = out->size, hang = indentation(style) + (columns ? columns + 2 : 0);
    indent(out, style);
    gs_buf_clear(scratch);
    gs_text_write_page(scratch, fragment->place.sheet, fragment->place.label, style->chinese);
    if (columns) {
        color(out, style, GS_SGR_DIM);
        gs_display_pad(out, scratch->data, scratch->size, columns, false);
        color(out, style, GS_SGR_OFF);
        gs_buf_append_str(out, "  ");
    }
    write_marked(out, fragment, style);
    gs_buf_append_u8(out, '\n');
    gs_wrap_lines(out, start, style->columns, hang);
}

/* Each below the headings of its own, where they are not those said last. */
static void write_fragments(struct gs_buf *out, const struct gs_results_hit *hit,
                            const struct gs_text_style *style, struct gs_buf *scratch)
{
    size_t columns = page_columns(hit, style, scratch);
    struct gs_str section = hit->place.section; /* of the first: said above */
    write_section(out, section, style);
    for (size_t i = 0; i < hit->fragment_count; i++) {
        if (!is_same(section, hit->fragments[i].place.section)) {
            section = hit->fragments[i].place.section;
            write_section(out, section.size ? section : no_section(style), style);
        }
        write_fragment(out, &hit->fragments[i], columns, style, scratch);
    }
}

/* The ids of the filings that say the same: a line. */
static void write_twins(struct gs_buf *out, const struct gs_results_hit *hit,
                        const struct gs_text_style *style)
{
    size_t shown = hit->twin_count < TWINS_MAX ? hit->twin_count : TWINS_MAX;
    if (shown == 0)
        return;
    size_t start = out->size;
    indent(out, style);
    gs_buf_append_str(out, style->chinese ? "另见：" : "also as: ");
    for (size_t i = 0; i < shown; i++) {
        gs_buf_append_str(out, i ? "  " : "");
        gs_display_append(out, hit->twins[i].bytes, hit->twins[i].size);
    }
    if (shown < hit->twin_count)
        gs_buf_printf(out, style->chinese ? "  等 %zu 份" : "  and %zu more",
                      style->chinese ? hit->twin_count : hit->twin_count - shown);
    end_line(out, start, style);
}

void gs_text_write_hit(struct gs_buf *out, const struct gs_results_hit *hit,
                       const struct gs_text_style *style)
{
    struct gs_buf scratch;
    gs_buf_init(&scratch, (size_t)16 << 20);
    gs_buf_append_u8(out, '\n');
    write_title(out, hit, style);
    write_known(out, hit, style, &scratch);
    write_twins(out, hit, style);
    write_counts(out, hit, style);
    write_fragments(out, hit, style, &scratch);
    gs_buf_release(&scratch);
}
