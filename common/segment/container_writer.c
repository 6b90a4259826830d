#include "common/segment/container.h"

#include "common/base/checksum.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECKSUM_CAP ((size_t)1 << 34) /* bytes of page checksums: a file of 16 TiB */

void gs_container_fail(struct gs_container_writer *w, enum gaosou_status status)
{
    if (w->status == GAOSOU_OK)
        w->status = status;
}

static bool writing(const struct gs_container_writer *w)
{
    return w->status == GAOSOU_OK && w->out.status == GAOSOU_OK;
}

/* ---- bytes that have their place: into the file, page by page into the checksums ---- */

static void emit(struct gs_container_writer *w, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    gs_outfile_write(&w->out, p, size);
    while (size > 0) {
        if (w->page_fill == 0 && size >= GS_PAGE) {
            gs_buf_append_u32(&w->checksums, gs_checksum32(p, GS_PAGE));
            p += GS_PAGE;
            size -= GS_PAGE;
            continue;
        }
        size_t part = GS_PAGE - w->page_fill < size ? GS_PAGE - w->page_fill : size;
        memcpy(w->page + w->page_fill, p, part);
        w->page_fill += part;
        p += part;
        size -= part;
        if (w->page_fill == GS_PAGE) {
            gs_buf_append_u32(&w->checksums, gs_checksum32(w->page, GS_PAGE));
            w->page_fill = 0;
        }
    }
}

/* Zeros until the offset is a multiple of `to`, at least `least` of them. */
static void emit_padding(struct gs_container_writer *w, uint64_t least, uint64_t to)
{
    static const uint8_t zeros[GS_PAGE];
    uint64_t end = (w->out.offset + least + to - 1) / to * to;
    while (w->out.offset < end) {
        uint64_t part = end - w->out.offset;
        emit(w, zeros, (size_t)(part < GS_PAGE ? part : GS_PAGE));
    }
}

static void section_begin(struct gs_container_writer *w, uint32_t id)
{
    if (w->toc_count == GS_TOC_CAP) {
        gs_container_fail(w, GAOSOU_E_LIMIT);
        return;
    }
    w->sections[id].file_offset = w->out.offset;
    w->toc[w->toc_count++] = id;
}

static void section_end(struct gs_container_writer *w, uint32_t id)
{
    if (w->sections[id].size == 0)
        w->toc_count--; /* an empty section is not written */
    else
        emit_padding(w, GS_SECTION_PADDING, GS_SECTION_ALIGN);
}

/* ---- bytes that wait ---- */

/* A file without a name beside the segment: gone with the process, whatever happens. */
static int spill_open(const char *path, uint32_t id)
{
    char name[4200];
    int n = snprintf(name, sizeof(name), "%s.%" PRIu32 ".spill", path, id);
    if (n < 0 || (size_t)n >= sizeof(name)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd >= 0)
        (void)unlink(name);
    return fd;
}

static bool write_whole(int fd, const uint8_t *p, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, p, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        size -= (size_t)n;
    }
    return true;
}

static void fail_sys(struct gs_container_writer *w, int errnum)
{
    if (w->out.status == GAOSOU_OK) {
        w->out.status = gs_err_sys(NULL, errnum, " ");
        w->out.errnum = errnum;
    }
}

static void spill(struct gs_container_writer *w, uint32_t id)
{
    struct gs_container_section_writer *s = &w->sections[id];
    if (s->spill_fd < 0)
        s->spill_fd = spill_open(w->path, id);
    if (s->spill_fd < 0 || !write_whole(s->spill_fd, s->buf.data, s->buf.size))
        fail_sys(w, errno);
    gs_buf_clear(&s->buf);
}

static void emit_spilled(struct gs_container_writer *w, struct gs_container_section_writer *s)
{
    uint64_t spilled = s->size - s->buf.size, at = 0;
    uint8_t *chunk = malloc(GS_SPILL);
    if (!chunk) {
        gs_container_fail(w, GAOSOU_E_NOMEM);
        return;
    }
    while (at < spilled && writing(w)) {
        uint64_t left = spilled - at;
        ssize_t n =
            pread(s->spill_fd, chunk, (size_t)(left < GS_SPILL ? left : GS_SPILL), (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            fail_sys(w, n < 0 ? errno : EIO);
            break;
        }
        emit(w, chunk, (size_t)n);
        at += (uint64_t)n;
    }
    free(chunk);
    close(s->spill_fd);
    s->spill_fd = -1;
}

/* ---- the calls ---- */

enum gaosou_status gs_container_writer_open(struct gs_container_writer *w, const char *path,
                                            struct gs_err *err)
{
    static const uint8_t header[GS_PAGE];
    memset(w, 0, sizeof(*w));
    for (size_t i = 0; i < GS_SECTION_KNOWN; i++) {
        gs_buf_init(&w->sections[i].buf, (size_t)1 << 31);
        w->sections[i].spill_fd = -1;
    }
    gs_buf_init(&w->checksums, CHECKSUM_CAP);
    w->path = strdup(path);
    if (!w->path)
        return gs_err_nomem(err, strlen(path) + 1);
    enum gaosou_status status = gs_outfile_open(&w->out, path, err);
    if (status != GAOSOU_OK) {
        free(w->path);
        memset(w, 0, sizeof(*w));
        return status;
    }
    gs_outfile_write(&w->out, header,
                     sizeof(header)); /* its place; its checksum comes with its bytes */
    return GAOSOU_OK;
}

static void writer_release(struct gs_container_writer *w)
{
    for (size_t i = 0; i < GS_SECTION_KNOWN; i++) {
        gs_buf_release(&w->sections[i].buf);
        if (w->sections[i].spill_fd >= 0)
            close(w->sections[i].spill_fd);
    }
    gs_buf_release(&w->checksums);
    free(w->path);
    memset(w, 0, sizeof(*w));
}

void gs_container_writer_discard(struct gs_container_writer *w)
{
    if (!w || !w->path)
        return;
    gs_outfile_discard(&w->out);
    writer_release(w);
}

static void stream_end(struct gs_container_writer *w)
{
    if (w->stream)
        section_end(w, w->stream);
    w->stream = 0;
}

void gs_container_stream(struct gs_container_writer *w, enum gs_section_id id)
{
    struct gs_container_section_writer *s = &w->sections[id];
    if (!writing(w))
        return;
    if (s->size > 0 || s->streamed) {
        gs_container_fail(w, GAOSOU_E_USE);
        return;
    }
    stream_end(w);
    s->streamed = true;
    w->stream = id;
    section_begin(w, id);
}

void gs_container_append(struct gs_container_writer *w, enum gs_section_id id, const void *bytes,
                         size_t size)
{
    struct gs_container_section_writer *s = &w->sections[id];
    if (!writing(w))
        return;
    if (s->streamed && w->stream != (uint32_t)id) {
        gs_container_fail(w, GAOSOU_E_USE);
        return;
    }
    s->size += size;
    if (s->streamed) {
        emit(w, bytes, size);
        return;
    }
    gs_buf_append(&s->buf, bytes, size);
    if (gs_buf_status(&s->buf) != GAOSOU_OK)
        gs_container_fail(w, gs_buf_status(&s->buf));
    else if (s->buf.size >= GS_SPILL)
        spill(w, id);
}

void gs_container_set_flags(struct gs_container_writer *w, enum gs_section_id id, uint32_t flags)
{
    w->sections[id].flags = flags;
}

size_t gs_container_writer_memory(const struct gs_container_writer *w)
{
    size_t bytes = sizeof(*w) + w->checksums.capacity;
    for (size_t i = 0; i < GS_SECTION_KNOWN; i++)
        bytes += w->sections[i].buf.capacity;
    return bytes;
}

/* ---- the end ---- */

static void place_waiting(struct gs_container_writer *w)
{
    stream_end(w);
    for (uint32_t id = 1; id < GS_SECTION_CHECKSUMS; id++) {
        struct gs_container_section_writer *s = &w->sections[id];
        if (s->streamed || s->size == 0)
            continue;
        section_begin(w, id);
        if (s->spill_fd >= 0)
            emit_spilled(w, s);
        emit(w, s->buf.data, s->buf.size);
        section_end(w, id);
    }
    emit_padding(w, 0, GS_PAGE);
}

static void header_build(const struct gs_container_writer *w, const struct gs_segment_stats *stats,
                         uint8_t page[GS_PAGE])
{
    const struct gs_container_section_writer *sums = &w->sections[GS_SECTION_CHECKSUMS];
    memset(page, 0, GS_PAGE);
    memcpy(page, GS_SEGMENT_MAGIC, GS_SEGMENT_MAGIC_SIZE);
    gs_store_u32(page + GS_HEADER_VERSION, GS_FORMAT_VERSION);
    gs_store_u32(page + GS_HEADER_OLDEST_READER, GS_FORMAT_VERSION);
    gs_store_u64(page + GS_HEADER_ANALYSIS, stats->analysis_id);
    gs_store_u64(page + GS_HEADER_FILE_SIZE, sums->file_offset + sums->size);
    gs_store_u32(page + GS_HEADER_DOCS, stats->doc_count);
    gs_store_u32(page + GS_HEADER_FLAGS, stats->has_text ? GS_HEADER_FLAG_TEXT : 0);
    gs_store_u64(page + GS_HEADER_LENGTH, stats->total_length);
    gs_store_u64(page + GS_HEADER_TERMS, stats->terms);
    gs_store_u64(page + GS_HEADER_POSTINGS, stats->postings);
    gs_store_u64(page + GS_HEADER_POSITIONS, stats->positions);
    gs_store_u64(page + GS_HEADER_FIRST_SEQUENCE, stats->first_sequence);
    gs_store_u64(page + GS_HEADER_TEXT_BYTES, stats->text_bytes);
    gs_store_u32(page + GS_HEADER_SECTIONS, w->toc_count);
    for (uint32_t i = 0; i < w->toc_count; i++) {
        uint8_t *p = page + GS_TOC_OFFSET + i * GS_TOC_ENTRY;
        const struct gs_container_section_writer *s = &w->sections[w->toc[i]];
        gs_store_u32(p, w->toc[i]);
        gs_store_u32(p + 4, s->flags);
        gs_store_u64(p + 8, s->file_offset);
        gs_store_u64(p + 16, s->size);
    }
    gs_store_u64(page + GS_HEADER_CHECKSUM, gs_hash64(page, GS_HEADER_CHECKSUM));
}

/* The checksum table, the header that names it, and the table's entry for that header. */
static void finish_file(struct gs_container_writer *w, const struct gs_segment_stats *stats)
{
    struct gs_container_section_writer *sums = &w->sections[GS_SECTION_CHECKSUMS];
    uint64_t pages = w->out.offset / GS_PAGE;
    sums->size = 4 * pages + 8;
    section_begin(w, GS_SECTION_CHECKSUMS);
    if (gs_buf_status(&w->checksums) != GAOSOU_OK)
        gs_container_fail(w, gs_buf_status(&w->checksums));
    if (!writing(w))
        return;
    uint8_t page[GS_PAGE];
    header_build(w, stats, page);
    struct gs_buf table;
    gs_buf_init(&table, CHECKSUM_CAP);
    gs_buf_append_u32(&table, gs_checksum32(page, GS_PAGE));
    gs_buf_append(&table, w->checksums.data, w->checksums.size);
    gs_buf_append_u64(&table, table.data ? gs_hash64(table.data, table.size) : 0);
    if (gs_buf_status(&table) != GAOSOU_OK) {
        gs_container_fail(w, gs_buf_status(&table));
    } else {
        gs_outfile_write(&w->out, table.data, table.size);
        gs_outfile_rewrite(&w->out, 0, page, sizeof(page));
    }
    gs_buf_release(&table);
}

enum gaosou_status gs_container_finish(struct gs_container_writer *w,
                                       const struct gs_segment_stats *stats, struct gs_err *err)
{
    enum gaosou_status status;
    if (writing(w))
        place_waiting(w);
    if (writing(w))
        finish_file(w, stats);
    if (w->status == GAOSOU_OK) {
        status = gs_outfile_publish(&w->out, err); /* also tells what went wrong in the file */
    } else {
        status = gs_err_set(err, w->status, "cannot write %s: %s", w->path,
                            gaosou_status_text(w->status));
        gs_outfile_discard(&w->out);
    }
    writer_release(w);
    return status;
}
