#include "common/base/bytes.h"
#include "common/segment/list_codec.h"

uint32_t gs_list_skip_count(const struct gs_list_cursor *c)
{
    return c->skips ? c->block_count : 0;
}

const uint8_t *gs_list_skip(const struct gs_list_cursor *c, uint32_t block, uint32_t *last)
{
    const uint8_t *skip = c->skips + gs_skip_place(block);
    *last = gs_load_u32(skip + GS_SKIP_LAST);
    return skip + GS_SKIP_IMPACTS;
}

void gs_list_rewind(struct gs_list_cursor *c)
{
    const struct gs_list_ref ref = c->ref;
    if (c->status == GAOSOU_OK)
        gs_list_open(c, c->segment, &ref);
}
