/* Packed blocks, records and text. See format_reader.h. */
#include "tests/support/format_reader.h"

#include "common/base/checksum.h"
#include "common/segment/text_code.h"
#include "tests/support/ref_content_hash.h"
#include "tests/support/ref_tokenise.h"

#include <zstd.h>

/* ---- packed blocks ---- */

/* Undoes the text code; false where it does not give exactly `raw` bytes. */
static bool decode_text(struct format_cursor c, uint8_t *out, size_t raw)
{
    size_t n = 0;
    while (!c.failed && c.at < c.size) {
        uint64_t b = format_number(&c, 1);
        uint8_t utf8[4];
        size_t size = 1;
        if (b < 0x80)
            utf8[0] = (uint8_t)b;
        else if (b < 0xD0)
            size = ref_encode(gs_text_code_characters[b - 0x80], utf8);
        else if (b < 0xFF)
            size = ref_encode(gs_text_code_characters[80 + (b - 0xD0) * 256 + format_number(&c, 1)],
                              utf8);
        else {
            uint32_t cp;
            if (c.at == c.size)
                return false;
            size = ref_decode(c.bytes + c.at, c.bytes + c.size, &cp);
            memcpy(utf8, c.bytes + c.at, size);
            c.at += size;
        }
        if (c.failed || n + size > raw)
            return false;
        memcpy(out + n, utf8, size);
        n += size;
    }
    return n == raw;
}

/* The zstd frame without its magic: gives its bytes, at most `most`. */
static uint8_t *decompress(struct format_cursor c, size_t most, size_t *size)
{
    uint8_t *frame = format_memory(c.size + 4), *out = format_memory(most);
    memcpy(frame, "\x28\xB5\x2F\xFD", 4);
    memcpy(frame + 4, c.bytes, c.size);
    *size = ZSTD_decompress(out, most, frame, c.size + 4);
    free(frame);
    if (!ZSTD_isError(*size))
        return out;
    free(out);
    return NULL;
}

uint8_t *format_unpack(struct format_cursor packed, size_t raw)
{
    uint64_t flags = format_number(&packed, 1);
    if (packed.failed || flags > 3)
        return NULL;
    struct format_cursor code = format_slice(&packed, 1, packed.size - 1);
    uint8_t *unpacked = NULL;
    if (flags & 2) {
        unpacked = decompress(code, raw, &code.size);
        if (!unpacked)
            return NULL;
        code.bytes = unpacked;
    }
    uint8_t *out = format_memory(raw);
    bool good = code.size <= raw;
    if (good && flags & 1)
        good = decode_text(code, out, raw);
    else if (good && (good = code.size == raw))
        memcpy(out, code.bytes, raw);
    free(unpacked);
    if (good)
        return out;
    free(out);
    return NULL;
}

/* ---- records ---- */

static uint64_t narrow(struct format_cursor *c)
{
    uint64_t v = 0, byte = 64;
    for (unsigned i = 0; i < 11 && byte >= 64 && !c->failed; i++) {
        byte = format_number(c, 1);
        v |= (byte & 63) << 6 * i;
        c->failed |= byte >= 128;
    }
    c->failed |= byte >= 64;
    return c->failed ? 0 : v;
}

static int64_t format_zigzag(struct format_cursor *c)
{
    uint64_t v = narrow(c);
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

static void read_fields(struct format_cursor *c, struct format_record *r)
{
    uint64_t mask = narrow(c);
    for (size_t i = 0; i < FORMAT_FIELDS; i++)
        if (mask >> i & 1)
            r->fields[i].size = narrow(c);
    for (size_t i = 0; i < FORMAT_FIELDS; i++) {
        struct format_cursor field = format_slice(c, c->at, r->fields[i].size);
        r->fields[i].bytes = field.bytes;
        c->at += field.size;
    }
    c->failed |= mask >> FORMAT_FIELDS != 0;
}

static void read_marks(struct format_cursor *c, struct format_record *r)
{
    uint64_t end = 0;
    for (uint64_t n = narrow(c); n > 0 && !c->failed; n--) {
        struct format_mark *m = REF_PUSH(&r->marks);
        m->start = end + narrow(c);
        uint64_t size = narrow(c);
        m->join = size & 1;
        end = m->end = m->start + (size >> 1);
        c->failed |= size < 2 || end > r->content_size;
    }
}

static void read_pages(struct format_cursor *c, struct format_record *r)
{
    struct format_page before = {0}; /* a sheet 0 before the first */
    int64_t label_end = 0;
    uint64_t n = narrow(c), labels = n ? narrow(c) : 0;
    r->labels = format_slice(c, c->at, labels).bytes;
    c->at += c->failed ? 0 : labels;
    for (; n > 0 && !c->failed; n--) {
        struct format_page *p = REF_PUSH(&r->pages);
        p->offset = before.offset + narrow(c);
        p->position = before.position + narrow(c);
        p->sheet = before.sheet + 1 + (uint64_t)format_zigzag(c);
        p->label_size = narrow(c);
        if (p->label_size) {
            p->label_offset = (uint64_t)(label_end + format_zigzag(c));
            label_end = (int64_t)(p->label_offset + p->label_size);
        }
        c->failed |= p->offset > r->content_size || p->label_offset > labels ||
                     p->label_size > labels - p->label_offset;
        before = *p;
    }
}

static void read_headings(struct format_cursor *c, struct format_record *r)
{
    uint64_t start = 0;
    for (uint64_t n = narrow(c); n > 0 && !c->failed; n--) {
        struct format_heading *h = REF_PUSH(&r->headings);
        h->start = start += narrow(c);
        h->size = narrow(c);
        h->level = narrow(c);
        c->failed |= h->start + h->size > r->content_size;
    }
}

static bool read_record(struct format_cursor c, struct format_record *r)
{
    r->content_size = narrow(&c);
    r->title_size = narrow(&c);
    read_fields(&c, r);
    read_marks(&c, r);
    read_pages(&c, r);
    read_headings(&c, r);
    return !c.failed && c.at == c.size && r->title_size <= r->content_size;
}

static bool read_record_block(struct format_segment *s, struct format_cursor block, uint64_t docs)
{
    uint64_t raw = format_varint(&block);
    if (block.failed || raw > (uint64_t)1 << 28)
        return false;
    uint8_t *rows =
        format_unpack(format_slice(&block, block.at, block.size - block.at), (size_t)raw);
    if (!rows)
        return false;
    *REF_PUSH(&s->record_blocks) = rows;
    struct format_cursor c = {.bytes = rows, .size = (size_t)raw};
    for (; docs > 0; docs--) {
        uint64_t size = narrow(&c);
        struct format_cursor row = format_slice(&c, c.at, size);
        if (c.failed || !read_record(row, REF_PUSH(&s->records)))
            return false;
        c.at += size;
    }
    return c.at == c.size;
}

bool format_records_read(struct format_segment *s)
{
    size_t blocks = 0, ends = 0;
    struct format_cursor index = s->sections[FORMAT_RECORD_INDEX],
                         records = s->sections[FORMAT_RECORDS];
    uint64_t *docs = format_column_read(index, 0, 2, &blocks),
             *places = format_column_read(index, 1, 2, &ends);
    bool good = docs && places && ends == blocks + 1 && blocks > 0 && docs[0] == 0 &&
                places[blocks] == records.size;
    for (size_t i = 0; i < blocks && good; i++) {
        uint64_t next = i + 1 < blocks ? docs[i + 1] : s->docs;
        good = next > docs[i] && places[i + 1] > places[i] && s->records.count == docs[i];
        struct format_cursor block =
            format_slice(&records, places[i], good ? places[i + 1] - places[i] : 0);
        good = good && !block.failed && read_record_block(s, block, next - docs[i]);
    }
    free(docs);
    free(places);
    return good && s->records.count == s->docs;
}

/* ---- text ---- */

static bool read_text_blocks(struct format_segment *s, const uint64_t *raw, const uint64_t *packed,
                             size_t blocks)
{
    struct format_cursor text = s->sections[FORMAT_TEXT];
    s->text = format_memory(s->text_bytes);
    for (size_t i = 0; i < blocks; i++) {
        if (raw[i + 1] < raw[i] || raw[i + 1] - raw[i] > 65536 || raw[i + 1] > s->text_bytes ||
            packed[i + 1] < packed[i])
            return false;
        size_t size = (size_t)(raw[i + 1] - raw[i]);
        struct format_cursor block = format_slice(&text, packed[i], packed[i + 1] - packed[i]);
        uint8_t *bytes = block.failed ? NULL : format_unpack(block, size);
        if (!bytes)
            return false;
        memcpy(s->text + raw[i], bytes, size);
        free(bytes);
    }
    return raw[0] == 0 && raw[blocks] == s->text_bytes && packed[blocks] == text.size;
}

static uint64_t hash_content(const uint8_t *content, const struct format_record *r)
{
    struct gs_mark *marks = format_memory((r->marks.count + 1) * sizeof(*marks));
    for (size_t i = 0; i < r->marks.count; i++) {
        const struct format_mark *m = &r->marks.at[i];
        marks[i] = (struct gs_mark){(uint32_t)m->start, (uint32_t)m->end,
                                    m->join ? GS_MARK_JOIN : GS_MARK_FURNITURE};
    }
    uint64_t hash = ref_content_hash(content, (size_t)r->content_size, (size_t)r->title_size, marks,
                                     r->marks.count);
    free(marks);
    return hash;
}

static bool check_contents(const struct format_segment *s)
{
    for (uint32_t doc = 0; doc < s->docs; doc++) {
        uint64_t from = s->text_starts[doc], to = s->text_starts[doc + 1];
        if (to < from || to > s->text_bytes || to - from != s->records.at[doc].content_size ||
            hash_content(s->text + from, &s->records.at[doc]) !=
                s->columns[FORMAT_CONTENT_HASH][doc])
            return false;
    }
    return true;
}

/* Cuts ascend, stand where a block begins and inside a filing. */
static bool check_cuts(const struct format_segment *s, const uint64_t *raw, size_t blocks)
{
    size_t counts[3] = {0}, block = 0;
    uint64_t *cuts[3];
    bool good = true;
    for (uint32_t k = 0; k < 3; k++) {
        cuts[k] = format_column_read(s->sections[FORMAT_TEXT_DOCS], k + 1, 4, &counts[k]);
        good = good && cuts[k] && counts[k] == counts[0];
    }
    for (size_t i = 0; i < counts[0] && good; i++) {
        while (block < blocks && raw[block] < cuts[0][i])
            block++;
        good = raw[block] == cuts[0][i] && (i == 0 || cuts[0][i] > cuts[0][i - 1]);
        good = good && (cuts[2][i] == 0 || cuts[2][i] >> 48 == 1);
    }
    for (size_t k = 0; k < 3; k++)
        free(cuts[k]);
    return good;
}

bool format_text_read(struct format_segment *s)
{
    size_t raw_count = 0, packed_count = 0, starts = 0;
    if (!(s->flags & 1))
        return s->sections[FORMAT_TEXT].size == 0 && s->text_bytes == 0;
    uint64_t *raw = format_column_read(s->sections[FORMAT_TEXT_BLOCKS], 0, 2, &raw_count);
    uint64_t *packed = format_column_read(s->sections[FORMAT_TEXT_BLOCKS], 1, 2, &packed_count);
    s->text_starts = format_column_read(s->sections[FORMAT_TEXT_DOCS], 0, 4, &starts);
    bool good = raw && packed && s->text_starts && raw_count == packed_count && raw_count > 0 &&
                starts == (size_t)s->docs + 1;
    good = good && read_text_blocks(s, raw, packed, raw_count - 1) && check_contents(s) &&
           check_cuts(s, raw, raw_count - 1);
    free(raw);
    free(packed);
    return good;
}
