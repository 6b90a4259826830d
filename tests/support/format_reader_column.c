/* Columns and ids. See format_reader.h. */
#include "tests/support/format_reader.h"

#include "common/base/checksum.h"

static uint64_t bits_at(const uint8_t *bytes, uint64_t at, unsigned count)
{
    uint64_t v = 0;
    for (unsigned i = 0; i < count; i++)
        v |= (uint64_t)(bytes[(at + i) / 8] >> ((at + i) % 8) & 1) << i;
    return v;
}

static bool read_packed(struct format_cursor c, uint64_t *out, size_t n)
{
    size_t blocks = (n + 127) / 128, directory = 16 * (blocks + 1);
    for (size_t b = 0; b < blocks; b++) {
        c.at = 16 * b;
        uint64_t base = format_number(&c, 8), slope = format_number(&c, 4),
                 start = format_number(&c, 4);
        c.at += 12;
        uint64_t end = format_number(&c, 4);
        if (c.failed || end < start || end - start > 64)
            return false;
        struct format_cursor residuals =
            format_slice(&c, directory + 16 * start, 16 * (end - start));
        if (residuals.failed)
            return false;
        unsigned width = (unsigned)(end - start);
        for (size_t i = 0; i < 128; i++) {
            uint64_t residual = bits_at(residuals.bytes, i * width, width);
            if (128 * b + i < n)
                out[128 * b + i] = base + (i * slope >> 7) + residual;
            else if (residual)
                return false;
        }
    }
    c.at = 16 * blocks;
    uint64_t zero = format_number(&c, 8) | format_number(&c, 4), end = format_number(&c, 4);
    return !c.failed && zero == 0 && c.size == directory + 16 * end;
}

static bool read_plain(struct format_cursor c, uint64_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = format_number(&c, 4);
    while (c.at < c.size)
        if (format_number(&c, 1))
            return false;
    return !c.failed && c.size == (4 * n + 15) / 16 * 16;
}

static bool read_constant(struct format_cursor c, uint64_t *out, size_t n)
{
    uint64_t value = format_number(&c, 8), zero = format_number(&c, 8);
    for (size_t i = 0; i < n; i++)
        out[i] = value;
    return !c.failed && zero == 0 && c.size == 16;
}

uint64_t *format_column_read(struct format_cursor c, uint32_t k, uint32_t columns, size_t *count)
{
    c.at = 0;
    if (format_number(&c, 4) != columns || format_number(&c, 4) != 0 || format_number(&c, 8) != 0)
        return NULL;
    c.at = 16 + 16 * (size_t)k;
    uint64_t offset = format_number(&c, 8), n = format_number(&c, 4), kind = format_number(&c, 4);
    uint64_t end = k + 1 < columns ? format_number(&c, 8) : c.size;
    struct format_cursor column =
        format_slice(&c, offset, end < offset ? UINT64_MAX : end - offset);
    if (c.failed || column.failed || offset % 16 != 0 || kind > 2 ||
        (k == 0 && offset != 16 + 16 * (uint64_t)columns))
        return NULL;
    uint64_t *values = format_memory(n * sizeof(*values));
    *count = n;
    bool good = kind == 0   ? read_packed(column, values, n)
                : kind == 1 ? read_plain(column, values, n)
                            : read_constant(column, values, n);
    if (good)
        return values;
    free(values);
    return NULL;
}

bool format_columns_read(struct format_segment *s)
{
    uint64_t length = 0;
    for (uint32_t k = 0; k < FORMAT_COLUMN_COUNT; k++) {
        size_t n = 0;
        s->columns[k] = format_column_read(s->sections[FORMAT_COLUMNS], k, FORMAT_COLUMN_COUNT, &n);
        if (!s->columns[k] || n != s->docs)
            return false;
    }
    for (uint32_t doc = 0; doc < s->docs; doc++) {
        length += s->columns[FORMAT_LENGTH][doc];
        if (doc > 0 && s->columns[FORMAT_SEQUENCE][doc] <= s->columns[FORMAT_SEQUENCE][doc - 1])
            return false;
        if (s->columns[FORMAT_TEXT_STATE][doc] > 2)
            return false;
    }
    return length == s->total_length && s->columns[FORMAT_SEQUENCE][0] == s->first_sequence;
}

bool format_ids_check(const struct format_segment *s)
{
    size_t hash_count = 0, doc_count = 0;
    uint64_t *hashes = format_column_read(s->sections[FORMAT_IDS], 0, 2, &hash_count);
    uint64_t *docs = format_column_read(s->sections[FORMAT_IDS], 1, 2, &doc_count);
    bool good = hashes && docs && hash_count == s->docs && doc_count == s->docs;
    for (size_t i = 0; i < s->docs && good; i++) {
        good = docs[i] < s->docs && (i == 0 || hashes[i] > hashes[i - 1] ||
                                     (hashes[i] == hashes[i - 1] && docs[i] > docs[i - 1]));
        if (!good)
            break;
        const struct format_record *r = &s->records.at[docs[i]];
        good = hashes[i] == gs_checksum32(r->fields[0].bytes, r->fields[0].size);
    }
    free(hashes);
    free(docs);
    return good;
}
