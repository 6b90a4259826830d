#include "common/segment/id_table.h"

#include "common/base/checksum.h"
#include "common/segment/column.h"

#include <stdlib.h>

enum { COLUMN_HASH, COLUMN_DOC, COLUMNS };

uint32_t gs_id_hash(const char *id, size_t size)
{
    return gs_checksum32(id, size);
}

void gs_id_writer_init(struct gs_id_writer *w)
{
    *w = (struct gs_id_writer){0};
}

void gs_id_writer_release(struct gs_id_writer *w)
{
    if (!w)
        return;
    free(w->pairs);
    gs_id_writer_init(w);
}

void gs_id_writer_add(struct gs_id_writer *w, const char *id, size_t size)
{
    if (w->status != GAOSOU_OK)
        return;
    if (w->count == GS_DOC_MAX) {
        w->status = GAOSOU_E_LIMIT;
        return;
    }
    if (w->count == w->capacity) {
        size_t capacity = w->capacity ? w->capacity + w->capacity / 2 : 256;
        uint64_t *pairs = realloc(w->pairs, capacity * sizeof(*pairs));
        if (!pairs) {
            w->status = GAOSOU_E_NOMEM;
            return;
        }
        w->pairs = pairs;
        w->capacity = capacity;
    }
    w->pairs[w->count] = (uint64_t)gs_id_hash(id, size) << 32 | w->count;
    w->count++;
}

static int compare_pairs(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

enum gaosou_status gs_id_writer_finish(struct gs_id_writer *w, struct gs_container_writer *out)
{
    if (w->status != GAOSOU_OK)
        return w->status;
    if (w->count > 0)
        qsort(w->pairs, w->count, sizeof(*w->pairs), compare_pairs);
    struct gs_column_builder hashes, docs;
    gs_column_builder_init(&hashes);
    gs_column_builder_init(&docs);
    for (size_t i = 0; i < w->count; i++) {
        gs_column_builder_add(&hashes, w->pairs[i] >> 32);
        gs_column_builder_add(&docs, (uint32_t)w->pairs[i]);
    }
    enum gaosou_status status = gs_column_builder_finish(&hashes);
    if (status == GAOSOU_OK)
        status = gs_column_builder_finish(&docs);
    if (status == GAOSOU_OK) {
        const struct gs_column_part parts[COLUMNS] = {{.packed = &hashes}, {.packed = &docs}};
        gs_column_set_write(out, GS_SECTION_IDS, parts, COLUMNS);
    }
    gs_column_builder_release(&hashes);
    gs_column_builder_release(&docs);
    w->status = status;
    return status;
}

size_t gs_id_writer_memory(const struct gs_id_writer *w)
{
    return w->capacity * sizeof(*w->pairs);
}

/* ---- reading ---- */

struct ids {
    const struct gs_container *container;
    struct gs_column_ref hash, doc;
};

static enum gaosou_status open_ids(const struct gs_segment *s, struct ids *ids, struct gs_err *err)
{
    ids->container = &s->container;
    enum gaosou_status status =
        gs_column_open(&s->container, GS_SECTION_IDS, COLUMNS, COLUMN_HASH, &ids->hash, err);
    if (status == GAOSOU_OK)
        status = gs_column_open(&s->container, GS_SECTION_IDS, COLUMNS, COLUMN_DOC, &ids->doc, err);
    if (status != GAOSOU_OK)
        return status;
    uint32_t docs = s->container.stats.doc_count;
    if (ids->hash.count != docs || ids->doc.count != docs)
        return gs_container_corrupt(&s->container, GS_SECTION_IDS, 0, err,
                                    "%u hashes of %u filings' ids, %u wanted", ids->hash.count,
                                    ids->doc.count, docs);
    return GAOSOU_OK;
}

enum gaosou_status gs_ids_open(const struct gs_segment *s, struct gs_err *err)
{
    struct ids ids = {0};
    return open_ids(s, &ids, err);
}

/* Does the record of entry `at` have this id? *doc is its number. */
static enum gaosou_status verify(const struct ids *ids, const struct gs_segment *s,
                                 struct gs_record_reader *r, uint64_t at, struct gs_str id,
                                 uint32_t *doc, bool *same, struct gs_err *err)
{
    uint64_t value = 0;
    struct gs_record record;
    enum gaosou_status status = gs_column_value(ids->container, &ids->doc, at, &value, err);
    if (status != GAOSOU_OK)
        return status;
    if (value >= ids->doc.count)
        return gs_container_corrupt(ids->container, GS_SECTION_IDS, ids->doc.offset, err,
                                    "entry %llu names filing %llu of %u", (unsigned long long)at,
                                    (unsigned long long)value, ids->doc.count);
    *doc = (uint32_t)value;
    status = gs_record_read(r, s, *doc, &record, err);
    if (status == GAOSOU_OK)
        *same = record.id.size == id.size &&
                (id.size == 0 || memcmp(record.id.bytes, id.bytes, id.size) == 0);
    return status;
}

enum gaosou_status gs_segment_find_id(const struct gs_segment *s, struct gs_record_reader *r,
                                      const char *id, size_t size, uint32_t *doc,
                                      struct gs_err *err)
{
    struct ids ids = {0};
    enum gaosou_status status = open_ids(s, &ids, err);
    uint64_t hash = gs_id_hash(id, size), end = 0;
    if (status == GAOSOU_OK)
        status =
            gs_column_upper_bound(&s->container, &ids.hash, 0, ids.hash.count, hash, &end, err);
    /* Entries of one hash ascend by doc, so the newest is met first from the end. */
    uint32_t candidate = GS_DOC_END;
    bool same = false;
    while (status == GAOSOU_OK && end > 0 && !same) {
        uint64_t value = 0;
        end--;
        status = gs_column_value(&s->container, &ids.hash, end, &value, err);
        if (status != GAOSOU_OK || value != hash)
            break;
        struct gs_str wanted = {id, size};
        status = verify(&ids, s, r, end, wanted, &candidate, &same, err);
    }
    if (status == GAOSOU_OK)
        *doc = same ? candidate : GS_DOC_END;
    return status;
}

/* ---- checking ---- */

void gs_ids_check(struct gs_checker *c, struct gs_record_reader *r)
{
    const struct gs_segment *s = c->segment;
    struct ids ids = {0};
    struct gs_err err = {0};
    enum gaosou_status status = open_ids(s, &ids, &err);
    uint64_t last = 0;
    for (uint32_t i = 0; status == GAOSOU_OK && i < ids.hash.count; i++) {
        uint64_t hash = 0, doc = 0;
        struct gs_record record;
        status = gs_column_value(&s->container, &ids.hash, i, &hash, &err);
        if (status == GAOSOU_OK)
            status = gs_column_value(&s->container, &ids.doc, i, &doc, &err);
        if (status != GAOSOU_OK)
            break;
        if (hash > UINT32_MAX || doc >= ids.doc.count || (i > 0 && (hash << 32 | doc) <= last)) {
            gs_checker_report(c, "ids: entry %u is out of order", i);
            return;
        }
        last = hash << 32 | doc;
        status = gs_record_read(r, s, (uint32_t)doc, &record, &err);
        if (status == GAOSOU_OK && gs_id_hash(record.id.bytes, record.id.size) != hash)
            gs_checker_report(c, "ids: entry %u has not the hash of filing %u", i, (uint32_t)doc);
    }
    if (status != GAOSOU_OK)
        gs_checker_report(c, "ids: %s", err.text);
}
