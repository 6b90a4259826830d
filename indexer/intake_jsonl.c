#include "indexer/extract_text.h"
#include "indexer/intake_job.h"
#include "indexer/text_stream.h"

#include <stdlib.h>
#include <string.h>

/* A file of lines while it is read. */
struct line_reader {
    struct gs_text_stream stream;
    const struct gs_source_file *file;
    struct gs_stream_stamp stamp; /* when it was opened */
    uint64_t settled;             /* time that is stored */
    struct gs_str path;           /* as it is stored: valid UTF-8 */
    uint64_t number;              /* of the last line begun */
    uint64_t consumed;            /* bytes counted so far */
    bool skipping;                /* inside a line that is too long */
    bool has_lines;               /* that are not blank */
};

/* Valid UTF-8 of the bytes: themselves, or repaired in in->repaired; count added to *replaced. */
static struct gs_str make_valid(struct gs_intake *in, const uint8_t *bytes, size_t size,
                                uint64_t *replaced)
{
    if (gs_utf8_valid(bytes, size) == size)
        return (struct gs_str){(const char *)bytes, size};
    gs_buf_clear(&in->repaired);
    *replaced += gs_utf8_repair(bytes, size, &in->repaired);
    return (struct gs_str){(const char *)in->repaired.data, in->repaired.size};
}

static bool is_blank(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
            return false;
    }
    return true;
}

static enum gaosou_status skip_line(struct gs_intake *in, const struct line_reader *r,
                                    enum gs_skip why, const char *detail, struct gs_err *err)
{
    struct gs_outcome o = {.path = r->file->path,
                           .line = r->number,
                           .why = why,
                           .detail = detail,
                           .plain = why == GS_SKIP_TOO_LARGE ? "the line is too long" : NULL,
                           .format = gs_source_kind_name(GS_SOURCE_JSONL)};
    /* Which filing it was is not known: none of the file counts as gone. */
    return gs_intake_skip(in, r->file->id, &o, err);
}

/* The line as a filing; false where it is none: noted. */
static enum gaosou_status parse_line(struct gs_intake *in, const struct line_reader *r,
                                     struct gs_str line, struct gs_filing *filing, bool *is_one,
                                     struct gs_err *err)
{
    struct gs_err why;
    const char *path = r->file->path;
    enum gaosou_status status = gs_jsonl_parse(
        &in->jsonl, path, r->number, (const uint8_t *)line.bytes, line.size, filing, &why);
    /* A misspelt name would else lose a whole feed without a word; "" is a filing without text. */
    if (status == GAOSOU_OK && !filing->text.bytes)
        status = gs_err_set(&why, GAOSOU_E_INPUT, "%s:%llu: the field \"text\" is missing", path,
                            (unsigned long long)r->number);
    *is_one = status == GAOSOU_OK;
    if (status == GAOSOU_OK)
        return GAOSOU_OK;
    if (status != GAOSOU_E_INPUT)
        return gs_err_set(err, status, "%s", why.text);
    return skip_line(in, r, GS_SKIP_BAD_LINE, why.text, err);
}

static bool begins_with(struct gs_str s, const char *start)
{
    size_t size = strlen(start);
    return s.size >= size && memcmp(s.bytes, start, size) == 0;
}

/* Id, path and source where the line does not give them. `made` has room for an id. */
static void complete(struct gs_filing *filing, const struct line_reader *r, char *made,
                     size_t made_size)
{
    struct gs_str *f = filing->field;
    if (f[GS_FIELD_ID].size == 0) {
        int size = snprintf(made, made_size, "%s:%llu", r->file->id, (unsigned long long)r->number);
        f[GS_FIELD_ID] = (struct gs_str){made, size < 0 ? 0 : (size_t)size};
    }
    bool is_stream = strcmp(r->file->path, "-") == 0;
    if (f[GS_FIELD_PATH].size == 0 && !is_stream)
        f[GS_FIELD_PATH] = r->path;
    if (!is_stream && !begins_with(f[GS_FIELD_ID], r->file->id))
        f[GS_FIELD_SOURCE] = (struct gs_str){r->file->id, strlen(r->file->id)};
    filing->source_time = r->settled;
}

/* What the lines were converted from, or NULL. */
static const char *encoding_of(const struct line_reader *r)
{
    const char *name = r->stream.encoding.name;
    return name && strcmp(name, "UTF-8") != 0 ? name : NULL;
}

static enum gaosou_status take_line(struct gs_intake *in, struct line_reader *r,
                                    const uint8_t *bytes, size_t size, struct gs_err *err)
{
    if (is_blank(bytes, size))
        return GAOSOU_OK;
    r->has_lines = true;
    uint64_t replaced = r->stream.decoder.replaced, lone = in->jsonl.replaced;
    r->stream.decoder.replaced = 0;
    struct gs_str line = make_valid(in, bytes, size, &replaced);
    if (gs_buf_status(&in->repaired) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    struct gs_filing filing;
    bool is_one = false;
    enum gaosou_status status = gs_intake_tick(in, err);
    if (status == GAOSOU_OK)
        status = parse_line(in, r, line, &filing, &is_one, err);
    if (status != GAOSOU_OK || !is_one)
        return status;
    size_t made_size = strlen(r->file->id) + 24;
    char *made = filing.field[GS_FIELD_ID].size == 0 ? malloc(made_size) : NULL;
    if (!made && filing.field[GS_FIELD_ID].size == 0)
        return gs_err_nomem(err, made_size);
    complete(&filing, r, made, made_size);
    filing.source_size = size;
    struct gs_outcome o = {.path = r->file->path,
                           .line = r->number,
                           .format = gs_source_kind_name(GS_SOURCE_JSONL),
                           .encoding = encoding_of(r),
                           .encoding_by = gs_encoding_origin_name(r->stream.encoding.origin),
                           .replaced = replaced + in->jsonl.replaced - lone,
                           .bytes = size};
    struct gs_reconcile_source source = {.id = filing.field[GS_FIELD_ID],
                                         .source = filing.field[GS_FIELD_SOURCE],
                                         .size = size,
                                         .time = filing.source_time,
                                         .is_part = true};
    enum gs_have have;
    status = gs_intake_look(in, &source, &have, err);
    if (status == GAOSOU_OK)
        status = gs_intake_take(in, &filing, NULL, have, &o, err);
    free(made);
    return status;
}

/* All whole lines of in->input; the rest moves to its front. */
static enum gaosou_status take_lines(struct gs_intake *in, struct line_reader *r, size_t searched,
                                     struct gs_err *err)
{
    uint8_t *data = in->input.data;
    size_t from = 0, look = searched, size = in->input.size;
    enum gaosou_status status = GAOSOU_OK;
    while (status == GAOSOU_OK && from < size) {
        const uint8_t *line_end = memchr(data + look, '\n', size - look);
        if (!line_end && !r->stream.at_end)
            break;
        size_t end = line_end ? (size_t)(line_end - data) : size;
        r->number++;
        status = take_line(in, r, data + from, end - from, err);
        from = look = end < size ? end + 1 : size;
    }
    if (from > 0 && from < size)
        memmove(data, data + from, size - from);
    in->input.size = size - from;
    return status;
}

static enum gaosou_status skip_long_line(struct gs_intake *in, struct line_reader *r,
                                         struct gs_err *err)
{
    char text[GS_ERR_CAP];
    r->number++;
    r->has_lines = true;
    snprintf(text, sizeof(text), "%s:%llu: %s", r->file->path, (unsigned long long)r->number,
             GS_TR(in->outcomes.console, "the line is too long (--memory sets the limit)",
                   "行太长（上限由 --memory 决定）"));
    return skip_line(in, r, GS_SKIP_TOO_LARGE, text, err);
}

/* The input buffer is full: names the line and goes on behind it. */
static enum gaosou_status begin_skipping(struct gs_intake *in, struct line_reader *r,
                                         struct gs_err *err)
{
    enum gaosou_status status = r->skipping ? GAOSOU_OK : skip_long_line(in, r, err);
    r->skipping = true;
    gs_buf_release(&in->input); /* its cap was hit, which is sticky */
    return status;
}

/* Drops what belongs to a line that is too long. */
static void skip_on(struct gs_intake *in, struct line_reader *r)
{
    uint8_t *line_end = memchr(in->input.data, '\n', in->input.size);
    r->skipping = line_end == NULL;
    size_t left = line_end ? in->input.size - (size_t)(line_end + 1 - in->input.data) : 0;
    if (left > 0)
        memmove(in->input.data, line_end + 1, left);
    in->input.size = left;
}

/* One read and what it completes. *why: the stream's own failure; *err: the work's. */
static enum gaosou_status read_lines(struct gs_intake *in, struct line_reader *r,
                                     struct gs_err *why, struct gs_err *err)
{
    size_t searched = in->input.size;
    enum gaosou_status status = gs_text_stream_read(&r->stream, &in->input, why);
    uint64_t consumed = gs_stream_consumed(r->stream.stream);
    in->outcomes.tally.source_bytes += consumed - r->consumed;
    r->consumed = in->within = consumed;
    if (status == GAOSOU_E_LIMIT)
        return begin_skipping(in, r, err);
    if (status != GAOSOU_OK)
        return status;
    if (r->skipping && in->input.size > 0) {
        skip_on(in, r);
        searched = 0;
    }
    if (r->skipping)
        return GAOSOU_OK;
    return take_lines(in, r, searched, err);
}

static enum gaosou_status skip_file(struct gs_intake *in, const struct gs_source_file *file,
                                    enum gs_skip why, const char *detail, struct gs_err *err)
{
    struct gs_outcome o = {
        .path = file->path,
        .why = why,
        .detail = detail,
        .plain = why == GS_SKIP_CHANGED ? "changed while it was read: lines may be missing" : NULL,
        .format = gs_source_kind_name(GS_SOURCE_JSONL)};
    return gs_intake_skip(in, file->id, &o, err);
}

/* The stream's own failure: what ends the work goes up, what only this input has is noted. */
static enum gaosou_status stream_failed(struct gs_intake *in, const struct gs_source_file *file,
                                        enum gaosou_status status, const struct gs_err *why,
                                        struct gs_err *err)
{
    if (status == GAOSOU_E_NOMEM)
        return gs_err_set(err, status, "%s: %s", file->path, why->text);
    return skip_file(in, file, status == GAOSOU_E_INPUT ? GS_SKIP_DAMAGED : GS_SKIP_UNREADABLE,
                     why->text, err);
}

static enum gaosou_status check_stamp(struct gs_intake *in, const struct line_reader *r,
                                      struct gs_stream_stamp after, struct gs_err *err)
{
    if (r->stamp.size == after.size && r->stamp.time == after.time)
        return r->has_lines ? GAOSOU_OK : skip_file(in, r->file, GS_SKIP_EMPTY, NULL, err);
    const struct gs_console *c = in->outcomes.console;
    char text[GS_ERR_CAP];
    snprintf(text, sizeof(text),
             GS_TR(c, "%s: changed while it was read: lines may be missing; index it again",
                   "%s：读取时被改动，可能缺行，请重新索引"),
             r->file->path);
    return skip_file(in, r->file, GS_SKIP_CHANGED, text, err);
}

static enum gaosou_status read_all(struct gs_intake *in, struct line_reader *r, struct gs_err *err)
{
    struct gs_err why = {0}, failure = {0};
    const char *path = r->file->path;
    gs_buf_clear(&in->input);
    enum gaosou_status status =
        gs_text_stream_open(&r->stream, path, r->file->packing, in->params.encoding, &why);
    if (status != GAOSOU_OK)
        return stream_failed(in, r->file, status, &why, err);
    r->stamp = gs_stream_stamp(r->stream.stream);
    r->settled = gs_intake_settled_time(r->stamp.time);
    while (status == GAOSOU_OK && !r->stream.at_end)
        status = read_lines(in, r, &why, &failure);
    struct gs_stream_stamp after = gs_stream_stamp(r->stream.stream);
    gs_text_stream_close(&r->stream);
    if (status != GAOSOU_OK && failure.status != GAOSOU_OK)
        return gs_err_set(err, status, "%s", failure.text);
    if (status == GAOSOU_OK)
        return check_stamp(in, r, after, err);
    return stream_failed(in, r->file, status, &why, err);
}

/* The path of a file as it is stored; bytes to be released. */
static struct gs_buf stored_path(const struct gs_source_file *file)
{
    struct gs_buf path;
    gs_buf_init(&path, GS_METADATA_MAX);
    (void)gs_utf8_repair((const uint8_t *)file->path, strlen(file->path), &path);
    return path;
}

static enum gaosou_status take_all_lines(struct gs_intake *in, struct line_reader *r,
                                         const uint8_t *bytes, size_t size, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t from = 0; from < size && status == GAOSOU_OK;) {
        const uint8_t *line_end = memchr(bytes + from, '\n', size - from);
        size_t end = line_end ? (size_t)(line_end - bytes) : size;
        if (end - from > in->input.cap) {
            status = skip_long_line(in, r, err);
        } else {
            r->number++;
            status = take_line(in, r, bytes + from, end - from, err);
        }
        from = end + 1;
    }
    return status;
}

enum gaosou_status gs_intake_read_line_bytes(struct gs_intake *in,
                                             const struct gs_source_file *file,
                                             const uint8_t *bytes, size_t size, struct gs_err *err)
{
    struct line_reader r = {.file = file, .settled = gs_intake_settled_time(file->time)};
    struct gs_buf path = stored_path(file), text;
    struct gs_err why = {0};
    r.path = (struct gs_str){(const char *)path.data, path.size};
    gs_buf_init(&text, 3 * in->source_max);
    gs_encoding_find(bytes, size, in->params.encoding, NULL, &r.stream.encoding);
    enum gaosou_status status = gs_buf_status(&path);
    bool is_utf8 = encoding_of(&r) == NULL;
    if (status == GAOSOU_OK && !is_utf8)
        status = gs_encoding_convert(bytes, size, &r.stream.encoding, &text,
                                     &r.stream.decoder.replaced, &why);
    bool is_read = status == GAOSOU_OK;
    if (!is_read)
        status = stream_failed(in, file, status, &why, err);
    else if (is_utf8)
        status = take_all_lines(in, &r, bytes + r.stream.encoding.bom_size,
                                size - r.stream.encoding.bom_size, err);
    else
        status = take_all_lines(in, &r, text.data, text.size, err);
    if (status == GAOSOU_OK && is_read && !r.has_lines)
        status = skip_file(in, file, GS_SKIP_EMPTY, NULL, err);
    gs_buf_release(&path);
    gs_buf_release(&text);
    return status;
}

enum gaosou_status gs_intake_read_lines(struct gs_intake *in, const struct gs_source_file *file,
                                        struct gs_err *err)
{
    struct gs_buf path = stored_path(file);
    struct line_reader r = {.file = file, .path = {(const char *)path.data, path.size}};
    enum gaosou_status status = gs_buf_status(&path) == GAOSOU_OK
                                    ? read_all(in, &r, err)
                                    : gs_err_nomem(err, strlen(file->path));
    gs_buf_release(&path);
    return status;
}
