/* Which values of a field are near to one that no filing has. */
#include "query/deadline.h"
#include "query/nearest.h"
#include "query/nothing_found.h"

#include <string.h>

struct looking {
    const struct gs_filter *filter;
    const char *wanted;
    size_t size;
    struct gs_near_values begin, hold;
    struct gs_nearest nearest;
    struct gs_deadline *deadline;
    struct gs_err *err;
};

static void keep(struct gs_near_values *list, struct gs_str value)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->values[i].size == value.size &&
            memcmp(list->values[i].bytes, value.bytes, value.size) == 0)
            return;
    if (list->count < GS_NOTHING_VALUES_MAX)
        list->values[list->count++] = value;
}

static void look_at(struct looking *l, struct gs_str value)
{
    const char *at =
        l->size && value.size ? memmem(value.bytes, value.size, l->wanted, l->size) : NULL;
    if (at)
        keep(at == value.bytes ? &l->begin : &l->hold, value);
    else
        gs_nearest_offer(&l->nearest, value.bytes, value.size);
}

/* Each part of a stored value: U+001F stands between them. */
static void look_at_parts(struct looking *l, struct gs_str stored)
{
    const char *at = stored.bytes, *end = at + stored.size;
    while (at < end) {
        const char *next = memchr(at, 0x1F, (size_t)(end - at));
        size_t size = (size_t)((next ? next : end) - at);
        look_at(l, (struct gs_str){at, size});
        at = next ? next + 1 : end;
    }
}

static enum gaosou_status look_in(struct looking *l, const struct gs_segment *segment)
{
    uint32_t keyword;
    enum gaosou_status status = GAOSOU_OK;
    if (!gs_keyword_find(segment, l->filter->name, strlen(l->filter->name), &keyword))
        return GAOSOU_OK;
    uint32_t count = gs_keyword_value_count(segment, keyword);
    for (uint32_t i = 1; i <= count && !status && !gs_deadline_look(l->deadline); i++) {
        struct gs_str value = {NULL, 0};
        status = gs_keyword_value(segment, keyword, i, &value, l->err);
        if (!status)
            look_at_parts(l, value);
    }
    return status;
}

enum gaosou_status gs_near_values_find(struct gs_near_values *out,
                                       const struct gs_snapshot *snapshot,
                                       const struct gs_filter *filter, size_t item,
                                       struct gs_deadline *deadline, struct gs_err *err)
{
    const struct gs_value_item *wanted = &filter->values.items[item];
    struct looking l = {.filter = filter,
                        .wanted = wanted->bytes,
                        .size = wanted->size,
                        .deadline = deadline,
                        .err = err};
    enum gaosou_status status = GAOSOU_OK;
    *out = (struct gs_near_values){.count = 0};
    gs_nearest_begin(&l.nearest, l.wanted, l.size);
    for (size_t i = 0; i < snapshot->segment_count && !status; i++)
        status = look_in(&l, snapshot->segments[i].segment);
    if (l.begin.count + l.hold.count) {
        *out = l.begin.count ? l.begin : l.hold;
        return status;
    }
    for (size_t i = 0; i < l.nearest.name_count; i++)
        keep(out, l.nearest.names[i]);
    return status;
}
