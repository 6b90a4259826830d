#include "common/segment/manifest.h"

#include "common/segment/segment_internal.h"

#include <stdlib.h>
#include <time.h>

/* How often newer commits may take files away while a snapshot is being opened, and how much longer
 * each time to leave the writer alone: five seconds in all. */
#define ATTEMPTS 100
#define WAIT_NS  1000000

void gs_snapshot_close(struct gs_snapshot *s)
{
    if (!s)
        return;
    for (size_t i = 0; s->segments && i < s->segment_count; i++) {
        gs_segment_close(s->segments[i].segment);
        free(s->segments[i].deleted);
    }
    free(s->segments);
    gs_manifest_release(&s->manifest);
    *s = (struct gs_snapshot){0};
}

/* Is the open file the one the manifest speaks of? */
static enum gaosou_status verify_segment(const struct gs_segment *s,
                                         const struct gs_manifest_segment *m, struct gs_err *err)
{
    const struct gs_container *c = &s->container;
    if (c->map.size != m->file_size)
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: %zu bytes, the manifest says %llu",
                          c->path, c->map.size, (unsigned long long)m->file_size);
    if (gs_segment_header_checksum(s) != m->checksum)
        return gs_err_set(err, GAOSOU_E_CORRUPT,
                          "%s is not the segment that the manifest names: its header has checksum "
                          "%016llx, wanted %016llx",
                          c->path, (unsigned long long)gs_segment_header_checksum(s),
                          (unsigned long long)m->checksum);
    if (c->stats.doc_count != m->doc_count)
        return gs_err_set(err, GAOSOU_E_CORRUPT, "%s has %u filings, the manifest says %u", c->path,
                          c->stats.doc_count, m->doc_count);
    return GAOSOU_OK;
}

static uint32_t count_deleted(const uint64_t *bits, uint32_t docs)
{
    uint32_t n = 0;
    for (size_t i = 0; i < ((size_t)docs + 63) / 64; i++)
        n += (uint32_t)__builtin_popcountll(bits[i]);
    return n;
}

static enum gaosou_status open_deletions(struct gs_snapshot_segment *out, const char *folder,
                                         const struct gs_manifest_segment *m, struct gs_err *err)
{
    if (m->del_generation == 0)
        return GAOSOU_OK;
    char *path = gs_manifest_deletions_path(folder, m->number, m->del_generation);
    if (!path)
        return gs_err_nomem(err, strlen(folder));
    enum gaosou_status status = gs_deletions_read(&out->deleted, path, m->doc_count, err);
    if (status == GAOSOU_E_NOT_INDEX) /* it is where one of ours has to be */
        status = gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: it is no deletions file", path);
    if (status == GAOSOU_OK) {
        out->deleted_count = count_deleted(out->deleted, m->doc_count);
        if (out->deleted_count != m->deleted_count)
            status =
                gs_err_set(err, GAOSOU_E_CORRUPT, "%s has %u deleted filings, the manifest says %u",
                           path, out->deleted_count, m->deleted_count);
    }
    free(path);
    return status;
}

static enum gaosou_status open_segment(struct gs_snapshot_segment *out, const char *folder,
                                       const struct gs_manifest_segment *m, struct gs_err *err)
{
    char *path = gs_manifest_segment_path(folder, m->number);
    if (!path)
        return gs_err_nomem(err, strlen(folder));
    enum gaosou_status status = gs_segment_open(&out->segment, path, err);
    if (status == GAOSOU_E_NOT_INDEX)
        status = gs_err_set(err, GAOSOU_E_CORRUPT, "%s is damaged: it is no segment file", path);
    free(path);
    if (status == GAOSOU_OK)
        status = verify_segment(out->segment, m, err);
    return status == GAOSOU_OK ? open_deletions(out, folder, m, err) : status;
}

/* Opens what s->manifest names and sums it up. */
static enum gaosou_status open_segments(struct gs_snapshot *s, const char *folder,
                                        struct gs_err *err)
{
    size_t count = s->manifest.segment_count;
    s->segments = calloc(count + 1, sizeof(*s->segments));
    if (!s->segments)
        return gs_err_nomem(err, count * sizeof(*s->segments));
    s->segment_count = count;
    uint64_t last_first = 0;
    for (size_t i = 0; i < count; i++) {
        struct gs_snapshot_segment *out = &s->segments[i];
        enum gaosou_status status = open_segment(out, folder, &s->manifest.segments[i], err);
        if (status != GAOSOU_OK)
            return status;
        const struct gs_segment_stats *stats = gs_segment_get_stats(out->segment);
        if (i > 0 && stats->first_sequence <= last_first)
            return gs_err_set(
                err, GAOSOU_E_CORRUPT,
                "%s begins with sequence number %llu, the segment before it with %llu",
                gs_segment_path(out->segment), (unsigned long long)stats->first_sequence,
                (unsigned long long)last_first);
        last_first = stats->first_sequence;
        s->doc_count += stats->doc_count;
        s->live_count += stats->doc_count - out->deleted_count;
        s->total_length += stats->total_length;
    }
    return GAOSOU_OK;
}

static void wait_for_writer(int attempt)
{
    struct timespec time = {.tv_nsec = (long)attempt * WAIT_NS};
    (void)nanosleep(&time, NULL);
}

/* A file of the commit is missing, and no newer commit has taken it away. */
static enum gaosou_status file_is_lost(const char *folder, uint64_t commit, struct gs_err *err)
{
    gs_err_prefix(err, "index %s is damaged, commit %llu needs a file that is missing", folder,
                  (unsigned long long)commit);
    if (err)
        err->status = GAOSOU_E_CORRUPT;
    return GAOSOU_E_CORRUPT;
}

enum gaosou_status gs_snapshot_open(struct gs_snapshot *s, const char *folder, struct gs_err *err)
{
    uint64_t missed = 0; /* the commit of which a file was missing */
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        struct gs_snapshot out = {0};
        gs_manifest_init(&out.manifest);
        enum gaosou_status status = gs_manifest_read(&out.manifest, folder, err);
        if (status != GAOSOU_OK)
            return status;
        uint64_t commit = out.manifest.commit;
        status = open_segments(&out, folder, err);
        if (status == GAOSOU_OK) {
            *s = out;
            return GAOSOU_OK;
        }
        gs_snapshot_close(&out);
        if (status != GAOSOU_E_NOT_FOUND)
            return status;
        if (commit == missed)
            return file_is_lost(folder, commit, err);
        missed = commit;
        wait_for_writer(attempt);
    }
    return gs_err_set(err, GAOSOU_E_BUSY,
                      "index %s: %d commits in a row took files away while it was being opened",
                      folder, ATTEMPTS);
}
