#include "common/segment/container.h"

#include "common/base/checksum.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const section_names[GS_SECTION_KNOWN] = {
    [GS_SECTION_HAN_BLOCKS] = "han blocks",
    [GS_SECTION_HAN_ENTRIES] = "han entries",
    [GS_SECTION_WORD_BLOCKS] = "word blocks",
    [GS_SECTION_WORD_ENTRIES] = "word entries",
    [GS_SECTION_REVERSE_ROWS] = "reverse rows",
    [GS_SECTION_REVERSE_FIRSTS] = "reverse firsts",
    [GS_SECTION_POSTINGS] = "postings",
    [GS_SECTION_POSITIONS] = "positions",
    [GS_SECTION_COLUMNS] = "columns",
    [GS_SECTION_RECORDS] = "records",
    [GS_SECTION_RECORD_INDEX] = "record index",
    [GS_SECTION_IDS] = "ids",
    [GS_SECTION_TEXT] = "text",
    [GS_SECTION_TEXT_BLOCKS] = "text blocks",
    [GS_SECTION_TEXT_DOCS] = "text docs",
    [GS_SECTION_DICTIONARIES] = "dictionaries",
    [GS_SECTION_KEYWORDS] = "keywords",
    [GS_SECTION_KEYWORD_BYTES] = "keyword bytes",
    [GS_SECTION_KEYWORD_ORDINALS] = "keyword ordinals",
    [GS_SECTION_CHECKSUMS] = "page checksums",
};

const char *gs_section_name(uint32_t id)
{
    return id < GS_SECTION_KNOWN && section_names[id] ? section_names[id] : "unknown";
}

enum gaosou_status gs_container_corrupt(const struct gs_container *c, enum gs_section_id id,
                                        uint64_t offset, struct gs_err *err, const char *fmt, ...)
{
    char what[256];
    va_list args;
    va_start(args, fmt);
    vsnprintf(what, sizeof(what), fmt, args);
    va_end(args);
    return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: section %s, offset %" PRIu64 ": %s",
                      c->path, gs_section_name(id), offset, what);
}

enum gaosou_status gs_container_outside(const struct gs_container *c, enum gs_section_id id,
                                        uint64_t offset, uint64_t size, struct gs_err *err)
{
    uint64_t has = c->known[id].size;
    if (has == 0)
        return gs_container_corrupt(c, id, offset, err, "the section is missing");
    return gs_container_corrupt(c, id, offset, err,
                                "%" PRIu64 " bytes wanted, the section has %" PRIu64, size, has);
}

/* ---- pages ---- */

/* The section whose bytes or padding a page holds, for messages. */
static uint32_t section_at_page(const struct gs_container *c, uint64_t page)
{
    uint32_t id = 0;
    for (uint32_t i = 0; i < c->section_count; i++)
        if (c->toc[i].offset / GS_PAGE <= page)
            id = c->toc[i].id;
    return id;
}

static bool page_matches(const struct gs_container *c, uint64_t page, uint32_t *found,
                         uint32_t *wanted)
{
    *found = gs_checksum32(c->map.data + page * GS_PAGE, GS_PAGE);
    *wanted = gs_load_u32(c->checksums + 4 * page);
    return *found == *wanted;
}

enum gaosou_status gs_container_verify(const struct gs_container *c, uint64_t first_page,
                                       uint64_t last_page, struct gs_err *err)
{
    for (uint64_t page = first_page; page <= last_page; page++) {
        if (gs_page_verified(c, page))
            continue;
        uint32_t found, wanted;
        if (!page_matches(c, page, &found, &wanted))
            return gs_err_set(err, GAOSOU_E_CORRUPT,
                              "%s is damaged: page %" PRIu64 " (section %s): checksum %08" PRIx32
                              ", should be %08" PRIx32,
                              c->path, page, gs_section_name(section_at_page(c, page)), found,
                              wanted);
        atomic_fetch_or_explicit(&c->verified[page >> 6], UINT64_C(1) << (page & 63),
                                 memory_order_relaxed);
    }
    return GAOSOU_OK;
}

void gs_container_check(const struct gs_container *c, void (*report)(void *ctx, const char *line),
                        void *ctx, uint64_t *problems, struct gs_err *err)
{
    char line[256];
    uint64_t found_before = *problems;
    const uint8_t *tail = c->checksums + 4 * c->page_count;
    bool table_wrong = gs_hash64(c->checksums, (size_t)(4 * c->page_count)) != gs_load_u64(tail);
    for (uint64_t page = 0; page <= c->page_count; page++) {
        uint32_t found = 0, wanted = 0;
        if (page < c->page_count && page_matches(c, page, &found, &wanted))
            continue;
        if (page < c->page_count)
            snprintf(line, sizeof(line),
                     "page %" PRIu64 " (section %s): checksum %08" PRIx32 ", should be %08" PRIx32,
                     page, gs_section_name(section_at_page(c, page)), found, wanted);
        else if (table_wrong)
            snprintf(line, sizeof(line), "section page checksums: its own checksum is wrong");
        else
            continue;
        if ((*problems)++ == found_before)
            gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: %s", c->path, line);
        if (report)
            report(ctx, line);
    }
}

/* ---- header and table of contents ---- */

static enum gaosou_status header_wrong(const struct gs_container *c, unsigned offset,
                                       struct gs_err *err, const char *what)
{
    return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: header, offset %u: %s", c->path,
                      offset, what);
}

static enum gaosou_status header_identify(struct gs_container *c, struct gs_err *err)
{
    const uint8_t *p = c->map.data;
    size_t size = c->map.size;
    if (size < GS_SEGMENT_MAGIC_SIZE || memcmp(p, GS_SEGMENT_MAGIC, GS_SEGMENT_MAGIC_SIZE) != 0)
        return gs_err_set(err, GAOSOU_E_NOT_INDEX, "%s is not a Gaosou segment", c->path);
    if (size < GS_PAGE)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s is damaged: %zu bytes, the header alone has %u", c->path, size,
                          GS_PAGE);
    c->header_checksum = gs_load_u64(p + GS_HEADER_CHECKSUM);
    if (gs_hash64(p, GS_HEADER_CHECKSUM) != c->header_checksum)
        return header_wrong(c, GS_HEADER_CHECKSUM, err, "checksum of the header is wrong");
    uint32_t version = gs_load_u32(p + GS_HEADER_VERSION);
    uint32_t oldest_reader = gs_load_u32(p + GS_HEADER_OLDEST_READER);
    if (oldest_reader > GS_FORMAT_VERSION)
        return gs_err_set(err, GAOSOU_E_TOO_NEW,
                          "%s has format %" PRIu32 " and needs a reader of format %" PRIu32
                          "; this program reads up to %u",
                          c->path, version, oldest_reader, GS_FORMAT_VERSION);
    if (version < GS_FORMAT_OLDEST)
        return gs_err_set(err, GAOSOU_E_TOO_OLD,
                          "%s has format %" PRIu32 "; this program reads %u to %u", c->path,
                          version, GS_FORMAT_OLDEST, GS_FORMAT_VERSION);
    return GAOSOU_OK;
}

static enum gaosou_status header_stats(struct gs_container *c, struct gs_err *err)
{
    const uint8_t *p = c->map.data;
    uint32_t flags = gs_load_u32(p + GS_HEADER_FLAGS);
    c->stats = (struct gs_segment_stats){
        .doc_count = gs_load_u32(p + GS_HEADER_DOCS),
        .total_length = gs_load_u64(p + GS_HEADER_LENGTH),
        .terms = gs_load_u64(p + GS_HEADER_TERMS),
        .postings = gs_load_u64(p + GS_HEADER_POSTINGS),
        .positions = gs_load_u64(p + GS_HEADER_POSITIONS),
        .first_sequence = gs_load_u64(p + GS_HEADER_FIRST_SEQUENCE),
        .analysis_id = gs_load_u64(p + GS_HEADER_ANALYSIS),
        .text_bytes = gs_load_u64(p + GS_HEADER_TEXT_BYTES),
        .has_text = flags & GS_HEADER_FLAG_TEXT,
    };
    if (flags & ~GS_HEADER_FLAG_TEXT)
        return header_wrong(c, GS_HEADER_FLAGS, err, "reserved flags are set");
    if (c->stats.doc_count > GS_DOC_MAX)
        return header_wrong(c, GS_HEADER_DOCS, err, "too many filings");
    if (gs_load_u64(p + GS_HEADER_FILE_SIZE) != c->map.size)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s is damaged: %zu bytes, its header says %" PRIu64, c->path,
                          c->map.size, gs_load_u64(p + GS_HEADER_FILE_SIZE));
    c->section_count = gs_load_u32(p + GS_HEADER_SECTIONS);
    if (c->section_count == 0 || c->section_count > GS_TOC_CAP)
        return header_wrong(c, GS_HEADER_SECTIONS, err, "impossible number of sections");
    for (unsigned at = GS_HEADER_RESERVED; at < GS_HEADER_CHECKSUM; at++) {
        if (at == GS_TOC_OFFSET)
            at += c->section_count * GS_TOC_ENTRY;
        if (p[at] != 0)
            return header_wrong(c, at, err, "a reserved byte is not zero");
    }
    return GAOSOU_OK;
}

static uint64_t align_up(uint64_t v, uint64_t to)
{
    return (v + to - 1) / to * to;
}

static enum gaosou_status toc_entry(struct gs_container *c, uint32_t i, uint64_t *expected,
                                    struct gs_err *err)
{
    unsigned at = GS_TOC_OFFSET + i * GS_TOC_ENTRY;
    const uint8_t *p = c->map.data + at;
    struct gs_section s = {.id = gs_load_u32(p),
                           .flags = gs_load_u32(p + 4),
                           .offset = gs_load_u64(p + 8),
                           .size = gs_load_u64(p + 16)};
    bool known = s.id < GS_SECTION_KNOWN && section_names[s.id];
    bool last = i + 1 == c->section_count;
    if (s.flags & ~GS_SECTION_OPTIONAL || gs_load_u64(p + 24) != 0)
        return header_wrong(c, at, err, "reserved bits of a section are set");
    if (s.id == 0 || (s.id == GS_SECTION_CHECKSUMS) != last)
        return header_wrong(c, at, err, "the page checksums must be the last section");
    if (!known && !(s.flags & GS_SECTION_OPTIONAL))
        return gs_err_set(err, GAOSOU_E_TOO_NEW,
                          "%s has section %" PRIu32
                          ", which this program does not know and must not skip",
                          c->path, s.id);
    for (uint32_t k = 0; k < i; k++)
        if (c->toc[k].id == s.id)
            return header_wrong(c, at, err, "a section stands twice");
    if (last)
        *expected = align_up(*expected, GS_PAGE);
    if (s.offset != *expected || s.offset > c->map.size || s.size > c->map.size - s.offset ||
        s.size == 0)
        return header_wrong(c, at + 8, err, "a section's offset or size is wrong");
    *expected = align_up(s.offset + s.size + GS_SECTION_PADDING, GS_SECTION_ALIGN);
    c->toc[i] = s;
    if (known)
        c->known[s.id] = s;
    return GAOSOU_OK;
}

static enum gaosou_status toc_read(struct gs_container *c, struct gs_err *err)
{
    uint64_t expected = GS_PAGE;
    for (uint32_t i = 0; i < c->section_count; i++) {
        enum gaosou_status status = toc_entry(c, i, &expected, err);
        if (status != GAOSOU_OK)
            return status;
    }
    struct gs_section sums = c->known[GS_SECTION_CHECKSUMS];
    c->known[GS_SECTION_CHECKSUMS] = (struct gs_section){0}; /* out of gs_container_get's reach */
    c->page_count = sums.offset / GS_PAGE;
    c->checksums = c->map.data + sums.offset;
    if (sums.size != 4 * c->page_count + 8 || sums.offset + sums.size != c->map.size)
        return header_wrong(c, GS_TOC_OFFSET + (c->section_count - 1) * GS_TOC_ENTRY, err,
                            "the page checksums do not fit the file");
    return GAOSOU_OK;
}

static enum gaosou_status container_init(struct gs_container *c, const char *name,
                                         struct gs_err *err)
{
    c->path = strdup(name);
    if (!c->path)
        return gs_err_nomem(err, strlen(name) + 1);
    enum gaosou_status status = header_identify(c, err);
    if (status == GAOSOU_OK)
        status = header_stats(c, err);
    if (status == GAOSOU_OK)
        status = toc_read(c, err);
    if (status != GAOSOU_OK)
        return status;
    size_t words = (size_t)(c->page_count / 64 + 1);
    c->verified = calloc(words, sizeof(*c->verified));
    return c->verified ? GAOSOU_OK : gs_err_nomem(err, words * sizeof(*c->verified));
}

enum gaosou_status gs_container_parse(struct gs_container *c, const uint8_t *bytes, size_t size,
                                      const char *name, struct gs_err *err)
{
    struct gs_container made = {.map = {bytes, size}};
    enum gaosou_status status = container_init(&made, name, err);
    if (status == GAOSOU_OK)
        *c = made;
    else
        gs_container_close(&made);
    return status;
}

enum gaosou_status gs_container_open(struct gs_container *c, const char *path, struct gs_err *err)
{
    struct gs_map map;
    enum gaosou_status status = gs_map_open(&map, path, err);
    if (status != GAOSOU_OK)
        return status;
    status = gs_container_parse(c, map.data, map.size, path, err);
    if (status == GAOSOU_OK)
        c->owns_map = true;
    else
        gs_map_close(&map);
    return status;
}

void gs_container_close(struct gs_container *c)
{
    if (!c)
        return;
    if (c->owns_map)
        gs_map_close(&c->map);
    free(c->path);
    free(c->verified);
    memset(c, 0, sizeof(*c));
}
