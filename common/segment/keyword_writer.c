#include "common/base/checksum.h"
#include "common/segment/keywords.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX   ((size_t)1 << 36) /* of a field's values */
#define ENTRIES_MAX ((size_t)GS_DOC_MAX * sizeof(struct gs_keyword_entry))
#define SLOTS_FIRST 64u

static const struct {
    const char *name;
    size_t offset; /* of a gs_str in struct gs_record */
} fixed[GS_KEYWORD_FIXED] = {
    [GS_KEYWORD_CODE] = {"code", offsetof(struct gs_record, codes)},
    [GS_KEYWORD_NAME] = {"name", offsetof(struct gs_record, name)},
    [GS_KEYWORD_COMPANY] = {"company", offsetof(struct gs_record, company)},
    [GS_KEYWORD_TYPE] = {"type", offsetof(struct gs_record, type)},
    [GS_KEYWORD_EXCHANGE] = {"exchange", offsetof(struct gs_record, exchange)},
    [GS_KEYWORD_BOARD] = {"board", offsetof(struct gs_record, board)},
};

const char *gs_keyword_fixed_name(uint32_t keyword)
{
    return fixed[keyword].name;
}

struct gs_str gs_keyword_of_record(const struct gs_record *record, uint32_t keyword)
{
    return *(const struct gs_str *)(const void *)((const char *)record + fixed[keyword].offset);
}

/* ---- one column ---- */

static enum gaosou_status column_init(struct gs_keyword_column *c, const char *name, size_t size)
{
    gs_buf_init(&c->name, GS_KEYWORD_NAME_MAX);
    gs_buf_init(&c->bytes, BYTES_MAX);
    gs_buf_init(&c->entries, ENTRIES_MAX);
    gs_buf_init(&c->ids, (size_t)GS_DOC_MAX * sizeof(uint32_t));
    c->id_size = 1;
    gs_buf_append(&c->name, name, size);
    c->slots = calloc(SLOTS_FIRST, sizeof(*c->slots));
    c->slot_count = SLOTS_FIRST;
    return c->slots ? gs_buf_status(&c->name) : GAOSOU_E_NOMEM;
}

static void column_release(struct gs_keyword_column *c)
{
    gs_buf_release(&c->name);
    gs_buf_release(&c->bytes);
    gs_buf_release(&c->entries);
    gs_buf_release(&c->ids);
    free(c->slots);
    c->slots = NULL;
}

static const struct gs_keyword_entry *entries_of(const struct gs_keyword_column *c)
{
    return (const struct gs_keyword_entry *)(const void *)c->entries.data;
}

static uint32_t value_count(const struct gs_keyword_column *c)
{
    return (uint32_t)(c->entries.size / sizeof(struct gs_keyword_entry));
}

static void put_slot(struct gs_keyword_column *c, uint32_t hash, uint32_t id)
{
    uint32_t mask = c->slot_count - 1, at = hash & mask;
    while (c->slots[at])
        at = (at + 1) & mask;
    c->slots[at] = id;
}

/* A table of at most half its slots used. */
static enum gaosou_status slots_grow(struct gs_keyword_column *c)
{
    if (value_count(c) < c->slot_count / 2)
        return GAOSOU_OK;
    if (c->slot_count > UINT32_MAX / 2)
        return GAOSOU_E_LIMIT;
    uint32_t *larger = calloc((size_t)c->slot_count * 2, sizeof(*larger));
    if (!larger)
        return GAOSOU_E_NOMEM;
    free(c->slots);
    c->slots = larger;
    c->slot_count *= 2;
    for (uint32_t i = 0; i < value_count(c); i++)
        put_slot(c, entries_of(c)[i].hash, i + 1);
    return GAOSOU_OK;
}

static enum gaosou_status add_value(struct gs_keyword_column *c, struct gs_str value, uint32_t hash,
                                    uint32_t *id)
{
    struct gs_keyword_entry entry = {c->bytes.size, (uint32_t)value.size, hash};
    gs_buf_append(&c->bytes, value.bytes, value.size);
    gs_buf_append(&c->entries, &entry, sizeof(entry));
    if (gs_buf_status(&c->bytes) != GAOSOU_OK)
        return gs_buf_status(&c->bytes);
    if (gs_buf_status(&c->entries) != GAOSOU_OK)
        return gs_buf_status(&c->entries);
    *id = value_count(c);
    put_slot(c, hash, *id);
    return slots_grow(c);
}

/* The value's id; 0 for none. */
static enum gaosou_status find_id(struct gs_keyword_column *c, struct gs_str value, uint32_t *id)
{
    *id = 0;
    if (value.size == 0)
        return GAOSOU_OK;
    if (value.size > UINT32_MAX)
        return GAOSOU_E_LIMIT;
    uint32_t hash = gs_checksum32(value.bytes, value.size), mask = c->slot_count - 1;
    for (uint32_t at = hash & mask; c->slots[at]; at = (at + 1) & mask) {
        const struct gs_keyword_entry *e = &entries_of(c)[c->slots[at] - 1];
        if (e->hash == hash && e->size == value.size &&
            memcmp(c->bytes.data + e->offset, value.bytes, value.size) == 0) {
            *id = c->slots[at];
            return GAOSOU_OK;
        }
    }
    return add_value(c, value, hash, id);
}

static uint32_t load_id(const struct gs_buf *ids, unsigned size, uint32_t doc)
{
    const uint8_t *p = ids->data + (size_t)doc * size;
    return size == 1 ? p[0] : size == 2 ? gs_load_u16(p) : gs_load_u32(p);
}

static void append_id(struct gs_buf *ids, unsigned size, uint32_t id)
{
    uint8_t bytes[4];
    gs_store_u32(bytes, id);
    gs_buf_append(ids, bytes, size);
}

/* Room for ids of more bytes. */
static void widen_ids(struct gs_keyword_column *c, uint32_t doc_count)
{
    struct gs_buf wide;
    gs_buf_init(&wide, c->ids.cap);
    for (uint32_t doc = 0; doc < doc_count; doc++)
        append_id(&wide, c->id_size * 2, load_id(&c->ids, c->id_size, doc));
    gs_buf_release(&c->ids);
    c->ids = wide;
    c->id_size *= 2;
}

static enum gaosou_status column_add(struct gs_keyword_column *c, struct gs_str value,
                                     uint32_t doc_count)
{
    uint32_t id = 0;
    enum gaosou_status status = find_id(c, value, &id);
    while (status == GAOSOU_OK && c->id_size < sizeof(uint32_t) && id >> (8 * c->id_size))
        widen_ids(c, doc_count);
    append_id(&c->ids, c->id_size, id);
    return status == GAOSOU_OK ? gs_buf_status(&c->ids) : status;
}

/* ---- the writer ---- */

enum gaosou_status gs_keyword_writer_init(struct gs_keyword_writer *w,
                                          const struct gs_str *filterable, size_t filterable_count)
{
    *w = (struct gs_keyword_writer){0};
    if (filterable_count > GS_KEYWORDS_MAX - GS_KEYWORD_FIXED)
        return w->status = GAOSOU_E_LIMIT;
    for (uint32_t i = 0; i < GS_KEYWORD_FIXED + filterable_count; i++) {
        const char *name =
            i < GS_KEYWORD_FIXED ? fixed[i].name : filterable[i - GS_KEYWORD_FIXED].bytes;
        size_t size = i < GS_KEYWORD_FIXED ? strlen(name) : filterable[i - GS_KEYWORD_FIXED].size;
        w->count++;
        w->status = column_init(&w->columns[i], name, size);
        if (w->status != GAOSOU_OK)
            break;
    }
    return w->status;
}

void gs_keyword_writer_release(struct gs_keyword_writer *w)
{
    for (uint32_t i = 0; w && i < w->count; i++)
        column_release(&w->columns[i]);
    if (w)
        w->count = 0;
}

void gs_keyword_writer_add(struct gs_keyword_writer *w, const struct gs_doc *doc)
{
    for (uint32_t i = 0; i < w->count && w->status == GAOSOU_OK; i++) {
        struct gs_str value = {"", 0};
        if (i < GS_KEYWORD_FIXED)
            value = gs_keyword_of_record(&doc->record, i);
        else if (doc->filterable)
            value = doc->filterable[i - GS_KEYWORD_FIXED];
        w->status = column_add(&w->columns[i], value, w->doc_count);
    }
    w->doc_count++;
}

/* ---- finishing ---- */

/* A value while they are sorted. */
struct sorted {
    const uint8_t *bytes;
    uint32_t size, id;
};

static int compare_values(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = memcmp(x->bytes, y->bytes, x->size < y->size ? x->size : y->size);
    return order ? order : (x->size > y->size) - (x->size < y->size);
}

/* The values in their order to KEYWORD_BYTES, where each begins to *offsets; the ordinals of the
 * filings to *ordinals. */
static enum gaosou_status write_values(const struct gs_keyword_column *c, uint32_t doc_count,
                                       struct gs_container_writer *out,
                                       struct gs_column_builder *offsets,
                                       struct gs_column_builder *ordinals)
{
    const uint32_t count = value_count(c);
    struct sorted *values = malloc(((size_t)count + 1) * sizeof(*values));
    uint32_t *ordinal_of = calloc((size_t)count + 1, sizeof(*ordinal_of)); /* by id; of 0: 0 */
    enum gaosou_status status = values && ordinal_of ? GAOSOU_OK : GAOSOU_E_NOMEM;
    for (uint32_t i = 0; i < count && status == GAOSOU_OK; i++) {
        const struct gs_keyword_entry *e = &entries_of(c)[i];
        values[i] = (struct sorted){c->bytes.data + e->offset, e->size, i + 1};
    }
    if (status == GAOSOU_OK)
        qsort(values, count, sizeof(*values), compare_values);
    for (uint32_t i = 0; i < count && status == GAOSOU_OK; i++) {
        ordinal_of[values[i].id] = i + 1;
        gs_column_builder_add(offsets, gs_container_appended(out, GS_SECTION_KEYWORD_BYTES));
        gs_container_append(out, GS_SECTION_KEYWORD_BYTES, values[i].bytes, values[i].size);
    }
    for (uint32_t doc = 0; doc < doc_count && status == GAOSOU_OK; doc++)
        gs_column_builder_add(ordinals, ordinal_of[load_id(&c->ids, c->id_size, doc)]);
    free(values);
    free(ordinal_of);
    return status == GAOSOU_OK ? gs_column_builder_finish(ordinals) : status;
}

static void append_name(struct gs_container_writer *out, const struct gs_buf *name,
                        struct gs_column_builder *offsets)
{
    gs_column_builder_add(offsets, gs_container_appended(out, GS_SECTION_KEYWORD_BYTES));
    gs_container_append(out, GS_SECTION_KEYWORD_BYTES, name->data, name->size);
}

static enum gaosou_status write_sections(const struct gs_keyword_writer *w,
                                         struct gs_container_writer *out,
                                         struct gs_column_builder *ordinals,
                                         struct gs_column_builder *firsts,
                                         struct gs_column_builder *offsets)
{
    uint64_t values = 0;
    struct gs_column_part parts[GS_KEYWORDS_MAX];
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t i = 0; i < w->count; i++)
        append_name(out, &w->columns[i].name, offsets);
    for (uint32_t i = 0; i < w->count && status == GAOSOU_OK; i++) {
        gs_column_builder_add(firsts, values);
        values += value_count(&w->columns[i]);
        status = write_values(&w->columns[i], w->doc_count, out, offsets, &ordinals[i]);
        parts[i] = (struct gs_column_part){.packed = &ordinals[i]};
    }
    gs_column_builder_add(firsts, values);
    gs_column_builder_add(offsets, gs_container_appended(out, GS_SECTION_KEYWORD_BYTES));
    if (status == GAOSOU_OK)
        status = gs_column_builder_finish(firsts);
    if (status == GAOSOU_OK)
        status = gs_column_builder_finish(offsets);
    if (status != GAOSOU_OK)
        return status;
    const struct gs_column_part index[GS_KEYWORDS_COLUMNS] = {
        [GS_KEYWORDS_FIRST] = {.packed = firsts},
        [GS_KEYWORDS_OFFSET] = {.packed = offsets},
    };
    gs_column_set_write(out, GS_SECTION_KEYWORDS, index, GS_KEYWORDS_COLUMNS);
    gs_column_set_write(out, GS_SECTION_KEYWORD_ORDINALS, parts, w->count);
    return GAOSOU_OK;
}

enum gaosou_status gs_keyword_writer_finish(struct gs_keyword_writer *w,
                                            struct gs_container_writer *out)
{
    if (w->status != GAOSOU_OK)
        return w->status;
    struct gs_column_builder *builders = malloc((w->count + 2) * sizeof(*builders));
    if (!builders)
        return w->status = GAOSOU_E_NOMEM;
    for (uint32_t i = 0; i < w->count + 2; i++)
        gs_column_builder_init(&builders[i]);
    w->status = write_sections(w, out, builders, &builders[w->count], &builders[w->count + 1]);
    for (uint32_t i = 0; i < w->count + 2; i++)
        gs_column_builder_release(&builders[i]);
    free(builders);
    return w->status;
}

size_t gs_keyword_writer_memory(const struct gs_keyword_writer *w)
{
    size_t sum = 0, most = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct gs_keyword_column *c = &w->columns[i];
        size_t sorting = value_count(c) * (sizeof(struct sorted) + sizeof(uint32_t));
        most = sorting > most ? sorting : most;
        sum += c->bytes.capacity + c->entries.capacity + c->ids.capacity +
               c->slot_count * sizeof(*c->slots);
    }
    return sum + most;
}
