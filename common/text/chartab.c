#include "common/text/chartab.h"
#include "common/text/chartab_side.h"
#include "common/text/chartab_version.h"

#define KIND_SHIFT 24
#define CODE_MASK  0xFFFFFFu

static const struct gs_chartab_entry *find_side(uint32_t c)
{
    size_t low = 0, high = gs_chartab_side_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (gs_chartab_side[middle].code < c)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == gs_chartab_side_count || gs_chartab_side[low].code != c)
        return NULL;
    return &gs_chartab_side[low];
}

/* The range that holds c, or NULL. */
static const struct gs_chartab_range *find_range(const struct gs_chartab_range *ranges,
                                                 size_t count, uint32_t c)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ranges[middle].last < c)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && ranges[low].first <= c ? &ranges[low] : NULL;
}

static void set_one(struct gs_char_entry *e, enum gs_char_kind kind, uint32_t c)
{
    e->class = GS_CLASS_TEXT;
    e->count = 1;
    e->one = (uint32_t)kind << KIND_SHIFT | c;
    e->chars = &e->one;
}

/* A code of the direct tables: see chartab.h. */
static void set_code(struct gs_char_entry *e, uint32_t code, uint32_t c)
{
    if (code == GS_CHAR_TRANSPARENT)
        e->class = GS_CLASS_TRANSPARENT;
    else if (code == GS_CHAR_VANISHING)
        e->class = GS_CLASS_VANISHING;
    else if (code == GS_CHAR_WORD_SELF)
        set_one(e, GS_KIND_WORD, c);
    else if (code >= GS_CHAR_HAN_MIN)
        set_one(e, GS_KIND_HAN, c > 0xFFFF ? c : code);
    else if (code >= 0x30)
        set_one(e, GS_KIND_WORD, code);
}

void gs_char_find(uint32_t c, struct gs_char_entry *entry)
{
    *entry = (struct gs_char_entry){.class = GS_CLASS_BREAK, .chars = &entry->one};
    uint32_t code = c < 0x10000 ? gs_chartab_bmp[c] : GS_CHAR_SPECIAL;
    if (code != GS_CHAR_SPECIAL) {
        set_code(entry, code, c);
        return;
    }
    const struct gs_chartab_entry *side = find_side(c);
    if (side) {
        entry->class = side->count ? GS_CLASS_TEXT : GS_CLASS_VANISHING;
        entry->flags = side->flags;
        entry->count = side->count;
        entry->chars = gs_chartab_pool + side->pool;
        return;
    }
    const struct gs_chartab_range *range =
        find_range(gs_chartab_ranges, gs_chartab_ranges_count, c);
    if (range)
        set_code(entry, range->code, c);
}

uint32_t gs_char_compose_kana(uint32_t kana, bool semi)
{
    for (size_t i = 0; i < gs_chartab_kana_count; i++) {
        if (gs_chartab_kana[i].kana == kana)
            return semi ? gs_chartab_kana[i].semi_voiced : gs_chartab_kana[i].voiced;
    }
    return 0;
}

void gs_char_lookup(uint32_t c, struct gs_char_info *info)
{
    struct gs_char_entry e;
    gs_char_find(c, &e);
    *info = (struct gs_char_info){.class = e.class};
    info->isolated = e.flags & GS_CHAR_FLAG_ISOLATED;
    info->superscript = e.flags & GS_CHAR_FLAG_SUPERSCRIPT;
    info->voice_mark = e.flags & GS_CHAR_FLAG_VOICED        ? 1
                       : e.flags & GS_CHAR_FLAG_SEMI_VOICED ? 2
                                                            : 0;
    info->count = e.count;
    for (size_t i = 0; i < e.count; i++) {
        info->chars[i] = e.chars[i] & CODE_MASK;
        info->kinds[i] = (enum gs_char_kind)(e.chars[i] >> KIND_SHIFT);
    }
    info->digit = e.count == 1 && !info->isolated && !info->superscript && info->chars[0] >= '0' &&
                  info->chars[0] <= '9';
    if (e.flags & GS_CHAR_FLAG_KANA) {
        info->voiced = gs_char_compose_kana(info->chars[0], false);
        info->semi_voiced = gs_char_compose_kana(info->chars[0], true);
    }
    uint32_t code = c < 0x10000 ? gs_chartab_bmp[c] : GS_CHAR_SPECIAL;
    info->separator = code == GS_CHAR_DOT || code == GS_CHAR_COMMA;
    if (info->separator)
        info->chars[0] = code == GS_CHAR_DOT ? '.' : ',';
}

bool gs_char_is_latin(uint32_t c)
{
    if (c < 0x80)
        return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
    return find_range(gs_chartab_latin, gs_chartab_latin_count, c) != NULL;
}

const char *gs_chartab_version(void)
{
    return GS_CHARTAB_VERSION;
}
