#include "common/segment/segment.h"

#include <string.h>

static const char *const FIXED_NAMES[GS_KEYWORD_FIXED] = {
    [GS_KEYWORD_CODE] = "code",         [GS_KEYWORD_NAME] = "name",
    [GS_KEYWORD_COMPANY] = "company",   [GS_KEYWORD_TYPE] = "type",
    [GS_KEYWORD_EXCHANGE] = "exchange", [GS_KEYWORD_BOARD] = "board",
};

uint32_t gs_keyword_count(const struct gs_segment *s)
{
    (void)s;
    return GS_KEYWORD_FIXED;
}

struct gs_str gs_keyword_name(const struct gs_segment *s, uint32_t keyword)
{
    (void)s;
    return (struct gs_str){FIXED_NAMES[keyword], strlen(FIXED_NAMES[keyword])};
}

bool gs_keyword_find(const struct gs_segment *s, const char *name, size_t size, uint32_t *keyword)
{
    for (uint32_t i = 0; i < gs_keyword_count(s); i++) {
        struct gs_str known = gs_keyword_name(s, i);
        if (known.size == size && memcmp(known.bytes, name, size) == 0) {
            *keyword = i;
            return true;
        }
    }
    return false;
}

uint32_t gs_keyword_value_count(const struct gs_segment *s, uint32_t keyword)
{
    (void)s;
    (void)keyword;
    return 0;
}

enum gaosou_status gs_keyword_value(const struct gs_segment *s, uint32_t keyword, uint32_t ordinal,
                                    struct gs_str *value, struct gs_err *err)
{
    (void)keyword;
    (void)ordinal;
    (void)value;
    return gs_err_set(err, GAOSOU_E_CORRUPT, "%s has no such value", gs_segment_path(s));
}

enum gaosou_status gs_keyword_ordinals(const struct gs_segment *s, uint32_t keyword, uint32_t first,
                                       uint32_t count, uint32_t *out, struct gs_err *err)
{
    (void)s;
    (void)keyword;
    (void)first;
    (void)err;
    memset(out, 0, count * sizeof(*out));
    return GAOSOU_OK;
}
