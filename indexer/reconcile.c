#include "indexer/reconcile.h"

#include "common/text/content_hash.h"
#include "indexer/reconcile_internal.h"

#include <stdlib.h>
#include <string.h>

#define SETTLED_NS ((uint64_t)2000000000) /* FAT keeps two seconds, the coarsest there is */
#define EXEMPT_MAX ((size_t)1 << 30)      /* bytes of hashes */
#define BATCH      ((size_t)1 << 20)      /* content memory kept from one comparison to the next */

/* ---- life ---- */

static enum gaosou_status reconcile_start(struct gs_reconcile *r, struct gs_err *err)
{
    r->start = gs_index_writer_manifest(r->writer)->next_sequence;
    r->live = gs_index_writer_live(r->writer);
    gs_buf_init(&r->text, (size_t)GS_FILING_MAX + GS_METADATA_MAX + 64);
    if (gs_record_reader_create(&r->records) != GAOSOU_OK ||
        gs_text_reader_create(&r->texts) != GAOSOU_OK)
        return gs_err_nomem(err, sizeof(*r));
    enum gaosou_status status = gs_sequence_set_init(&r->looked, r->start, err);
    if (status == GAOSOU_OK)
        status = gs_sequence_set_init(&r->changed, r->start, err);
    if (status == GAOSOU_OK)
        status = gs_sequence_set_init(&r->whole, r->start, err);
    if (status == GAOSOU_OK)
        status = gs_work_init(&r->work, BATCH, GS_FILING_MAX, false, 0, err);
    if (status == GAOSOU_OK)
        status = gs_touched_load(&r->touched, r->writer, err);
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
    gs_text_reader_free(r->texts);
    gs_work_release(&r->work);
    gs_buf_release(&r->text);
    gs_buf_release(&r->exempt);
    gs_sequence_set_release(&r->looked);
    gs_sequence_set_release(&r->changed);
    gs_sequence_set_release(&r->whole);
    gs_touched_release(&r->touched);
    gs_reconcile_release_roots(r);
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
    [GS_FIELD_NUMBER] = offsetof(struct gs_record, number),
    [GS_FIELD_SOURCE] = offsetof(struct gs_record, source),
    [GS_FIELD_CODES] = offsetof(struct gs_record, codes),
    [GS_FIELD_EXTRA] = offsetof(struct gs_record, extra),
};

static struct gs_str stored_field(const struct gs_record *record, size_t field)
{
    struct gs_str value;
    memcpy(&value, (const char *)record + field_offset[field], sizeof(value));
    return value;
}

static bool equal(struct gs_str a, struct gs_str b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.bytes, b.bytes, a.size) == 0);
}

/* Whether what is given (empty: nothing is, unless all are wanted) is what is stored. */
static bool equal_fields(const struct gs_record *record, const struct gs_str *fields, bool all)
{
    for (size_t f = 0; f < GS_FIELD_COUNT; f++) {
        if ((all || fields[f].size > 0) && !equal(stored_field(record, f), fields[f]))
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

/* Size and time of the source as they were last met. */
static enum gaosou_status get_source(const struct gs_reconcile *r, const struct old_filing *old,
                                     uint64_t *size, uint64_t *time, struct gs_err *err)
{
    const struct gs_touched_entry *t = gs_touched_find(&r->touched, old->sequence);
    if (t) {
        *size = t->size;
        *time = t->time;
        return GAOSOU_OK;
    }
    enum gaosou_status status = get_column(old, GS_COLUMN_SIZE, GAOSOU_OK, size, err);
    return get_column(old, GS_COLUMN_SOURCE_TIME, status, time, err);
}

static enum gaosou_status is_untouched(struct gs_reconcile *r, const struct old_filing *old,
                                       const struct gs_reconcile_source *source, bool *same,
                                       struct gs_err *err)
{
    *same = false;
    if (source->is_part || source->time == 0)
        return GAOSOU_OK;
    uint64_t size = 0, time = 0;
    enum gaosou_status status = get_source(r, old, &size, &time, err);
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
    if (!again && !source->is_part)
        status = gs_sequence_set_add(&r->whole, old.sequence, err);
    if (status == GAOSOU_OK && !again)
        status = is_untouched(r, &old, source, &same, err);
    *have = same ? GS_HAVE_SAME : GS_HAVE_COMPARE;
    return status;
}

uint64_t gs_reconcile_settled_time(uint64_t modified, uint64_t now)
{
    return modified < now && now - modified > SETTLED_NS ? modified : 0;
}

/* ---- comparing ---- */

/* The hash leaves out furniture and white space, so that it only says what is another text; the
 * text itself is compared where the index has it. */
static enum gaosou_status equal_stored_text(struct gs_reconcile *r, const struct old_filing *old,
                                            bool *same, struct gs_err *err)
{
    const struct gs_work_doc *d = &r->work.docs[0];
    *same = true;
    if (!gs_segment_get_stats(old->segment)->has_text || d->content_size == 0)
        return GAOSOU_OK;
    gs_buf_clear(&r->text);
    enum gaosou_status status =
        gs_text_read(r->texts, old->segment, old->doc, 0, d->content_size, &r->text, err);
    *same = status == GAOSOU_OK && r->text.size == d->content_size &&
            memcmp(r->text.data, r->work.content.data, d->content_size) == 0;
    if (r->text.capacity > 4 * BATCH)
        gs_buf_release(&r->text);
    return status;
}

/* Whether the text that would be indexed is the one that is. */
static enum gaosou_status equal_text(struct gs_reconcile *r, const struct old_filing *old,
                                     const struct gs_record *record, const struct gs_filing *filing,
                                     bool *same, struct gs_err *err)
{
    gs_work_clear(&r->work);
    enum gaosou_status status = gs_work_add(&r->work, filing, err);
    if (status != GAOSOU_OK)
        return status;
    const struct gs_work_doc *d = &r->work.docs[0];
    if (record->content_size != d->content_size || record->title_size != d->title_size)
        return GAOSOU_OK;
    uint64_t hash = 0, state = 0;
    status = get_column(old, GS_COLUMN_CONTENT_HASH, status, &hash, err);
    status = get_column(old, GS_COLUMN_TEXT_STATE, status, &state, err);
    /* The same text has the same furniture. */
    if (status != GAOSOU_OK || state != d->text_state ||
        hash != gs_content_hash(r->work.content.data, d->content_size, d->title_size, record->marks,
                                record->mark_count))
        return status;
    return equal_stored_text(r, old, same, err);
}

static enum gaosou_status equal_filing(struct gs_reconcile *r, const struct old_filing *old,
                                       const struct gs_filing *filing, bool *same,
                                       struct gs_err *err)
{
    struct gs_record record;
    enum gaosou_status status = gs_record_read(r->records, old->segment, old->doc, &record, err);
    *same = false;
    if (status == GAOSOU_OK && equal_fields(&record, filing->field, true))
        status = equal_text(r, old, &record, filing, same, err);
    return status;
}

/* A file that is the same but for its size or time is not to be read again for that. */
static enum gaosou_status note_touched(struct gs_reconcile *r, const struct old_filing *old,
                                       const struct gs_filing *filing, struct gs_err *err)
{
    uint64_t size = 0, time = 0;
    if (filing->source_time == 0 || !gs_sequence_set_has(&r->whole, old->sequence))
        return GAOSOU_OK;
    enum gaosou_status status = get_source(r, old, &size, &time, err);
    if (status != GAOSOU_OK || (size == filing->source_size && time == filing->source_time))
        return status;
    struct gs_touched_entry entry = {old->sequence, filing->source_size, filing->source_time};
    return gs_touched_add(&r->touched, &entry, err);
}

enum gaosou_status gs_reconcile_compare(struct gs_reconcile *r, const struct gs_filing *filing,
                                        bool *same, struct gs_err *err)
{
    struct old_filing old;
    bool unchanged = false;
    enum gaosou_status status = find_old(r, filing->field[GS_FIELD_ID], &old, err);
    if (status == GAOSOU_OK && old.doc != GS_DOC_END && counts(r, &old) &&
        !gs_sequence_set_has(&r->changed, old.sequence))
        status = equal_filing(r, &old, filing, &unchanged, err);
    if (status == GAOSOU_OK && unchanged)
        status = note_touched(r, &old, filing, err);
    if (status == GAOSOU_OK && old.doc != GS_DOC_END && !unchanged)
        status = gs_sequence_set_add(&r->changed, old.sequence, err);
    if (status == GAOSOU_OK)
        *same = unchanged;
    return status;
}

enum gaosou_status gs_reconcile_keep(struct gs_reconcile *r, struct gs_err *err)
{
    return gs_touched_save(&r->touched, r->writer, err);
}
