/* Leaves that become others by the rules of a file (docs/QUERY.md, Synonyms). */
#include "query/parse.h"
#include "query/synonyms.h"

#include <string.h>

/* A copy whose items and texts are the query's: it outlives the rules. */
static enum gaosou_status copy_leaf(struct gs_parser *p, const struct gs_leaf *from,
                                    const struct gs_leaf *typed, struct gs_leaf *out)
{
    if (from->item_count > GS_QUERY_ITEMS_MAX - p->item_count)
        return gs_parse_limit(p, "too many characters and words", "字和词过多", GS_QUERY_ITEMS_MAX);
    p->item_count += from->item_count;
    *out = *from;
    out->title_only = typed->title_only;
    out->synonym_of = typed->text;
    out->text = gs_parse_copy(p, from->text, strlen(from->text), "");
    out->items = gs_arena_alloc(p->arena, from->item_count * sizeof(*out->items));
    if (!out->text || !out->items)
        return gs_parse_nomem(p);
    memcpy(out->items, from->items, from->item_count * sizeof(*out->items));
    for (size_t i = 0; i < out->item_count; i++) {
        struct gs_item *item = &out->items[i];
        if (item->is_han)
            continue;
        item->bytes = (const uint8_t *)gs_parse_copy(p, item->bytes, item->size, "");
        if (!item->bytes)
            return gs_parse_nomem(p);
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_parse_synonyms(struct gs_parser *p, const struct gs_leaf *leaf,
                                     gs_parse_take_leaf *take, void *ctx)
{
    size_t count = 0;
    const struct gs_leaf *const *terms =
        p->synonyms ? gs_synonyms_of(p->synonyms, leaf, &count) : NULL;
    if (count == 0)
        return take(p, leaf, ctx);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < count && !status; i++) {
        struct gs_leaf copy;
        status = copy_leaf(p, terms[i], leaf, &copy);
        if (!status)
            status = take(p, &copy, ctx);
    }
    return status;
}
