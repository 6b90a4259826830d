#include "indexer/reconcile.h"

#include "common/base/checksum.h"
#include "common/text/analysis.h"
#include "indexer/reconcile_internal.h"

#include <stdlib.h>
#include <string.h>

#define SETTLED_NS  ((uint64_t)2000000000) /* FAT keeps two seconds, the coarsest there is */
#define EXEMPT_MAX  ((size_t)1 << 30)      /* bytes of hashes */
#define CONTENT_MAX ((size_t)UINT32_MAX + 2 * GS_METADATA_MAX)

/* ---- life ---- */

static enum gaosou_status reconcile_start(struct gs_reconcile *r, struct gs_err *err)
{
    r->start = gs_index_writer_manifest(r->writer)->next_sequence;
    r->live = gs_index_writer_live(r->writer);
    if (gs_record_reader_create(&r->records) != GAOSOU_OK)
        return gs_err_nomem(err, sizeof(*r));
    enum gaosou_status status = gs_sequence_set_init(&r->looked, r->start, err);
    if (status == GAOSOU_OK)
        status = gs_sequence_set_init(&r->changed, r->start, err);
    return status;
}

enum gaosou_status gs_reconcile_create(struct gs_reconcile **out, struct gs_index_writer *writer,
                                       const struct gs_reconcile_params *params, struct gs_err *err)
{
    struct gs_reconcile *r = calloc(1, sizeof(*r));
    if (!r)
        return gs_err_nomem(err, sizeof(*r));
    r->writer = writer;
    r->params = *params;
    gs_buf_init(&r->content, CONTENT_MAX);
    gs_buf_init(&r->exempt, EXEMPT_MAX);
    enum gaosou_status status = reconcile_start(r, err);
    if (status != GAOSOU_OK) {
        gs_reconcile_free(r);
        return status;
    }
    *out = r;
    return GAOSOU_OK;
}

void gs_reconcile_free(struct gs_reconcile *r)
{
    if (!r)
        return;
    gs_record_reader_free(r->records);
    gs_buf_release(&r->content);
    gs_buf_release(&r->exempt);
    gs_sequence_set_release(&r->looked);
    gs_sequence_set_release(&r->changed);
    for (size_t i = 0; i < r->root_count; i++)
        free((void *)(uintptr_t)r->roots[i].id.bytes);
    free(r->roots);
    free(r);
}

/* ---- what the index has ---- */

/* A filing of before this run. */
struct old_filing {
    const struct gs_segment *segment;
    uint32_t doc; /* GS_DOC_END: none */
    uint64_t sequence;
};

/* The live filing with this id. One that this run added is none: whether it has reached a segment
 * yet is an accident. */
static enum gaosou_status find_old(struct gs_reconcile *r, struct gs_str id, struct old_filing *old,
                                   struct gs_err *err)
{
    struct gs_index_place place;
    *old = (struct old_filing){.doc = GS_DOC_END};
    enum gaosou_status status = gs_index_writer_find(r->writer, id.bytes, id.size, &place, err);
    if (status != GAOSOU_OK || place.doc == GS_DOC_END)
        return status;
    const struct gs_segment *s = gs_index_writer_get(r->writer, place.segment)->segment;
    uint64_t sequence;
    status = gs_column_get(s, GS_COLUMN_SEQUENCE, place.doc, &sequence, err);
    if (status == GAOSOU_OK && sequence < r->start)
        *old = (struct old_filing){s, place.doc, sequence};
    return status;
}

/* Whether being equal to it suffices. */
static bool counts(const struct gs_reconcile *r, const struct old_filing *old)
{
    return r->params.mode == GS_RECONCILE_UPDATE || old->sequence >= r->params.from_sequence;
}

static const size_t field_offset[GS_FIELD_COUNT] = {
    [GS_FIELD_ID] = offsetof(struct gs_record, id),
    [GS_FIELD_TITLE] = offsetof(struct gs_record, title),
    [GS_FIELD_NAME] = offsetof(struct gs_record, name),
    [GS_FIELD_COMPANY] = offsetof(struct gs_record, company),
    [GS_FIELD_DATE] = offsetof(struct gs_record, date),
    [GS_FIELD_PERIOD] = offsetof(struct gs_record, period),
    [GS_FIELD_TYPE] = offsetof(struct gs_record, type),
    [GS_FIELD_EXCHANGE] = offsetof(struct gs_record, exchange),
    [GS_FIELD_BOARD] = offsetof(struct gs_record, board),
    [GS_FIELD_URL] = offsetof(struct gs_record, url),
    [GS_FIELD_PATH] = offsetof(struct gs_record, path),
    [GS_FIELD_CODES] = offsetof(struct gs_record, codes),
    [GS_FIELD_EXTRA] = offsetof(struct gs_record, extra),
};

/* false for a field that records do not keep. */
static bool stored_field(const struct gs_record *record, size_t field, struct gs_str *out)
{
    if (field_offset[field] == 0 && field != GS_FIELD_ID)
        return false;
    memcpy(out, (const char *)record + field_offset[field], sizeof(*out));
    return true;
}

static bool equal(struct gs_str a, struct gs_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* Whether what is given (empty: nothing is, unless all are wanted) is what is stored. */
static bool equal_fields(const struct gs_record *record, const struct gs_str *fields, bool all)
{
    for (size_t f = 0; f < GS_FIELD_COUNT; f++) {
        struct gs_str stored;
        if ((all || fields[f].size > 0) && stored_field(record, f, &stored) &&
            !equal(stored, fields[f]))
            return false;
    }
    return true;
}

static enum gaosou_status get_column(const struct old_filing *old, enum gs_column column,
                                     enum gaosou_status before, uint64_t *value, struct gs_err *err)
{
    return before == GAOSOU_OK ? gs_column_get(old->segment, column, old->doc, value, err) : before;
}

/* ---- looking ---- */

static enum gaosou_status is_untouched(struct gs_reconcile *r, const struct old_filing *old,
                                       const struct gs_reconcile_source *source, bool *same,
                                       struct gs_err *err)
{
    *same = false;
    if (source->is_part || source->time == 0)
        return GAOSOU_OK;
    uint64_t size = 0, time = 0;
    enum gaosou_status status = get_column(old, GS_COLUMN_SIZE, GAOSOU_OK, &size, err);
    if (status != GAOSOU_OK || size != source->size || time != source->time)
        return status;
    struct gs_record record;
    *same = true;
    if (!source->given)
        return GAOSOU_OK;
    status = gs_record_read(r->records, old->segment, old->doc, &record, err);
    *same = status == GAOSOU_OK && equal_fields(&record, source->given, false);
    return status;
}

enum gaosou_status gs_reconcile_look(struct gs_reconcile *r,
                                     const struct gs_reconcile_source *source, enum gs_have *have,
                                     struct gs_err *err)
{
    struct old_filing old;
    gs_reconcile_count_found(r, source->id, source->source);
    enum gaosou_status status = find_old(r, source->id, &old, err);
    if (status != GAOSOU_OK)
        return status;
    *have = GS_HAVE_NOT;
    if (old.doc == GS_DOC_END)
        return GAOSOU_OK;
    /* An id that comes again: what the one before it leaves in the index is not known yet. */
    bool again = gs_sequence_set_has(&r->looked, old.sequence);
    status = gs_sequence_set_add(&r->looked, old.sequence, err);
    if (status != GAOSOU_OK || !counts(r, &old))
        return status;
    bool same = false;
    if (!again)
        status = is_untouched(r, &old, source, &same, err);
    *have = same ? GS_HAVE_SAME : GS_HAVE_COMPARE;
    return status;
}

uint64_t gs_reconcile_settled_time(uint64_t modified, uint64_t now)
{
    return modified < now && now - modified > SETTLED_NS ? modified : 0;
}

/* ---- comparing ---- */

static enum gaosou_status equal_filing(struct gs_reconcile *r, const struct old_filing *old,
                                       const struct gs_filing *filing, bool *same,
                                       struct gs_err *err)
{
    struct gs_record record;
    enum gaosou_status status = gs_record_read(r->records, old->segment, old->doc, &record, err);
    *same = false;
    if (status != GAOSOU_OK || !equal_fields(&record, filing->field, true))
        return status;
    struct gs_str title = filing->field[GS_FIELD_TITLE];
    uint32_t title_size;
    gs_buf_clear(&r->content);
    gs_content_build(&r->content, (const uint8_t *)title.bytes, title.size,
                     (const uint8_t *)filing->text.bytes, filing->text.size, &title_size);
    if (gs_buf_status(&r->content) != GAOSOU_OK)
        return gs_err_nomem(err, filing->text.size);
    if (record.content_size != r->content.size || record.title_size != title_size)
        return GAOSOU_OK;
    uint64_t hash = 0;
    status = get_column(old, GS_COLUMN_CONTENT_HASH, status, &hash, err);
    *same = status == GAOSOU_OK && hash == gs_hash64(r->content.data, r->content.size);
    return status;
}

enum gaosou_status gs_reconcile_compare(struct gs_reconcile *r, const struct gs_filing *filing,
                                        bool *same, struct gs_err *err)
{
    struct old_filing old;
    bool equal_to_old = false;
    enum gaosou_status status = find_old(r, filing->field[GS_FIELD_ID], &old, err);
    if (status == GAOSOU_OK && old.doc != GS_DOC_END && counts(r, &old) &&
        !gs_sequence_set_has(&r->changed, old.sequence))
        status = equal_filing(r, &old, filing, &equal_to_old, err);
    if (status == GAOSOU_OK && old.doc != GS_DOC_END && !equal_to_old)
        status = gs_sequence_set_add(&r->changed, old.sequence, err);
    if (status == GAOSOU_OK)
        *same = equal_to_old;
    return status;
}
