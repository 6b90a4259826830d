#include "query/table.h"

#include "common/text/display.h"
#include "query/output.h"

#include <inttypes.h>

#define CELL_MAX ((size_t)64 << 20)

void gs_table_init(struct gs_table *t, struct gs_buf *out, enum gs_table_format format)
{
    *t = (struct gs_table){.out = out, .format = format};
    gs_buf_init(&t->cell, CELL_MAX);
    gs_buf_init(&t->scratch, CELL_MAX);
}

void gs_table_release(struct gs_table *t)
{
    gs_buf_release(&t->cell);
    gs_buf_release(&t->scratch);
}

void gs_table_begin(struct gs_table *t)
{
    if (t->format == GS_TABLE_CSV)
        gs_buf_append_str(t->out, "\xEF\xBB\xBF");
}

static void separate(struct gs_table *t)
{
    if (t->row_has_cells)
        gs_buf_append_u8(t->out, t->format == GS_TABLE_CSV ? ',' : '\t');
    t->row_has_cells = true;
}

void gs_table_end_row(struct gs_table *t)
{
    gs_buf_append_str(t->out, t->format == GS_TABLE_CSV ? "\r\n" : "\n");
    t->row_has_cells = false;
}

/* Whether a spreadsheet would read the text as a number or a date: digits and their signs alone, a
 * digit in front. */
static bool looks_like_number(const uint8_t *p, size_t size)
{
    if (size == 0 || p[0] < '0' || p[0] > '9')
        return false;
    for (size_t i = 0; i < size; i++)
        if (!((p[i] >= '0' && p[i] <= '9') || (p[i] && strchr("-./,:%eE ", p[i]))))
            return false;
    return true;
}

/* A cell as it is to be read, quoted where RFC 4180 wants it. */
static void write_quoted(struct gs_table *t, const uint8_t *p, size_t size)
{
    bool plain = true;
    for (size_t i = 0; i < size && plain; i++)
        plain = p[i] != '"' && p[i] != ',' && p[i] != '\n' && p[i] != '\r';
    if (plain) {
        gs_buf_append(t->out, p, size);
        return;
    }
    gs_buf_append_u8(t->out, '"');
    for (size_t i = 0; i < size; i++) {
        if (p[i] == '"')
            gs_buf_append_u8(t->out, '"');
        gs_buf_append_u8(t->out, p[i]);
    }
    gs_buf_append_u8(t->out, '"');
}

/* Whether a spreadsheet would take the cell for a formula: = + - @, full-width ones too. */
static bool begins_formula(const struct gs_buf *cell)
{
    static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (cell->size >= strlen(signs[i]) && memcmp(cell->data, signs[i], strlen(signs[i])) == 0)
            return true;
    return false;
}

/* The bytes of t->cell. is_text: to stay one, whatever it looks like. */
static void write_cell(struct gs_table *t, bool is_text)
{
    struct gs_buf *cell = &t->cell;
    separate(t);
    if (t->format == GS_TABLE_CSV && begins_formula(cell))
        gs_buf_append_u8(&t->scratch, '\'');
    bool as_formula =
        is_text && t->format == GS_TABLE_CSV && looks_like_number(cell->data, cell->size);
    if (as_formula)
        gs_buf_append_str(&t->scratch, "=\"");
    gs_buf_append(&t->scratch, cell->data, cell->size);
    if (as_formula)
        gs_buf_append_u8(&t->scratch, '"');
    if (t->format == GS_TABLE_CSV)
        write_quoted(t, t->scratch.data, t->scratch.size);
    else
        gs_buf_append(t->out, t->scratch.data, t->scratch.size);
    gs_buf_clear(&t->scratch);
    gs_buf_clear(cell);
}

void gs_table_text(struct gs_table *t, const void *bytes, size_t size)
{
    gs_display_append(&t->cell, bytes, size);
    write_cell(t, true);
}

void gs_table_number(struct gs_table *t, uint64_t value)
{
    gs_buf_printf(&t->cell, "%" PRIu64, value);
    write_cell(t, false);
}

void gs_table_write_head(struct gs_table *t, const struct gs_answer_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++) {
        const char *name = gs_answer_field_name(fields->fields[i]);
        gs_table_text(t, name, strlen(name));
    }
    gs_table_end_row(t);
}

/* Several values as one text. */
static void write_joined(struct gs_table *t, struct gs_str s)
{
    gs_display_append(&t->cell, s.bytes, s.size);
    for (size_t i = 0; i < t->cell.size; i++)
        if (t->cell.data[i] == ' ')
            t->cell.data[i] = ',';
    write_cell(t, true);
}

/* `净利润 31; 增长 12`: the terms that occur. */
static void write_terms(struct gs_table *t, const struct gs_results_hit *hit)
{
    for (size_t i = 0; i < hit->term_count; i++) {
        if (hit->terms[i].count == 0)
            continue;
        if (t->cell.size)
            gs_buf_append_str(&t->cell, "; ");
        gs_display_append(&t->cell, hit->terms[i].text, strlen(hit->terms[i].text));
        gs_buf_printf(&t->cell, " %" PRIu64, hit->terms[i].count);
    }
    write_cell(t, true);
}

static void write_twins(struct gs_table *t, const struct gs_results_hit *hit)
{
    for (size_t i = 0; hit->twins && i < hit->twin_count; i++) {
        if (i)
            gs_buf_append_str(&t->cell, "; ");
        gs_display_append(&t->cell, hit->twins[i].bytes, hit->twins[i].size);
    }
    write_cell(t, true);
}

/* All fragments as one text. */
static void write_fragments(struct gs_table *t, const struct gs_results_hit *hit)
{
    for (size_t i = 0; i < hit->fragment_count; i++) {
        if (i)
            gs_buf_append_str(&t->cell, " / ");
        gs_display_append(&t->cell, hit->fragments[i].text.bytes, hit->fragments[i].text.size);
    }
    write_cell(t, true);
}

/* `0-9 12-15`: where the first fragment is marked. */
static void write_spans(struct gs_table *t, const struct gs_results_hit *hit)
{
    for (size_t i = 0; hit->fragment_count && i < hit->fragments[0].span_count; i++) {
        const struct gs_fragment_span *span = &hit->fragments[0].spans[i];
        gs_buf_printf(&t->cell, "%s%" PRIu32 "-%" PRIu32, i ? " " : "", span->start, span->end);
    }
    write_cell(t, true);
}

static void write_score(struct gs_table *t, double score)
{
    gs_buf_printf(&t->cell, "%.6f", score);
    write_cell(t, false);
}

/* A field that is no string. */
static void write_field(struct gs_table *t, const struct gs_results_hit *hit,
                        enum gs_answer_field field)
{
    const struct gs_str extra = hit->record.extra;
    const char *state = gs_json_text_state(hit->text_state);
    switch (field) {
    case GS_ANSWER_RANK:
        gs_table_number(t, hit->rank);
        break;
    case GS_ANSWER_SCORE:
        write_score(t, hit->score);
        break;
    case GS_ANSWER_HITS:
        gs_table_number(t, gs_results_occurrences(hit));
        break;
    case GS_ANSWER_CODES:
        write_joined(t, hit->record.codes);
        break;
    case GS_ANSWER_UNSEARCHED:
        gs_table_text(t, state, state ? strlen(state) : 0);
        break;
    case GS_ANSWER_DUPLICATES:
        write_twins(t, hit);
        break;
    case GS_ANSWER_PAGE:
        if (hit->place.sheet)
            gs_table_number(t, hit->place.sheet);
        else
            gs_table_text(t, "", 0);
        break;
    case GS_ANSWER_TERMS:
        write_terms(t, hit);
        break;
    case GS_ANSWER_EXTRA:
        gs_table_text(t, extra.bytes, extra.size);
        break;
    case GS_ANSWER_FRAGMENTS:
        write_fragments(t, hit);
        break;
    case GS_ANSWER_SENTENCE:
        if (hit->fragment_count)
            gs_table_text(t, hit->fragments[0].text.bytes, hit->fragments[0].text.size);
        else
            gs_table_text(t, "", 0);
        break;
    case GS_ANSWER_SPANS:
        write_spans(t, hit);
        break;
    default:
        break;
    }
}

static void write_any_field(struct gs_table *t, const struct gs_results_hit *hit,
                            enum gs_answer_field field)
{
    const struct gs_str *string = gs_results_string(hit, field);
    if (!string) {
        write_field(t, hit, field);
        return;
    }
    gs_display_append(&t->cell, string->bytes, string->size);
    write_cell(t, field != GS_ANSWER_DATE && field != GS_ANSWER_PERIOD);
}

void gs_table_write_hit(struct gs_table *t, const struct gs_results_hit *hit,
                        const struct gs_answer_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        write_any_field(t, hit, fields->fields[i]);
    gs_table_end_row(t);
}

void gs_table_write_facet_head(struct gs_table *t)
{
    gs_table_text(t, "field", 5);
    gs_table_text(t, "value", 5);
    gs_table_text(t, "count", 5);
    gs_table_end_row(t);
}

static void write_facet_row(struct gs_table *t, const char *field, struct gs_str value,
                            uint64_t count)
{
    gs_table_text(t, field, strlen(field));
    gs_display_append(&t->cell, value.bytes, value.size);
    write_cell(t, strcmp(field, "year") != 0);
    gs_table_number(t, count);
    gs_table_end_row(t);
}

void gs_table_write_facet(struct gs_table *t, const struct gs_facet *facet)
{
    for (size_t i = 0; i < facet->value_count; i++)
        write_facet_row(t, facet->name, facet->values[i].value, facet->values[i].count);
    if (facet->unknown)
        write_facet_row(t, facet->name, (struct gs_str){"", 0}, facet->unknown);
}

static const enum gs_answer_field matrix_fields[] = {GS_ANSWER_ID, GS_ANSWER_CODES, GS_ANSWER_NAME,
                                                     GS_ANSWER_DATE, GS_ANSWER_TITLE};
#define MATRIX_FIELDS (sizeof(matrix_fields) / sizeof(matrix_fields[0]))

void gs_table_write_matrix_head(struct gs_table *t, const struct gs_results_hit *any_hit)
{
    for (size_t i = 0; i < MATRIX_FIELDS; i++)
        gs_table_text(t, gs_answer_field_name(matrix_fields[i]),
                      strlen(gs_answer_field_name(matrix_fields[i])));
    for (size_t i = 0; i < any_hit->term_count; i++)
        gs_table_text(t, any_hit->terms[i].text, strlen(any_hit->terms[i].text));
    gs_table_end_row(t);
}

void gs_table_write_matrix_row(struct gs_table *t, const struct gs_results_hit *hit)
{
    for (size_t i = 0; i < MATRIX_FIELDS; i++)
        write_any_field(t, hit, matrix_fields[i]);
    for (size_t i = 0; i < hit->term_count; i++)
        gs_table_number(t, hit->terms[i].count);
    gs_table_end_row(t);
}
