/* Container, manifest and deletions. See format_reader.h. */
#include "tests/support/format_reader.h"

#include "common/base/checksum.h"

/* ---- bytes ---- */

void *format_memory(size_t size)
{
    void *p = calloc(size ? size : 1, 1);
    if (!p)
        abort();
    return p;
}

uint64_t format_number(struct format_cursor *c, size_t bytes)
{
    uint64_t v = 0;
    if (c->failed || c->size - c->at < bytes) {
        c->failed = true;
        return 0;
    }
    for (size_t i = 0; i < bytes; i++)
        v |= (uint64_t)c->bytes[c->at++] << (8 * i);
    return v;
}

uint64_t format_varint(struct format_cursor *c)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
        uint64_t byte = format_number(c, 1);
        if (c->failed || (shift == 63 && byte > 1))
            break;
        v |= (byte & 0x7F) << shift;
        if (byte < 0x80)
            return v;
    }
    c->failed = true;
    return 0;
}

struct format_cursor format_slice(struct format_cursor *c, uint64_t offset, uint64_t size)
{
    struct format_cursor part = {0};
    if (offset > c->size || size > c->size - offset) {
        c->failed = part.failed = true;
        return part;
    }
    part.bytes = c->bytes + offset;
    part.size = (size_t)size;
    return part;
}

static bool are_zero(struct format_cursor *c, uint64_t from, uint64_t to)
{
    struct format_cursor part = format_slice(c, from, to < from ? UINT64_MAX : to - from);
    for (size_t i = 0; i < part.size; i++)
        if (part.bytes[i])
            return false;
    return !part.failed;
}

/* ---- segments ---- */

static uint64_t round_up(uint64_t v, uint64_t unit)
{
    return (v + unit - 1) / unit * unit;
}

static bool read_statistics(struct format_segment *s, struct format_cursor *c)
{
    c->at = 24;
    s->analysis_id = format_number(c, 8);
    uint64_t size = format_number(c, 8);
    s->docs = (uint32_t)format_number(c, 4);
    s->flags = (uint32_t)format_number(c, 4);
    s->total_length = format_number(c, 8);
    s->terms_count = format_number(c, 8);
    s->postings = format_number(c, 8);
    s->positions = format_number(c, 8);
    s->first_sequence = format_number(c, 8);
    s->text_bytes = format_number(c, 8);
    return size == s->size && s->docs >= 1 && s->docs <= 0x7FFFFFFF && s->flags <= 1;
}

/* The table of contents: offsets exactly by the rule, zeros between. */
static bool read_contents(struct format_segment *s, struct format_cursor *c)
{
    uint64_t count = format_number(c, 4), next = 4096, end = 4096;
    if (count < 1 || count > 64 || !are_zero(c, 100, 128) || !are_zero(c, 128 + 32 * count, 4088))
        return false;
    c->at = 128;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t id = format_number(c, 4), flags = format_number(c, 4);
        uint64_t offset = format_number(c, 8), size = format_number(c, 8),
                 zero = format_number(c, 8);
        bool last = i + 1 == count;
        bool known = id > 0 && id < FORMAT_SECTIONS;
        if (zero != 0 || flags > 1 || size < 1 || (!known && !(flags & 1)) ||
            (id == FORMAT_PAGE_CHECKSUMS) != last)
            return false;
        if (offset != (last ? round_up(next, 4096) : next) || !are_zero(c, end, offset))
            return false;
        if (known && s->sections[id].size > 0)
            return false;
        struct format_cursor section = format_slice(c, offset, size);
        if (section.failed)
            return false;
        if (known)
            s->sections[id] = section;
        end = offset + size;
        next = round_up(end + 64, 64);
    }
    return end == s->size;
}

static bool check_pages(const struct format_segment *s)
{
    struct format_cursor sums = s->sections[FORMAT_PAGE_CHECKSUMS];
    size_t offset = (size_t)(sums.bytes - s->file), pages = offset / 4096;
    if (offset % 4096 != 0 || sums.size != 4 * pages + 8)
        return false;
    for (size_t i = 0; i < pages; i++)
        if (format_number(&sums, 4) != gs_checksum32(s->file + 4096 * i, 4096))
            return false;
    return format_number(&sums, 8) == gs_hash64(sums.bytes, 4 * pages);
}

bool format_segment_open(struct format_segment *s, uint8_t *file, size_t size)
{
    struct format_cursor c = {.bytes = file, .size = size};
    s->file = file;
    s->size = size;
    if (size < 4096 || memcmp(file, "\x89GAOSOU SEG\r\n\x1a\n\0", 16) != 0)
        return false;
    c.at = 4088;
    s->header_checksum = format_number(&c, 8);
    if (s->header_checksum != gs_hash64(file, 4088))
        return false;
    c.at = 16;
    if (format_number(&c, 4) != 1 || format_number(&c, 4) != 1)
        return false;
    return read_statistics(s, &c) && read_contents(s, &c) && check_pages(s);
}

/* ---- files ---- */

static uint8_t *read_whole(const char *folder, const char *name, size_t *size)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = NULL;
    if (!f)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && ftell(f) >= 0) {
        *size = (size_t)ftell(f);
        rewind(f);
        bytes = format_memory(*size);
        if (fread(bytes, 1, *size, f) != *size)
            *size = 0;
    }
    fclose(f);
    return bytes;
}

/* Magic, versions and the checksum at the end of a manifest or deletions file; the cursor is behind
 * the versions. */
static bool open_small_file(struct format_cursor *c, const char *magic)
{
    if (c->size < 32 || memcmp(c->bytes, magic, 16) != 0)
        return false;
    c->at = c->size - 8;
    if (format_number(c, 8) != gs_hash64(c->bytes, c->size - 8))
        return false;
    c->size -= 8;
    c->at = 16;
    return format_number(c, 4) == 1 && format_number(c, 4) == 1;
}

static bool read_deletions(struct format_segment *s, const char *folder, uint64_t number,
                           uint64_t generation, uint32_t count)
{
    char name[64];
    size_t size = 0;
    uint32_t found = 0;
    snprintf(name, sizeof(name), "%010llu.%llu.del", (unsigned long long)number,
             (unsigned long long)generation);
    uint8_t *bytes = read_whole(folder, name, &size);
    struct format_cursor c = {.bytes = bytes, .size = size};
    bool good = bytes && open_small_file(&c, "\x89GAOSOU DEL\r\n\x1a\n\0");
    good = good && format_number(&c, 4) == s->docs && format_number(&c, 4) == count &&
           c.size - c.at == ((size_t)s->docs + 63) / 64 * 8;
    for (uint32_t doc = 0; good && doc < s->docs; doc++) {
        s->deleted[doc] = c.bytes[32 + doc / 8] >> (doc % 8) & 1;
        found += s->deleted[doc];
    }
    for (uint32_t bit = s->docs; good && bit % 64 != 0; bit++)
        good = !(c.bytes[32 + bit / 8] >> (bit % 8) & 1);
    free(bytes);
    return good && found == count;
}

static bool fail(struct format_index *x, const char *what, uint64_t number)
{
    snprintf(x->error, sizeof(x->error), "%s %llu", what, (unsigned long long)number);
    return false;
}

static bool read_parts(struct format_index *x, struct format_segment *s, uint64_t number)
{
    if (!format_columns_read(s))
        return fail(x, "columns of segment", number);
    if (!format_terms_read(s))
        return fail(x, "terms of segment", number);
    if (!format_reverse_check(s))
        return fail(x, "reverse table of segment", number);
    if (!format_records_read(s))
        return fail(x, "records of segment", number);
    if (!format_ids_check(s))
        return fail(x, "ids of segment", number);
    if (!format_keywords_check(s))
        return fail(x, "keywords of segment", number);
    return format_text_read(s) || fail(x, "text of segment", number);
}

static bool read_segment(struct format_index *x, const char *folder, struct format_cursor *c)
{
    char name[64];
    size_t size = 0;
    uint64_t number = format_number(c, 8), file_size = format_number(c, 8),
             generation = format_number(c, 8);
    uint64_t checksum = format_number(c, 8), docs = format_number(c, 4),
             deleted = format_number(c, 4);
    snprintf(name, sizeof(name), "%010llu.seg", (unsigned long long)number);
    uint8_t *bytes = read_whole(folder, name, &size);
    struct format_segment *s = REF_PUSH(&x->segments);
    if (!bytes || !format_segment_open(s, bytes, size) || size != file_size ||
        checksum != s->header_checksum || docs != s->docs)
        return fail(x, "container of segment", number);
    s->deleted = format_memory(s->docs);
    if ((generation == 0) != (deleted == 0) ||
        (generation > 0 && !read_deletions(s, folder, number, generation, (uint32_t)deleted)))
        return fail(x, "deletions of segment", number);
    return read_parts(x, s, number);
}

bool format_index_read(struct format_index *x, const char *folder)
{
    size_t size = 0;
    uint8_t *bytes = read_whole(folder, "manifest", &size);
    struct format_cursor c = {.bytes = bytes, .size = size};
    bool good = bytes && open_small_file(&c, "\x89GAOSOU MAN\r\n\x1a\n\0");
    if (!good)
        fail(x, "manifest", 0);
    x->commit = format_number(&c, 8);
    x->next_sequence = format_number(&c, 8);
    c.at += 16;
    uint64_t count = format_number(&c, 4), zero = format_number(&c, 4);
    if (good && (zero != 0 || c.failed || c.size != 64 + 40 * count))
        good = fail(x, "manifest's segments", count);
    for (uint64_t i = 0; i < count && good; i++)
        good = read_segment(x, folder, &c);
    free(bytes);
    return good;
}

static void release_segment(struct format_segment *s)
{
    for (size_t i = 0; i < s->terms.count; i++) {
        free(s->terms.at[i].docs);
        free(s->terms.at[i].freqs);
        free(s->terms.at[i].positions);
    }
    for (size_t i = 0; i < s->records.count; i++) {
        REF_RELEASE(&s->records.at[i].marks);
        REF_RELEASE(&s->records.at[i].pages);
        REF_RELEASE(&s->records.at[i].headings);
    }
    for (size_t i = 0; i < s->record_blocks.count; i++)
        free(s->record_blocks.at[i]);
    for (size_t i = 0; i < FORMAT_COLUMN_COUNT; i++)
        free(s->columns[i]);
    REF_RELEASE(&s->terms);
    REF_RELEASE(&s->records);
    REF_RELEASE(&s->record_blocks);
    free(s->text);
    free(s->text_starts);
    free(s->deleted);
    free(s->file);
}

void format_index_release(struct format_index *x)
{
    for (size_t i = 0; i < x->segments.count; i++)
        release_segment(&x->segments.at[i]);
    REF_RELEASE(&x->segments);
}
