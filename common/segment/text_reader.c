/* The reading side of text_store.h. */
#include "common/segment/text_store.h"

#include "common/segment/segment_internal.h"

#include <stdlib.h>

#define KEPT 8 /* decoded blocks */

struct kept {
    const struct gs_segment *segment; /* NULL: empty */
    uint64_t header_checksum;         /* of that segment: an address may be used again */
    uint64_t block, raw, used;        /* number; raw offset; when it was last wanted */
    uint32_t size;
    uint8_t *bytes; /* GS_TEXT_BLOCK_MAX + slack, taken at first use */
};

struct gs_text_reader {
    struct gs_unpacker *unpacker;
    struct kept kept[KEPT];
    uint64_t clock;
};

enum gaosou_status gs_text_reader_create(struct gs_text_reader **out)
{
    struct gs_text_reader *r = calloc(1, sizeof(*r));
    if (!r)
        return GAOSOU_E_NOMEM;
    enum gaosou_status status = gs_unpacker_create(&r->unpacker);
    if (status != GAOSOU_OK) {
        free(r);
        return status;
    }
    *out = r;
    return GAOSOU_OK;
}

void gs_text_reader_free(struct gs_text_reader *r)
{
    if (!r)
        return;
    gs_unpacker_free(r->unpacker);
    for (size_t i = 0; i < KEPT; i++)
        free(r->kept[i].bytes);
    free(r);
}

void gs_text_reader_forget(struct gs_text_reader *r)
{
    for (size_t i = 0; i < KEPT; i++)
        r->kept[i].segment = NULL;
}

/* ---- where things are ---- */

struct text {
    const struct gs_container *c;
    struct gs_column_ref docs, cut_offsets, cut_positions, cut_states, raws, ends;
};

static enum gaosou_status open_columns(struct text *t, struct gs_err *err)
{
    const struct {
        enum gs_section_id section;
        uint32_t columns, index;
        struct gs_column_ref *ref;
    } wanted[] = {
        {GS_SECTION_TEXT_DOCS, GS_TEXT_DOCS_COLUMNS, GS_TEXT_DOCS_OFFSET, &t->docs},
        {GS_SECTION_TEXT_DOCS, GS_TEXT_DOCS_COLUMNS, GS_TEXT_DOCS_CUT_OFFSET, &t->cut_offsets},
        {GS_SECTION_TEXT_DOCS, GS_TEXT_DOCS_COLUMNS, GS_TEXT_DOCS_CUT_POSITION, &t->cut_positions},
        {GS_SECTION_TEXT_DOCS, GS_TEXT_DOCS_COLUMNS, GS_TEXT_DOCS_CUT_STATE, &t->cut_states},
        {GS_SECTION_TEXT_BLOCKS, GS_TEXT_BLOCKS_COLUMNS, GS_TEXT_BLOCKS_RAW, &t->raws},
        {GS_SECTION_TEXT_BLOCKS, GS_TEXT_BLOCKS_COLUMNS, GS_TEXT_BLOCKS_OFFSET, &t->ends},
    };
    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        enum gaosou_status status = gs_column_open(t->c, wanted[i].section, wanted[i].columns,
                                                   wanted[i].index, wanted[i].ref, err);
        if (status != GAOSOU_OK)
            return status;
    }
    return GAOSOU_OK;
}

static enum gaosou_status open_text(struct text *t, const struct gs_segment *s, struct gs_err *err)
{
    t->c = &s->container;
    if (!t->c->stats.has_text)
        return gs_err_set(err, GAOSOU_E_NOT_FOUND, "%s was built without text", t->c->path);
    enum gaosou_status status = open_columns(t, err);
    if (status != GAOSOU_OK)
        return status;
    if (t->docs.count != (uint64_t)t->c->stats.doc_count + 1)
        return gs_container_corrupt(t->c, GS_SECTION_TEXT_DOCS, 0, err,
                                    "%u text offsets for %u filings", t->docs.count,
                                    t->c->stats.doc_count);
    if (t->raws.count == 0 || t->raws.count != t->ends.count)
        return gs_container_corrupt(t->c, GS_SECTION_TEXT_BLOCKS, 0, err,
                                    "%u raw and %u packed offsets", t->raws.count, t->ends.count);
    if (t->cut_offsets.count != t->cut_positions.count ||
        t->cut_offsets.count != t->cut_states.count)
        return gs_container_corrupt(
            t->c, GS_SECTION_TEXT_DOCS, 0, err, "%u offsets, %u positions and %u states of cuts",
            t->cut_offsets.count, t->cut_positions.count, t->cut_states.count);
    return GAOSOU_OK;
}

enum gaosou_status gs_text_open(const struct gs_segment *s, struct gs_err *err)
{
    struct text t = {0};
    return s->container.stats.has_text ? open_text(&t, s, err) : GAOSOU_OK;
}

/* Raw bytes [range[0], range[1]) of the store are the filing's. */
static enum gaosou_status doc_range(const struct text *t, uint32_t doc, uint64_t range[2],
                                    struct gs_err *err)
{
    if (doc >= t->c->stats.doc_count)
        return gs_err_set(err, GAOSOU_E_USE, "%s: text of filing %u of %u", t->c->path, doc,
                          t->c->stats.doc_count);
    enum gaosou_status status = gs_column_values(t->c, &t->docs, doc, 2, range, err);
    if (status == GAOSOU_OK && (range[0] > range[1] || range[1] - range[0] > UINT32_MAX))
        return gs_container_corrupt(t->c, GS_SECTION_TEXT_DOCS, 0, err,
                                    "filing %u begins behind the next one", doc);
    return status;
}

/* ---- blocks ---- */

/* Where a block's raw bytes begin and end in the text of all filings, its packed ones in the
 * section, and these. */
struct block {
    uint64_t raw[2], packed[2];
    const uint8_t *bytes;
};

static enum gaosou_status unsound_block(const struct text *t, uint64_t block, struct gs_err *err)
{
    return gs_container_corrupt(t->c, GS_SECTION_TEXT_BLOCKS, 0, err,
                                "block %llu has unsound offsets", (unsigned long long)block);
}

static enum gaosou_status find_block(const struct text *t, uint64_t block, struct block *b,
                                     struct gs_err *err)
{
    *b = (struct block){.bytes = NULL};
    enum gaosou_status status = gs_column_values(t->c, &t->raws, block, 2, b->raw, err);
    if (status == GAOSOU_OK)
        status = gs_column_values(t->c, &t->ends, block, 2, b->packed, err);
    if (status != GAOSOU_OK)
        return status;
    if (b->raw[0] >= b->raw[1] || b->raw[1] - b->raw[0] > GS_TEXT_BLOCK_MAX ||
        b->packed[0] > b->packed[1])
        return unsound_block(t, block, err);
    return gs_container_get(t->c, GS_SECTION_TEXT, b->packed[0], b->packed[1] - b->packed[0],
                            &b->bytes, err);
}

static enum gaosou_status decode(struct gs_text_reader *r, const struct text *t, struct kept *k,
                                 uint64_t block, struct gs_err *err)
{
    struct block b;
    enum gaosou_status status = find_block(t, block, &b, err);
    if (status != GAOSOU_OK)
        return status;
    if (!k->bytes && !(k->bytes = malloc(GS_TEXT_BLOCK_MAX + GS_UNPACK_SLACK)))
        return gs_err_nomem(err, GS_TEXT_BLOCK_MAX);
    status = gs_unpacker_unpack(r->unpacker, b.bytes, (size_t)(b.packed[1] - b.packed[0]), k->bytes,
                                (size_t)(b.raw[1] - b.raw[0]));
    if (status == GAOSOU_E_TOO_NEW)
        return gs_err_set(err, status,
                          "%s: text block %llu is packed in a way this program does not know",
                          t->c->path, (unsigned long long)block);
    if (status == GAOSOU_E_NOMEM)
        return gs_err_nomem(err, GS_TEXT_BLOCK_MAX);
    if (status != GAOSOU_OK)
        return gs_container_corrupt(t->c, GS_SECTION_TEXT, b.packed[0], err,
                                    "block %llu does not decode", (unsigned long long)block);
    k->raw = b.raw[0];
    k->size = (uint32_t)(b.raw[1] - b.raw[0]);
    return GAOSOU_OK;
}

/* The kept copy of a block, decoded in place of the one that was wanted longest ago. */
static enum gaosou_status get_block(struct gs_text_reader *r, const struct gs_segment *s,
                                    const struct text *t, uint64_t block, const struct kept **out,
                                    struct gs_err *err)
{
    struct kept *victim = &r->kept[0];
    r->clock++;
    for (size_t i = 0; i < KEPT; i++) {
        struct kept *k = &r->kept[i];
        if (k->segment == s && k->header_checksum == t->c->header_checksum && k->block == block) {
            k->used = r->clock;
            *out = k;
            return GAOSOU_OK;
        }
        if (k->used < victim->used)
            victim = k;
    }
    victim->segment = NULL;
    enum gaosou_status status = decode(r, t, victim, block, err);
    if (status != GAOSOU_OK)
        return status;
    victim->segment = s;
    victim->header_checksum = t->c->header_checksum;
    victim->block = block;
    victim->used = r->clock;
    *out = victim;
    return GAOSOU_OK;
}

enum gaosou_status gs_text_read(struct gs_text_reader *r, const struct gs_segment *s, uint32_t doc,
                                uint32_t from, uint32_t to, struct gs_buf *out, struct gs_err *err)
{
    struct text t = {0};
    uint64_t range[2] = {0}, block = 0;
    enum gaosou_status status = open_text(&t, s, err);
    if (status == GAOSOU_OK)
        status = doc_range(&t, doc, range, err);
    if (status != GAOSOU_OK)
        return status;
    if (from > to || to > range[1] - range[0])
        return gs_err_set(err, GAOSOU_E_USE, "%s: bytes %u to %u of a filing of %llu", t.c->path,
                          from, to, (unsigned long long)(range[1] - range[0]));
    uint64_t at = range[0] + from, end = range[0] + to;
    if (at == end)
        return GAOSOU_OK;
    status = gs_column_upper_bound(t.c, &t.raws, 0, t.raws.count, at, &block, err);
    for (; status == GAOSOU_OK && at < end; block++) {
        const struct kept *k = NULL;
        if (block == 0 || block >= t.raws.count)
            return gs_container_corrupt(t.c, GS_SECTION_TEXT_BLOCKS, 0, err,
                                        "no block holds byte %llu", (unsigned long long)at);
        status = get_block(r, s, &t, block - 1, &k, err);
        if (status != GAOSOU_OK)
            break;
        if (at < k->raw || at - k->raw >= k->size)
            return gs_container_corrupt(t.c, GS_SECTION_TEXT_BLOCKS, 0, err,
                                        "no block holds byte %llu", (unsigned long long)at);
        uint64_t part = k->raw + k->size < end ? k->raw + k->size - at : end - at;
        gs_buf_append(out, k->bytes + (at - k->raw), (size_t)part);
        at += part;
    }
    if (status == GAOSOU_OK && gs_buf_status(out) != GAOSOU_OK)
        return gs_err_set(err, gs_buf_status(out), "%s: no room for %u bytes of filing %u",
                          t.c->path, to - from, doc);
    return status;
}

/* ---- resuming ---- */

static enum gaosou_status read_cut(const struct text *t, uint64_t i, struct gs_text_cut *cut,
                                   uint64_t *raw, struct gs_err *err)
{
    uint64_t position = 0, state = 0;
    enum gaosou_status status = gs_column_value(t->c, &t->cut_offsets, i, raw, err);
    if (status == GAOSOU_OK)
        status = gs_column_value(t->c, &t->cut_positions, i, &position, err);
    if (status == GAOSOU_OK)
        status = gs_column_value(t->c, &t->cut_states, i, &state, err);
    if (status != GAOSOU_OK)
        return status;
    cut->position = (uint32_t)position;
    if (!gs_text_state_unpack(state, cut) || position > UINT32_MAX)
        return gs_container_corrupt(t->c, GS_SECTION_TEXT_DOCS, 0, err, "cut %llu is unsound",
                                    (unsigned long long)i);
    return GAOSOU_OK;
}

enum gaosou_status gs_text_resume_point(const struct gs_segment *s, uint32_t doc, uint32_t position,
                                        uint32_t *offset, struct gs_cutter_state *state,
                                        struct gs_err *err)
{
    struct text t = {0};
    uint64_t range[2] = {0}, first = 0, end = 0, at = 0;
    enum gaosou_status status = open_text(&t, s, err);
    if (status == GAOSOU_OK)
        status = doc_range(&t, doc, range, err);
    /* The filing's cuts lie inside it, so strictly behind its first byte; then those by position.
     */
    if (status == GAOSOU_OK)
        status = gs_column_upper_bound(t.c, &t.cut_offsets, 0, t.cut_offsets.count, range[0],
                                       &first, err);
    if (status == GAOSOU_OK && range[1] > 0)
        status = gs_column_upper_bound(t.c, &t.cut_offsets, first, t.cut_offsets.count,
                                       range[1] - 1, &end, err);
    if (status == GAOSOU_OK)
        status = gs_column_upper_bound(t.c, &t.cut_positions, first, end, position, &at, err);
    while (status == GAOSOU_OK && at > first) {
        struct gs_text_cut cut = {0};
        uint64_t raw = 0;
        status = read_cut(&t, --at, &cut, &raw, err);
        if (status != GAOSOU_OK)
            return status;
        if (raw <= range[0] || raw >= range[1])
            return gs_container_corrupt(t.c, GS_SECTION_TEXT_DOCS, 0, err,
                                        "cut %llu is outside filing %u", (unsigned long long)at,
                                        doc);
        if (!cut.resumable)
            continue;
        *offset = (uint32_t)(raw - range[0]);
        *state = cut.state;
        return GAOSOU_OK;
    }
    if (status != GAOSOU_OK)
        return status;
    *offset = 0;
    *state = (struct gs_cutter_state){0};
    return GAOSOU_OK;
}

/* ---- copying ---- */

/* A block's packed bytes to the writer. Both offsets must go on where the block before ended. */
static enum gaosou_status copy_block(struct gs_text_writer *w, struct gs_container_writer *out,
                                     const struct text *t, uint64_t block, uint64_t ends[2],
                                     struct gs_err *err)
{
    struct block b;
    enum gaosou_status status = find_block(t, block, &b, err);
    if (status != GAOSOU_OK)
        return status;
    if (b.raw[0] != ends[0] || b.packed[0] != ends[1])
        return unsound_block(t, block, err);
    ends[0] = b.raw[1];
    ends[1] = b.packed[1];
    gs_text_writer_add_block(w, out, (uint32_t)(b.raw[1] - b.raw[0]), b.bytes,
                             (size_t)(b.packed[1] - b.packed[0]));
    return GAOSOU_OK;
}

static enum gaosou_status copy_cuts(struct gs_text_writer *w, const struct text *t, uint64_t raw,
                                    struct gs_err *err)
{
    uint64_t last = 0, at = 0;
    for (uint64_t i = 0; i < t->cut_offsets.count; i++, last = at) {
        struct gs_text_cut cut = {0};
        enum gaosou_status status = read_cut(t, i, &cut, &at, err);
        if (status != GAOSOU_OK)
            return status;
        if (at <= last || at >= w->raw - raw)
            return gs_container_corrupt(t->c, GS_SECTION_TEXT_DOCS, 0, err,
                                        "cut %llu does not ascend", (unsigned long long)i);
        gs_text_writer_add_cut(w, raw + at, &cut);
    }
    return GAOSOU_OK;
}

static enum gaosou_status copy_docs(struct gs_text_writer *w, const struct text *t, uint64_t raw,
                                    struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    uint64_t range[2] = {0}, end = 0;
    for (uint32_t doc = 0; doc < t->c->stats.doc_count && status == GAOSOU_OK; doc++) {
        status = doc_range(t, doc, range, err);
        if (status == GAOSOU_OK && range[0] != end)
            return gs_container_corrupt(t->c, GS_SECTION_TEXT_DOCS, 0, err,
                                        "filing %u does not begin where the one before ends", doc);
        end = range[1];
        gs_text_writer_add_doc(w, raw + range[0]);
    }
    if (status == GAOSOU_OK && raw + end != w->raw)
        return gs_container_corrupt(t->c, GS_SECTION_TEXT_DOCS, 0, err,
                                    "the filings have %llu bytes, the blocks %llu",
                                    (unsigned long long)end, (unsigned long long)(w->raw - raw));
    return status;
}

enum gaosou_status gs_text_writer_copy(struct gs_text_writer *w, struct gs_container_writer *out,
                                       const struct gs_segment *s, struct gs_err *err)
{
    struct text t = {0};
    uint64_t raw = w->raw, ends[2] = {0};
    enum gaosou_status status = open_text(&t, s, err);
    for (uint64_t i = 0; status == GAOSOU_OK && i + 1 < t.raws.count; i++)
        status = copy_block(w, out, &t, i, ends, err);
    if (status == GAOSOU_OK)
        status = copy_docs(w, &t, raw, err);
    return status == GAOSOU_OK ? copy_cuts(w, &t, raw, err) : status;
}

/* ---- checking ---- */

static void check_docs(struct gs_checker *c, const struct text *t, uint64_t content_bytes)
{
    struct gs_err err = {0};
    uint64_t last = 0;
    for (uint64_t i = 0; i < t->docs.count; i++) {
        uint64_t at = 0;
        if (gs_column_value(t->c, &t->docs, i, &at, &err) != GAOSOU_OK) {
            gs_checker_report(c, "text: %s", err.text);
            return;
        }
        if (at < last || (i == 0 && at != 0)) {
            gs_checker_report(c, "text: the offset of filing %llu is out of order",
                              (unsigned long long)i);
            return;
        }
        last = at;
    }
    if (last != content_bytes || last != t->c->stats.text_bytes)
        gs_checker_report(c, "text: %llu bytes, the records say %llu, the header %llu",
                          (unsigned long long)last, (unsigned long long)content_bytes,
                          (unsigned long long)t->c->stats.text_bytes);
}

static void check_cuts(struct gs_checker *c, const struct text *t)
{
    struct gs_err err = {0};
    uint64_t last = 0;
    for (uint64_t i = 0; i < t->cut_offsets.count; i++) {
        struct gs_text_cut cut = {0};
        uint64_t raw = 0;
        if (read_cut(t, i, &cut, &raw, &err) != GAOSOU_OK) {
            gs_checker_report(c, "text: %s", err.text);
            return;
        }
        if (raw <= last) {
            gs_checker_report(c, "text: cut %llu is out of order", (unsigned long long)i);
            return;
        }
        last = raw;
    }
}

static void check_blocks(struct gs_checker *c, struct gs_text_reader *r, const struct text *t)
{
    struct gs_err err = {0};
    uint64_t packed = 0, raw = 0;
    for (uint64_t b = 0; b + 1 < t->raws.count; b++) {
        const struct kept *k = NULL;
        if (get_block(r, c->segment, t, b, &k, &err) != GAOSOU_OK)
            gs_checker_report(c, "text: %s", err.text);
        else if (k->raw != raw)
            gs_checker_report(c, "text: block %llu leaves a gap", (unsigned long long)b);
        if (gs_column_value(t->c, &t->raws, b + 1, &raw, &err) != GAOSOU_OK ||
            gs_column_value(t->c, &t->ends, b + 1, &packed, &err) != GAOSOU_OK)
            return; /* reported by the block above, or by the next */
    }
    if (packed != gs_section_size(t->c, GS_SECTION_TEXT) || raw != t->c->stats.text_bytes)
        gs_checker_report(c, "text: the blocks end at %llu of %llu bytes",
                          (unsigned long long)packed,
                          (unsigned long long)gs_section_size(t->c, GS_SECTION_TEXT));
}

void gs_text_check(struct gs_checker *c, uint64_t content_bytes)
{
    struct gs_err err = {0};
    struct text t = {0};
    struct gs_text_reader *r = NULL;
    if (!c->segment->container.stats.has_text)
        return;
    enum gaosou_status status = open_text(&t, c->segment, &err);
    if (status == GAOSOU_OK && gs_text_reader_create(&r) != GAOSOU_OK)
        status = gs_err_nomem(&err, GS_TEXT_BLOCK_MAX);
    if (status != GAOSOU_OK) {
        gs_checker_report(c, "text: %s", err.text);
        return;
    }
    check_docs(c, &t, content_bytes);
    check_cuts(c, &t);
    check_blocks(c, r, &t);
    gs_text_reader_free(r);
}
