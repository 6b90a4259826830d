#include "common/text/display.h"

#include "common/base/utf8_step.h"
#include "common/text/chartab.h"

struct range {
    uint32_t first, last;
};

/* East_Asian_Width W and F of Unicode 15.0, unassigned gaps inside the blocks filled, emoji aside.
 */
static const struct range wide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x4DBF},   {0x4E00, 0xA4CF},
    {0xA960, 0xA97F},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE10, 0xFE19},
    {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},   {0xFFE0, 0xFFE6},   {0x16FE0, 0x18D08},
    {0x1AFF0, 0x1B2FB}, {0x1F200, 0x1F320}, {0x1F400, 0x1F64F}, {0x1F900, 0x1F9FF},
    {0x20000, 0x3FFFD},
};

/* Default_Ignorable_Code_Point of Unicode 15.0. */
static const struct range ignorable[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x061C, 0x061C}, {0x115F, 0x1160}, {0x17B4, 0x17B5},
    {0x180B, 0x180F},   {0x200B, 0x200F},   {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164},
    {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFF8}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

static bool is_in(const struct range *ranges, size_t count, uint32_t cp)
{
    for (size_t i = 0; i < count && ranges[i].first <= cp; i++)
        if (cp <= ranges[i].last)
            return true;
    return false;
}

static enum gs_display_class class_of_control(uint32_t cp)
{
    switch (cp) {
    case '\n':
    case '\r':
    case '\f':
    case 0x85:
        return GS_DISPLAY_LINE;
    case '\t':
        return GS_DISPLAY_TAB;
    case 0x1F:
        return GS_DISPLAY_CELL;
    default:
        return GS_DISPLAY_SPACE;
    }
}

enum gs_display_class gs_display_class(uint32_t cp)
{
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        return class_of_control(cp);
    if (cp < 0x7F)
        return cp == ' ' ? GS_DISPLAY_SPACE : GS_DISPLAY_NARROW;
    if ((cp >= 0x4E00 && cp <= 0x9FFF) || (cp >= 0x3001 && cp <= 0x3029) ||
        (cp >= 0xFF01 && cp <= 0xFF60))
        return GS_DISPLAY_WIDE;
    if (cp == 0x2028 || cp == 0x2029)
        return GS_DISPLAY_LINE;
    if (is_in(ignorable, sizeof(ignorable) / sizeof(ignorable[0]), cp))
        return GS_DISPLAY_DROP;
    struct gs_char_entry entry;
    gs_char_find(cp, &entry);
    if (entry.class == GS_CLASS_TRANSPARENT)
        return GS_DISPLAY_SPACE;
    if (entry.class == GS_CLASS_VANISHING)
        return GS_DISPLAY_MARK;
    return is_in(wide, sizeof(wide) / sizeof(wide[0]), cp) ? GS_DISPLAY_WIDE : GS_DISPLAY_NARROW;
}

size_t gs_display_columns(const void *bytes, size_t size)
{
    const uint8_t *p = bytes, *stop = size ? p + size : p;
    size_t columns = 0;
    bool gap = false;
    while (p < stop) {
        uint32_t cp;
        p += gs_utf8_step(p, stop, &cp);
        enum gs_display_class class = gs_display_class(cp);
        if (class == GS_DISPLAY_DROP || class == GS_DISPLAY_MARK)
            continue;
        if (class < GS_DISPLAY_MARK) {
            gap = columns > 0;
            continue;
        }
        columns += (gap ? 1u : 0u) + (class == GS_DISPLAY_WIDE ? 2u : 1u);
        gap = false;
    }
    return columns;
}

void gs_display_append(struct gs_buf *out, const void *bytes, size_t size)
{
    const uint8_t *p = bytes, *stop = size ? p + size : p;
    size_t start = out->size;
    bool gap = false;
    while (p < stop) {
        uint32_t cp;
        size_t step = gs_utf8_step(p, stop, &cp);
        enum gs_display_class class = gs_display_class(cp);
        if (class == GS_DISPLAY_DROP) {
            p += step;
            continue;
        }
        if (class < GS_DISPLAY_MARK) {
            gap = out->size > start;
            p += step;
            continue;
        }
        if (gap)
            gs_buf_append_u8(out, ' ');
        gap = false;
        if (cp == GS_UTF8_BAD)
            gs_buf_append(out, "\xEF\xBF\xBD", 3);
        else
            gs_buf_append(out, p, step);
        p += step;
    }
}

void gs_display_pad(struct gs_buf *out, const void *bytes, size_t size, size_t columns, bool right)
{
    size_t used = gs_display_columns(bytes, size);
    if (!right)
        gs_display_append(out, bytes, size);
    for (size_t i = used; i < columns; i++)
        gs_buf_append_u8(out, ' ');
    if (right)
        gs_display_append(out, bytes, size);
}
