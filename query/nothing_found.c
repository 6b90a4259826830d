#include "query/nothing_found.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"
#include "common/text/display.h"

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
static enum gaosou_status count_piece(struct explaining *e, const char *text, size_t size,
                                      bool title_only, uint64_t *total)
{
    struct gs_query *piece;
    enum gaosou_status status = gs_query_parse(
        &piece, text, size,
        &(struct gs_query_params){.mode = GS_QUERY_LITERAL, .chinese = e->chinese}, e->err);
    if (status != GAOSOU_OK)
        return status;
    *total = 0;
    if (piece->leaf_count == 1) {
        piece->leaves[0].title_only = title_only;
        status = gs_search_leaf_totals(e->search, e->snapshot, piece, total, e->err);
    }
    gs_query_free(piece);
    return status;
}

static bool is_word_byte(uint8_t b)
{
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '.' ||
           b == ',';
}

/* Where the atoms of a text begin: a character each, a run of ASCII letters, digits and points as
 * one. One entry more than atoms: the end. */
static size_t find_atoms(const char *text, size_t size, size_t starts[GS_PIECE_ATOMS_MAX + 1])
{
    const uint8_t *p = (const uint8_t *)text;
    size_t count = 0, at = 0;
    while (at < size && count < GS_PIECE_ATOMS_MAX) {
        starts[count++] = at;
        if (is_word_byte(p[at])) {
            while (at < size && is_word_byte(p[at]))
                at++;
            continue;
        }
        uint32_t cp;
        at += gs_utf8_step(p + at, p + size, &cp);
    }
    starts[count] = at;
    return count;
}

/* Whether an atom is more than punctuation. */
static bool has_content(const char *text, size_t size)
{
    uint32_t cp;
    (void)gs_utf8_step((const uint8_t *)text, (const uint8_t *)text + size, &cp);
    struct gs_char_entry entry;
    gs_char_find(cp, &entry);
    return entry.class == GS_CLASS_TEXT;
}

/*
 * The longest piece, in atoms, that some filing holds and that begins with no punctuation; *total
 * is 0 where not even two atoms do. If atoms [i, j) occur, so do [i+1, j): one walk with two ends
 * asks at most twice as often as there are atoms.
 */
static enum gaosou_status longest_piece(struct explaining *e, const struct gs_leaf *leaf,
                                        struct gs_str *piece, uint64_t *total)
{
    size_t starts[GS_PIECE_ATOMS_MAX + 1];
    size_t count = find_atoms(leaf->text, strlen(leaf->text), starts), best = 1;
    *total = 0;
    for (size_t i = 0, j = 0; i < count && j < count; i++) {
        if (!has_content(leaf->text + starts[i], starts[i + 1] - starts[i]))
            continue;
        if (j < i + best)
            j = i + best;
        while (j < count) {
            uint64_t n;
            enum gaosou_status status = count_piece(
                e, leaf->text + starts[i], starts[j + 1] - starts[i], leaf->title_only, &n);
            if (status != GAOSOU_OK)
                return status;
            if (n == 0)
                break;
            j++;
            best = j - i;
            *total = n;
            *piece = (struct gs_str){leaf->text + starts[i], starts[j] - starts[i]};
        }
    }
    return GAOSOU_OK;
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
        enum gaosou_status status = longest_piece(e, leaf, &piece, &total);
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
