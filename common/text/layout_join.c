/*
 * layout_join.c: digit pieces that a spaced line has torn apart, before 年, 月 or 日.
 */
#include "common/text/layout_internal.h"
#include "common/text/text_array.h"

static bool is_digit(uint8_t b)
{
    return (uint8_t)(b - '0') < 10;
}

static bool is_one_spacer(uint32_t c)
{
    return c == ' ' || c == 0xA0 || c == 0x3000;
}

/* Whether the line is spaced: Han characters followed by one space and another. Reads to its end.
 */
static bool is_spaced(const uint8_t *p, const uint8_t *end)
{
    uint64_t all = 0, followed = 0;
    bool after_han = false,
         after_spacer = false; /* the character before; and one space behind it */
    for (size_t n; p < end && !gs_line_end_at(p, end); p += n) {
        uint32_t c;
        n = gs_utf8_step(p, end, &c);
        if (gs_is_rough_han(c)) {
            all++;
            followed += after_spacer;
            after_han = true;
            after_spacer = false;
        } else {
            after_spacer = after_han && is_one_spacer(c);
            after_han = false;
        }
    }
    return all >= GS_SPACED_HAN && followed * 5 >= all * 3;
}

enum gaosou_status gs_join_look(struct gs_layout_scratch *s, struct gs_join_state *j,
                                uint32_t line_start, uint32_t at)
{
    const uint8_t *content = s->content, *end = content + s->size, *p = content + at;
    if (at < j->done || !is_digit(p[0]) || end - p < 3 || p[1] != ' ' || !is_digit(p[2]))
        return GAOSOU_OK;
    for (p++; end - p >= 2 && *p == ' ' && is_digit(p[1]);) {
        for (p += 2; p < end && is_digit(*p);)
            p++;
    }
    uint32_t behind = (uint32_t)(p - content);
    j->done = behind;
    p = gs_skip_spaces(p, end);
    if (!GS_CHAR_AT(p, end, "年") && !GS_CHAR_AT(p, end, "月") && !GS_CHAR_AT(p, end, "日"))
        return GAOSOU_OK;
    if (j->line_start != line_start) {
        j->line_start = line_start;
        j->spaced = is_spaced(content + line_start, end);
    }
    for (uint32_t i = at; j->spaced && i < behind; i++) {
        if (content[i] != ' ')
            continue;
        GS_ARRAY_FIT(s->joins, s->join_count, s->join_capacity);
        s->joins[s->join_count++] = i;
    }
    return GAOSOU_OK;
}
