#include "common/text/line_chars.h"
#include "common/text/utf8.h"
#include "query/parse.h"

#include <stdio.h>
#include <string.h>

uint32_t gs_scan_char(const struct gs_parser *p, size_t at, size_t *size)
{
    *size = 0;
    if (at >= p->size)
        return GS_SCAN_END;
    struct gs_utf8_char c = gs_utf8_decode(p->text + at, p->size - at);
    *size = c.size ? c.size : p->size - at; /* a sequence that the end cuts off */
    return c.valid ? c.code : GS_REPLACEMENT;
}

bool gs_scan_is_space(uint32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000;
}

uint32_t gs_scan_sign(const struct gs_parser *p, size_t at, size_t *size)
{
    uint32_t c = gs_scan_char(p, at, size);
    if (c == GS_SCAN_END)
        return c;
    if (gs_scan_is_space(c))
        return ' ';
    switch (c) {
    case 0xFF08:
        return '(';
    case 0xFF09:
        return ')';
    case 0x201C:
    case 0x201D:
    case 0xFF02:
        return '"';
    case 0xFF5C:
        return '|';
    case 0xFF0D:
        return '-';
    case 0xFF1A:
        return ':';
    case 0xFF0A:
        return '*';
    default:
        return c;
    }
}

bool gs_scan_is_digit(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19);
}

bool gs_scan_is_alnum(uint32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* 「 」 『 』 are their own signs. */
bool gs_scan_is_quote(uint32_t c)
{
    return c == '"' || (c >= 0x300C && c <= 0x300F);
}

void gs_scan_skip_space(struct gs_parser *p)
{
    size_t size;
    while (gs_scan_sign(p, p->at, &size) == ' ')
        p->at += size;
}

static uint32_t closing_sign(uint32_t opening)
{
    return opening == 0x300C ? 0x300D : opening == 0x300E ? 0x300F : '"';
}

size_t gs_scan_quote_end(const struct gs_parser *p, size_t at, size_t *size)
{
    size_t step;
    uint32_t want = closing_sign(gs_scan_sign(p, at, &step));
    for (at += step; at < p->size; at += step) {
        if (gs_scan_sign(p, at, &step) == want) {
            *size = step;
            return at;
        }
    }
    return SIZE_MAX;
}

/* The partner of the bracket or quote at `at`, unless white space, | or the end comes first:
 * SIZE_MAX. */
static size_t tight_partner(const struct gs_parser *p, size_t at)
{
    size_t size;
    uint32_t opening = gs_scan_sign(p, at, &size);
    uint32_t want = opening == '(' ? ')' : closing_sign(opening);
    size_t open = 1;
    for (at += size; at < p->size; at += size) {
        uint32_t c = gs_scan_sign(p, at, &size);
        if (c == ' ' || c == '|')
            return SIZE_MAX;
        if (c == want && --open == 0)
            return at;
        if (opening == '(' && c == '(')
            open++;
    }
    return SIZE_MAX;
}

bool gs_scan_is_distance(const struct gs_parser *p, size_t at)
{
    size_t size, next_size;
    uint32_t c = gs_scan_char(p, at, &size);
    return (c == '~' || c == 0xFF5E) && gs_scan_is_digit(gs_scan_char(p, at + size, &next_size));
}

size_t gs_scan_mark(const struct gs_parser *p)
{
    return p->size >= 3 && memcmp(p->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

uint32_t gs_scan_here(const struct gs_parser *p)
{
    size_t size;
    return gs_scan_sign(p, p->at, &size);
}

void gs_scan_take(struct gs_parser *p)
{
    size_t size;
    gs_scan_sign(p, p->at, &size);
    p->at += size;
}

bool gs_scan_is_glued(const struct gs_parser *p, size_t at)
{
    size_t partner = tight_partner(p, at);
    if (partner == SIZE_MAX)
        return false;
    size_t size;
    bool quoted = gs_scan_sign(p, partner, &size) != ')';
    size_t behind = partner + size;
    uint32_t c = gs_scan_sign(p, behind, &size);
    if (quoted && gs_scan_is_distance(p, behind))
        return false;
    return c != GS_SCAN_END && c != ' ' && c != '|' && c != '(' && c != ')' && !gs_scan_is_quote(c);
}

bool gs_scan_keyword(const struct gs_parser *p, const char *word)
{
    size_t length = strlen(word), size;
    if (p->size - p->at < length || memcmp(p->text + p->at, word, length) != 0)
        return false;
    uint32_t c = gs_scan_sign(p, p->at + length, &size);
    return c == GS_SCAN_END || c == ' ' || c == '(' || c == ')';
}

size_t gs_scan_column(const struct gs_parser *p, size_t at)
{
    size_t column = 1, size;
    for (size_t i = 0; i < at && i < p->size; i += size) {
        gs_scan_char(p, i, &size);
        column++;
    }
    return column;
}

enum gaosou_status gs_parse_fail(struct gs_parser *p, size_t at, const char *english,
                                 const char *chinese)
{
    size_t column = gs_scan_column(p, at);
    if (p->chinese)
        return gs_err_set(p->err, GAOSOU_E_QUERY, "%s第 %zu 列：%s",
                          p->beside ? "筛选条件" : "查询", column, chinese);
    return gs_err_set(p->err, GAOSOU_E_QUERY, "%s, column %zu: %s", p->beside ? "filters" : "query",
                      column, english);
}

enum gaosou_status gs_parse_limit(struct gs_parser *p, const char *english, const char *chinese,
                                  size_t limit)
{
    if (p->chinese)
        return gs_err_set(p->err, GAOSOU_E_LIMIT, "查询超出限制：%s（上限 %zu）", chinese, limit);
    return gs_err_set(p->err, GAOSOU_E_LIMIT, "the query is over a limit: %s (at most %zu)",
                      english, limit);
}

enum gaosou_status gs_parse_nomem(struct gs_parser *p)
{
    return gs_err_nomem(p->err, p->arena->taken);
}

/* ---- wrapped lines ---- */

static bool is_line_end(uint32_t c)
{
    return c == '\n' || c == '\r';
}

static bool is_running_text(uint32_t c)
{
    switch (c) {
    case 0x3001: /* 、 */
    case 0x3002: /* 。 */
    case 0x300A: /* 《 */
    case 0x300B: /* 》 */
    case 0xFF01: /* ！ */
    case 0xFF0C: /* ， */
    case 0xFF1B: /* ； */
    case 0xFF1F: /* ？ */
        return true;
    default:
        return c != GS_SCAN_END && gs_is_rough_han(c);
    }
}

enum gaosou_status gs_parse_unwrap(struct gs_parser *p)
{
    if (!memchr(p->text, '\n', p->size) && !memchr(p->text, '\r', p->size))
        return GAOSOU_OK;
    uint8_t *out = gs_arena_alloc(p->arena, p->size);
    if (!out)
        return gs_parse_nomem(p);
    size_t used = 0, step;
    uint32_t before = GS_SCAN_END;
    for (size_t at = 0; at < p->size;) {
        size_t behind = at;
        while (is_line_end(gs_scan_char(p, behind, &step)))
            behind += step;
        uint32_t c = gs_scan_char(p, behind, &step);
        size_t from = is_running_text(before) && is_running_text(c) ? behind : at;
        size_t end = behind < p->size ? behind + step : behind;
        memcpy(out + used, p->text + from, end - from);
        used += end - from;
        before = c;
        at = end;
    }
    p->text = out;
    p->size = used;
    return GAOSOU_OK;
}
