/*
 * container.h: the segment file as sections of bytes: header page, table of contents, page
 * checksums.
 *
 * Reader: a gs_container is immutable after open and shared by threads; the verified-page bits are
 * atomic and only ever set. Every read of mapped bytes goes through gs_container_get(), which
 * checks bounds and verifies each 4 KiB page at its first touch. At least GS_SECTION_PADDING bytes
 * behind any section are mapped, so that a decoder may load past the end of what it asked for; what
 * it loads there must not decide anything.
 *
 * Writer: sections may be appended to in any interleaving. One section at a time streams straight
 * into the file (the large ones: text, then postings); the others wait in memory up to GS_SPILL
 * bytes each, and beyond that in an unlinked temporary file beside the segment. The order of
 * sections in the file is: streamed ones as streamed, then the others by id. Sticky errors.
 */
#ifndef GS_SEGMENT_CONTAINER_H
#define GS_SEGMENT_CONTAINER_H

#include "common/base/file.h"
#include "common/segment/format.h"
#include "common/segment/segment.h"

#include <stdatomic.h>

struct gs_section {
    uint64_t offset, size; /* bytes in the file */
    uint32_t id, flags;
};

struct gs_container {
    struct gs_map map; /* map.data may also be memory of the caller's: see gs_container_parse */
    bool owns_map;
    char *path;                        /* for messages; owned */
    struct gs_segment_stats stats;     /* from the header */
    struct gs_section toc[GS_TOC_CAP]; /* in the order of offsets */
    uint32_t section_count;
    struct gs_section known[GS_SECTION_KNOWN]; /* by id; size 0 where the file has none */
    uint64_t header_checksum;
    const uint8_t *checksums; /* 4 bytes a page */
    uint64_t page_count;
    _Atomic(uint64_t) *verified; /* a bit a page */
};

/* Maps the file and checks header and table of contents. NOT_INDEX, TOO_OLD, TOO_NEW and CORRUPT
 * are told apart. */
GS_MUST_USE enum gaosou_status gs_container_open(struct gs_container *c, const char *path,
                                                 struct gs_err *err);
/* The same over bytes the caller keeps until close (tests, fuzzers). name is for messages. */
GS_MUST_USE enum gaosou_status gs_container_parse(struct gs_container *c, const uint8_t *bytes,
                                                  size_t size, const char *name,
                                                  struct gs_err *err);
void gs_container_close(struct gs_container *c); /* NULL and zeroed objects are fine */

static inline uint64_t gs_section_size(const struct gs_container *c, enum gs_section_id id)
{
    return c->known[id].size;
}
const char *gs_section_name(uint32_t id); /* static; "unknown" */

/* Private to gs_container_get: the slow halves. */
enum gaosou_status gs_container_outside(const struct gs_container *c, enum gs_section_id id,
                                        uint64_t offset, uint64_t size, struct gs_err *err);
enum gaosou_status gs_container_verify(const struct gs_container *c, uint64_t first_page,
                                       uint64_t last_page, struct gs_err *err);

static inline bool gs_page_verified(const struct gs_container *c, uint64_t page)
{
    return atomic_load_explicit(&c->verified[page >> 6], memory_order_relaxed) >> (page & 63) & 1;
}

/* *bytes = `size` bytes at `offset` of a section, verified; valid until close. GAOSOU_E_CORRUPT for
 * bytes outside the section and for a page whose checksum is wrong. The only door to mapped bytes.
 */
GS_MUST_USE static inline enum gaosou_status
gs_container_get(const struct gs_container *c, enum gs_section_id id, uint64_t offset,
                 uint64_t size, const uint8_t **bytes, struct gs_err *err)
{
    const struct gs_section *s = &c->known[id];
    if (__builtin_expect(offset > s->size || size > s->size - offset, 0))
        return gs_container_outside(c, id, offset, size, err);
    uint64_t at = s->offset + offset;
    uint64_t page = at / GS_PAGE, last = (at + size - (size > 0)) / GS_PAGE;
    if (__builtin_expect(page != last || !gs_page_verified(c, page), 0)) {
        enum gaosou_status status = size ? gs_container_verify(c, page, last, err) : GAOSOU_OK;
        if (status != GAOSOU_OK)
            return status;
    }
    *bytes = c->map.data + at;
    return GAOSOU_OK;
}

/* "<file>: <section>: <what>" as GAOSOU_E_CORRUPT: for whoever decodes a section and finds it
 * wrong. */
enum gaosou_status gs_container_corrupt(const struct gs_container *c, enum gs_section_id id,
                                        uint64_t offset, struct gs_err *err, const char *fmt, ...)
    GS_PRINTF(5, 6);

/* Verifies every page, one report line (without the file's name) for each damaged one; adds to
 * *problems. */
void gs_container_check(const struct gs_container *c, void (*report)(void *ctx, const char *line),
                        void *ctx, uint64_t *problems, struct gs_err *err);

/* ---- writing ---- */

#define GS_SPILL ((size_t)1 << 20) /* bytes a waiting section keeps in memory */

struct gs_container_section_writer {
    struct gs_buf buf; /* what waits in memory */
    int spill_fd;      /* -1: nothing spilled */
    bool streamed;
    uint64_t size;        /* appended so far */
    uint64_t file_offset; /* once it has its place */
    uint32_t flags;
};

struct gs_container_writer {
    struct gs_outfile out;
    struct gs_container_section_writer sections[GS_SECTION_KNOWN];
    uint32_t toc[GS_TOC_CAP]; /* ids in file order */
    uint32_t toc_count;
    uint32_t stream;         /* id that streams, or 0 */
    struct gs_buf checksums; /* 4 bytes a page from page 1 on */
    uint8_t page[GS_PAGE];   /* the page being filled */
    size_t page_fill;
    enum gaosou_status status; /* sticky; errors of the file itself are in out */
    char *path;
};

GS_MUST_USE enum gaosou_status gs_container_writer_open(struct gs_container_writer *w,
                                                        const char *path, struct gs_err *err);
void gs_container_writer_discard(
    struct gs_container_writer *w); /* removes what was written; NULL and zeroed objects are fine */

/* From here on appends to `id` go straight to the file; the section that streamed before is closed
 * for good. Nothing may have been appended to `id` yet. */
void gs_container_stream(struct gs_container_writer *w, enum gs_section_id id);
void gs_container_append(struct gs_container_writer *w, enum gs_section_id id, const void *bytes,
                         size_t size);
/* Sets flags of the table of contents (GS_SECTION_OPTIONAL). */
void gs_container_set_flags(struct gs_container_writer *w, enum gs_section_id id, uint32_t flags);
static inline uint64_t gs_container_appended(const struct gs_container_writer *w,
                                             enum gs_section_id id)
{
    return w->sections[id].size;
}
void gs_container_fail(struct gs_container_writer *w,
                       enum gaosou_status status); /* sticky; keeps the first */
size_t gs_container_writer_memory(const struct gs_container_writer *w);

/* Places all sections, writes checksums and header, publishes. Releases w in every case. */
GS_MUST_USE enum gaosou_status gs_container_finish(struct gs_container_writer *w,
                                                   const struct gs_segment_stats *stats,
                                                   struct gs_err *err);

#endif
