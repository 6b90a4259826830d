#include "common/base/checksum.h"
#include "indexer/live_filings.h"
#include "indexer/reconcile_internal.h"

#include <stdlib.h>
#include <string.h>

#define PLACES_MAX ((size_t)1 << 36) /* bytes */
#define TENTH      10

/* ---- what could not be read ---- */

enum gaosou_status gs_reconcile_exempt(struct gs_reconcile *r, struct gs_str id, struct gs_err *err)
{
    uint64_t hash = gs_hash64(id.bytes, id.size);
    gs_buf_append(&r->exempt, &hash, sizeof(hash));
    return gs_buf_status(&r->exempt) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, r->exempt.size);
}

static int by_value(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static void sort_exempt(struct gs_reconcile *r)
{
    if (r->exempt.size > 0)
        qsort(r->exempt.data, r->exempt.size / sizeof(uint64_t), sizeof(uint64_t), by_value);
}

/* Whether the id itself or anything above it is exempt. Two ids of one hash keep a filing too many.
 */
static bool is_exempt(const struct gs_reconcile *r, struct gs_str id)
{
    size_t count = r->exempt.size / sizeof(uint64_t);
    if (count == 0)
        return false;
    for (size_t i = 0; i <= id.size; i++) {
        if (!gs_reconcile_ends_name(id, i))
            continue;
        uint64_t hash = gs_hash64(id.bytes, i);
        if (bsearch(&hash, r->exempt.data, count, sizeof(hash), by_value))
            return true;
    }
    return false;
}

/* ---- pruning ---- */

static struct gs_str source_of(const struct gs_record *record)
{
    return record->source.size > 0 ? record->source : record->id;
}

/* A live filing that nobody asked for; its place goes to *gone where it is gone. */
static enum gaosou_status judge(struct gs_reconcile *r, struct gs_index_place place,
                                struct gs_buf *gone, struct gs_err *err)
{
    const struct gs_segment *s = gs_index_writer_get(r->writer, place.segment)->segment;
    struct gs_record record;
    enum gaosou_status status = gs_record_read(r->records, s, place.doc, &record, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_str source = source_of(&record);
    if (!gs_reconcile_is_in_roots(r, source) || is_exempt(r, source) || is_exempt(r, record.id))
        return GAOSOU_OK;
    gs_buf_append(gone, &place, sizeof(place));
    return gs_buf_status(gone) == GAOSOU_OK ? GAOSOU_OK : gs_err_nomem(err, gone->size);
}

static enum gaosou_status find_gone(struct gs_reconcile *r, struct gs_buf *gone, struct gs_err *err)
{
    struct gs_live_filings live;
    gs_live_filings_begin(&live, r->writer, GS_COLUMN_SEQUENCE);
    for (bool more;;) {
        enum gaosou_status status = gs_live_filings_next(&live, &more, err);
        if (status == GAOSOU_OK && more && live.sequence < r->start &&
            !gs_sequence_set_has(&r->looked, live.sequence))
            status = judge(r, live.place, gone, err);
        if (status != GAOSOU_OK || !more)
            return status;
    }
}

static enum gaosou_status remove_gone(struct gs_reconcile *r, const struct gs_buf *gone,
                                      struct gs_prune *p, struct gs_err *err)
{
    for (size_t at = 0; at < gone->size; at += sizeof(struct gs_index_place)) {
        struct gs_index_place place;
        struct gs_record record;
        memcpy(&place, gone->data + at, sizeof(place));
        const struct gs_segment *s = gs_index_writer_get(r->writer, place.segment)->segment;
        enum gaosou_status status = gs_record_read(r->records, s, place.doc, &record, err);
        if (status == GAOSOU_OK)
            status = gs_index_writer_delete_at(r->writer, &place, err);
        if (status != GAOSOU_OK)
            return status;
        p->removed++;
        if (p->removing)
            p->removing(p->ctx, record.id);
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_reconcile_prune(struct gs_reconcile *r, bool force, struct gs_prune *p,
                                      struct gs_err *err)
{
    struct gs_buf gone;
    gs_buf_init(&gone, PLACES_MAX);
    sort_exempt(r);
    enum gaosou_status status = find_gone(r, &gone, err);
    p->gone = gone.size / sizeof(struct gs_index_place);
    p->live = r->live;
    p->removed = 0;
    p->refused = !force && p->gone > r->live / TENTH;
    if (status == GAOSOU_OK && !p->refused)
        status = remove_gone(r, &gone, p, err);
    gs_buf_release(&gone);
    return status;
}
