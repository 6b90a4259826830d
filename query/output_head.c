/* What is said in text about an answer as a whole: totals, what is missing in them, facets. */
#include "common/text/display.h"
#include "query/output.h"
#include "query/output_style.h"
#include "query/wrap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FACET_COLUMNS_MAX 40 /* a wider value does not set the width of the column */

static void head_english(struct gs_buf *out, const struct gs_results_head *head)
{
    gs_buf_printf(out, "%s%" PRIu64 " filing%s, %s%" PRIu64 " hit%s",
                  head->total_exact ? "" : "at least ", head->total, head->total == 1 ? "" : "s",
                  head->hits_exact ? "" : "at least ", head->hits_total,
                  head->hits_total == 1 ? "" : "s");
}

static void head_chinese(struct gs_buf *out, const struct gs_results_head *head)
{
    gs_buf_printf(out, "%s%" PRIu64 " 份公告，%s%" PRIu64 " 处", head->total_exact ? "" : "至少 ",
                  head->total, head->hits_exact ? "" : "至少 ", head->hits_total);
}

/* What a filter could not judge, a line a field. */
static void write_unjudged(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    const uint64_t *counts = head->unjudged;
    for (size_t i = 0; i < head->filter_field_count; i++) {
        const char *name = gs_filter_label(head->filter_fields[i], chinese);
        if (counts[i] && chinese)
            gs_buf_printf(out, "%" PRIu64 " 份%s不明或不够确切，未计入；加 --unknown 可一并列出\n",
                          counts[i], name);
        else if (counts[i])
            gs_buf_printf(out,
                          "%" PRIu64 " filing%s without a %s, or one too vague, left out; "
                          "--unknown takes %s in\n",
                          counts[i], counts[i] == 1 ? "" : "s", name,
                          counts[i] == 1 ? "it" : "them");
    }
}

void gs_text_write_unsearched(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    uint64_t none = head->unsearched ? head->unsearched[GS_TEXT_NONE] : 0,
             garbage = head->unsearched ? head->unsearched[GS_TEXT_GARBAGE] : 0;
    if (none + garbage == 0)
        return;
    if (chinese)
        gs_buf_printf(out,
                      head->filters_alone ? "其中 %" PRIu64 " 份没有可检索的文本（"
                                          : "有 %" PRIu64 " 份没有可检索的文本，未能检索（",
                      none + garbage);
    else
        gs_buf_printf(out,
                      head->filters_alone ? "%" PRIu64 " of them without a text ("
                                          : "the text of %" PRIu64 " could not be searched (",
                      none + garbage);
    if (none)
        gs_buf_printf(out, chinese ? "%" PRIu64 " 份无文本层" : "%" PRIu64 " without a text layer",
                      none);
    if (none && garbage)
        gs_buf_append_str(out, chinese ? "，" : ", ");
    if (garbage)
        gs_buf_printf(
            out, chinese ? "%" PRIu64 " 份文本层为乱码" : "%" PRIu64 " with a garbled text layer",
            garbage);
    gs_buf_append_str(out, chinese ? "）\n" : ")\n");
}

/* `; all in one sentence in 12, in one paragraph in 20`. */
static void write_together(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    const struct gs_together *together = head->together;
    if (!together || head->total == 0)
        return;
    gs_buf_printf(out,
                  chinese ? "；同在一句的 %" PRIu64 " 份，同在一段的 %" PRIu64 " 份"
                          : "; all in one sentence in %" PRIu64 ", in one paragraph in %" PRIu64,
                  together->sentence, together->paragraph);
}

static void write_collapsed(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    if (!head->collapsed || *head->collapsed == 0)
        return;
    if (chinese)
        gs_buf_printf(out, "其中 %" PRIu64 " 份与别的公告内容相同，列在那份公告下\n",
                      *head->collapsed);
    else
        gs_buf_printf(out, "%" PRIu64 " of them sa%s the same as another and %s listed with it\n",
                      *head->collapsed, *head->collapsed == 1 ? "ys" : "y",
                      *head->collapsed == 1 ? "is" : "are");
}

void gs_text_write_state(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    if (head->partial)
        gs_buf_append_str(out, chinese ? "时间到：只是到此为止找到的，总数都是下限\n"
                                       : "the time was up: what was found by then; all totals are "
                                         "lower bounds\n");
    if (head->continued)
        gs_buf_append_str(out, chinese
                                   ? "索引在上一页之后有变动：从那一页继续，之后加入的不列出\n"
                                   : "the index has changed since the page before: this goes on "
                                     "from there, without what was added later\n");
}

/* How the query was read; a question as it was asked, for its terms are a line of bigrams. */
static void write_read_as(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    if (!head->any) {
        gs_display_append(out, head->read_as, strlen(head->read_as));
        return;
    }
    gs_buf_append_str(out, chinese ? "任意词：" : "any of: ");
    gs_display_append(out, head->query.bytes, head->query.size);
    if (head->filters.size) {
        gs_buf_append_str(out, chinese ? "；筛选：" : "; filters: ");
        gs_display_append(out, head->filters.bytes, head->filters.size);
    }
}

static int by_value(const void *a, const void *b)
{
    const struct gs_str x = ((const struct gs_facet_value *)a)->value,
                        y = ((const struct gs_facet_value *)b)->value;
    int order = memcmp(x.bytes, y.bytes, x.size < y.size ? x.size : y.size);
    return order ? order : (x.size > y.size) - (x.size < y.size);
}

/* Years in their own order; all else by count, as it came. NULL where memory has run out. */
static struct gs_facet_value *ordered_values(const struct gs_facet *facet)
{
    struct gs_facet_value *values = calloc(facet->value_count + 1, sizeof(*values));
    if (!values)
        return NULL;
    if (facet->value_count)
        memcpy(values, facet->values, facet->value_count * sizeof(*values));
    if (strcmp(facet->name, "year") == 0)
        qsort(values, facet->value_count, sizeof(*values), by_value);
    return values;
}

static const char *facet_label(const struct gs_facet *facet, bool chinese)
{
    return chinese && strcmp(facet->name, "year") == 0 ? "年份"
                                                       : gs_filter_label(facet->name, chinese);
}

static void write_facet_row(struct gs_buf *out, struct gs_str value, uint64_t number,
                            size_t columns, size_t digits)
{
    char count[24];
    int size = snprintf(count, sizeof(count), "%" PRIu64, number);
    gs_buf_append_str(out, "  ");
    gs_display_pad(out, value.bytes, value.size, columns, false);
    gs_buf_append_str(out, "  ");
    gs_display_pad(out, count, size > 0 ? (size_t)size : 0, digits, true);
    gs_buf_append_u8(out, '\n');
}

/* The values of a facet with their counts, in two columns. */
static void write_facet(struct gs_buf *out, const struct gs_facet *facet, bool chinese)
{
    const char *label = facet_label(facet, chinese), *unknown = chinese ? "不明" : "unknown";
    const struct gs_str none = {unknown, strlen(unknown)};
    size_t columns = facet->unknown ? gs_display_columns(none.bytes, none.size) : 0, digits = 1;
    uint64_t most = facet->unknown;
    struct gs_facet_value *values = ordered_values(facet);
    const struct gs_facet_value *shown = values ? values : facet->values;
    for (size_t i = 0; i < facet->value_count; i++) {
        const struct gs_str value = facet->values[i].value;
        size_t used = gs_display_columns(value.bytes, value.size);
        columns = used > columns && used <= FACET_COLUMNS_MAX ? used : columns;
    }
    if (facet->value_count && facet->values[0].count > most)
        most = facet->values[0].count;
    for (; most >= 10; most /= 10)
        digits++;
    gs_display_append(out, label, strlen(label));
    gs_buf_append_u8(out, '\n');
    for (size_t i = 0; i < facet->value_count; i++)
        write_facet_row(out, shown[i].value, shown[i].count, columns, digits);
    free(values);
    if (facet->unknown)
        write_facet_row(out, none, facet->unknown, columns, digits);
    if (facet->more)
        gs_buf_printf(out, chinese ? "  另有 %" PRIu64 " 个值\n" : "  and %" PRIu64 " more\n",
                      facet->more);
}

void gs_text_write_facets(struct gs_buf *out, const struct gs_results_head *head, bool chinese)
{
    for (size_t i = 0; head->facets && i < head->facet_count; i++)
        write_facet(out, &head->facets[i], chinese);
}

void gs_text_write_tail(struct gs_buf *out, const struct gs_results_head *head,
                        const struct gs_text_style *style)
{
    if (!head->cursor)
        return;
    /* a cursor is for programs: people are told it where they use one */
    if (head->by_cursor)
        gs_buf_printf(out,
                      style->chinese ? "\n下一页：--cursor %s\n" : "\nnext page: --cursor %s\n",
                      head->cursor);
    else
        gs_buf_printf(out,
                      style->chinese ? "\n下一页：--offset %" PRIu64 "\n"
                                     : "\nnext page: --offset %" PRIu64 "\n",
                      head->first_rank - 1 + head->shown);
}

void gs_text_write_listed(struct gs_buf *out, struct gs_str name)
{
    gs_display_append(out, name.bytes, name.size);
}

void gs_text_write_head(struct gs_buf *out, const struct gs_results_head *head,
                        const struct gs_text_style *style)
{
    size_t start = out->size;
    if (style->chinese)
        head_chinese(out, head);
    else
        head_english(out, head);
    write_together(out, head, style->chinese);
    gs_buf_append_str(out, style->chinese ? "　" : "  ");
    gs_buf_append_str(out, style->color ? GS_SGR_DIM : "");
    write_read_as(out, head, style->chinese);
    gs_buf_append_str(out, style->color ? GS_SGR_OFF : "");
    gs_buf_append_u8(out, '\n');
    gs_text_write_state(out, head, style->chinese);
    write_collapsed(out, head, style->chinese);
    write_unjudged(out, head, style->chinese);
    gs_text_write_unsearched(out, head, style->chinese);
    gs_wrap_lines(out, start, style->columns, 0);
    gs_text_write_facets(out, head, style->chinese);
}
