#include "indexer/report.h"

#include "common/base/checksum.h"
#include "common/base/json_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES ((size_t)16 << 20) /* stored fields are at most a few MB */
#define OUTCOME_KEY    ",\"outcome\":\""  /* in no string, where quotes are escaped */
#define HEAD_BYTES     65536              /* in which the first line of a report shows what it is */
#define CODE_SEPARATOR '\x1F'

/* Whether the file is one that must not be written over: any but an empty one and a report. */
static bool is_no_report(const char *path)
{
    static const char start[] = "{\"path\":";
    struct stat st;
    char head[HEAD_BYTES];
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
        return false;
    FILE *in = fopen(path, "re");
    size_t size = in ? fread(head, 1, sizeof(head), in) : 0;
    if (in)
        (void)fclose(in);
    const char *end = memchr(head, '\n', size);
    size = end ? (size_t)(end - head) : size;
    return size < sizeof(start) || memcmp(head, start, sizeof(start) - 1) != 0 ||
           !memmem(head, size, OUTCOME_KEY, sizeof(OUTCOME_KEY) - 1);
}

enum gaosou_status gs_report_open(struct gs_report *r, const char *path, FILE *standard,
                                  struct gs_err *err)
{
    bool is_ours = strcmp(path, "-") != 0;
    if (is_ours && is_no_report(path))
        return gs_err_set(err, GAOSOU_E_USE,
                          "%s has something else in it than a report: it is not written over",
                          path);
    FILE *out = is_ours ? fopen(path, "ae") : standard;
    if (!out)
        return gs_err_sys(err, errno, "cannot write the report %s", path);
    *r = (struct gs_report){.out = out, .is_ours = is_ours, .path = path};
    gs_buf_init(&r->line, LINE_MAX_BYTES);
    return GAOSOU_OK;
}

/* What tells the input of a line: path, line and id, which stand before the outcome. 0: no line. */
static uint64_t hash_input(const char *line, size_t size)
{
    const char *end = memmem(line, size, OUTCOME_KEY, sizeof(OUTCOME_KEY) - 1);
    return end ? gs_hash64(line, (size_t)(end - line)) : 0;
}

/* Notes whose lines are there; *end: behind the last whole one. */
static void read_said(struct gs_report *r, FILE *in, off_t *end)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    *end = 0;
    while ((size = getline(&line, &capacity, in)) > 0 && line[size - 1] == '\n') {
        *end += size;
        (void)gs_hash_set_add(&r->said, hash_input(line, (size_t)size));
    }
    free(line);
}

enum gaosou_status gs_report_begin(struct gs_report *r, bool goes_on, struct gs_err *err)
{
    struct stat st;
    off_t end = 0;
    if (!r->out || !r->is_ours || fstat(fileno(r->out), &st) != 0 || !S_ISREG(st.st_mode))
        return GAOSOU_OK;
    FILE *in = goes_on ? fopen(r->path, "re") : NULL;
    if (in) {
        read_said(r, in, &end);
        (void)fclose(in);
    }
    return ftruncate(fileno(r->out), end) == 0 ? GAOSOU_OK
                                               : gs_err_sys(err, errno, "cannot write the report");
}

/* ---- values ---- */

static void put_text(struct gs_json *j, const char *key, const char *text)
{
    gs_json_key(j, key);
    if (text)
        gs_json_string(j, text);
    else
        gs_json_null(j);
}

/* null where it is empty. */
static void put_known(struct gs_json *j, const char *key, struct gs_str value)
{
    gs_json_key(j, key);
    if (value.size > 0)
        gs_json_string_bytes(j, value.bytes, value.size);
    else
        gs_json_null(j);
}

static void put_count(struct gs_json *j, const char *key, uint64_t value)
{
    gs_json_key(j, key);
    gs_json_u64(j, value);
}

static void put_codes(struct gs_json *j, struct gs_str codes)
{
    gs_json_key(j, "codes");
    gs_json_begin_array(j);
    for (size_t from = 0; from < codes.size;) {
        const char *end = memchr(codes.bytes + from, CODE_SEPARATOR, codes.size - from);
        size_t to = end ? (size_t)(end - codes.bytes) : codes.size;
        gs_json_string_bytes(j, codes.bytes + from, to - from);
        from = to + 1;
    }
    gs_json_end_array(j);
}

static uint64_t count_chars(struct gs_str text)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += ((uint8_t)text.bytes[i] & 0xC0) != 0x80;
    return count;
}

/* ---- a line ---- */

/* Why there is less than there might be; NULL: all is there. */
static const char *reason_of(const struct gs_outcome *o)
{
    if (o->kind == GS_OUTCOME_SKIPPED || o->kind == GS_OUTCOME_DAMAGED)
        return gs_skip_keyword(o->why);
    if (o->kind == GS_OUTCOME_NO_TEXT && o->rescued)
        return gs_skip_keyword(GS_SKIP_DAMAGED);
    if (o->kind == GS_OUTCOME_NO_TEXT && o->filing)
        return o->filing->text_state == GS_TEXT_GARBAGE ? "garbage_text_layer" : "no_text_layer";
    return o->rescued ? "rescued" : o->unread ? "bad_date" : NULL;
}

/* The message without the input's name, line and column in front of it. */
static const char *detail_of(const struct gs_outcome *o)
{
    size_t name = o->path ? strlen(o->path) : 0;
    if (o->plain)
        return o->plain;
    if (!o->detail)
        return o->remark ? o->remark : o->unread;
    if (name == 0 || strncmp(o->detail, o->path, name) != 0)
        return o->detail;
    const char *at = o->detail + name;
    while (*at == ':' && at[1] >= '0' && at[1] <= '9')
        at += 1 + strspn(at + 1, "0123456789");
    return strncmp(at, ": ", 2) == 0 ? at + 2 : o->detail;
}

static void put_source(struct gs_json *j, const struct gs_outcome *o)
{
    put_text(j, "path", o->path);
    gs_json_key(j, "line");
    if (o->line)
        gs_json_u64(j, o->line);
    else
        gs_json_null(j);
    put_known(j, "id", o->id);
    put_text(j, "outcome", gs_outcome_keyword(o->kind));
    put_text(j, "reason", reason_of(o));
    put_text(j, "detail", detail_of(o));
    put_text(j, "format", o->format);
    put_text(j, "encoding", o->encoding ? o->encoding : o->encoding_by ? "UTF-8" : NULL);
    put_text(j, "encoding_by", o->encoding_by);
    put_count(j, "replaced_chars", o->replaced);
    put_count(j, "bytes", o->bytes);
    gs_json_key(j, "chars");
    if (o->kind == GS_OUTCOME_UNCHANGED && !(o->filing && o->filing->text.size > 0))
        gs_json_null(j); /* it was not read */
    else
        gs_json_u64(j, o->filing ? count_chars(o->filing->text) : 0);
    put_count(j, "pages", o->pages);
    put_count(j, "pages_without_text", o->pages_without_text);
}

static void put_metadata(struct gs_json *j, const struct gs_filing *filing)
{
    static const struct gs_filing nothing;
    const struct gs_filing *f = filing ? filing : &nothing;
    put_codes(j, f->field[GS_FIELD_CODES]);
    put_known(j, "name", f->field[GS_FIELD_NAME]);
    put_known(j, "company", f->field[GS_FIELD_COMPANY]);
    put_known(j, "title", gs_filing_title(f));
    put_known(j, "date", f->field[GS_FIELD_DATE]);
    put_known(j, "period", f->field[GS_FIELD_PERIOD]);
    put_known(j, "type", f->field[GS_FIELD_TYPE]);
    put_known(j, "number", f->field[GS_FIELD_NUMBER]);
    put_known(j, "exchange", f->field[GS_FIELD_EXCHANGE]);
    put_known(j, "board", f->field[GS_FIELD_BOARD]);
}

static void write_line(struct gs_report *r)
{
    gs_buf_append_u8(&r->line, '\n');
    if (gs_buf_status(&r->line) != GAOSOU_OK)
        (void)gs_err_set(&r->failure, gs_buf_status(&r->line),
                         "a line of the report is too long, or there is no memory for it");
    else if (fwrite(r->line.data, 1, r->line.size, r->out) != r->line.size)
        (void)gs_err_sys(&r->failure, errno, "cannot write the report");
}

/* `o` or the duplicate's ids; all keys in each line. */
static void put_line(struct gs_report *r, const struct gs_outcome *o, struct gs_str other)
{
    struct gs_json j;
    if (!r->out || r->failure.status != GAOSOU_OK)
        return;
    gs_buf_clear(&r->line);
    gs_json_init(&j, &r->line);
    gs_json_begin_object(&j);
    put_source(&j, o);
    put_metadata(&j, o->filing);
    put_known(&j, "duplicate_of", other);
    gs_json_key(&j, "seconds");
    gs_json_double(&j, (double)(uint64_t)(o->seconds * 1e6) / 1e6);
    gs_json_end_object(&j);
    bool is_said = o->kind != GS_OUTCOME_REPLACED &&
                   gs_hash_set_has(&r->said, hash_input((const char *)r->line.data, r->line.size));
    if (!is_said)
        write_line(r);
}

void gs_report_note(struct gs_report *r, const struct gs_outcome *o)
{
    put_line(r, o, (struct gs_str){0});
}

void gs_report_note_duplicate(struct gs_report *r, struct gs_str id, struct gs_str other)
{
    struct gs_outcome o = {.id = id, .kind = GS_OUTCOME_COUNT};
    put_line(r, &o, other);
}

void gs_report_flush(struct gs_report *r)
{
    if (r->out && r->failure.status == GAOSOU_OK && fflush(r->out) != 0)
        (void)gs_err_sys(&r->failure, errno, "cannot write the report");
}

enum gaosou_status gs_report_close(struct gs_report *r, struct gs_err *err)
{
    gs_report_flush(r);
    if (r->out && r->is_ours && fclose(r->out) != 0 && r->failure.status == GAOSOU_OK)
        (void)gs_err_sys(&r->failure, errno, "cannot write the report");
    r->out = NULL;
    gs_buf_release(&r->line);
    gs_hash_set_release(&r->said);
    enum gaosou_status status = r->failure.status;
    return status == GAOSOU_OK ? GAOSOU_OK : gs_err_set(err, status, "%s", r->failure.text);
}
