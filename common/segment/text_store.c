#include "common/segment/text_store.h"

#include "common/segment/segment_internal.h"
#include "common/segment/text_pack.h"

#include <stdlib.h>

uint64_t gs_text_state_pack(const struct gs_text_cut *cut)
{
    if (!cut->resumable)
        return 0;
    return (uint64_t)cut->state.last_char | (uint64_t)cut->state.last_kind << 32 |
           (uint64_t)cut->state.flags << 40 | (uint64_t)1 << 48;
}

bool gs_text_state_unpack(uint64_t packed, struct gs_text_cut *cut)
{
    cut->resumable = packed >> 48 & 1;
    cut->state = (struct gs_cutter_state){.position = cut->position,
                                          .last_char = (uint32_t)packed,
                                          .last_kind = (uint8_t)(packed >> 32),
                                          .flags = (uint8_t)(packed >> 40)};
    return packed >> 49 == 0 && (cut->resumable || packed == 0);
}

static struct gs_column_builder *builder(struct gs_text_writer *w, size_t i)
{
    struct gs_column_builder *const all[] = {
        &w->docs, &w->cut_offsets, &w->cut_positions, &w->cut_states, &w->raws, &w->ends,
    };
    return i < sizeof(all) / sizeof(all[0]) ? all[i] : NULL;
}

void gs_text_writer_init(struct gs_text_writer *w)
{
    *w = (struct gs_text_writer){0};
    for (size_t i = 0; builder(w, i); i++)
        gs_column_builder_init(builder(w, i));
}

void gs_text_writer_release(struct gs_text_writer *w)
{
    for (size_t i = 0; w && builder(w, i); i++)
        gs_column_builder_release(builder(w, i));
}

size_t gs_text_writer_memory(const struct gs_text_writer *w)
{
    return gs_column_builder_memory(&w->docs) + gs_column_builder_memory(&w->raws) +
           gs_column_builder_memory(&w->ends) + gs_column_builder_memory(&w->cut_offsets) +
           gs_column_builder_memory(&w->cut_positions) + gs_column_builder_memory(&w->cut_states);
}

void gs_text_writer_add_cut(struct gs_text_writer *w, uint64_t raw, const struct gs_text_cut *cut)
{
    gs_column_builder_add(&w->cut_offsets, raw);
    gs_column_builder_add(&w->cut_positions, cut->resumable ? cut->state.position : cut->position);
    gs_column_builder_add(&w->cut_states, gs_text_state_pack(cut));
}

void gs_text_writer_add_doc(struct gs_text_writer *w, uint64_t raw)
{
    gs_column_builder_add(&w->docs, raw);
    w->doc_count++;
}

void gs_text_writer_add_block(struct gs_text_writer *w, struct gs_container_writer *out,
                              uint32_t raw, const uint8_t *packed, size_t size)
{
    gs_column_builder_add(&w->raws, w->raw);
    gs_column_builder_add(&w->ends, w->packed);
    w->raw += raw;
    w->packed += size;
    gs_container_append(out, GS_SECTION_TEXT, packed, size);
}

void gs_text_writer_append(struct gs_text_writer *w, struct gs_container_writer *out,
                           const struct gs_text_pack *pack)
{
    if (w->status == GAOSOU_OK)
        w->status = pack->open.size > 0 ? GAOSOU_E_USE : pack->status; /* not finished */
    if (w->status != GAOSOU_OK)
        return;
    uint64_t raw = w->raw;
    for (size_t at = 0; at < pack->cuts.size; at += sizeof(struct gs_text_pack_cut)) {
        struct gs_text_pack_cut cut;
        memcpy(&cut, pack->cuts.data + at, sizeof(cut));
        gs_text_writer_add_cut(w, w->raw + cut.raw, &cut.cut);
    }
    for (size_t at = 0; at < pack->docs.size; at += sizeof(uint32_t)) {
        uint32_t size;
        memcpy(&size, pack->docs.data + at, sizeof(size));
        gs_text_writer_add_doc(w, raw);
        raw += size;
    }
    const uint8_t *packed = pack->packed.data;
    for (size_t at = 0; at < pack->blocks.size; at += sizeof(struct gs_text_pack_block)) {
        struct gs_text_pack_block block;
        memcpy(&block, pack->blocks.data + at, sizeof(block));
        gs_text_writer_add_block(w, out, block.raw, packed, block.packed);
        packed += block.packed;
    }
    if (raw != w->raw)
        w->status = GAOSOU_E_USE;
}

enum gaosou_status gs_text_writer_finish(struct gs_text_writer *w, struct gs_container_writer *out)
{
    gs_column_builder_add(&w->docs, w->raw);
    gs_column_builder_add(&w->raws, w->raw);
    gs_column_builder_add(&w->ends, w->packed);
    for (size_t i = 0; builder(w, i) && w->status == GAOSOU_OK; i++)
        w->status = gs_column_builder_finish(builder(w, i));
    if (w->status != GAOSOU_OK)
        return w->status;
    const struct gs_column_part docs[GS_TEXT_DOCS_COLUMNS] = {
        [GS_TEXT_DOCS_OFFSET] = {.packed = &w->docs},
        [GS_TEXT_DOCS_CUT_OFFSET] = {.packed = &w->cut_offsets},
        [GS_TEXT_DOCS_CUT_POSITION] = {.packed = &w->cut_positions},
        [GS_TEXT_DOCS_CUT_STATE] = {.packed = &w->cut_states},
    };
    const struct gs_column_part blocks[GS_TEXT_BLOCKS_COLUMNS] = {
        [GS_TEXT_BLOCKS_RAW] = {.packed = &w->raws},
        [GS_TEXT_BLOCKS_OFFSET] = {.packed = &w->ends},
    };
    gs_column_set_write(out, GS_SECTION_TEXT_DOCS, docs, GS_TEXT_DOCS_COLUMNS);
    gs_column_set_write(out, GS_SECTION_TEXT_BLOCKS, blocks, GS_TEXT_BLOCKS_COLUMNS);
    return GAOSOU_OK;
}
