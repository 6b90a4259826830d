#include "indexer/meta_csv.h"

#include "common/base/file.h"
#include "common/base/json_write.h"
#include "indexer/decode.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define COLUMNS_MAX 256u

/* What a column is, besides a field. */
enum { COLUMN_EXTRA = GS_FIELD_COUNT, COLUMN_CODE, COLUMN_KINDS };

struct row {
    uint32_t first_cell;
    uint64_t line;
    atomic_bool used;
};

struct key {
    struct gs_str text;
    uint32_t row;
};

struct gs_meta_csv {
    char *path;
    struct gs_buf bytes; /* the table; cells are unquoted in place */
    struct gs_str *cells;
    size_t cell_count, cell_capacity;
    struct row *rows;
    size_t row_count, row_capacity;
    size_t column_count, key_column;
    int column[COLUMNS_MAX];
    struct gs_str column_name[COLUMNS_MAX];
    struct key *keys, *bases; /* sorted; bases: base names of the keys, all of them */
};

/* ---- reading ---- */

struct reader {
    struct gs_meta_csv *t;
    char *at, *end;
    char separator;
    uint64_t line;
    const char *line_start;
    struct gs_err *err;
};

static enum gaosou_status bad(const struct reader *r, uint64_t line, const char *at,
                              const char *what)
{
    /* A column is a character, as an editor counts. */
    size_t column = 1;
    for (const char *p = r->line_start; p < at; p++)
        column += ((uint8_t)*p & 0xC0) != 0x80;
    return gs_err_set(r->err, GAOSOU_E_INPUT, "%s:%llu:%zu: %s", r->t->path,
                      (unsigned long long)line, column, what);
}

static enum gaosou_status grow(void *array, size_t *capacity, size_t count, size_t size,
                               struct gs_err *err)
{
    void **p = array;
    if (count < *capacity)
        return GAOSOU_OK;
    size_t more = *capacity ? *capacity * 2 : 1024;
    void *grown = realloc(*p, more * size);
    if (!grown)
        return gs_err_nomem(err, more * size);
    *p = grown;
    *capacity = more;
    return GAOSOU_OK;
}

static enum gaosou_status add_cell(struct reader *r, const char *bytes, size_t size)
{
    struct gs_meta_csv *t = r->t;
    enum gaosou_status status =
        grow(&t->cells, &t->cell_capacity, t->cell_count, sizeof(*t->cells), r->err);
    if (status)
        return status;
    while (size > 0 && (*bytes == ' ' || *bytes == '\t')) {
        bytes++;
        size--;
    }
    while (size > 0 && (bytes[size - 1] == ' ' || bytes[size - 1] == '\t'))
        size--;
    t->cells[t->cell_count++] = (struct gs_str){bytes, size};
    return GAOSOU_OK;
}

static bool at_line_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n' || *r->at == '\r';
}

/* A quoted cell, unquoted in place; r->at stands behind its closing quote. */
static enum gaosou_status quoted(struct reader *r)
{
    char *start = r->at + 1, *out = start;
    const char *opened = r->at;
    uint64_t line = r->line;
    const char *line_start = r->line_start;
    for (r->at++; r->at < r->end; r->at++) {
        if (*r->at == '"') {
            if (r->at + 1 == r->end || r->at[1] != '"')
                break;
            r->at++;
        } else if (*r->at == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        }
        *out++ = *r->at;
    }
    if (r->at == r->end) {
        r->line_start = line_start;
        return bad(r, line, opened, "the quote is not closed");
    }
    r->at++;
    if (!at_line_end(r) && *r->at != r->separator)
        return bad(r, r->line, r->at, "text behind a closing quote");
    return add_cell(r, start, (size_t)(out - start));
}

static enum gaosou_status plain(struct reader *r)
{
    char *start = r->at;
    while (!at_line_end(r) && *r->at != r->separator) {
        if (*r->at == '"')
            return bad(r, r->line, r->at, "a quote inside a cell that does not begin with one");
        r->at++;
    }
    return add_cell(r, start, (size_t)(r->at - start));
}

/* The cells of one line; r->at stands behind its end. */
static enum gaosou_status read_row(struct reader *r)
{
    for (;;) {
        enum gaosou_status status = r->at < r->end && *r->at == '"' ? quoted(r) : plain(r);
        if (status)
            return status;
        if (at_line_end(r))
            break;
        r->at++; /* the separator */
    }
    if (r->at < r->end && *r->at == '\r')
        r->at++;
    if (r->at < r->end && *r->at == '\n')
        r->at++;
    r->line++;
    return GAOSOU_OK;
}

static bool skip_empty_line(struct reader *r)
{
    char *p = r->at;
    while (p < r->end && (*p == ' ' || *p == '\r'))
        p++;
    if (p < r->end && *p != '\n')
        return false;
    r->at = p < r->end ? p + 1 : p;
    r->line++;
    return true;
}

static const struct {
    const char *name;
    int column;
} columns[] = {
    {"id", GS_FIELD_ID},           {"title", GS_FIELD_TITLE},       {"name", GS_FIELD_NAME},
    {"company", GS_FIELD_COMPANY}, {"date", GS_FIELD_DATE},         {"period", GS_FIELD_PERIOD},
    {"type", GS_FIELD_TYPE},       {"exchange", GS_FIELD_EXCHANGE}, {"board", GS_FIELD_BOARD},
    {"url", GS_FIELD_URL},         {"path", GS_FIELD_PATH},         {"number", GS_FIELD_NUMBER},
    {"code", COLUMN_CODE},         {"codes", COLUMN_CODE},
};

static int column_of(struct gs_str name)
{
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        if (strlen(columns[i].name) == name.size &&
            strncasecmp(columns[i].name, name.bytes, name.size) == 0)
            return columns[i].column;
    return COLUMN_EXTRA;
}

static bool same(struct gs_str a, struct gs_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* The header row stands in the cells. */
static enum gaosou_status take_header(struct reader *r)
{
    struct gs_meta_csv *t = r->t;
    bool seen[COLUMN_KINDS] = {false};
    if (t->cell_count > COLUMNS_MAX)
        return bad(r, 1, r->line_start, "more than 256 columns");
    t->column_count = t->cell_count;
    for (size_t i = 0; i < t->column_count; i++) {
        t->column_name[i] = t->cells[i];
        t->column[i] = column_of(t->cells[i]);
        bool twice = t->column[i] != COLUMN_EXTRA && seen[t->column[i]];
        for (size_t k = 0; k < i; k++)
            twice = twice || same(t->cells[i], t->cells[k]);
        if (t->cells[i].size == 0)
            return gs_err_set(r->err, GAOSOU_E_INPUT, "%s:1: column %zu has no name", t->path,
                              i + 1);
        if (twice)
            return gs_err_set(r->err, GAOSOU_E_INPUT, "%s:1: column '%.*s' stands twice", t->path,
                              (int)t->cells[i].size, t->cells[i].bytes);
        seen[t->column[i]] = true;
    }
    if (!seen[GS_FIELD_ID] && !seen[GS_FIELD_PATH])
        return gs_err_set(r->err, GAOSOU_E_INPUT,
                          "%s:1: no column is called id or path: one must say which filing a row "
                          "is about",
                          t->path);
    for (size_t i = 0; i < t->column_count; i++)
        if (t->column[i] == (seen[GS_FIELD_ID] ? GS_FIELD_ID : GS_FIELD_PATH))
            t->key_column = i;
    t->cell_count = 0;
    return GAOSOU_OK;
}

/* 600820/900901, 600820,900901, one under the other: separated by U+001F, in place. */
static void settle_codes(struct reader *r, struct gs_str *cell)
{
    char *out = (char *)r->t->bytes.data + (cell->bytes - (char *)r->t->bytes.data);
    size_t n = 0;
    bool between = false;
    for (size_t i = 0; i < cell->size; i++) {
        char c = cell->bytes[i];
        if (strchr("/,;| \t\r\n", c)) {
            between = n > 0;
            continue;
        }
        if (between)
            out[n++] = 0x1F;
        between = false;
        out[n++] = c;
    }
    cell->size = n;
}

static enum gaosou_status take_row(struct reader *r, size_t first_cell, uint64_t line)
{
    struct gs_meta_csv *t = r->t;
    size_t count = t->cell_count - first_cell;
    if (count != t->column_count)
        return gs_err_set(r->err, GAOSOU_E_INPUT, "%s:%llu: %zu cells where the header has %zu",
                          t->path, (unsigned long long)line, count, t->column_count);
    for (size_t i = 0; i < count; i++)
        if (t->column[i] == COLUMN_CODE)
            settle_codes(r, &t->cells[first_cell + i]);
    struct gs_str *key = &t->cells[first_cell + t->key_column];
    if (key->size == 0)
        return gs_err_set(r->err, GAOSOU_E_INPUT, "%s:%llu: the cell of '%.*s' is empty", t->path,
                          (unsigned long long)line, (int)t->column_name[t->key_column].size,
                          t->column_name[t->key_column].bytes);
    if (key->size > 2 && memcmp(key->bytes, "./", 2) == 0)
        *key = (struct gs_str){key->bytes + 2, key->size - 2};
    enum gaosou_status status =
        grow(&t->rows, &t->row_capacity, t->row_count, sizeof(*t->rows), r->err);
    if (!status)
        t->rows[t->row_count++] = (struct row){(uint32_t)first_cell, line, false};
    return status;
}

static enum gaosou_status read_table(struct gs_meta_csv *t, struct gs_err *err)
{
    char *start = (char *)t->bytes.data, *end = start + t->bytes.size;
    if (t->bytes.size >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0)
        start += 3;
    const char *first_end = t->bytes.size ? memchr(start, '\n', (size_t)(end - start)) : NULL;
    size_t first = (size_t)((first_end ? first_end : end) - start);
    struct reader r = {t, start, end, ',', 1, start, err};
    if (first > 0 && !memchr(start, ',', first) && memchr(start, '\t', first))
        r.separator = '\t';
    bool header = false;
    while (r.at < r.end) {
        size_t cell = t->cell_count;
        uint64_t line = r.line;
        r.line_start = r.at;
        if (skip_empty_line(&r))
            continue;
        enum gaosou_status status = read_row(&r);
        if (!status)
            status = header ? take_row(&r, cell, line) : take_header(&r);
        if (status)
            return status;
        header = true;
    }
    return header ? GAOSOU_OK
                  : gs_err_set(err, GAOSOU_E_INPUT, "%s: it is empty: a header row is needed",
                               t->path);
}

/* ---- keys ---- */

static int compare(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    size_t least = x->text.size < y->text.size ? x->text.size : y->text.size;
    int order = memcmp(x->text.bytes, y->text.bytes, least);
    if (order == 0)
        order = (x->text.size > y->text.size) - (x->text.size < y->text.size);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static struct gs_str base_of(struct gs_str name)
{
    size_t start = name.size;
    while (start > 0 && name.bytes[start - 1] != '/' && name.bytes[start - 1] != '\\' &&
           name.bytes[start - 1] != '!')
        start--;
    return (struct gs_str){name.bytes + start, name.size - start};
}

static enum gaosou_status sort_keys(struct gs_meta_csv *t, struct gs_err *err)
{
    size_t size = (t->row_count + 1) * sizeof(struct key);
    t->keys = malloc(size);
    t->bases = malloc(size);
    if (!t->keys || !t->bases)
        return gs_err_nomem(err, size);
    for (uint32_t i = 0; i < t->row_count; i++) {
        struct gs_str text = t->cells[t->rows[i].first_cell + t->key_column];
        t->keys[i] = (struct key){text, i};
        t->bases[i] = (struct key){base_of(text), i};
    }
    qsort(t->keys, t->row_count, sizeof(struct key), compare);
    qsort(t->bases, t->row_count, sizeof(struct key), compare);
    for (size_t i = 1; i < t->row_count; i++)
        if (same(t->keys[i].text, t->keys[i - 1].text))
            return gs_err_set(err, GAOSOU_E_INPUT, "%s:%llu: '%.*s' stood in line %llu already",
                              t->path, (unsigned long long)t->rows[t->keys[i].row].line,
                              (int)(t->keys[i].text.size < 200 ? t->keys[i].text.size : 200),
                              t->keys[i].text.bytes,
                              (unsigned long long)t->rows[t->keys[i - 1].row].line);
    return GAOSOU_OK;
}

/* The first of the sorted keys that is not below the name. */
static size_t lower_bound(const struct key *keys, size_t count, struct gs_str name)
{
    struct key wanted = {name, 0};
    size_t low = 0;
    while (count > 0) {
        size_t half = count / 2;
        if (compare(&keys[low + half], &wanted) < 0) {
            low += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return low;
}

/* The row of that key, SIZE_MAX where there is none, or more than one. */
static size_t find_key(const struct key *keys, size_t count, struct gs_str name)
{
    size_t i = name.size ? lower_bound(keys, count, name) : count;
    if (i == count || !same(keys[i].text, name))
        return SIZE_MAX;
    return i + 1 < count && same(keys[i + 1].text, name) ? SIZE_MAX : keys[i].row;
}

/* ---- the interface ---- */

static enum gaosou_status decode(struct gs_meta_csv *t, struct gs_err *err)
{
    const uint8_t *p = t->bytes.data;
    size_t size = t->bytes.size;
    bool utf16 = size >= 2 && ((p[0] == 0xFF && p[1] == 0xFE) || (p[0] == 0xFE && p[1] == 0xFF));
    if (!utf16 && gs_utf8_valid(p, size) == size)
        return GAOSOU_OK;
    struct gs_decoder d;
    struct gs_buf out;
    gs_buf_init(&out, GS_META_CSV_MAX * 2);
    enum gaosou_status status = gs_decoder_open(&d, utf16 ? "UTF-16" : "GB18030", err);
    if (status)
        return status;
    gs_decoder_reset(&d);
    status = gs_decoder_feed(&d, p, size, true, &out);
    uint64_t replaced = d.replaced;
    gs_decoder_close(&d);
    if (status)
        gs_err_set(err, status, "%s: decoding: %s", t->path, gaosou_status_text(status));
    else if (replaced > 0)
        status =
            gs_err_set(err, GAOSOU_E_INPUT, "%s: neither UTF-8 nor GBK: %llu bytes are neither",
                       t->path, (unsigned long long)replaced);
    gs_buf_release(&t->bytes);
    t->bytes = out;
    return status;
}

enum gaosou_status gs_meta_csv_open(struct gs_meta_csv **out, const char *path, struct gs_err *err)
{
    struct gs_meta_csv *t = calloc(1, sizeof(*t));
    if (!t)
        return gs_err_nomem(err, sizeof(*t));
    gs_buf_init(&t->bytes, GS_META_CSV_MAX);
    t->path = strdup(path);
    enum gaosou_status status =
        t->path ? gs_file_read(path, &t->bytes, err) : gs_err_nomem(err, 64);
    if (!status)
        status = decode(t, err);
    if (!status)
        status = read_table(t, err);
    if (!status)
        status = sort_keys(t, err);
    if (status) {
        gs_meta_csv_close(t);
        return status;
    }
    *out = t;
    return GAOSOU_OK;
}

void gs_meta_csv_close(struct gs_meta_csv *t)
{
    if (!t)
        return;
    gs_buf_release(&t->bytes);
    free(t->path);
    free(t->cells);
    free(t->rows);
    free(t->keys);
    free(t->bases);
    free(t);
}

static size_t find_row(const struct gs_meta_csv *t, const struct gs_filing *f)
{
    struct gs_str id = f->field[GS_FIELD_ID], path = f->field[GS_FIELD_PATH];
    if (path.size > 2 && memcmp(path.bytes, "./", 2) == 0)
        path = (struct gs_str){path.bytes + 2, path.size - 2};
    size_t row = find_key(t->keys, t->row_count, id);
    if (row == SIZE_MAX)
        row = find_key(t->keys, t->row_count, path);
    if (row == SIZE_MAX)
        row = find_key(t->bases, t->row_count, base_of(path.size ? path : id));
    return row;
}

/* The end of the JSON value or string at p, of an object that is known to be sound. */
static const char *value_end(const char *p, const char *end)
{
    int depth = 0;
    for (; p < end; p++) {
        if (*p == '"') {
            for (p++; p < end && *p != '"'; p++)
                p += *p == '\\';
        } else if (*p == '{' || *p == '[') {
            depth++;
        } else if ((*p == '}' || *p == ']') && depth-- == 0) {
            return p;
        } else if (*p == ',' && depth == 0) {
            return p;
        }
    }
    return end;
}

static bool overridden(const struct gs_meta_csv *t, size_t row, struct gs_str name)
{
    for (size_t i = 0; i < t->column_count; i++)
        if (t->column[i] == COLUMN_EXTRA && same(t->column_name[i], name) &&
            t->cells[t->rows[row].first_cell + i].size > 0)
            return true;
    return false;
}

/* The members of the given object that no column of the row replaces. */
static void copy_members(const struct gs_meta_csv *t, size_t row, struct gs_str object,
                         struct gs_json *j)
{
    const char *p = object.bytes, *end = p + object.size;
    for (p = object.size ? p + 1 : end; p < end;) {
        while (p < end && *p != '"')
            p++;
        const char *name = p < end ? p + 1 : end, *name_end = name;
        while (name_end < end && *name_end != '"')
            name_end += *name_end == '\\' ? 2 : 1;
        if (name_end >= end)
            return;
        const char *value = memchr(name_end, ':', (size_t)(end - name_end));
        if (!value)
            return;
        p = value_end(++value, end);
        struct gs_str key = {name, (size_t)(name_end - name)};
        if (overridden(t, row, key))
            continue;
        if (j->need_comma)
            gs_buf_append_u8(j->out, ',');
        gs_buf_append(j->out, name - 1, (size_t)(p - name) + 1);
        j->need_comma = true;
    }
}

static void set_extra(const struct gs_meta_csv *t, size_t row, struct gs_buf *extra,
                      struct gs_filing *f)
{
    struct gs_json j;
    gs_buf_clear(extra);
    gs_json_init(&j, extra);
    gs_json_begin_object(&j);
    copy_members(t, row, f->field[GS_FIELD_EXTRA], &j);
    for (size_t i = 0; i < t->column_count; i++) {
        struct gs_str cell = t->cells[t->rows[row].first_cell + i];
        if (t->column[i] != COLUMN_EXTRA || cell.size == 0)
            continue;
        gs_json_key_bytes(&j, t->column_name[i].bytes, t->column_name[i].size);
        gs_json_string_bytes(&j, cell.bytes, cell.size);
    }
    gs_json_end_object(&j);
    f->field[GS_FIELD_EXTRA] = (struct gs_str){(const char *)extra->data, extra->size};
}

bool gs_meta_csv_apply(struct gs_meta_csv *t, struct gs_buf *extra, struct gs_filing *f)
{
    size_t row = find_row(t, f);
    if (row == SIZE_MAX)
        return false;
    atomic_store_explicit(&t->rows[row].used, true, memory_order_relaxed);
    bool has_extra = false;
    for (size_t i = 0; i < t->column_count; i++) {
        struct gs_str cell = t->cells[t->rows[row].first_cell + i];
        int column = t->column[i];
        if (cell.size == 0 || column == GS_FIELD_ID || i == t->key_column)
            continue;
        if (column == COLUMN_CODE)
            f->field[GS_FIELD_CODES] = cell;
        else if (column == COLUMN_EXTRA)
            has_extra = true;
        else
            f->field[column] = cell;
        if (column == GS_FIELD_TITLE)
            f->title_from = f->title_to = 0;
    }
    if (has_extra)
        set_extra(t, row, extra, f);
    return true;
}

const char *gs_meta_csv_place(const struct gs_meta_csv *t, const struct gs_filing *f,
                              struct gs_str value, uint64_t *line)
{
    size_t row = find_row(t, f);
    for (size_t i = 0; row != SIZE_MAX && i < t->column_count; i++) {
        if (t->cells[t->rows[row].first_cell + i].bytes == value.bytes) {
            *line = t->rows[row].line;
            return t->path;
        }
    }
    return NULL;
}

size_t gs_meta_csv_rows(const struct gs_meta_csv *t)
{
    return t->row_count;
}

size_t gs_meta_csv_unused(const struct gs_meta_csv *t)
{
    size_t count = 0;
    for (size_t i = 0; i < t->row_count; i++)
        count += !t->rows[i].used;
    return count;
}

bool gs_meta_csv_next_unused(const struct gs_meta_csv *t, size_t *at, struct gs_str *key,
                             uint64_t *line)
{
    for (; *at < t->row_count; (*at)++) {
        const struct row *row = &t->rows[*at];
        if (row->used)
            continue;
        *key = t->cells[row->first_cell + t->key_column];
        *line = row->line;
        (*at)++;
        return true;
    }
    return false;
}
