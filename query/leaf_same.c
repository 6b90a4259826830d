#include "query/leaf_same.h"

#include "common/base/checksum.h"

#include <string.h>

uint64_t gs_leaf_hash(const struct gs_leaf *leaf)
{
    uint64_t h = leaf->item_count;
    for (size_t i = 0; i < leaf->item_count; i++) {
        const struct gs_item *item = &leaf->items[i];
        uint64_t v = item->is_han ? item->character : gs_hash64(item->bytes, item->size);
        h = (h ^ v ^ item->offset) * 0x9E3779B97F4A7C15u;
        h ^= h >> 29;
    }
    return h;
}

static bool same_item(const struct gs_item *a, const struct gs_item *b)
{
    return a->is_han == b->is_han && a->is_prefix == b->is_prefix &&
           a->is_pattern == b->is_pattern && a->offset == b->offset && a->joined == b->joined &&
           a->beside_word == b->beside_word && a->character == b->character && a->size == b->size &&
           (a->is_han || memcmp(a->bytes, b->bytes, a->size) == 0);
}

bool gs_leaf_same(const struct gs_leaf *a, const struct gs_leaf *b)
{
    if (a->item_count != b->item_count)
        return false;
    for (size_t i = 0; i < a->item_count; i++) {
        if (!same_item(&a->items[i], &b->items[i]))
            return false;
    }
    return true;
}
