#include "common/segment/manifest.h"

#include "common/base/checksum.h"
#include "common/base/file.h"
#include "common/segment/format.h"
#include "common/segment/manifest_format.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MANIFEST_CAP                                                                               \
    (GS_MANIFEST_HEADER + (size_t)GS_MANIFEST_SEGMENT * GS_MANIFEST_SEGMENTS_MAX + 8)

/* ---- the frame of our small files ---- */

enum gaosou_status gs_envelope_check(const uint8_t *bytes, size_t size, const char *magic,
                                     uint32_t version, size_t least, const char *name,
                                     const char *what, struct gs_err *err)
{
    if (size < GS_ENVELOPE_HEADER)
        return gs_err_set(err,
                          size < GS_ENVELOPE_MAGIC_SIZE ||
                                  memcmp(bytes, magic, GS_ENVELOPE_MAGIC_SIZE) != 0
                              ? GAOSOU_E_NOT_INDEX
                              : GAOSOU_E_CORRUPT,
                          "%s is no %s: %zu bytes", name, what, size);
    if (memcmp(bytes, magic, GS_ENVELOPE_MAGIC_SIZE) != 0)
        return gs_err_set(err, GAOSOU_E_NOT_INDEX, "%s is no %s: its first bytes are not ours",
                          name, what);
    uint32_t written = gs_load_u32(bytes + 16), oldest = gs_load_u32(bytes + 20);
    bool sound = size >= least && gs_hash64(bytes, size - GS_ENVELOPE_CHECKSUM) ==
                                      gs_load_u64(bytes + size - GS_ENVELOPE_CHECKSUM);
    /* A newer format may be framed in another way, so its version counts before its checksum. */
    if (oldest > version && written >= oldest)
        return gs_err_set(err, GAOSOU_E_TOO_NEW,
                          "%s is a %s of version %u; this program reads up to %u", name, what,
                          written, version);
    if (!sound)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s is damaged: its %zu bytes do not have the "
                          "checksum at their end",
                          name, size);
    if (written < 1 || oldest < 1 || oldest > written)
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: versions %u and %u at byte 16",
                          name, written, oldest);
    return GAOSOU_OK;
}

void gs_envelope_begin(struct gs_buf *b, const char *magic, uint32_t version)
{
    gs_buf_append(b, magic, GS_ENVELOPE_MAGIC_SIZE);
    gs_buf_append_u32(b, version);
    gs_buf_append_u32(b, version);
}

enum gaosou_status gs_envelope_publish(struct gs_buf *b, const char *path, struct gs_err *err)
{
    gs_buf_append_u64(b, gs_hash64(b->data, b->size));
    if (gs_buf_status(b) != GAOSOU_OK)
        return gs_err_set(err, gs_buf_status(b), "cannot hold %s in memory", path);
    struct gs_outfile f;
    enum gaosou_status status = gs_outfile_open(&f, path, err);
    if (status != GAOSOU_OK)
        return status;
    gs_outfile_write(&f, b->data, b->size);
    return gs_outfile_publish(&f, err);
}

/* ---- the manifest ---- */

void gs_manifest_init(struct gs_manifest *m)
{
    *m = (struct gs_manifest){.commit = 0, .next_sequence = 1, .next_number = 1};
}

void gs_manifest_release(struct gs_manifest *m)
{
    if (!m)
        return;
    free(m->segments);
    gs_manifest_init(m);
}

static struct gs_manifest_segment load_segment(const uint8_t *p)
{
    return (struct gs_manifest_segment){
        .number = gs_load_u64(p),
        .file_size = gs_load_u64(p + 8),
        .del_generation = gs_load_u64(p + 16),
        .checksum = gs_load_u64(p + 24),
        .doc_count = gs_load_u32(p + 32),
        .deleted_count = gs_load_u32(p + 36),
    };
}

static void store_segment(struct gs_buf *b, const struct gs_manifest_segment *s)
{
    gs_buf_append_u64(b, s->number);
    gs_buf_append_u64(b, s->file_size);
    gs_buf_append_u64(b, s->del_generation);
    gs_buf_append_u64(b, s->checksum);
    gs_buf_append_u32(b, s->doc_count);
    gs_buf_append_u32(b, s->deleted_count);
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* What is wrong with a segment's numbers, or NULL. */
static const char *segment_fault(const struct gs_manifest *m, const struct gs_manifest_segment *s)
{
    if (s->number == 0 || s->number >= m->next_number)
        return "its number was never given";
    if (s->doc_count == 0 || s->doc_count > GS_DOC_MAX)
        return "its count of filings is impossible";
    if (s->deleted_count > s->doc_count)
        return "more filings are deleted than it has";
    if ((s->deleted_count > 0) != (s->del_generation > 0))
        return "deletions and their generation do not agree";
    return NULL;
}

/* Every number used once; each entry sound. */
static enum gaosou_status validate(const struct gs_manifest *m, const char *name,
                                   struct gs_err *err)
{
    if (m->commit == 0 || m->next_sequence == 0)
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: commit %llu, next sequence %llu",
                          name, (unsigned long long)m->commit,
                          (unsigned long long)m->next_sequence);
    for (size_t i = 0; i < m->segment_count; i++) {
        const char *fault = segment_fault(m, &m->segments[i]);
        if (fault)
            return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: segment %llu at byte %zu: %s",
                              name, (unsigned long long)m->segments[i].number,
                              GS_MANIFEST_HEADER + i * GS_MANIFEST_SEGMENT, fault);
    }
    uint64_t *numbers = malloc((m->segment_count + 1) * sizeof(*numbers));
    if (!numbers)
        return gs_err_nomem(err, m->segment_count * sizeof(*numbers));
    for (size_t i = 0; i < m->segment_count; i++)
        numbers[i] = m->segments[i].number;
    qsort(numbers, m->segment_count, sizeof(*numbers), compare_numbers);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 1; i < m->segment_count && status == GAOSOU_OK; i++)
        if (numbers[i] == numbers[i - 1])
            status = gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: segment %llu stands twice",
                                name, (unsigned long long)numbers[i]);
    free(numbers);
    return status;
}

enum gaosou_status gs_manifest_parse(struct gs_manifest *m, const uint8_t *bytes, size_t size,
                                     const char *name, struct gs_err *err)
{
    enum gaosou_status status =
        gs_envelope_check(bytes, size, GS_MANIFEST_MAGIC, GS_MANIFEST_VERSION,
                          GS_MANIFEST_HEADER + GS_ENVELOPE_CHECKSUM, name, "manifest", err);
    if (status != GAOSOU_OK)
        return status;
    uint32_t count = gs_load_u32(bytes + 56), reserved = gs_load_u32(bytes + 60);
    uint64_t wanted =
        GS_MANIFEST_HEADER + (uint64_t)count * GS_MANIFEST_SEGMENT + GS_ENVELOPE_CHECKSUM;
    if (size != wanted || count > GS_MANIFEST_SEGMENTS_MAX || reserved != 0)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s is damaged: %zu bytes with %u segments (%llu wanted), reserved %u",
                          name, size, count, (unsigned long long)wanted, reserved);
    struct gs_manifest out = {
        .commit = gs_load_u64(bytes + 24),
        .next_sequence = gs_load_u64(bytes + 32),
        .next_number = gs_load_u64(bytes + 40),
        .analysis_id = gs_load_u64(bytes + 48),
        .segment_count = count,
        .segment_capacity = count,
    };
    if (count > 0 && !(out.segments = malloc(count * sizeof(*out.segments))))
        return gs_err_nomem(err, count * sizeof(*out.segments));
    for (size_t i = 0; i < count; i++)
        out.segments[i] = load_segment(bytes + GS_MANIFEST_HEADER + i * GS_MANIFEST_SEGMENT);
    status = validate(&out, name, err);
    if (status != GAOSOU_OK) {
        free(out.segments);
        return status;
    }
    free(m->segments);
    *m = out;
    return GAOSOU_OK;
}

enum gaosou_status gs_manifest_publish(const struct gs_manifest *m, const char *folder,
                                       struct gs_err *err)
{
    enum gaosou_status status = validate(m, "the manifest to be written", err);
    if (status != GAOSOU_OK)
        return status == GAOSOU_E_CORRUPT ? GAOSOU_E_USE : status;
    if (m->segment_count > GS_MANIFEST_SEGMENTS_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%zu segments; an index has at most %u",
                          m->segment_count, GS_MANIFEST_SEGMENTS_MAX);
    struct gs_buf b;
    gs_buf_init(&b, MANIFEST_CAP);
    gs_envelope_begin(&b, GS_MANIFEST_MAGIC, GS_MANIFEST_VERSION);
    gs_buf_append_u64(&b, m->commit);
    gs_buf_append_u64(&b, m->next_sequence);
    gs_buf_append_u64(&b, m->next_number);
    gs_buf_append_u64(&b, m->analysis_id);
    gs_buf_append_u32(&b, (uint32_t)m->segment_count);
    gs_buf_append_u32(&b, 0);
    for (size_t i = 0; i < m->segment_count; i++)
        store_segment(&b, &m->segments[i]);
    char *path = gs_path_join(folder, GS_MANIFEST_NAME);
    status = path ? gs_envelope_publish(&b, path, err) : gs_err_nomem(err, strlen(folder));
    free(path);
    gs_buf_release(&b);
    return status;
}

/* ---- reading from a folder ---- */

static bool ends_with(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);
    return n > s && strcmp(name + n - s, suffix) == 0;
}

/* What a first commit that did not come to its end may leave. */
static bool is_leftover(const char *name)
{
    return strcmp(name, "lock") == 0 || strcmp(name, GS_MANIFEST_NAME ".tmp") == 0 ||
           strcmp(name, "work") == 0 || strcmp(name, "work.tmp") == 0 ||
           ends_with(name, ".seg") || ends_with(name, ".seg.tmp") || ends_with(name, ".del") ||
           ends_with(name, ".del.tmp");
}

/* The folder has no manifest: says what it is instead. */
static enum gaosou_status classify(const char *folder, struct gs_err *err)
{
    struct stat st;
    if (stat(folder, &st) != 0)
        return errno == ENOENT ? gs_err_set(err, GAOSOU_E_NOT_FOUND, "there is no index %s", folder)
                               : gs_err_sys(err, errno, "cannot open index %s", folder);
    if (!S_ISDIR(st.st_mode))
        return gs_err_set(err, GAOSOU_E_NOT_INDEX, "%s is a file; an index is a folder", folder);
    DIR *d = opendir(folder);
    if (!d)
        return gs_err_sys(err, errno, "cannot open folder %s", folder);
    bool empty = true;
    for (struct dirent *e; empty && (e = readdir(d)) != NULL;)
        empty =
            strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || is_leftover(e->d_name);
    closedir(d);
    if (empty)
        return gs_err_set(err, GAOSOU_E_NOT_FOUND, "%s holds no index yet (no file '%s')", folder,
                          GS_MANIFEST_NAME);
    return gs_err_set(err, GAOSOU_E_NOT_INDEX, "folder %s is not an index: it has no file '%s'",
                      folder, GS_MANIFEST_NAME);
}

enum gaosou_status gs_manifest_read(struct gs_manifest *m, const char *folder, struct gs_err *err)
{
    char *path = gs_path_join(folder, GS_MANIFEST_NAME);
    if (!path)
        return gs_err_nomem(err, strlen(folder));
    struct stat st;
    struct gs_buf b;
    gs_buf_init(&b, MANIFEST_CAP);
    enum gaosou_status status;
    if (stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR))
        status = classify(folder, err);
    else
        status = gs_file_read(path, &b, err);
    if (status == GAOSOU_OK)
        status = gs_manifest_parse(m, b.data, b.size, path, err);
    gs_buf_release(&b);
    free(path);
    return status;
}

char *gs_manifest_segment_path(const char *folder, uint64_t number)
{
    char name[64];
    snprintf(name, sizeof(name), "%010llu.seg", (unsigned long long)number);
    return gs_path_join(folder, name);
}

char *gs_manifest_deletions_path(const char *folder, uint64_t number, uint64_t generation)
{
    char name[64];
    snprintf(name, sizeof(name), "%010llu.%llu.del", (unsigned long long)number,
             (unsigned long long)generation);
    return gs_path_join(folder, name);
}
