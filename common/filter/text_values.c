#include "common/filter/text_values.h"

#include "common/text/utf8.h"

#include <string.h>

#define HONG_KONG_DIGITS 5
#define MAINLAND_DIGITS  6

/* ---- reading ---- */

static bool is_comma(uint32_t c)
{
    return c == ',' || c == 0xFF0C || c == 0x3001;
}

/* The quotation that a sign opens: the sign that closes it; 0: none. */
static uint32_t closing(uint32_t c)
{
    switch (c) {
    case '"':
    case 0xFF02:
        return c;
    case 0x201C:
        return 0x201D;
    case 0x300C:
    case 0x300E:
        return c + 1;
    default:
        return 0;
    }
}

static uint32_t char_at(const char *bytes, size_t size, size_t at, size_t *step)
{
    struct gs_utf8_char c = gs_utf8_decode((const uint8_t *)bytes + at, size - at);
    *step = c.size ? c.size : size - at;
    return c.valid ? c.code : UINT32_MAX;
}

/* Where the item that begins at `from` ends: at a comma outside quotes, or at the end. */
static size_t item_end(const char *bytes, size_t size, size_t from)
{
    uint32_t want = 0;
    for (size_t at = from, step; at < size; at += step) {
        uint32_t c = char_at(bytes, size, at, &step);
        if (want)
            want = c == want ? 0 : want;
        else if (is_comma(c))
            return at;
        else
            want = closing(c);
    }
    return size;
}

/* Bytes of the star that ends the item, or 0. */
static size_t star_size(const char *bytes, size_t size)
{
    if (size >= 1 && bytes[size - 1] == '*')
        return 1;
    return size >= 3 && memcmp(bytes + size - 3, "\xEF\xBC\x8A", 3) == 0 ? 3 : 0; /* ＊ */
}

static struct gs_text_value read_item(const char *bytes, size_t size)
{
    size_t star = star_size(bytes, size), step;
    struct gs_text_value item = {bytes, size - star, star > 0};
    uint32_t want = item.size ? closing(char_at(bytes, item.size, 0, &step)) : 0;
    if (!want)
        return item;
    for (size_t at = step, last; at < item.size; at += last) {
        if (char_at(bytes, item.size, at, &last) != want || at + last != item.size)
            continue;
        item.bytes += step;
        item.size = at - step;
        break;
    }
    return item;
}

enum gaosou_status gs_text_values_read(struct gs_arena *arena, const char *value, size_t size,
                                       struct gs_text_values *out, struct gs_value_flaw *flaw)
{
    size_t count = 1, step;
    for (size_t at = item_end(value, size, 0); at < size; at = item_end(value, size, at + step)) {
        (void)char_at(value, size, at, &step);
        count++;
    }
    char *copy = gs_arena_alloc(arena, size + 1);
    out->items = gs_arena_alloc(arena, count * sizeof(*out->items));
    if (!copy || !out->items)
        return GAOSOU_E_NOMEM;
    memcpy(copy, value, size);
    out->count = 0;
    for (size_t from = 0; out->count < count;) {
        size_t end = item_end(copy, size, from);
        struct gs_text_value item = read_item(copy + from, end - from);
        if (item.size == 0 && !item.prefix) {
            *flaw = (struct gs_value_flaw){GS_FLAW_EMPTY, copy, size};
            return GAOSOU_E_QUERY;
        }
        out->items[out->count++] = item;
        if (end < size)
            (void)char_at(copy, size, end, &step);
        from = end < size ? end + step : size;
    }
    return GAOSOU_OK;
}

/* ---- matching ---- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool begins_with(const char *text, size_t size, const char *front, size_t front_size)
{
    if (front_size > size)
        return false;
    for (size_t i = 0; i < front_size; i++) {
        if (lower(text[i]) != lower(front[i]))
            return false;
    }
    return true;
}

static bool match_one(const struct gs_text_value *v, const char *text, size_t size)
{
    return (v->prefix || v->size == size) && begins_with(text, size, v->bytes, v->size);
}

bool gs_text_values_match(const struct gs_text_values *values, const char *text, size_t size)
{
    for (size_t i = 0; i < values->count; i++) {
        if (match_one(&values->items[i], text, size))
            return true;
    }
    return false;
}

/* ---- codes ---- */

/* The exchange of a code by its form: h Shanghai, z Shenzhen, b Beijing, k Hong Kong; 0: unknown.
 */
static char exchange_of(const char *code, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (code[i] < '0' || code[i] > '9')
            return 0;
    }
    if (size > 0 && size <= HONG_KONG_DIGITS)
        return 'k';
    if (size != MAINLAND_DIGITS)
        return 0;
    switch (code[0]) {
    case '6':
    case '5':
    case '7':
        return 'h';
    case '9':
        return code[1] == '2' ? 'b' : 'h';
    case '0':
    case '1':
    case '2':
    case '3':
        return 'z';
    default:
        return 'b';
    }
}

/* The exchange that a value names behind its last dot, whose place is *dot; 0: none. */
static char exchange_named(const struct gs_text_value *v, size_t *dot)
{
    static const struct {
        const char *suffix;
        char exchange;
    } rows[] = {{".sh", 'h'}, {".ss", 'h'}, {".sz", 'z'}, {".bj", 'b'}, {".hk", 'k'}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && v->size > 3; i++) {
        if (begins_with(v->bytes + v->size - 3, 3, rows[i].suffix, 3)) {
            *dot = v->size - 3;
            return rows[i].exchange;
        }
    }
    return 0;
}

static void strip_zeros(const char **code, size_t *size)
{
    for (; *size > 1 && **code == '0'; (*size)--)
        ++*code;
}

static bool match_code(const struct gs_text_value *v, const char *code, size_t size)
{
    struct gs_text_value plain = *v;
    char named = v->prefix ? 0 : exchange_named(v, &plain.size);
    if (named && named != exchange_of(code, size))
        return false;
    if (!plain.prefix && exchange_of(code, size) == 'k' &&
        exchange_of(plain.bytes, plain.size) == 'k') {
        strip_zeros(&plain.bytes, &plain.size);
        strip_zeros(&code, &size);
    }
    return match_one(&plain, code, size);
}

bool gs_text_values_match_code(const struct gs_text_values *values, const char *code, size_t size)
{
    for (size_t i = 0; i < values->count; i++) {
        if (match_code(&values->items[i], code, size))
            return true;
    }
    return false;
}
