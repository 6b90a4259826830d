#include "indexer/intake_job.h"
#include "indexer/extract_docx.h"
#include "indexer/extract_html.h"
#include "indexer/extract_pdf.h"
#include "indexer/extract_text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Shares of the memory. */
#define SOURCE_SHARE 4 /* a file that is read whole */
#define SOURCE_LEAST ((size_t)32 << 20)
#define SOURCE_MOST  ((size_t)512 << 20)
#define HELD_SHARE   8   /* jobs that are not consumed */
#define KEPT_SHARE   256 /* a buffer that is kept for the next file */

/* A thread for each so many bytes: packed files may grow beyond what was thought. */
#define THREAD_MEMORY ((uint64_t)64 << 20)
#define PEEK_SIZE     4096
#define JOB_BYTES     ((uint64_t)256 << 10) /* of sources, from which a job is full */

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- reading ---- */

static bool same_stamp(struct gs_stream_stamp a, struct gs_stream_stamp b)
{
    return a.size == b.size && a.time == b.time;
}

static void skip_item(struct gs_intake_item *item, enum gs_skip why)
{
    item->taken = false;
    item->why = why;
}

/* Marks the item as skipped for what a stream or an extractor said of it. */
static void fail_item(struct gs_intake_item *item, enum gaosou_status status, enum gs_skip why)
{
    item->failure.status = status;
    if (status == GAOSOU_E_NOMEM)
        return; /* not the file's fault */
    item->failure.status = GAOSOU_OK;
    skip_item(item, why);
}

static enum gs_skip why_unread(enum gaosou_status status)
{
    return status == GAOSOU_E_INPUT   ? GS_SKIP_DAMAGED
           : status == GAOSOU_E_LIMIT ? GS_SKIP_TOO_LARGE
                                      : GS_SKIP_UNREADABLE;
}

static enum gaosou_status too_large(const struct gs_buf *out, struct gs_err *err)
{
    return gs_err_set(err, GAOSOU_E_LIMIT, "more than %zu MB (--memory sets the limit)",
                      out->cap >> 20);
}

static enum gaosou_status read_stream(struct gs_stream *s, struct gs_buf *out, struct gs_err *err)
{
    for (size_t step = (size_t)64 << 10, got = 1; got > 0;) {
        uint8_t *p = gs_buf_reserve(out, step);
        if (!p) {
            enum gaosou_status status = gs_buf_status(out);
            return status == GAOSOU_E_LIMIT ? too_large(out, err) : gs_err_nomem(err, step);
        }
        enum gaosou_status status = gs_stream_read(s, p, out->capacity - out->size, &got, err);
        if (status != GAOSOU_OK)
            return status;
        out->size += got;
        if (out->capacity - out->size >= step)
            continue; /* a small file: its end is found without growing the buffer */
        step = out->size < ((size_t)1 << 20) ? step : (size_t)1 << 20;
    }
    return GAOSOU_OK;
}

/* Reads the file once. *stable: it was the same before and after. */
static enum gaosou_status read_once(struct gs_intake_item *item, struct gs_buf *out, bool *stable,
                                    struct gs_err *err)
{
    struct gs_stream *s;
    gs_buf_clear(out);
    enum gaosou_status status = gs_stream_open(&s, item->path, item->packing, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_stream_stamp before = gs_stream_stamp(s);
    uint64_t settled = gs_intake_settled_time(before.time);
    bool fits = item->packing != GS_PACKING_NONE || before.size <= out->cap;
    status = fits ? read_stream(s, out, err) : too_large(out, err);
    item->stamp = gs_stream_stamp(s);
    item->read = gs_stream_consumed(s);
    *stable =
        same_stamp(before, item->stamp) &&
        (status != GAOSOU_OK || item->packing != GS_PACKING_NONE || item->read >= item->stamp.size);
    item->stamp.time = settled;
    gs_stream_close(s);
    return status;
}

/* A text that is packed, under a name that tells nothing else (notes.gz). */
static bool is_packed_text(const struct gs_intake_item *item, const uint8_t *head, size_t size)
{
    const char *name = item->path;
    for (const char *p = name; *p; p++)
        name = *p == '/' || *p == '!' ? p + 1 : name;
    const char *dot = strchr(name, '.');
    bool tells = dot && strchr(dot + 1, '.');
    return item->packing != GS_PACKING_NONE && !tells && size > 0 &&
           gs_source_looks_textual(head, size);
}

/* Whether a file whose name says nothing begins as one that is read; else it is left alone. */
static bool is_worth_reading(struct gs_intake_item *item)
{
    uint8_t head[PEEK_SIZE];
    struct gs_stream *s;
    size_t size = 0, got = 1;
    enum gaosou_status status = gs_stream_open(&s, item->path, item->packing, &item->failure);
    if (status != GAOSOU_OK) {
        fail_item(item, status, why_unread(status));
        return false;
    }
    while (status == GAOSOU_OK && got > 0 && size < sizeof(head)) {
        status = gs_stream_read(s, head + size, sizeof(head) - size, &got, &item->failure);
        size += status == GAOSOU_OK ? got : 0;
    }
    gs_stream_close(s);
    if (item->packing == GS_PACKING_NONE && gs_source_packing_of(head, size) != GS_PACKING_NONE) {
        item->packing = gs_source_packing_of(head, size);
        return is_worth_reading(item);
    }
    struct gs_source_sniffed sniffed = gs_source_sniff(item->kind, head, size);
    bool is_text = status == GAOSOU_OK && !sniffed.foreign && is_packed_text(item, head, size);
    if (is_text || sniffed.kind != GS_SOURCE_UNKNOWN || gs_source_may_be_docx(head, size))
        return true;
    item->foreign = sniffed.foreign;
    item->foreign_zh = sniffed.chinese;
    item->real = GS_SOURCE_UNKNOWN;
    item->failure = (struct gs_err){0};
    skip_item(item, GS_SKIP_KIND);
    return false;
}

/* The whole file, unpacked; one that changes meanwhile is read once more. */
static bool read_file(struct gs_intake_item *item, struct gs_buf *out)
{
    if (item->kind == GS_SOURCE_UNKNOWN && !item->given && !is_worth_reading(item))
        return false;
    bool stable = true;
    enum gaosou_status status = GAOSOU_OK;
    for (int attempt = 0; attempt < 2; attempt++) {
        status = read_once(item, out, &stable, &item->failure);
        if (stable && status == GAOSOU_OK && item->packing == GS_PACKING_NONE) {
            item->packing = gs_source_packing_of(out->data, out->size);
            if (item->packing != GS_PACKING_NONE) /* whatever it is called */
                status = read_once(item, out, &stable, &item->failure);
        }
        if (stable)
            break;
    }
    if (!stable) {
        item->failure.text[0] = '\0';
        skip_item(item, GS_SKIP_CHANGED);
    } else if (status != GAOSOU_OK) {
        fail_item(item, status, why_unread(status));
        if (status == GAOSOU_E_LIMIT)
            gs_err_prefix(&item->failure, "%s", item->path);
    }
    return stable && status == GAOSOU_OK;
}

/* ---- extracting ---- */

typedef enum gaosou_status extractor(const uint8_t *bytes, size_t size,
                                     const struct gs_extract_params *params,
                                     struct gs_extracted *out, struct gs_err *err);

/* How each kind is read, and whether that is worth a look into the cache: UTF-8 is not. */
static const struct {
    extractor *extract;
    uint32_t version;
    bool is_cached;
} extractors[GS_SOURCE_KIND_COUNT] = {
    [GS_SOURCE_TEXT] = {gs_extract_text, GS_EXTRACT_TEXT_VERSION, false},
    [GS_SOURCE_HTML] = {gs_extract_html, GS_EXTRACT_HTML_VERSION, true},
    [GS_SOURCE_PDF] = {gs_extract_pdf, GS_EXTRACT_PDF_VERSION, true},
    [GS_SOURCE_DOCX] = {gs_extract_docx, GS_EXTRACT_DOCX_VERSION, true},
};

/* By the extractor, or from the cache what it made of the same bytes before. */
static enum gaosou_status extract_cached(struct gs_text_cache *cache, enum gs_source_kind kind,
                                         const uint8_t *bytes, size_t size,
                                         const struct gs_extract_params *params,
                                         struct gs_extracted *out, struct gs_err *err)
{
    if (!cache || !extractors[kind].is_cached)
        return extractors[kind].extract(bytes, size, params, out, err);
    struct gs_text_cache_key key;
    enum gaosou_status status;
    gs_text_cache_key_make(&key, bytes, size, gs_source_kind_name(kind), extractors[kind].version,
                           params->encoding);
    if (gs_text_cache_get(cache, &key, out, &status, err))
        return status;
    status = extractors[kind].extract(bytes, size, params, out, err);
    gs_text_cache_put(cache, &key, out, status, err);
    return status;
}

static enum gs_skip why_not_extracted(const struct gs_intake_item *item, enum gaosou_status status)
{
    bool text = item->real == GS_SOURCE_TEXT;
    switch (status) {
    case GAOSOU_E_INPUT:
        return text ? GS_SKIP_BINARY : GS_SKIP_DAMAGED;
    case GAOSOU_E_LIMIT:
        return text ? GS_SKIP_TOO_LARGE : GS_SKIP_LIMIT;
    case GAOSOU_E_NOT_FOUND:
        return GS_SKIP_NO_PROGRAM;
    default:
        return GS_SKIP_UNREADABLE;
    }
}

/* Called a PDF, a DOCX or an archive, and nothing but text. */
static bool is_misnamed_text(const struct gs_source_sniffed *s, const uint8_t *bytes, size_t size)
{
    bool may_be = !s->by_bytes && (s->kind == GS_SOURCE_PDF || s->kind == GS_SOURCE_DOCX ||
                                   s->kind == GS_SOURCE_ARCHIVE);
    return may_be && gs_source_looks_textual(bytes, size) && !memmem(bytes, size, "endobj", 6);
}

/* What the bytes are, against what the name says; false: nothing that is read. */
static bool find_kind(struct gs_intake_item *item, const uint8_t *bytes, size_t size)
{
    struct gs_source_sniffed s = gs_source_sniff(item->kind, bytes, size);
    item->real = s.kind;
    /* Text where nothing else is known, if the user named it, it is packed or its own name is
     * refuted. */
    bool bare = !s.foreign && s.kind == GS_SOURCE_UNKNOWN &&
                (item->given || is_packed_text(item, bytes, size));
    if (bare || is_misnamed_text(&s, bytes, size))
        item->real = GS_SOURCE_TEXT;
    item->foreign = s.foreign;
    item->foreign_zh = s.chinese;
    if (extractors[item->real].extract)
        return true;
    item->failure.text[0] = '\0';
    skip_item(item, GS_SKIP_KIND);
    return false;
}

static void extract(struct gs_intake_item *item, const struct gs_intake *in, const uint8_t *bytes,
                    size_t size)
{
    if (size == 0) {
        skip_item(item, GS_SKIP_EMPTY);
        return;
    }
    if (!find_kind(item, bytes, size))
        return;
    struct gs_extract_params params = {.encoding = in->params.encoding,
                                       .text_max = in->params.filing_max,
                                       .seconds_max = GS_INTAKE_CHILD_SECONDS,
                                       .memory_max = GS_INTAKE_CHILD_MEMORY};
    enum gaosou_status status = extract_cached(in->params.cache, item->real, bytes, size, &params,
                                               &item->x, &item->failure);
    if (status != GAOSOU_OK) {
        fail_item(item, status, why_not_extracted(item, status));
        gs_err_prefix(&item->failure, "%s", item->path);
    } else if (item->x.text.size == 0 && item->x.state == GS_TEXT_READ) {
        skip_item(item, GS_SKIP_EMPTY);
    }
}

static void trim(struct gs_buf *b, uint64_t memory)
{
    if (b->capacity > memory / KEPT_SHARE || gs_buf_status(b) != GAOSOU_OK)
        gs_buf_release(b);
}

static void run_item(struct gs_intake_item *item, struct gs_intake *in, unsigned worker)
{
    struct gs_buf *input = &in->inputs[worker];
    gs_progress_begin(in->params.progress, worker, item->path);
    double start = now();
    item->taken = true;
    if (item->has_bytes) {
        extract(item, in, item->bytes.data, item->bytes.size);
    } else {
        if (read_file(item, input))
            extract(item, in, input->data, input->size);
        trim(input, in->params.memory);
    }
    item->seconds = now() - start;
    gs_progress_end(in->params.progress, worker);
}

static uint64_t held_by(const struct gs_intake_item *item)
{
    return item->x.text.size + item->x.furniture.size + item->bytes.capacity;
}

static void run_job(struct gs_job *base, unsigned worker)
{
    struct gs_intake_job *job = (struct gs_intake_job *)base;
    struct gs_intake *in = job->owner;
    uint64_t held = 0;
    for (size_t i = 0; i < job->count; i++) {
        struct gs_intake_item *item = &job->items[i];
        if (!item->decided)
            run_item(item, in, worker);
        held += held_by(item);
    }
    __atomic_fetch_add(&in->held, held - job->cost, __ATOMIC_RELAXED);
    job->cost = held;
}

/* ---- consuming ---- */

/* "is HTML": what an input was read as, against its name. */
static const char *remark_of(const struct gs_console *c, const struct gs_intake_item *item)
{
    if (item->real == item->kind || item->kind == GS_SOURCE_UNKNOWN)
        return NULL;
    switch (item->real) {
    case GS_SOURCE_HTML:
        return GS_TR(c, "is HTML, and was read as that", "实为 HTML，按 HTML 读取");
    case GS_SOURCE_PDF:
        return GS_TR(c, "is a PDF, and was read as that", "实为 PDF，按 PDF 读取");
    case GS_SOURCE_DOCX:
        return GS_TR(c, "is a DOCX, and was read as that", "实为 DOCX，按 DOCX 读取");
    case GS_SOURCE_TEXT:
        return GS_TR(c, "is plain text, and was read as that", "实为纯文本，按纯文本读取");
    default:
        return NULL;
    }
}

static enum gaosou_status skip_foreign(struct gs_intake *in, const struct gs_intake_item *item,
                                       struct gs_outcome *o, struct gs_err *err)
{
    char text[GS_ERR_CAP];
    const struct gs_console *c = in->outcomes.console;
    snprintf(text, sizeof(text), GS_TR(c, "%s: not read: %s", "%s：不读取：%s"), item->path,
             GS_TR(c, item->foreign, item->foreign_zh));
    o->detail = text;
    o->plain = item->foreign;
    return gs_intake_skip(in, item->id, o, err);
}

static enum gaosou_status note_skipped(struct gs_intake *in, const struct gs_intake_item *item,
                                       struct gs_outcome *o, struct gs_err *err)
{
    o->why = item->why;
    o->detail = item->failure.text[0] ? item->failure.text : NULL;
    o->plain = item->plain;
    return item->foreign ? skip_foreign(in, item, o, err) : gs_intake_skip(in, item->id, o, err);
}

static enum gaosou_status take_item(struct gs_intake *in, struct gs_intake_item *item,
                                    struct gs_outcome *o, struct gs_err *err)
{
    struct gs_filing filing = {.source_size = item->stamp.size,
                               .source_time = item->stamp.time,
                               .text_state = item->x.state};
    filing.field[GS_FIELD_ID] = (struct gs_str){item->id, strlen(item->id)};
    gs_buf_clear(&in->repaired);
    (void)gs_utf8_repair((const uint8_t *)item->path, strlen(item->path), &in->repaired);
    if (gs_buf_status(&in->repaired) != GAOSOU_OK)
        return gs_err_nomem(err, strlen(item->path));
    filing.field[GS_FIELD_PATH] =
        (struct gs_str){(const char *)in->repaired.data, in->repaired.size};
    filing.text = (struct gs_str){(const char *)item->x.text.data, item->x.text.size};
    static const struct gs_console english;
    o->remark = remark_of(in->outcomes.console, item);
    o->plain = remark_of(&english, item);
    return gs_intake_take(in, &filing, &item->x, item->have, o, err);
}

static enum gaosou_status consume_item(struct gs_intake *in, struct gs_intake_item *item,
                                       struct gs_err *err)
{
    enum gaosou_status status = gs_intake_tick(in, err);
    if (status != GAOSOU_OK)
        return status;
    in->outcomes.tally.source_bytes += item->read;
    if (item->failure.status != GAOSOU_OK)
        return gs_err_set(err, item->failure.status, "%s: %s", item->path, item->failure.text);
    struct gs_outcome o = {.path = item->path,
                           .id = {item->id, strlen(item->id)},
                           .format = gs_source_kind_name(item->real),
                           .encoding = item->x.encoding,
                           .encoding_by =
                               item->taken ? gs_encoding_origin_name(item->x.encoding_by) : NULL,
                           .replaced = item->taken ? item->x.replaced : 0,
                           .bytes = item->read,
                           .pages = item->x.pages,
                           .pages_without_text = item->x.pages_without_text,
                           .rescued = item->taken && item->x.damaged,
                           .seconds = item->seconds};
    if (item->taken)
        return take_item(in, item, &o, err);
    if (!item->unchanged)
        return note_skipped(in, item, &o, err);
    o.kind = GS_OUTCOME_UNCHANGED;
    o.format = NULL; /* the name is all that was looked at */
    o.bytes = item->stamp.size;
    gs_outcome_note(&in->outcomes, &o);
    return GAOSOU_OK;
}

/* What the next file does not need any more. */
static void clear_item(struct gs_intake_item *item, uint64_t memory)
{
    free(item->path);
    free(item->id);
    item->path = item->id = NULL;
    trim(&item->x.text, memory);
    trim(&item->x.furniture, memory);
    trim(&item->bytes, memory);
}

static enum gaosou_status consume_job(struct gs_job *base, struct gs_err *err)
{
    struct gs_intake_job *job = (struct gs_intake_job *)base;
    struct gs_intake *in = job->owner;
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < job->count; i++) {
        if (status == GAOSOU_OK)
            status = consume_item(in, &job->items[i], err);
        clear_item(&job->items[i], in->params.memory / (i == 0 ? 1 : GS_INTAKE_ITEMS_MAX));
    }
    __atomic_fetch_sub(&in->held, job->cost, __ATOMIC_RELAXED);
    job->count = 0;
    in->consumed++;
    return status;
}

/* ---- submitting ---- */

/* Bytes that a file will hold once it is extracted, its own among them while that goes on. */
static uint64_t estimate(const struct gs_source_file *file)
{
    uint64_t factor = file->packing != GS_PACKING_NONE ? 8 : 2;
    if (file->kind == GS_SOURCE_DOCX)
        factor = 12;
    return file->size * factor;
}

static struct gs_intake_job *open_job(struct gs_intake *in)
{
    return &in->jobs[in->submitted % in->job_count];
}

static enum gaosou_status submit(struct gs_intake *in, struct gs_err *err)
{
    struct gs_intake_job *job = open_job(in);
    if (job->count == 0)
        return GAOSOU_OK;
    uint64_t budget = in->params.memory / HELD_SHARE;
    while (in->submitted > in->consumed &&
           __atomic_load_n(&in->held, __ATOMIC_RELAXED) + job->cost > budget) {
        enum gaosou_status status = gs_crew_settle(in->crew, in->submitted - in->consumed - 1, err);
        if (status != GAOSOU_OK)
            return status;
    }
    __atomic_fetch_add(&in->held, job->cost, __ATOMIC_RELAXED);
    in->submitted++;
    return gs_crew_submit(in->crew, &job->job, err);
}

/* As new, but for its buffers. */
static enum gaosou_status reset_item(struct gs_intake_item *item, const struct gs_source_file *file,
                                     struct gs_err *err)
{
    struct gs_extracted x = item->x;
    struct gs_buf bytes = item->bytes;
    gs_extracted_clear(&x);
    gs_buf_clear(&bytes);
    *item = (struct gs_intake_item){.path = strdup(file->path),
                                    .id = strdup(file->id),
                                    .kind = file->kind,
                                    .packing = file->packing,
                                    .given = file->given,
                                    .stamp = {file->size, file->time},
                                    .real = file->kind,
                                    .bytes = bytes,
                                    .x = x};
    return item->path && item->id ? GAOSOU_OK : gs_err_nomem(err, strlen(file->path));
}

enum gaosou_status gs_intake_add_item(struct gs_intake *in, const struct gs_source_file *file,
                                      struct gs_intake_item **item, struct gs_err *err)
{
    struct gs_intake_job *job = open_job(in);
    uint64_t cost = estimate(file);
    if (job->count == GS_INTAKE_ITEMS_MAX || (job->count > 0 && job->cost + cost > JOB_BYTES)) {
        enum gaosou_status status = submit(in, err);
        if (status != GAOSOU_OK)
            return status;
        job = open_job(in);
    }
    if (job->count == 0)
        job->cost = 0;
    *item = &job->items[job->count++];
    job->cost += cost;
    return reset_item(*item, file, err);
}

void gs_intake_account(struct gs_intake *in, uint64_t bytes)
{
    open_job(in)->cost += bytes;
}

enum gaosou_status gs_intake_drain(struct gs_intake *in, struct gs_err *err)
{
    enum gaosou_status status = submit(in, err);
    return status == GAOSOU_OK ? gs_crew_drain(in->crew, err) : status;
}

/* ---- life ---- */

static size_t source_max_of(uint64_t memory)
{
    uint64_t most = memory / SOURCE_SHARE;
    return most < SOURCE_LEAST ? SOURCE_LEAST : most > SOURCE_MOST ? SOURCE_MOST : (size_t)most;
}

enum gaosou_status gs_intake_jobs_open(struct gs_intake *in, struct gs_err *err)
{
    uint64_t affordable = 1 + in->params.memory / THREAD_MEMORY;
    if (in->params.threads > affordable)
        in->params.threads = (unsigned)affordable;
    in->source_max = source_max_of(in->params.memory);
    enum gaosou_status status = gs_crew_create(&in->crew, in->params.threads, err);
    if (status != GAOSOU_OK)
        return status;
    in->job_count = gs_crew_window(in->crew) + 1;
    in->jobs = calloc(in->job_count, sizeof(*in->jobs));
    in->inputs = calloc(in->params.threads, sizeof(*in->inputs));
    if (!in->jobs || !in->inputs)
        return gs_err_nomem(err, in->job_count * sizeof(*in->jobs));
    for (unsigned i = 0; i < in->params.threads; i++)
        gs_buf_init(&in->inputs[i], in->source_max);
    for (size_t k = 0; k < in->job_count; k++) {
        struct gs_intake_job *job = &in->jobs[k];
        job->job = (struct gs_job){run_job, consume_job};
        job->owner = in;
        for (size_t i = 0; i < GS_INTAKE_ITEMS_MAX; i++) {
            gs_extracted_init(&job->items[i].x, in->params.filing_max);
            gs_buf_init(&job->items[i].bytes, in->source_max);
        }
    }
    return GAOSOU_OK;
}

void gs_intake_jobs_close(struct gs_intake *in)
{
    gs_crew_free(in->crew);
    in->crew = NULL;
    for (size_t k = 0; in->jobs && k < in->job_count; k++) {
        for (size_t i = 0; i < GS_INTAKE_ITEMS_MAX; i++) {
            struct gs_intake_item *item = &in->jobs[k].items[i];
            free(item->path);
            free(item->id);
            gs_buf_release(&item->bytes);
            gs_extracted_release(&item->x);
        }
    }
    for (unsigned i = 0; in->inputs && i < in->params.threads; i++)
        gs_buf_release(&in->inputs[i]);
    free(in->jobs);
    free(in->inputs);
    in->jobs = NULL;
    in->inputs = NULL;
}
