#include "query/nothing_found.h"

#include "common/text/display.h"
#include "query/piece.h"

#include <inttypes.h>
#include <stdlib.h>

#define LEAVES_SHOWN_MAX 20 /* parts that are listed; the rest is counted */
#define PART_COLUMNS_MAX 40 /* a wider part does not set the width of the column */
#define PIECES_SHOWN_MAX 3  /* parts for which a shorter piece is looked for */

struct explaining {
    struct gs_buf *out;
    struct gs_search *search;
    const struct gs_snapshot *snapshot;
    const struct gs_query *query;
    bool chinese;
    struct gs_err *err;
};

/* Filings that hold a text as a phrase. */
static enum gaosou_status count_piece(void *context, const char *text, size_t size, bool title_only,
                                      uint64_t *total)
{
    struct explaining *e = context;
    struct gs_query *piece;
    enum gaosou_status status = gs_piece_parse(&piece, text, size, title_only, e->err);
    if (status != GAOSOU_OK)
        return status;
    if (piece->leaf_count == 1)
        status = gs_search_leaf_totals(e->search, e->snapshot, piece, total, e->err);
    gs_query_free(piece);
    return status;
}

static void write_total(struct explaining *e, uint64_t total)
{
    gs_buf_printf(e->out, e->chinese ? "  %" PRIu64 " 份" : "  %" PRIu64 " filing", total);
    gs_buf_append_str(e->out, e->chinese || total == 1 ? "" : "s");
}

static void write_count(struct explaining *e, const struct gs_leaf *leaf, uint64_t total,
                        size_t columns)
{
    gs_buf_append_str(e->out, "  ");
    gs_display_pad(e->out, leaf->text, strlen(leaf->text), columns, false);
    write_total(e, total);
    if (leaf->title_only)
        gs_buf_append_str(e->out, e->chinese ? "（标题中）" : " (in the title)");
    if (leaf->excluded)
        gs_buf_append_str(e->out, e->chinese ? "（被排除）" : " (excluded)");
    gs_buf_append_u8(e->out, '\n');
}

static size_t shown_of(size_t count)
{
    return count < LEAVES_SHOWN_MAX ? count : LEAVES_SHOWN_MAX;
}

/* Columns of a filter as `field:value`. */
static size_t filter_columns(const struct gs_filter *filter)
{
    return strlen(filter->name) + 1 + gs_display_columns(filter->text, strlen(filter->text));
}

/* Of the first column: the widest part that is listed, leaves and filters, but for long ones. */
static size_t first_column(const struct gs_query *q)
{
    size_t columns = 0;
    for (size_t i = 0; i < shown_of(q->leaf_count); i++) {
        size_t used = gs_display_columns(q->leaves[i].text, strlen(q->leaves[i].text));
        columns = used > columns && used <= PART_COLUMNS_MAX ? used : columns;
    }
    for (size_t i = 0; i < shown_of(q->filter_count); i++) {
        size_t used = filter_columns(&q->filters[i]);
        columns = used > columns && used <= PART_COLUMNS_MAX ? used : columns;
    }
    return columns;
}

static void write_counts(struct explaining *e, const uint64_t *totals, size_t columns)
{
    size_t count = e->query->leaf_count, shown = shown_of(count);
    gs_buf_append_str(e->out, e->chinese ? "各部分单独：\n" : "each part alone:\n");
    for (size_t i = 0; i < shown; i++)
        write_count(e, &e->query->leaves[i], totals[i], columns);
    if (shown < count)
        gs_buf_printf(e->out, e->chinese ? "  另有 %zu 个\n" : "  and %zu more\n", count - shown);
}

/* Each filter with the filings that it alone takes in. */
static enum gaosou_status write_filter_counts(struct explaining *e, size_t columns)
{
    const struct gs_query *q = e->query;
    uint64_t totals[GS_QUERY_FILTERS_MAX];
    enum gaosou_status status = gs_search_filter_totals(e->snapshot, q, totals, e->err);
    for (size_t i = 0; i < shown_of(q->filter_count) && !status; i++) {
        gs_buf_printf(e->out, "  %s:", q->filters[i].name);
        gs_display_append(e->out, q->filters[i].text, strlen(q->filters[i].text));
        for (size_t used = filter_columns(&q->filters[i]); used < columns; used++)
            gs_buf_append_u8(e->out, ' ');
        write_total(e, totals[i]);
        gs_buf_append_u8(e->out, '\n');
    }
    return status;
}

static enum gaosou_status write_pieces(struct explaining *e, const uint64_t *totals, size_t *pieces)
{
    size_t shown = 0;
    for (size_t i = 0; i < e->query->leaf_count && shown < PIECES_SHOWN_MAX; i++) {
        const struct gs_leaf *leaf = &e->query->leaves[i];
        struct gs_str piece = {NULL, 0};
        uint64_t total;
        if (totals[i] || leaf->excluded)
            continue;
        enum gaosou_status status = gs_piece_find(leaf, count_piece, e, &piece, &total);
        if (status != GAOSOU_OK)
            return status;
        if (total == 0)
            continue;
        gs_buf_append_str(e->out, e->chinese ? "试试较短的：" : "try a shorter piece: ");
        gs_display_append(e->out, piece.bytes, piece.size);
        gs_buf_printf(e->out, e->chinese ? "（%" PRIu64 " 份）\n" : " (%" PRIu64 ")\n", total);
        shown++;
    }
    *pieces = shown;
    return GAOSOU_OK;
}

enum gaosou_status gs_nothing_found_explain(struct gs_buf *out, struct gs_search *search,
                                            const struct gs_snapshot *snapshot,
                                            const struct gs_query *query, bool chinese,
                                            struct gs_err *err)
{
    struct explaining e = {out, search, snapshot, query, chinese, err};
    uint64_t *totals = calloc(query->leaf_count + 1, sizeof(*totals));
    if (!totals)
        return gs_err_nomem(err, query->leaf_count * sizeof(*totals));
    enum gaosou_status status = gs_search_leaf_totals(search, snapshot, query, totals, err);
    size_t occurring = 0, wanted = 0, pieces = 0;
    bool several = query->leaf_count + query->filter_count > 1;
    if (status == GAOSOU_OK && several) {
        size_t columns = first_column(query);
        write_counts(&e, totals, columns);
        status = write_filter_counts(&e, columns);
    }
    if (status == GAOSOU_OK)
        status = write_pieces(&e, totals, &pieces);
    for (size_t i = 0; i < query->leaf_count; i++) {
        wanted += !query->leaves[i].excluded;
        occurring += totals[i] > 0 && !query->leaves[i].excluded;
    }
    if (query->mode == GS_QUERY_SYNTAX && (pieces > 0 || (wanted > 1 && occurring > 0)))
        gs_buf_append_str(out,
                          chinese ? "试试 --any：任意一个词\n" : "try --any: any of the terms\n");
    free(totals);
    return status;
}
