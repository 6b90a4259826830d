#include "indexer/summary.h"

#include "common/text/display.h"
#include "indexer/console.h"

#include <stdarg.h>
#include <string.h>

#define TABLE_MAX   ((size_t)1 << 20) /* bytes; labels are names of reasons, or a few paths */
#define LABEL_MOST  48u               /* columns: longer labels push their counts out of line */
#define INDENT_STEP 2u
#define GAP         2u

struct row {
    uint64_t count;
    uint32_t indent, has_count;
    uint32_t label_size, note_size;
};

void gs_summary_init(struct gs_summary *s)
{
    gs_buf_init(&s->cells, TABLE_MAX);
}

void gs_summary_release(struct gs_summary *s)
{
    gs_buf_release(&s->cells);
}

const char *gs_summary_group(char out[GS_SUMMARY_GROUPED], uint64_t count)
{
    char digits[24];
    size_t n = (size_t)snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count), at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = digits[i];
    }
    out[at] = '\0';
    return out;
}

static void add(struct gs_summary *s, struct row row, const char *label, const char *note_fmt,
                va_list args)
{
    char note[512];
    struct gs_buf shown;
    int size = vsnprintf(note, sizeof(note), note_fmt, args);
    if (size < 0)
        size = 0;
    row.note_size = (size_t)size < sizeof(note) ? (uint32_t)size : (uint32_t)sizeof(note) - 1;
    gs_buf_init(&shown, TABLE_MAX);
    gs_console_escape(&shown, label, strlen(label));
    row.label_size = (uint32_t)shown.size;
    gs_buf_append(&s->cells, &row, sizeof(row));
    if (shown.size > 0)
        gs_buf_append(&s->cells, shown.data, shown.size);
    gs_buf_append(&s->cells, note, row.note_size);
    gs_buf_release(&shown);
}

void gs_summary_add(struct gs_summary *s, unsigned indent, const char *label, uint64_t count,
                    const char *note_fmt, ...)
{
    if (count == 0)
        return;
    va_list args;
    va_start(args, note_fmt);
    add(s, (struct row){.count = count, .indent = indent, .has_count = 1}, label, note_fmt, args);
    va_end(args);
}

void gs_summary_add_note(struct gs_summary *s, unsigned indent, const char *label,
                         const char *note_fmt, ...)
{
    va_list args;
    va_start(args, note_fmt);
    add(s, (struct row){.indent = indent}, label, note_fmt, args);
    va_end(args);
}

/* ---- printing ---- */

struct cells {
    struct row row;
    const uint8_t *label, *note;
};

/* The row at *at, which moves behind it; false at the end. */
static bool next_row(const struct gs_summary *s, size_t *at, struct cells *out)
{
    if (*at >= s->cells.size)
        return false;
    memcpy(&out->row, s->cells.data + *at, sizeof(out->row));
    out->label = s->cells.data + *at + sizeof(out->row);
    out->note = out->label + out->row.label_size;
    *at += sizeof(out->row) + out->row.label_size + out->row.note_size;
    return true;
}

static size_t columns_of(const struct cells *c)
{
    return c->row.indent * INDENT_STEP + gs_display_columns(c->label, c->row.label_size);
}

static void print_spaces(FILE *out, size_t count)
{
    while (count-- > 0)
        fputc(' ', out);
}

static void print_row(const struct cells *c, size_t label_width, size_t count_width, FILE *out)
{
    char count[GS_SUMMARY_GROUPED] = "";
    size_t used = columns_of(c);
    if (c->row.has_count)
        (void)gs_summary_group(count, c->row.count);
    print_spaces(out, c->row.indent * INDENT_STEP);
    fwrite(c->label, 1, c->row.label_size, out);
    if (c->row.has_count || c->row.note_size > 0) {
        print_spaces(out, (used < label_width ? label_width - used : 0) + GAP);
        print_spaces(out, count_width - strlen(count));
        fputs(count, out);
    }
    if (c->row.note_size > 0) {
        print_spaces(out, GAP);
        fwrite(c->note, 1, c->row.note_size, out);
    }
    fputc('\n', out);
}

bool gs_summary_print(const struct gs_summary *s, FILE *out)
{
    size_t label_width = 0, count_width = 0, at = 0;
    struct cells c;
    if (gs_buf_status(&s->cells) != GAOSOU_OK)
        return false;
    while (next_row(s, &at, &c)) {
        char count[GS_SUMMARY_GROUPED] = "";
        size_t label = columns_of(&c);
        if (c.row.has_count)
            (void)gs_summary_group(count, c.row.count);
        if (label <= LABEL_MOST && label > label_width)
            label_width = label;
        if (strlen(count) > count_width)
            count_width = strlen(count);
    }
    for (at = 0; next_row(s, &at, &c);)
        print_row(&c, label_width, count_width, out);
    return true;
}
