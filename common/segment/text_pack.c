/* Packs: what worker threads fill; and where a long filing is cut. FORMAT.md, section Text. */
#include "common/segment/text_pack.h"

#include <stdlib.h>

#define PACK_CAP ((size_t)1 << 33)

/* ---- cuts ---- */

/* Does a break or white space end right before p? Only what extracted text is full of. */
static bool is_behind_break(const uint8_t *start, const uint8_t *p)
{
    if (p - start < 1)
        return false;
    if (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r' || p[-1] == '\f')
        return true;
    if (p - start < 3)
        return false;
    uint32_t last = (uint32_t)p[-3] << 16 | (uint32_t)p[-2] << 8 | p[-1];
    switch (last) {
    case 0xE38080: /* U+3000 */
    case 0xE38081: /* 、 */
    case 0xE38082: /* 。 */
    case 0xEFBC8C: /* ， */
    case 0xEFBC9B: /* ； */
    case 0xEFBC9A: /* ： */
    case 0xEFBC81: /* ！ */
    case 0xEFBC9F: /* ？ */
        return true;
    default:
        return false;
    }
}

static bool is_boundary(const uint8_t *p)
{
    return (*p & 0xC0) != 0x80;
}

/* The size of the piece that begins at `piece`, of which more than GS_TEXT_BLOCK bytes are left. */
static uint32_t piece_size(const uint8_t *piece)
{
    const uint8_t *full = piece + GS_TEXT_BLOCK, *tail = full - GS_TEXT_CUT_TAIL;
    const uint8_t *line = memrchr(tail, '\n', GS_TEXT_CUT_TAIL);
    if (line)
        return (uint32_t)(line + 1 - piece);
    for (const uint8_t *p = full; p > tail; p--)
        if (is_boundary(p) && is_behind_break(piece, p))
            return (uint32_t)(p - piece);
    for (const uint8_t *p = full; p > full - 4; p--)
        if (is_boundary(p))
            return (uint32_t)(p - piece);
    return GS_TEXT_BLOCK; /* no UTF-8 at all */
}

enum gaosou_status gs_text_cuts(const uint8_t *content, uint32_t size, struct gs_text_cut **cuts,
                                size_t *count, size_t *capacity)
{
    size_t n = 0;
    for (uint32_t at = 0; size - at > GS_TEXT_BLOCK;) {
        at += piece_size(content + at);
        if (n == *capacity) {
            size_t wanted = n + n / 2 + 16;
            struct gs_text_cut *grown = realloc(*cuts, wanted * sizeof(*grown));
            if (!grown)
                return GAOSOU_E_NOMEM;
            *cuts = grown;
            *capacity = wanted;
        }
        (*cuts)[n++] = (struct gs_text_cut){.offset = at};
    }
    *count = n;
    return GAOSOU_OK;
}

/* ---- packs ---- */

enum gaosou_status gs_text_pack_create(struct gs_text_pack **out, int level)
{
    struct gs_text_pack *p = calloc(1, sizeof(*p));
    if (!p)
        return GAOSOU_E_NOMEM;
    gs_buf_init(&p->open, GS_TEXT_BLOCK);
    gs_buf_init(&p->packed, PACK_CAP);
    gs_buf_init(&p->docs, PACK_CAP);
    gs_buf_init(&p->blocks, PACK_CAP);
    gs_buf_init(&p->cuts, PACK_CAP);
    enum gaosou_status status = gs_packer_create(&p->packer, level);
    if (status != GAOSOU_OK) {
        gs_text_pack_free(p);
        return status;
    }
    *out = p;
    return GAOSOU_OK;
}

void gs_text_pack_free(struct gs_text_pack *p)
{
    if (!p)
        return;
    gs_packer_free(p->packer);
    gs_buf_release(&p->open);
    gs_buf_release(&p->packed);
    gs_buf_release(&p->docs);
    gs_buf_release(&p->blocks);
    gs_buf_release(&p->cuts);
    free(p);
}

void gs_text_pack_clear(struct gs_text_pack *p)
{
    struct gs_buf *const bufs[] = {&p->open, &p->packed, &p->docs, &p->blocks, &p->cuts};
    for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++) {
        gs_buf_clear(bufs[i]);
        bufs[i]->status = GAOSOU_OK;
    }
    p->raw = 0;
    p->status = GAOSOU_OK;
}

static void fail(struct gs_text_pack *p, enum gaosou_status status)
{
    if (p->status == GAOSOU_OK)
        p->status = status;
}

static void close_block(struct gs_text_pack *p)
{
    if (p->open.size == 0 || p->status != GAOSOU_OK)
        return;
    struct gs_text_pack_block block = {.raw = (uint32_t)p->open.size};
    size_t before = p->packed.size;
    fail(p, gs_packer_pack(p->packer, p->open.data, p->open.size, &p->packed));
    block.packed = (uint32_t)(p->packed.size - before);
    gs_buf_append(&p->blocks, &block, sizeof(block));
    gs_buf_clear(&p->open);
}

static void add_piece(struct gs_text_pack *p, const uint8_t *bytes, uint32_t size)
{
    if (size == 0)
        return;
    if (p->open.size + size > GS_TEXT_BLOCK)
        close_block(p);
    gs_buf_append(&p->open, bytes, size);
    p->raw += size;
    if (p->status == GAOSOU_OK)
        fail(p, gs_buf_status(&p->open));
}

void gs_text_pack_add(struct gs_text_pack *p, const uint8_t *content, uint32_t size,
                      const struct gs_text_cut *cuts, size_t cut_count)
{
    uint32_t at = 0;
    uint64_t start = p->raw;
    if (cut_count > 0)
        close_block(p); /* its pieces are blocks of their own; the last one stays open */
    for (size_t i = 0; i <= cut_count && p->status == GAOSOU_OK; i++) {
        uint32_t end = i < cut_count ? cuts[i].offset : size;
        if (end < at || end > size || end - at > GS_TEXT_BLOCK || (i < cut_count && end == at)) {
            fail(p, GAOSOU_E_USE);
            return;
        }
        if (i > 0)
            close_block(p);
        add_piece(p, end > at ? content + at : content, end - at);
        at = end;
        if (i == cut_count)
            break;
        struct gs_text_pack_cut cut = {start + end, cuts[i]};
        gs_buf_append(&p->cuts, &cut, sizeof(cut));
    }
    gs_buf_append(&p->docs, &size, sizeof(size));
}

enum gaosou_status gs_text_pack_finish(struct gs_text_pack *p, struct gs_err *err)
{
    close_block(p);
    fail(p, gs_buf_status(&p->packed));
    fail(p, gs_buf_status(&p->docs));
    fail(p, gs_buf_status(&p->blocks));
    fail(p, gs_buf_status(&p->cuts));
    if (p->status == GAOSOU_OK)
        return GAOSOU_OK;
    if (p->status == GAOSOU_E_NOMEM)
        return gs_err_nomem(err, p->packed.capacity);
    return gs_err_set(err, p->status, "text of a filing could not be packed: %s",
                      gaosou_status_text(p->status));
}
