#include "indexer/intake.h"

#include "common/base/date.h"

#include <stdlib.h>
#include <string.h>

#define WARNINGS_MAX   50 /* about inputs; the summary has the counts, --verbose all of them */
#define DATE_SHOWN_MAX 40 /* bytes of a date that cannot be read */

bool gs_tally_has_losses(const struct gs_tally *t)
{
    for (size_t i = 0; i < GS_SKIP_COUNT; i++) {
        if (t->skipped[i] > 0)
            return true;
    }
    return t->repaired > 0 || t->bad_dates > 0;
}

const char *gs_skip_text(const struct gs_console *c, enum gs_skip reason)
{
    switch (reason) {
    case GS_SKIP_KIND:
        return GS_TR(c, "not .txt or .jsonl", "不是 .txt 或 .jsonl 文件");
    case GS_SKIP_SPECIAL:
        return GS_TR(c, "not a regular file", "不是普通文件");
    case GS_SKIP_UNREADABLE:
        return GS_TR(c, "cannot be read", "无法读取");
    case GS_SKIP_LOOP:
        return GS_TR(c, "folder loop", "目录循环");
    case GS_SKIP_EMPTY:
        return GS_TR(c, "empty", "空文件");
    case GS_SKIP_BINARY:
        return GS_TR(c, "binary", "二进制文件");
    case GS_SKIP_TOO_LARGE:
        return GS_TR(c, "too large", "太大");
    case GS_SKIP_DAMAGED:
        return GS_TR(c, "damaged archive", "压缩文件损坏");
    case GS_SKIP_BAD_LINE:
        return GS_TR(c, "bad JSON line", "JSON 行有误");
    case GS_SKIP_COUNT:
        break;
    }
    return "?";
}

/* Whether one more warning about an input is shown; says once that the rest is only counted. */
static bool may_warn(struct gs_intake *in)
{
    if (in->console->verbose || in->tally.shown < WARNINGS_MAX) {
        in->tally.shown++;
        return true;
    }
    if (in->tally.shown++ == WARNINGS_MAX)
        gs_console_warn(in->console, "%s",
                        GS_TR(in->console,
                              "more such warnings are only counted (--verbose shows all)",
                              "其余同类警告只计数(--verbose 显示全部)"));
    return false;
}

static void skip(void *ctx, const char *path, enum gs_skip reason, const char *detail)
{
    struct gs_intake *in = ctx;
    in->tally.skipped[reason]++;
    if (!may_warn(in))
        return;
    const char *word = GS_TR(in->console, "skipped", "已跳过");
    if (detail)
        gs_console_warn(in->console, "%s: %s", word, detail);
    else
        gs_console_warn(in->console, "%s: %s: %s", word, path, gs_skip_text(in->console, reason));
}

static void note_repair(struct gs_intake *in, const char *name, uint64_t line, uint64_t replaced,
                        size_t size)
{
    if (replaced == 0)
        return;
    in->tally.repaired++;
    in->tally.replacements += replaced;
    if (!may_warn(in))
        return;
    char place[32] = "";
    if (line)
        snprintf(place, sizeof(place), ":%llu", (unsigned long long)line);
    gs_console_warn(in->console,
                    GS_TR(in->console, "%s%s: %llu invalid byte sequences replaced by U+FFFD",
                          "%s%s:%llu 处无效字节已替换为 U+FFFD"),
                    name, place, (unsigned long long)replaced);
    /* Where one byte in twenty is wrong, the encoding is. */
    if (replaced > size / 20 && !in->params.encoding)
        gs_console_warn(in->console, "%s",
                        GS_TR(in->console, "that may be another encoding: try --encoding GB18030",
                              "可能是其他编码,请试 --encoding GB18030"));
}

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

static size_t bom_size(const uint8_t *bytes, size_t size)
{
    return size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

/* A stream's error: what ends the work goes up, what only this input has is skipped. */
static enum gaosou_status stream_failed(struct gs_intake *in, const char *path,
                                        enum gaosou_status status, const struct gs_err *why,
                                        struct gs_err *err)
{
    if (status == GAOSOU_E_NOMEM)
        return gs_err_set(err, status, "%s: %s", path, why->text);
    if (status == GAOSOU_E_LIMIT) {
        char text[GS_ERR_CAP + 64];
        snprintf(text, sizeof(text), "%s: %s (--memory sets the limit)", path, why->text);
        skip(in, path, GS_SKIP_TOO_LARGE, text);
        return GAOSOU_OK;
    }
    skip(in, path, status == GAOSOU_E_INPUT ? GS_SKIP_DAMAGED : GS_SKIP_UNREADABLE, why->text);
    return GAOSOU_OK;
}

/* ---- a whole file as one filing ---- */

static enum gaosou_status hand_on(struct gs_intake *in, struct gs_filing *filing, const char *path,
                                  struct gs_err *err)
{
    struct gs_buf id, shown;
    gs_buf_init(&id, GS_METADATA_MAX);
    gs_buf_init(&shown, GS_METADATA_MAX);
    struct gs_str *f = filing->field;
    (void)gs_utf8_repair((const uint8_t *)f[GS_FIELD_ID].bytes, f[GS_FIELD_ID].size, &id);
    (void)gs_utf8_repair((const uint8_t *)path, strlen(path), &shown);
    f[GS_FIELD_ID] = (struct gs_str){(const char *)id.data, id.size};
    if (f[GS_FIELD_PATH].size == 0 && strcmp(path, "-") != 0)
        f[GS_FIELD_PATH] = (struct gs_str){(const char *)shown.data, shown.size};
    enum gaosou_status status = in->sink.filing(in->sink.ctx, filing, err);
    gs_buf_release(&id);
    gs_buf_release(&shown);
    if (status == GAOSOU_OK)
        in->tally.filings++;
    return status;
}

/* Names and skips what is no text in the encoding that was told: bytes of 0, or UTF-16 taken as
 * UTF-8. */
static bool is_binary(struct gs_intake *in, const char *path, const uint8_t *bytes, size_t size)
{
    const uint8_t *nul = memchr(bytes, 0, size);
    bool utf16 =
        size >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
    if (!nul && !utf16)
        return false;
    char text[GS_ERR_CAP];
    if (utf16)
        snprintf(text, sizeof(text),
                 GS_TR(in->console, "%s: looks like UTF-16; use --encoding UTF-16",
                       "%s:像是 UTF-16,请用 --encoding UTF-16"),
                 path);
    else
        snprintf(text, sizeof(text),
                 GS_TR(in->console, "%s: binary, byte %zu is 0", "%s:二进制文件,第 %zu 字节为 0"),
                 path, (size_t)(nul - in->input.data));
    skip(in, path, GS_SKIP_BINARY, text);
    return true;
}

static enum gaosou_status take_text(struct gs_intake *in, const struct gs_source_file *file,
                                    uint64_t source_size, struct gs_err *err)
{
    size_t bom = bom_size(in->input.data, in->input.size);
    const uint8_t *bytes = in->input.data + bom;
    size_t size = in->input.size - bom;
    if (size == 0) {
        skip(in, file->path, GS_SKIP_EMPTY, NULL);
        return GAOSOU_OK;
    }
    if (is_binary(in, file->path, bytes, size))
        return GAOSOU_OK;
    uint64_t replaced = in->decoder.replaced;
    struct gs_filing filing = {.source_size = source_size};
    filing.field[GS_FIELD_ID] = (struct gs_str){file->id, strlen(file->id)};
    filing.text = make_valid(in, bytes, size, &replaced);
    if (gs_buf_status(&in->repaired) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    note_repair(in, file->path, 0, replaced, size);
    return hand_on(in, &filing, file->path, err);
}

static enum gaosou_status read_text(struct gs_intake *in, const struct gs_source_file *file,
                                    struct gs_err *err)
{
    struct gs_decoded_stream stream;
    struct gs_err why = {0};
    gs_buf_clear(&in->input);
    enum gaosou_status status =
        gs_decoded_open(&stream, file->path, file->packing, &in->decoder, &why);
    if (status != GAOSOU_OK)
        return stream_failed(in, file->path, status, &why, err);
    while (status == GAOSOU_OK && !stream.at_end)
        status = gs_decoded_read(&stream, &in->input, &why);
    uint64_t source_size = gs_stream_consumed(stream.stream);
    gs_decoded_close(&stream);
    in->tally.source_bytes += source_size;
    if (status == GAOSOU_OK)
        return take_text(in, file, source_size, err);
    /* A buffer that hit its cap stays so until it is made anew. */
    gs_buf_release(&in->input);
    return stream_failed(in, file->path, status, &why, err);
}

/* ---- JSON lines ---- */

static bool is_blank(const uint8_t *p, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
            return false;
    }
    return true;
}

static void note_bad_date(struct gs_intake *in, const char *path, uint64_t line, const char *name,
                          struct gs_str value)
{
    if (value.size == 0 || gs_date_parse(value.bytes, value.size, NULL) != 0)
        return;
    in->tally.bad_dates++;
    if (!may_warn(in))
        return;
    char shown[DATE_SHOWN_MAX + 1]; /* without what could steer a terminal */
    size_t size = value.size < DATE_SHOWN_MAX ? value.size : DATE_SHOWN_MAX;
    while (size < value.size && size > 0 && ((uint8_t)value.bytes[size] & 0xC0) == 0x80)
        size--;
    for (size_t i = 0; i < size; i++)
        shown[i] = (uint8_t)value.bytes[i] < 0x20 || value.bytes[i] == 0x7F ? ' ' : value.bytes[i];
    shown[size] = '\0';
    gs_console_warn(
        in->console,
        GS_TR(in->console, "%s:%llu: the %s \"%s\" cannot be read", "%s:%llu: %s“%s”无法识别"),
        path, (unsigned long long)line, name, shown);
}

/* Names and counts the dates of a line that are given and cannot be read. */
static void note_bad_dates(struct gs_intake *in, const char *path, uint64_t line,
                           const struct gs_filing *filing)
{
    note_bad_date(in, path, line, GS_TR(in->console, "date", "日期"), filing->field[GS_FIELD_DATE]);
    note_bad_date(in, path, line, GS_TR(in->console, "period", "报告期"),
                  filing->field[GS_FIELD_PERIOD]);
}

static enum gaosou_status take_line(struct gs_intake *in, const struct gs_source_file *file,
                                    uint64_t number, const uint8_t *bytes, size_t size,
                                    struct gs_err *err)
{
    if (is_blank(bytes, size))
        return GAOSOU_OK;
    uint64_t replaced = in->decoder.replaced;
    in->decoder.replaced = 0;
    struct gs_str line = make_valid(in, bytes, size, &replaced);
    if (gs_buf_status(&in->repaired) != GAOSOU_OK)
        return gs_err_nomem(err, size);
    struct gs_filing filing;
    struct gs_err why;
    uint64_t lone = in->jsonl.replaced;
    enum gaosou_status status = gs_jsonl_parse(
        &in->jsonl, file->path, number, (const uint8_t *)line.bytes, line.size, &filing, &why);
    /* A misspelt name would else lose a whole feed without a word; "" is a filing without text. */
    if (status == GAOSOU_OK && !filing.text.bytes)
        status = gs_err_set(&why, GAOSOU_E_INPUT, "%s:%llu: the field \"text\" is missing",
                            file->path, (unsigned long long)number);
    if (status == GAOSOU_E_INPUT) {
        skip(in, file->path, GS_SKIP_BAD_LINE, why.text);
        return GAOSOU_OK;
    }
    if (status != GAOSOU_OK)
        return gs_err_set(err, status, "%s", why.text);
    note_repair(in, file->path, number, replaced + in->jsonl.replaced - lone, size);
    note_bad_dates(in, file->path, number, &filing);
    filing.source_size = size;
    if (filing.field[GS_FIELD_ID].size > 0 && filing.field[GS_FIELD_PATH].size > 0) {
        status = in->sink.filing(in->sink.ctx, &filing, err);
        in->tally.filings += status == GAOSOU_OK;
        return status;
    }
    char *made = NULL;
    if (filing.field[GS_FIELD_ID].size == 0) {
        int length = asprintf(&made, "%s:%llu", file->id, (unsigned long long)number);
        if (length < 0)
            return gs_err_nomem(err, strlen(file->id) + 24);
        filing.field[GS_FIELD_ID] = (struct gs_str){made, (size_t)length};
    }
    status = hand_on(in, &filing, file->path, err);
    free(made);
    return status;
}

/* All whole lines of in->input; the rest moves to its front. */
static enum gaosou_status take_lines(struct gs_intake *in, const struct gs_source_file *file,
                                     uint64_t *number, size_t searched, bool at_end,
                                     struct gs_err *err)
{
    uint8_t *data = in->input.data;
    size_t from = 0, look = searched, size = in->input.size;
    enum gaosou_status status = GAOSOU_OK;
    while (status == GAOSOU_OK && from < size) {
        const uint8_t *line_end = memchr(data + look, '\n', size - look);
        if (!line_end && !at_end)
            break;
        size_t end = line_end ? (size_t)(line_end - data) : size;
        size_t skipped = ++*number == 1 ? bom_size(data + from, end - from) : 0;
        status = take_line(in, file, *number, data + from + skipped, end - from - skipped, err);
        from = look = end < size ? end + 1 : size;
    }
    if (from > 0 && from < size)
        memmove(data, data + from, size - from);
    in->input.size = size - from;
    return status;
}

/* A file of lines while it is read. */
struct line_reader {
    struct gs_decoded_stream stream;
    const struct gs_source_file *file;
    uint64_t number;   /* of the last line begun */
    uint64_t consumed; /* bytes counted so far */
    bool skipping;     /* inside a line that is too long */
};

/* The input buffer is full: names the line and goes on behind it. */
static void begin_skipping(struct gs_intake *in, struct line_reader *r)
{
    if (!r->skipping) {
        char text[GS_ERR_CAP];
        snprintf(text, sizeof(text), "%s:%llu: %s", r->file->path, (unsigned long long)++r->number,
                 GS_TR(in->console, "the line is too long (--memory sets the limit)",
                       "行太长(上限由 --memory 决定)"));
        skip(in, r->file->path, GS_SKIP_TOO_LARGE, text);
    }
    r->skipping = true;
    gs_buf_release(&in->input); /* its cap was hit, which is sticky */
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
    enum gaosou_status status = gs_decoded_read(&r->stream, &in->input, why);
    uint64_t consumed = gs_stream_consumed(r->stream.stream);
    in->tally.source_bytes += consumed - r->consumed;
    r->consumed = consumed;
    if (status == GAOSOU_E_LIMIT) {
        begin_skipping(in, r);
        return GAOSOU_OK;
    }
    if (status != GAOSOU_OK)
        return status;
    if (r->skipping && in->input.size > 0) {
        skip_on(in, r);
        searched = 0;
    }
    if (r->skipping)
        return GAOSOU_OK;
    return take_lines(in, r->file, &r->number, searched, r->stream.at_end, err);
}

static enum gaosou_status read_jsonl(struct gs_intake *in, const struct gs_source_file *file,
                                     struct gs_err *err)
{
    struct line_reader r = {.file = file};
    struct gs_err why = {0}, failure = {0};
    gs_buf_clear(&in->input);
    enum gaosou_status status =
        gs_decoded_open(&r.stream, file->path, file->packing, &in->decoder, &why);
    if (status != GAOSOU_OK)
        return stream_failed(in, file->path, status, &why, err);
    while (status == GAOSOU_OK && !r.stream.at_end)
        status = read_lines(in, &r, &why, &failure);
    gs_decoded_close(&r.stream);
    if (status != GAOSOU_OK && failure.status != GAOSOU_OK)
        return gs_err_set(err, status, "%s", failure.text);
    return status == GAOSOU_OK ? GAOSOU_OK : stream_failed(in, file->path, status, &why, err);
}

static enum gaosou_status read_file(void *ctx, const struct gs_source_file *file,
                                    struct gs_err *err)
{
    struct gs_intake *in = ctx;
    return file->kind == GS_SOURCE_TEXT ? read_text(in, file, err) : read_jsonl(in, file, err);
}

enum gaosou_status gs_intake_open(struct gs_intake *in, const struct gs_intake_params *params,
                                  const struct gs_intake_sink *sink, struct gs_console *console,
                                  struct gs_err *err)
{
    *in = (struct gs_intake){.params = *params, .sink = *sink, .console = console};
    enum gaosou_status status = gs_decoder_open(&in->decoder, params->encoding, err);
    if (status != GAOSOU_OK)
        return status;
    gs_buf_init(&in->input, params->filing_max + ((size_t)1 << 20));
    gs_buf_init(&in->repaired, 3 * (params->filing_max + ((size_t)1 << 20)));
    gs_jsonl_init(&in->jsonl, 3 * (params->filing_max + ((size_t)1 << 20)));
    return GAOSOU_OK;
}

void gs_intake_close(struct gs_intake *in)
{
    gs_decoder_close(&in->decoder);
    gs_jsonl_release(&in->jsonl);
    gs_buf_release(&in->input);
    gs_buf_release(&in->repaired);
}

enum gaosou_status gs_intake_path(struct gs_intake *in, const char *path, struct gs_err *err)
{
    struct gs_source_visitor visitor = {in, read_file, skip};
    return gs_source_walk(path, &in->params.source, &visitor, err);
}
