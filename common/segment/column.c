#include "common/segment/column.h"

#include <stdlib.h>

/* FORMAT.md, section Columns. */
#define TABLE_HEADER 16u /* u32 number of columns, zeros */
#define TABLE_ENTRY  16u /* u64 offset, u32 count, u32 kind */
#define ENTRY        16u /* directory: u64 base, u32 slope, u32 start of the residuals, in 16 bytes */
#define CONSTANT     16u /* a constant column: u64 value, u64 0 */
#define SLOPE_SHIFT  7
#define WIDTH_UNIT   (GS_COLUMN_BLOCK / 8) /* bytes of a block's residuals for each bit of width */
#define BUILDER_CAP  ((size_t)1 << 36)
#define COLUMN_MAX   UINT32_MAX /* values */

/* ---- building ---- */

void gs_column_builder_init(struct gs_column_builder *b)
{
    b->count = b->first = 0;
    b->uniform = true;
    gs_buf_init(&b->directory, BUILDER_CAP);
    gs_buf_init(&b->data, BUILDER_CAP);
}

void gs_column_builder_release(struct gs_column_builder *b)
{
    if (!b)
        return;
    gs_buf_release(&b->directory);
    gs_buf_release(&b->data);
    b->count = 0;
}

static unsigned width_of(uint64_t v)
{
    return v ? 64u - (unsigned)__builtin_clzll(v) : 0;
}

/* Base and width for one slope; arithmetic is modulo 2^64, as the reader's. */
static unsigned fit(const uint64_t *v, unsigned count, uint32_t slope, uint64_t *base)
{
    if (slope == 0) {
        uint64_t low = v[0], high = v[0];
        for (unsigned i = 1; i < count; i++) {
            low = v[i] < low ? v[i] : low;
            high = v[i] > high ? v[i] : high;
        }
        *base = low;
        return width_of(high - low);
    }
    /* slope_of() saw to it that the distances from the line fit an int64. */
    int64_t low = 0, high = 0;
    for (unsigned i = 1; i < count; i++) {
        int64_t d = (int64_t)(v[i] - v[0]) - (int64_t)((uint64_t)i * slope >> SLOPE_SHIFT);
        low = d < low ? d : low;
        high = d > high ? d : high;
    }
    *base = v[0] + (uint64_t)low;
    return width_of((uint64_t)(high - low));
}

/* The slope worth trying for `count` values, 0 for none. */
static uint32_t slope_of(const uint64_t *v, unsigned count)
{
    for (unsigned i = 1; i < count; i++)
        if (v[i] < v[i - 1])
            return 0;
    uint64_t span = v[count - 1] - v[0];
    if (count < 2 || span >> 40)
        return 0;
    uint64_t slope = (span << SLOPE_SHIFT) / (count - 1);
    return slope > UINT32_MAX ? 0 : (uint32_t)slope;
}

/* Residuals of `count` values; the rest of the block is zero bits. */
static void pack_residuals(uint8_t *out, const uint64_t *v, unsigned count, uint64_t base,
                           uint32_t slope, unsigned width)
{
    memset(out, 0, (size_t)width * WIDTH_UNIT);
    for (unsigned i = 0; i < count && width > 0; i++) {
        uint64_t r = v[i] - base - ((uint64_t)i * slope >> SLOPE_SHIFT);
        size_t bit = (size_t)i * width;
        for (unsigned left = width; left > 0;) {
            unsigned shift = bit & 7, room = 8 - shift, part = left < room ? left : room;
            out[bit >> 3] |= (uint8_t)((r & ((1u << part) - 1)) << shift);
            r >>= part;
            bit += part;
            left -= part;
        }
    }
}

static void close_block(struct gs_column_builder *b, unsigned count)
{
    uint32_t slope = slope_of(b->open, count);
    uint64_t base, sloped_base;
    unsigned width = fit(b->open, count, 0, &base);
    unsigned sloped = fit(b->open, count, slope, &sloped_base);
    if (sloped < width) {
        width = sloped;
        base = sloped_base;
    } else {
        slope = 0;
    }
    gs_buf_append_u64(&b->directory, base);
    gs_buf_append_u32(&b->directory, slope);
    gs_buf_append_u32(&b->directory, (uint32_t)(b->data.size / WIDTH_UNIT));
    uint8_t *out = gs_buf_reserve(&b->data, (size_t)width * WIDTH_UNIT);
    if (!out)
        return;
    pack_residuals(out, b->open, count, base, slope, width);
    b->data.size += (size_t)width * WIDTH_UNIT;
}

void gs_column_builder_add(struct gs_column_builder *b, uint64_t value)
{
    if (b->count == 0)
        b->first = value;
    b->uniform = b->uniform && value == b->first;
    unsigned at = (unsigned)(b->count++ % GS_COLUMN_BLOCK);
    b->open[at] = value;
    if (at == GS_COLUMN_BLOCK - 1)
        close_block(b, GS_COLUMN_BLOCK);
}

enum gaosou_status gs_column_builder_finish(struct gs_column_builder *b)
{
    if (b->count > COLUMN_MAX)
        return GAOSOU_E_LIMIT;
    unsigned open = (unsigned)(b->count % GS_COLUMN_BLOCK);
    if (open > 0)
        close_block(b, open);
    gs_buf_append_u64(&b->directory, 0);
    gs_buf_append_u32(&b->directory, 0);
    gs_buf_append_u32(&b->directory, (uint32_t)(b->data.size / WIDTH_UNIT));
    enum gaosou_status status = gs_buf_status(&b->directory);
    return status != GAOSOU_OK ? status : gs_buf_status(&b->data);
}

size_t gs_column_builder_memory(const struct gs_column_builder *b)
{
    return b->directory.capacity + b->data.capacity;
}

/* Only where the section is of filings, whose number is known from a column that has bytes for
 * each: elsewhere a few damaged bytes could claim 2^32 values. */
static bool may_be_constant(enum gs_section_id section)
{
    return section == GS_SECTION_COLUMNS || section == GS_SECTION_KEYWORD_ORDINALS;
}

static uint32_t part_kind(const struct gs_column_part *p, enum gs_section_id section)
{
    if (p->plain)
        return GS_COLUMN_KIND_PLAIN;
    return p->packed->uniform && p->packed->count > 0 && may_be_constant(section)
               ? GS_COLUMN_KIND_CONSTANT
               : GS_COLUMN_KIND_PACKED;
}

static uint64_t part_size(const struct gs_column_part *p, enum gs_section_id section)
{
    switch (part_kind(p, section)) {
    case GS_COLUMN_KIND_PLAIN:
        return (p->plain->size + ENTRY - 1) / ENTRY * ENTRY;
    case GS_COLUMN_KIND_CONSTANT:
        return CONSTANT;
    default:
        return p->packed->directory.size + p->packed->data.size;
    }
}

static void append_part(struct gs_container_writer *out, enum gs_section_id section,
                        const struct gs_column_part *p)
{
    static const uint8_t zeros[ENTRY];
    uint8_t constant[CONSTANT] = {0};
    switch (part_kind(p, section)) {
    case GS_COLUMN_KIND_PLAIN:
        gs_container_append(out, section, p->plain->data, p->plain->size);
        gs_container_append(out, section, zeros, (ENTRY - p->plain->size % ENTRY) % ENTRY);
        break;
    case GS_COLUMN_KIND_CONSTANT:
        gs_store_u64(constant, p->packed->first);
        gs_container_append(out, section, constant, sizeof(constant));
        break;
    default:
        gs_container_append(out, section, p->packed->directory.data, p->packed->directory.size);
        gs_container_append(out, section, p->packed->data.data, p->packed->data.size);
    }
}

void gs_column_set_write(struct gs_container_writer *out, enum gs_section_id section,
                         const struct gs_column_part *parts, uint32_t count)
{
    uint8_t table[TABLE_HEADER + TABLE_ENTRY * GS_COLUMN_SET_MAX] = {0};
    gs_store_u32(table, count);
    uint64_t offset = TABLE_HEADER + TABLE_ENTRY * (uint64_t)count;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *entry = table + TABLE_HEADER + TABLE_ENTRY * i;
        const struct gs_column_part *p = &parts[i];
        gs_store_u64(entry, offset);
        gs_store_u32(entry + 8,
                     (uint32_t)(p->packed ? p->packed->count : p->plain->size / sizeof(uint32_t)));
        gs_store_u32(entry + 12, part_kind(p, section));
        offset += part_size(p, section);
    }
    gs_container_append(out, section, table, TABLE_HEADER + TABLE_ENTRY * (size_t)count);
    for (uint32_t i = 0; i < count; i++)
        append_part(out, section, &parts[i]);
}

/* ---- reading ---- */

static uint64_t block_count(uint64_t values)
{
    return (values + GS_COLUMN_BLOCK - 1) / GS_COLUMN_BLOCK;
}

/* Bytes a column needs at least; for plain and constant ones exactly. */
static uint64_t least_size(uint32_t kind, uint64_t values)
{
    if (kind == GS_COLUMN_KIND_PLAIN)
        return (values * sizeof(uint32_t) + ENTRY - 1) / ENTRY * ENTRY;
    if (kind == GS_COLUMN_KIND_CONSTANT)
        return CONSTANT;
    return (block_count(values) + 1) * ENTRY;
}

static enum gaosou_status open_entry(const struct gs_container *c, enum gs_section_id section,
                                     const uint8_t *table, uint32_t columns, uint32_t index,
                                     struct gs_column_ref *ref, struct gs_err *err)
{
    const uint8_t *entry = table + TABLE_HEADER + (size_t)TABLE_ENTRY * index;
    uint64_t at = (uint64_t)TABLE_HEADER + (uint64_t)TABLE_ENTRY * index;
    uint64_t end =
        index + 1 < columns ? gs_load_u64(entry + TABLE_ENTRY) : gs_section_size(c, section);
    uint64_t first = (uint64_t)TABLE_HEADER + (uint64_t)TABLE_ENTRY * columns;
    struct gs_column_ref r = {.section = section,
                              .count = gs_load_u32(entry + 8),
                              .kind = gs_load_u32(entry + 12),
                              .offset = gs_load_u64(entry)};
    if (r.kind > GS_COLUMN_KIND_CONSTANT ||
        (r.kind == GS_COLUMN_KIND_CONSTANT && !may_be_constant(section)))
        return gs_container_corrupt(c, section, at, err, "column %u is of unknown kind %u", index,
                                    r.kind);
    if (r.offset < first || (index == 0 && r.offset != first) || r.offset > end ||
        end > gs_section_size(c, section) || end - r.offset < least_size(r.kind, r.count) ||
        (end - r.offset) % ENTRY != 0)
        return gs_container_corrupt(
            c, section, at, err, "column %u of %u values cannot stand at bytes %llu to %llu", index,
            r.count, (unsigned long long)r.offset, (unsigned long long)end);
    r.data = r.offset +
             (r.kind == GS_COLUMN_KIND_PACKED ? least_size(GS_COLUMN_KIND_PACKED, r.count) : 0);
    *ref = r;
    return GAOSOU_OK;
}

enum gaosou_status gs_column_open(const struct gs_container *c, enum gs_section_id section,
                                  uint32_t columns, uint32_t index, struct gs_column_ref *ref,
                                  struct gs_err *err)
{
    const uint8_t *table = NULL;
    enum gaosou_status status = gs_container_get(
        c, section, 0, TABLE_HEADER + (uint64_t)TABLE_ENTRY * columns, &table, err);
    if (status != GAOSOU_OK)
        return status;
    if (gs_load_u32(table) != columns || gs_load_u32(table + 4) || gs_load_u64(table + 8))
        return gs_container_corrupt(c, section, 0, err, "a table of %u columns, %u wanted",
                                    gs_load_u32(table), columns);
    return open_entry(c, section, table, columns, index, ref, err);
}

/* One block's directory entry, checked: how to decode its values. */
struct block {
    uint64_t base, offset; /* offset of the residuals in the section */
    uint32_t slope, width;
};

static enum gaosou_status load_block(const struct gs_container *c, const struct gs_column_ref *ref,
                                     uint64_t number, struct block *out, struct gs_err *err)
{
    const uint8_t *entry = NULL;
    uint64_t at = ref->offset + number * ENTRY;
    enum gaosou_status status = gs_container_get(c, ref->section, at, 2 * ENTRY, &entry, err);
    if (status != GAOSOU_OK)
        return status;
    uint32_t start = gs_load_u32(entry + 12), end = gs_load_u32(entry + ENTRY + 12);
    if (end < start || end - start > 64)
        return gs_container_corrupt(c, ref->section, at, err,
                                    "column block with residuals from %u to %u", start, end);
    out->base = gs_load_u64(entry);
    out->slope = gs_load_u32(entry + 8);
    out->width = end - start;
    out->offset = ref->data + (uint64_t)start * WIDTH_UNIT;
    return GAOSOU_OK;
}

/* The residual at bit `bit` of bytes that may be over-read by 8. */
static inline uint64_t residual(const uint8_t *bytes, size_t bit, unsigned width)
{
    const uint8_t *p = bytes + (bit >> 3);
    unsigned shift = bit & 7;
    uint64_t v = gs_load_u64(p) >> shift;
    if (width + shift > 64)
        v |= (uint64_t)p[8] << (64 - shift);
    return width == 64 ? v : v & (((uint64_t)1 << width) - 1);
}

static enum gaosou_status outside(const struct gs_container *c, const struct gs_column_ref *ref,
                                  uint64_t index, struct gs_err *err)
{
    return gs_container_corrupt(c, ref->section, ref->offset, err,
                                "value %llu of a column of %u is asked for",
                                (unsigned long long)index, ref->count);
}

enum gaosou_status gs_column_constant(const struct gs_container *c, const struct gs_column_ref *ref,
                                      uint64_t *value, struct gs_err *err)
{
    const uint8_t *bytes = NULL;
    enum gaosou_status status =
        gs_container_get(c, ref->section, ref->offset, CONSTANT, &bytes, err);
    if (status == GAOSOU_OK)
        *value = gs_load_u64(bytes);
    return status;
}

enum gaosou_status gs_column_value(const struct gs_container *c, const struct gs_column_ref *ref,
                                   uint64_t index, uint64_t *value, struct gs_err *err)
{
    if (index >= ref->count)
        return outside(c, ref, index, err);
    const uint8_t *bytes = NULL;
    enum gaosou_status status;
    if (ref->kind == GS_COLUMN_KIND_CONSTANT)
        return gs_column_constant(c, ref, value, err);
    if (ref->kind == GS_COLUMN_KIND_PLAIN) {
        status = gs_container_get(c, ref->section, ref->offset + index * 4, 4, &bytes, err);
        if (status == GAOSOU_OK)
            *value = gs_load_u32(bytes);
        return status;
    }
    struct block b = {0};
    status = load_block(c, ref, index / GS_COLUMN_BLOCK, &b, err);
    if (status != GAOSOU_OK)
        return status;
    unsigned i = (unsigned)(index % GS_COLUMN_BLOCK);
    uint64_t v = b.base + ((uint64_t)i * b.slope >> SLOPE_SHIFT);
    if (b.width > 0) {
        size_t bit = (size_t)i * b.width, last = (bit + b.width - 1) >> 3;
        status = gs_container_get(c, ref->section, b.offset + (bit >> 3), last - (bit >> 3) + 1,
                                  &bytes, err);
        if (status != GAOSOU_OK)
            return status;
        v += residual(bytes, bit & 7, b.width);
    }
    *value = v;
    return GAOSOU_OK;
}

/* `count` values of one block, from its `first` on. */
static enum gaosou_status decode_block(const struct gs_container *c,
                                       const struct gs_column_ref *ref, uint64_t number,
                                       unsigned first, unsigned count, uint64_t *out,
                                       struct gs_err *err)
{
    struct block b = {0};
    const uint8_t *bytes = NULL;
    enum gaosou_status status = load_block(c, ref, number, &b, err);
    if (status == GAOSOU_OK)
        status = gs_container_get(c, ref->section, b.offset, (uint64_t)b.width * WIDTH_UNIT, &bytes,
                                  err);
    if (status != GAOSOU_OK)
        return status;
    for (unsigned i = 0; i < count; i++) {
        unsigned at = first + i;
        out[i] = b.base + ((uint64_t)at * b.slope >> SLOPE_SHIFT);
        if (b.width > 0)
            out[i] += residual(bytes, (size_t)at * b.width, b.width);
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_column_values(const struct gs_container *c, const struct gs_column_ref *ref,
                                    uint64_t first, size_t count, uint64_t *out, struct gs_err *err)
{
    if (first > ref->count || count > ref->count - first)
        return outside(c, ref, first + count, err);
    if (ref->kind == GS_COLUMN_KIND_CONSTANT) {
        uint64_t value = 0;
        enum gaosou_status status = gs_column_constant(c, ref, &value, err);
        for (size_t i = 0; i < count && status == GAOSOU_OK; i++)
            out[i] = value;
        return status;
    }
    if (ref->kind == GS_COLUMN_KIND_PLAIN) {
        const uint8_t *bytes = NULL;
        enum gaosou_status status = gs_container_get(c, ref->section, ref->offset + first * 4,
                                                     (uint64_t)count * 4, &bytes, err);
        for (size_t i = 0; i < count && status == GAOSOU_OK; i++)
            out[i] = gs_load_u32(bytes + i * 4);
        return status;
    }
    while (count > 0) {
        unsigned at = (unsigned)(first % GS_COLUMN_BLOCK), part = GS_COLUMN_BLOCK - at;
        if (part > count)
            part = (unsigned)count;
        enum gaosou_status status =
            decode_block(c, ref, first / GS_COLUMN_BLOCK, at, part, out, err);
        if (status != GAOSOU_OK)
            return status;
        first += part;
        out += part;
        count -= part;
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_column_block_bounds(const struct gs_container *c,
                                          const struct gs_column_ref *ref, uint64_t index,
                                          uint64_t *least, uint64_t *most, struct gs_err *err)
{
    struct block b = {0};
    uint64_t value = 0;
    if (index >= ref->count)
        return outside(c, ref, index, err);
    enum gaosou_status status = GAOSOU_OK;
    *least = 0;
    *most = UINT64_MAX;
    if (ref->kind == GS_COLUMN_KIND_CONSTANT) {
        status = gs_column_constant(c, ref, &value, err);
        *least = *most = value;
    } else if (ref->kind == GS_COLUMN_KIND_PACKED) {
        status = load_block(c, ref, index / GS_COLUMN_BLOCK, &b, err);
        uint64_t rise = (uint64_t)(GS_COLUMN_BLOCK - 1) * b.slope >> SLOPE_SHIFT;
        uint64_t span = b.width == 64 ? UINT64_MAX : ((uint64_t)1 << b.width) - 1;
        /* sums wrap around where the block is of no use (or damaged): no bounds then */
        if (!status && rise <= UINT64_MAX - span && b.base <= UINT64_MAX - span - rise) {
            *least = b.base;
            *most = b.base + rise + span;
        }
    }
    return status;
}

/* Whether all values of a block are 0, known by its directory entry. */
static enum gaosou_status is_zero_block(const struct gs_container *c,
                                        const struct gs_column_ref *ref, uint64_t number,
                                        bool *zero, struct gs_err *err)
{
    struct block b = {0};
    *zero = false;
    if (ref->kind != GS_COLUMN_KIND_PACKED)
        return GAOSOU_OK;
    enum gaosou_status status = load_block(c, ref, number, &b, err);
    *zero = status == GAOSOU_OK && b.base == 0 && b.slope == 0 && b.width == 0;
    return status;
}

enum gaosou_status gs_column_next_nonzero(const struct gs_container *c,
                                          const struct gs_column_ref *ref, uint64_t from,
                                          uint64_t *index, struct gs_err *err)
{
    uint64_t value = 0, values[GS_COLUMN_BLOCK];
    if (ref->kind == GS_COLUMN_KIND_CONSTANT) {
        enum gaosou_status status = gs_column_constant(c, ref, &value, err);
        *index = value != 0 && from < ref->count ? from : ref->count;
        return status;
    }
    for (uint64_t at = from; at < ref->count;) {
        uint64_t end = (at / GS_COLUMN_BLOCK + 1) * GS_COLUMN_BLOCK;
        size_t n = (size_t)((end < ref->count ? end : ref->count) - at);
        bool zero = false;
        enum gaosou_status status = is_zero_block(c, ref, at / GS_COLUMN_BLOCK, &zero, err);
        if (status == GAOSOU_OK && !zero)
            status = gs_column_values(c, ref, at, n, values, err);
        if (status != GAOSOU_OK)
            return status;
        for (size_t i = 0; i < n && !zero; i++) {
            if (values[i] != 0) {
                *index = at + i;
                return GAOSOU_OK;
            }
        }
        at += n;
    }
    *index = ref->count;
    return GAOSOU_OK;
}

enum gaosou_status gs_column_upper_bound(const struct gs_container *c,
                                         const struct gs_column_ref *ref, uint64_t from,
                                         uint64_t to, uint64_t key, uint64_t *found,
                                         struct gs_err *err)
{
    uint64_t low = from, high = to;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2, value = 0;
        enum gaosou_status status = gs_column_value(c, ref, middle, &value, err);
        if (status != GAOSOU_OK)
            return status;
        if (value <= key)
            low = middle + 1;
        else
            high = middle;
    }
    *found = low;
    return GAOSOU_OK;
}
