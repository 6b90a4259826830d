#include "indexer/docx_xml.h"

#include <stdlib.h>
#include <string.h>

bool gs_docx_is_word(const char *space)
{
    return space &&
           (strcmp(space, "http://schemas.openxmlformats.org/wordprocessingml/2006/main") == 0 ||
            strcmp(space, "http://purl.oclc.org/ooxml/wordprocessingml/main") == 0);
}

uint32_t gs_docx_number(const struct gs_markup_attribute *a, uint32_t otherwise)
{
    uint32_t n = 0;
    if (!a || a->size == 0 || a->size > 9)
        return otherwise;
    for (size_t i = 0; i < a->size; i++) {
        if (a->value[i] < '0' || a->value[i] > '9')
            return otherwise;
        n = 10 * n + (uint32_t)(a->value[i] - '0');
    }
    return n;
}

bool gs_docx_is_on(const struct gs_markup_element *e)
{
    const struct gs_markup_attribute *val = gs_markup_attribute(e, "val");
    return !gs_markup_value_is(val, "0") && !gs_markup_value_is(val, "false") &&
           !gs_markup_value_is(val, "off");
}

enum gaosou_status gs_docx_grow(void **items, size_t *capacity, size_t count, size_t size,
                                struct gs_err *err)
{
    if (count >= GS_DOCX_LEVELS * (size_t)GS_DOCX_TABLE_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %zu definitions", count);
    if (count < *capacity)
        return GAOSOU_OK;
    size_t more = count ? 2 * count : 64;
    void *grown = realloc(*items, more * size);
    if (!grown)
        return gs_err_nomem(err, more * size);
    *items = grown;
    *capacity = more;
    return GAOSOU_OK;
}
