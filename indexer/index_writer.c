#include "indexer/index_writer.h"

#include "common/base/file.h"
#include "common/text/analysis.h"
#include "indexer/index_files.h"
#include "indexer/run_ids.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A segment of the index as the writer has it. */
struct held_segment {
    struct gs_snapshot_segment view; /* deleted: bits, made when the first is set */
    struct gs_manifest_segment entry;
    bool deletions_changed;
};

struct gs_index_writer {
    char *folder;
    int lock_fd;
    bool made_folder;
    bool is_first;  /* there is no manifest yet */
    bool committed; /* at least once: what was written stays */
    bool changed;
    bool unnamed; /* since the last commit there may be files that no manifest names */
    struct gs_manifest manifest;
    struct held_segment *held;
    size_t held_count, held_capacity;
    struct gs_record_reader *records;
    struct gs_filterable filterable;
    /* The segment being written: */
    struct gs_segment_writer *segment;
    uint64_t number;
    uint32_t doc_count;
    struct gs_run_ids ids;
    struct gs_buf deleted_docs; /* uint32_t each: replaced within the segment */
};

#define DELETED_MAX ((size_t)UINT32_MAX * sizeof(uint32_t))

/* ---- opening ---- */

static struct held_segment *held_push(struct gs_index_writer *w, struct gs_err *err)
{
    if (w->held_count == w->held_capacity) {
        size_t capacity = w->held_capacity ? w->held_capacity * 2 : 16;
        struct held_segment *grown = realloc(w->held, capacity * sizeof(*grown));
        if (!grown) {
            (void)gs_err_nomem(err, capacity * sizeof(*grown));
            return NULL;
        }
        w->held = grown;
        w->held_capacity = capacity;
    }
    struct held_segment *h = &w->held[w->held_count++];
    *h = (struct held_segment){0};
    return h;
}

static void held_release(struct held_segment *h)
{
    gs_segment_close(h->view.segment);
    free(h->view.deleted);
}

/* Opens every segment of the manifest with its deletions. */
static enum gaosou_status open_segments(struct gs_index_writer *w, struct gs_err *err)
{
    for (size_t i = 0; i < w->manifest.segment_count; i++) {
        const struct gs_manifest_segment *entry = &w->manifest.segments[i];
        struct held_segment *h = held_push(w, err);
        if (!h)
            return GAOSOU_E_NOMEM;
        h->entry = *entry;
        h->view.deleted_count = entry->deleted_count;
        enum gaosou_status status = gs_index_files_open(w->folder, entry, &h->view, err);
        if (status != GAOSOU_OK)
            return status;
    }
    return GAOSOU_OK;
}

/* The filterable fields that any segment has. */
static enum gaosou_status read_filterable(struct gs_index_writer *w, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < w->held_count; i++) {
        const struct gs_segment *s = w->held[i].view.segment;
        for (uint32_t k = GS_KEYWORD_FIXED; k < gs_keyword_count(s) && status == GAOSOU_OK; k++) {
            struct gs_str name = gs_keyword_name(s, k);
            status = gs_filterable_add(&w->filterable, name.bytes, name.size, err);
        }
    }
    return status;
}

/* The manifest, or a fresh one where there is none yet. */
static enum gaosou_status read_manifest(struct gs_index_writer *w, bool create, struct gs_err *err)
{
    gs_manifest_release(&w->manifest);
    gs_manifest_init(&w->manifest);
    w->is_first = false;
    enum gaosou_status status = gs_manifest_read(&w->manifest, w->folder, err);
    if (status != GAOSOU_E_NOT_FOUND || !create)
        return status;
    w->is_first = true;
    gs_manifest_release(&w->manifest);
    gs_manifest_init(&w->manifest);
    w->manifest.analysis_id = gs_analysis_id();
    return gs_index_files_check_first(w->folder, err);
}

static enum gaosou_status writer_start(struct gs_index_writer *w, bool create, struct gs_err *err)
{
    /* Looked at before anything is made in a folder that may not be ours. */
    enum gaosou_status status = read_manifest(w, create, err);
    if (status != GAOSOU_OK)
        return status;
    struct stat st;
    w->made_folder = stat(w->folder, &st) != 0;
    if (create) {
        status = gs_folder_create(w->folder, err);
        if (status != GAOSOU_OK) {
            w->made_folder = false;
            return status;
        }
    }
    status = gs_lock_take(&w->lock_fd, w->folder, err);
    if (status != GAOSOU_OK)
        return status;
    status = read_manifest(w, create, err); /* as it is now that no other writer is there */
    if (status != GAOSOU_OK)
        return status;
    if (w->manifest.commit > 0 && w->manifest.analysis_id != gs_analysis_id())
        return gs_err_set(err, GAOSOU_E_USE,
                          "%s was built with another analysis (%016llx, this program has %016llx): "
                          "index the filings again into a new folder",
                          w->folder, (unsigned long long)w->manifest.analysis_id,
                          (unsigned long long)gs_analysis_id());
    gs_index_files_sweep(w->folder, &w->manifest);
    if (w->is_first)
        status = gs_index_files_mark_first(w->folder, err);
    if (status == GAOSOU_OK)
        status = open_segments(w, err);
    if (status == GAOSOU_OK)
        status = read_filterable(w, err);
    if (status == GAOSOU_OK && gs_record_reader_create(&w->records) != GAOSOU_OK)
        status = gs_err_nomem(err, sizeof(*w));
    return status;
}

enum gaosou_status gs_index_writer_open(struct gs_index_writer **out, const char *folder,
                                        bool create, struct gs_err *err)
{
    struct gs_index_writer *w = calloc(1, sizeof(*w));
    if (!w)
        return gs_err_nomem(err, sizeof(*w));
    w->lock_fd = -1;
    gs_manifest_init(&w->manifest);
    gs_run_ids_init(&w->ids);
    gs_buf_init(&w->deleted_docs, DELETED_MAX);
    w->folder = strdup(folder);
    enum gaosou_status status =
        w->folder ? writer_start(w, create, err) : gs_err_nomem(err, strlen(folder));
    if (status != GAOSOU_OK) {
        gs_index_writer_close(w);
        return status;
    }
    *out = w;
    return GAOSOU_OK;
}

/* Whether the folder is still the one that the lock was taken in: another writer may have made the
 * name its own. */
static bool is_locked(const struct gs_index_writer *w)
{
    struct stat held, there;
    char *path = gs_path_join(w->folder, "lock");
    bool same = path && fstat(w->lock_fd, &held) == 0 && stat(path, &there) == 0 &&
                held.st_dev == there.st_dev && held.st_ino == there.st_ino;
    free(path);
    return same;
}

static enum gaosou_status check_lock(const struct gs_index_writer *w, struct gs_err *err)
{
    if (is_locked(w))
        return GAOSOU_OK;
    return gs_err_set(err, GAOSOU_E_NOT_FOUND,
                      "index %s was removed or replaced while it was being written", w->folder);
}

/* Removes what was written since the last commit. */
static void sweep_uncommitted(struct gs_index_writer *w)
{
    /* The manifest in memory may name it: the one on disk decides. */
    struct gs_manifest on_disk;
    gs_manifest_init(&on_disk);
    enum gaosou_status status = gs_manifest_read(&on_disk, w->folder, NULL);
    if (status == GAOSOU_OK || (status == GAOSOU_E_NOT_FOUND && w->is_first))
        gs_index_files_sweep(w->folder, &on_disk);
    gs_manifest_release(&on_disk);
    if (w->made_folder && !w->committed)
        gs_index_files_remove_empty(w->folder);
}

void gs_index_writer_close(struct gs_index_writer *w)
{
    if (!w)
        return;
    gs_segment_writer_discard(w->segment);
    if (w->lock_fd >= 0 && (w->unnamed || !w->committed) && is_locked(w))
        sweep_uncommitted(w);
    if (w->lock_fd >= 0)
        gs_lock_drop(w->lock_fd);
    for (size_t i = 0; i < w->held_count; i++)
        held_release(&w->held[i]);
    free(w->held);
    gs_record_reader_free(w->records);
    gs_manifest_release(&w->manifest);
    gs_run_ids_release(&w->ids);
    gs_filterable_release(&w->filterable);
    gs_buf_release(&w->deleted_docs);
    free(w->folder);
    free(w);
}

const char *gs_index_writer_folder(const struct gs_index_writer *w)
{
    return w->folder;
}

const struct gs_manifest *gs_index_writer_manifest(const struct gs_index_writer *w)
{
    return &w->manifest;
}

bool gs_index_writer_is_changed(const struct gs_index_writer *w)
{
    return w->changed;
}

size_t gs_index_writer_count(const struct gs_index_writer *w)
{
    return w->held_count;
}

const struct gs_snapshot_segment *gs_index_writer_get(const struct gs_index_writer *w, size_t index)
{
    return &w->held[index].view;
}

const struct gs_manifest_segment *gs_index_writer_manifest_entry(const struct gs_index_writer *w,
                                                                 size_t index)
{
    return &w->held[index].entry;
}

/* ---- deletion ---- */

static enum gaosou_status mark_deleted(struct gs_index_writer *w, struct held_segment *h,
                                       uint32_t doc, struct gs_err *err)
{
    if (!h->view.deleted) {
        size_t words = ((size_t)h->entry.doc_count + 63) / 64;
        h->view.deleted = calloc(words, sizeof(uint64_t));
        if (!h->view.deleted)
            return gs_err_nomem(err, words * sizeof(uint64_t));
    }
    h->view.deleted[doc >> 6] |= (uint64_t)1 << (doc & 63);
    h->view.deleted_count++;
    h->deletions_changed = true;
    w->changed = true;
    return GAOSOU_OK;
}

enum gaosou_status gs_index_writer_find(struct gs_index_writer *w, const char *id, size_t size,
                                        struct gs_index_place *place, struct gs_err *err)
{
    /* At most one live filing has an id, and it is most likely in a late segment. */
    for (size_t i = w->held_count; i-- > 0;) {
        struct held_segment *h = &w->held[i];
        uint32_t doc;
        enum gaosou_status status =
            gs_segment_find_id(h->view.segment, w->records, id, size, &doc, err);
        if (status != GAOSOU_OK)
            return status;
        if (doc == GS_DOC_END || gs_snapshot_is_deleted(&h->view, doc))
            continue;
        *place = (struct gs_index_place){i, doc};
        return GAOSOU_OK;
    }
    *place = (struct gs_index_place){0, GS_DOC_END};
    return GAOSOU_OK;
}

enum gaosou_status gs_index_writer_delete_at(struct gs_index_writer *w,
                                             const struct gs_index_place *place, struct gs_err *err)
{
    return mark_deleted(w, &w->held[place->segment], place->doc, err);
}

enum gaosou_status gs_index_writer_delete(struct gs_index_writer *w, const char *id, size_t size,
                                          bool *found, struct gs_err *err)
{
    struct gs_index_place place;
    *found = false;
    enum gaosou_status status = gs_index_writer_find(w, id, size, &place, err);
    if (status != GAOSOU_OK || place.doc == GS_DOC_END)
        return status;
    *found = true;
    return gs_index_writer_delete_at(w, &place, err);
}

uint64_t gs_index_writer_live(const struct gs_index_writer *w)
{
    uint64_t live = 0;
    for (size_t i = 0; i < w->held_count; i++)
        live += w->held[i].entry.doc_count - w->held[i].view.deleted_count;
    return live;
}

/* ---- a new segment ---- */

const struct gs_filterable *gs_index_writer_filterable(const struct gs_index_writer *w)
{
    return &w->filterable;
}

enum gaosou_status gs_index_writer_add_filterable(struct gs_index_writer *w, const char *list,
                                                  struct gs_err *err)
{
    return gs_filterable_add_list(&w->filterable, list, err);
}

enum gaosou_status gs_index_writer_begin(struct gs_index_writer *w, bool with_text, int text_level,
                                         struct gs_err *err)
{
    w->unnamed = true;
    w->number = w->manifest.next_number;
    w->doc_count = 0;
    gs_run_ids_clear(&w->ids);
    gs_buf_clear(&w->deleted_docs);
    enum gaosou_status status = check_lock(w, err);
    if (status != GAOSOU_OK)
        return status;
    char *path = gs_manifest_segment_path(w->folder, w->number);
    if (!path)
        return gs_err_nomem(err, strlen(w->folder) + 16);
    struct gs_segment_params params = {.analysis_id = gs_analysis_id(),
                                       .with_text = with_text,
                                       .text_level = text_level,
                                       .filterable = w->filterable.names,
                                       .filterable_count = w->filterable.count};
    status = gs_segment_writer_create(&w->segment, path, &params, err);
    free(path);
    return status;
}

enum gaosou_status gs_index_writer_add(struct gs_index_writer *w, struct gs_doc *doc,
                                       bool *replaced, struct gs_err *err)
{
    uint32_t older = GS_DOC_END;
    *replaced = false;
    struct gs_str id = doc->record.id;
    enum gaosou_status status =
        gs_run_ids_put(&w->ids, id.bytes, id.size, w->doc_count, &older, err);
    if (status != GAOSOU_OK)
        return status;
    if (older != GS_DOC_END) {
        gs_buf_append(&w->deleted_docs, &older, sizeof(older));
        *replaced = true;
    } else {
        status = gs_index_writer_delete(w, id.bytes, id.size, replaced, err);
        if (status != GAOSOU_OK)
            return status;
    }
    doc->sequence = w->manifest.next_sequence++;
    doc->commit = w->manifest.commit + 1;
    gs_segment_writer_add_doc(w->segment, doc);
    w->doc_count++;
    return gs_buf_status(&w->deleted_docs) == GAOSOU_OK ? GAOSOU_OK
                                                        : gs_err_nomem(err, DELETED_MAX);
}

struct gs_segment_writer *gs_index_writer_segment(struct gs_index_writer *w)
{
    return w->segment;
}

size_t gs_index_writer_memory(const struct gs_index_writer *w)
{
    return gs_run_ids_memory(&w->ids) + w->deleted_docs.size +
           (w->segment ? gs_segment_writer_memory(w->segment) : 0);
}

static enum gaosou_status delete_replaced(struct gs_index_writer *w, struct held_segment *h,
                                          struct gs_err *err)
{
    for (size_t at = 0; at < w->deleted_docs.size; at += sizeof(uint32_t)) {
        uint32_t doc;
        memcpy(&doc, w->deleted_docs.data + at, sizeof(doc));
        enum gaosou_status status = mark_deleted(w, h, doc, err);
        if (status != GAOSOU_OK)
            return status;
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_index_writer_end(struct gs_index_writer *w, struct gs_err *err)
{
    struct gs_segment_writer *segment = w->segment;
    w->segment = NULL;
    enum gaosou_status status = check_lock(w, err);
    if (status != GAOSOU_OK) {
        gs_segment_writer_discard(segment);
        return status;
    }
    status = gs_segment_writer_finish(segment, err);
    if (status != GAOSOU_OK)
        return status;
    struct held_segment *h = held_push(w, err);
    if (!h)
        return GAOSOU_E_NOMEM;
    h->entry = (struct gs_manifest_segment){.number = w->number, .doc_count = w->doc_count};
    status = gs_index_files_adopt(w->folder, &h->entry, &h->view, err);
    if (status == GAOSOU_OK)
        status = delete_replaced(w, h, err);
    w->manifest.next_number = w->number + 1;
    w->changed = true;
    return status;
}

void gs_index_writer_copy(struct gs_index_writer *w, const struct gs_doc *doc)
{
    gs_segment_writer_add_doc(w->segment, doc);
    w->doc_count++;
}

void gs_index_writer_replace(struct gs_index_writer *w, size_t first, size_t count)
{
    struct held_segment last = w->held[w->held_count - 1];
    for (size_t i = first; i < first + count; i++)
        held_release(&w->held[i]);
    size_t behind = w->held_count - 1 - first - count;
    memmove(&w->held[first + 1], &w->held[first + count], behind * sizeof(*w->held));
    w->held[first] = last;
    w->held_count -= count;
}

/* ---- commit ---- */

static enum gaosou_status write_deletions(struct gs_index_writer *w, struct held_segment *h,
                                          struct gs_err *err)
{
    uint64_t generation = h->entry.del_generation + 1;
    char *path = gs_manifest_deletions_path(w->folder, h->entry.number, generation);
    if (!path)
        return gs_err_nomem(err, strlen(w->folder) + 32);
    enum gaosou_status status = gs_deletions_write(h->view.deleted, path, h->entry.doc_count, err);
    free(path);
    if (status == GAOSOU_OK) {
        h->entry.del_generation = generation;
        h->entry.deleted_count = h->view.deleted_count;
        h->deletions_changed = false;
    }
    return status;
}

static bool is_all_deleted(const struct held_segment *h)
{
    return h->entry.doc_count > 0 && h->view.deleted_count >= h->entry.doc_count;
}

/* The held segments as the manifest's; one in which every filing is deleted is left out. */
static enum gaosou_status list_segments(struct gs_index_writer *w, struct gs_manifest *m,
                                        struct gs_err *err)
{
    struct gs_manifest_segment *list = calloc(w->held_count + 1, sizeof(*list));
    if (!list)
        return gs_err_nomem(err, w->held_count * sizeof(*list));
    size_t n = 0;
    for (size_t i = 0; i < w->held_count; i++) {
        struct held_segment *h = &w->held[i];
        if (is_all_deleted(h))
            continue;
        enum gaosou_status status = h->deletions_changed ? write_deletions(w, h, err) : GAOSOU_OK;
        if (status != GAOSOU_OK) {
            free(list);
            return status;
        }
        list[n++] = h->entry;
    }
    free(m->segments);
    m->segments = list;
    m->segment_count = n;
    m->segment_capacity = w->held_count + 1;
    return GAOSOU_OK;
}

/* Lets go of segments that the commit left out: held open, their bytes would stay on the disk. */
static void drop_deleted(struct gs_index_writer *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->held_count; i++) {
        if (is_all_deleted(&w->held[i]))
            held_release(&w->held[i]);
        else
            w->held[kept++] = w->held[i];
    }
    w->held_count = kept;
}

enum gaosou_status gs_index_writer_commit(struct gs_index_writer *w, struct gs_err *err)
{
    w->unnamed = true;
    enum gaosou_status status = check_lock(w, err);
    if (status == GAOSOU_OK)
        status = list_segments(w, &w->manifest, err);
    if (status != GAOSOU_OK)
        return status;
    w->manifest.commit++;
    w->manifest.analysis_id = gs_analysis_id();
    status = gs_manifest_publish(&w->manifest, w->folder, err);
    if (status != GAOSOU_OK) {
        w->manifest.commit--;
        return status;
    }
    w->committed = true;
    w->changed = w->unnamed = false;
    drop_deleted(w);
    gs_index_files_sweep(w->folder, &w->manifest); /* what the commit before had */
    return GAOSOU_OK;
}
