#include "indexer/touched.h"

#include "common/base/file.h"
#include "common/segment/manifest_format.h"
#include "indexer/live_filings.h"

#include <stdlib.h>
#include <string.h>

#define MAGIC       "\x89GAOSOU TCH\r\n\x1a\n"
#define VERSION     1u
#define HEADER      (GS_ENVELOPE_HEADER + 8) /* u64: entries */
#define ENTRY       24u
#define ENTRIES_MAX ((size_t)1 << 28)
#define FILE_MAX    (HEADER + ENTRIES_MAX * ENTRY + GS_ENVELOPE_CHECKSUM)

static char *touched_path(const struct gs_index_writer *w)
{
    return gs_path_join(gs_index_writer_folder(w), GS_TOUCHED_NAME);
}

static enum gaosou_status parse(struct gs_touched *t, const struct gs_map *map, const char *path,
                                struct gs_err *err)
{
    const uint8_t *p = map->data;
    if (gs_envelope_check(p, map->size, MAGIC, VERSION, HEADER + GS_ENVELOPE_CHECKSUM, path,
                          "list of touched files", NULL) != GAOSOU_OK)
        return GAOSOU_OK;
    uint64_t count = gs_load_u64(p + GS_ENVELOPE_HEADER);
    if (count > ENTRIES_MAX || map->size != HEADER + count * ENTRY + GS_ENVELOPE_CHECKSUM)
        return GAOSOU_OK;
    t->entries = malloc((count + 1) * sizeof(*t->entries));
    if (!t->entries)
        return gs_err_nomem(err, count * sizeof(*t->entries));
    for (size_t i = 0; i < count; i++) {
        const uint8_t *e = p + HEADER + i * ENTRY;
        t->entries[i] =
            (struct gs_touched_entry){gs_load_u64(e), gs_load_u64(e + 8), gs_load_u64(e + 16)};
        if (i > 0 && t->entries[i].sequence <= t->entries[i - 1].sequence)
            return GAOSOU_OK; /* what ascends so far is good */
        t->count = i + 1;
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_touched_load(struct gs_touched *t, const struct gs_index_writer *w,
                                   struct gs_err *err)
{
    *t = (struct gs_touched){0};
    gs_buf_init(&t->added, ENTRIES_MAX * sizeof(struct gs_touched_entry));
    char *path = touched_path(w);
    if (!path)
        return gs_err_nomem(err, strlen(gs_index_writer_folder(w)));
    struct gs_map map = {0};
    enum gaosou_status status = GAOSOU_OK;
    if (gs_map_open(&map, path, NULL) == GAOSOU_OK)
        status = parse(t, &map, path, err);
    gs_map_close(&map);
    free(path);
    return status;
}

void gs_touched_release(struct gs_touched *t)
{
    if (!t)
        return;
    free(t->entries);
    gs_buf_release(&t->added);
    t->entries = NULL;
    t->count = 0;
}

static int by_sequence(const void *a, const void *b)
{
    const struct gs_touched_entry *x = a, *y = b;
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

const struct gs_touched_entry *gs_touched_find(const struct gs_touched *t, uint64_t sequence)
{
    struct gs_touched_entry key = {.sequence = sequence};
    return t->count > 0 ? bsearch(&key, t->entries, t->count, sizeof(*t->entries), by_sequence)
                        : NULL;
}

enum gaosou_status gs_touched_add(struct gs_touched *t, const struct gs_touched_entry *entry,
                                  struct gs_err *err)
{
    gs_buf_append(&t->added, entry, sizeof(*entry));
    return gs_buf_status(&t->added) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, t->added.size);
}

/* Takes the added ones in; of one number the newest stays. */
static enum gaosou_status fold(struct gs_touched *t, struct gs_err *err)
{
    size_t added = t->added.size / sizeof(*t->entries), total = t->count + added;
    struct gs_touched_entry *all = malloc((total + 1) * sizeof(*all));
    if (!all)
        return gs_err_nomem(err, total * sizeof(*all));
    const struct gs_touched_entry *news = (const struct gs_touched_entry *)(void *)t->added.data;
    /* An id is compared at most once a run where it stays, so that no number comes twice. */
    struct gs_touched_entry *sorted = malloc((added + 1) * sizeof(*sorted));
    if (!sorted) {
        free(all);
        return gs_err_nomem(err, added * sizeof(*sorted));
    }
    memcpy(sorted, news, added * sizeof(*sorted));
    qsort(sorted, added, sizeof(*sorted), by_sequence);
    size_t n = 0;
    for (size_t i = 0, k = 0; i < t->count || k < added;) {
        bool old = k == added || (i < t->count && t->entries[i].sequence < sorted[k].sequence);
        struct gs_touched_entry e = old ? t->entries[i++] : sorted[k++];
        i += !old && i < t->count && t->entries[i].sequence == e.sequence;
        if (n > 0 && all[n - 1].sequence == e.sequence)
            n--;
        all[n++] = e;
    }
    free(sorted);
    free(t->entries);
    t->entries = all;
    t->count = n;
    gs_buf_clear(&t->added);
    return GAOSOU_OK;
}

/* Leaves the entries of live filings only. Both ascend by sequence number. */
static enum gaosou_status keep_live(struct gs_touched *t, const struct gs_index_writer *w,
                                    struct gs_err *err)
{
    struct gs_live_filings live;
    size_t at = 0, kept = 0;
    enum gaosou_status status = GAOSOU_OK;
    gs_live_filings_begin(&live, w, GS_COLUMN_SEQUENCE);
    for (bool more = true; more && at < t->count;) {
        status = gs_live_filings_next(&live, &more, err);
        if (status != GAOSOU_OK)
            return status;
        while (more && at < t->count && t->entries[at].sequence < live.sequence)
            at++;
        if (more && at < t->count && t->entries[at].sequence == live.sequence)
            t->entries[kept++] = t->entries[at++];
    }
    t->count = kept;
    return status;
}

enum gaosou_status gs_touched_save(struct gs_touched *t, const struct gs_index_writer *w,
                                   struct gs_err *err)
{
    if (t->added.size == 0)
        return GAOSOU_OK;
    enum gaosou_status status = fold(t, err);
    if (status == GAOSOU_OK)
        status = keep_live(t, w, err);
    char *path = touched_path(w);
    if (!path || status != GAOSOU_OK) {
        free(path);
        return status == GAOSOU_OK ? gs_err_nomem(err, 4096) : status;
    }
    struct gs_buf b;
    gs_buf_init(&b, FILE_MAX);
    gs_envelope_begin(&b, MAGIC, VERSION);
    gs_buf_append_u64(&b, t->count);
    for (size_t i = 0; i < t->count; i++) {
        gs_buf_append_u64(&b, t->entries[i].sequence);
        gs_buf_append_u64(&b, t->entries[i].size);
        gs_buf_append_u64(&b, t->entries[i].time);
    }
    status = gs_envelope_publish(&b, path, err);
    gs_buf_release(&b);
    free(path);
    return status;
}
