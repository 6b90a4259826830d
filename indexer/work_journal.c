#include "indexer/work_journal.h"

#include "common/base/checksum.h"
#include "common/base/file.h"
#include "common/segment/manifest_format.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAGIC   "\x89GAOSOU WRK\r\n\x1a\n"
#define VERSION 1u
#define SIZE    (GS_ENVELOPE_HEADER + 3 * 8 + GS_ENVELOPE_CHECKSUM)

uint64_t gs_work_journal_hash(const char *const *parts, size_t count)
{
    struct gs_hash_stream s;
    gs_hash_begin(&s);
    for (size_t i = 0; i < count; i++)
        gs_hash_update(&s, parts[i], strlen(parts[i]) + 1);
    return gs_hash_digest(&s);
}

static char *journal_path(const struct gs_index_writer *w)
{
    return gs_path_join(gs_index_writer_folder(w), GS_WORK_JOURNAL_NAME);
}

/* Whether the bytes are the note of this work in this index. */
static bool parse(struct gs_work_journal *j, const struct gs_map *file, const char *path,
                  const struct gs_manifest *m)
{
    if (file->size != SIZE || gs_envelope_check(file->data, file->size, MAGIC, VERSION, SIZE, path,
                                                "note of work", NULL) != GAOSOU_OK)
        return false;
    const uint8_t *p = file->data + GS_ENVELOPE_HEADER;
    uint64_t commit = gs_load_u64(p + 8), sequence = gs_load_u64(p + 16);
    if (gs_load_u64(p) != j->hash || commit >= m->commit || sequence > m->next_sequence)
        return false;
    j->start_commit = commit;
    j->start_sequence = sequence;
    return true;
}

enum gaosou_status gs_work_journal_begin(struct gs_work_journal *j, const struct gs_index_writer *w,
                                         uint64_t hash, struct gs_err *err)
{
    const struct gs_manifest *m = gs_index_writer_manifest(w);
    char *path = journal_path(w);
    if (!path)
        return gs_err_nomem(err, strlen(gs_index_writer_folder(w)));
    *j = (struct gs_work_journal){
        .hash = hash, .start_commit = m->commit, .start_sequence = m->next_sequence};
    struct gs_map file = {0};
    /* One that cannot be read is worth no more than none. */
    j->is_written = gs_map_open(&file, path, NULL) == GAOSOU_OK && parse(j, &file, path, m);
    if (!j->is_written)
        (void)unlink(path);
    gs_map_close(&file);
    free(path);
    return GAOSOU_OK;
}

enum gaosou_status gs_work_journal_keep(struct gs_work_journal *j, const struct gs_index_writer *w,
                                        struct gs_err *err)
{
    if (j->is_written)
        return GAOSOU_OK;
    char *path = journal_path(w);
    if (!path)
        return gs_err_nomem(err, strlen(gs_index_writer_folder(w)));
    struct gs_buf b;
    gs_buf_init(&b, 4096);
    gs_envelope_begin(&b, MAGIC, VERSION);
    gs_buf_append_u64(&b, j->hash);
    gs_buf_append_u64(&b, j->start_commit);
    gs_buf_append_u64(&b, j->start_sequence);
    enum gaosou_status status = gs_envelope_publish(&b, path, err);
    j->is_written = status == GAOSOU_OK;
    gs_buf_release(&b);
    free(path);
    return status;
}

void gs_work_journal_end(struct gs_work_journal *j, const struct gs_index_writer *w)
{
    char *path = j->is_written ? journal_path(w) : NULL;
    if (path)
        (void)unlink(path);
    j->is_written = false;
    free(path);
}
