/* Terms: the two tables, and the reverse table. See format_reader.h. */
#include "tests/support/format_reader.h"

struct table {
    struct format_segment *s;
    struct format_cursor blocks, entries;
    bool words;
};

static bool read_han_key(struct format_cursor *c, struct format_term *t)
{
    uint64_t d = format_varint(c);
    if (d != 0) {
        t->second += (uint32_t)d;
    } else {
        t->first += (uint32_t)format_varint(c);
        t->second = (uint32_t)format_varint(c);
    }
    return !c->failed && t->first <= 0x10FFFF && t->second <= 0x10FFFF;
}

static bool read_word_key(struct format_cursor *c, struct format_term *t)
{
    uint64_t byte = format_number(c, 1), shared = byte & 15, rest = (byte >> 4) + 1;
    if (shared == 15)
        shared = format_number(c, 1);
    if (byte >> 4 == 15)
        rest = format_number(c, 1);
    if (c->failed || shared > t->size || rest < 1 || shared + rest > 64)
        return false;
    for (uint64_t i = 0; i < rest; i++)
        t->word[shared + i] = (uint8_t)format_number(c, 1);
    t->size = shared + rest;
    t->is_word = true;
    return !c->failed;
}

/* The key of the table's block as its first word has it. */
static uint64_t word_key(const struct format_term *t)
{
    uint64_t key = 0;
    for (size_t i = 0; i < 8; i++)
        key = key << 8 | (i < t->size ? t->word[i] : 0);
    return key;
}

/* Where the next list of a block begins. */
struct places {
    uint64_t postings, positions;
};

static bool read_list(struct format_term *t, struct format_cursor *c, struct places *at,
                      struct format_segment *s)
{
    if (c->at < c->size && c->bytes[c->at] & 1)
        return format_inline_read(t, c, s);
    uint64_t head = format_varint(c);
    uint64_t df = head ? head >> 1 : format_varint(c), size = format_varint(c);
    bool blocked = df >= 128 || head == 0;
    uint64_t more = blocked ? format_varint(c) : 0;
    if (c->failed || df < 1 || (head == 0 && df > 127) || df > s->docs)
        return false;
    t->df = (uint32_t)df;
    t->docs = format_memory(df * sizeof(uint32_t));
    t->freqs = format_memory(df * sizeof(uint32_t));
    struct format_cursor postings = format_slice(&s->sections[FORMAT_POSTINGS], at->postings, size);
    struct format_cursor positions =
        format_slice(&s->sections[FORMAT_POSITIONS], at->positions, more);
    at->postings += size;
    at->positions += more;
    if (postings.failed || positions.failed)
        return false;
    if (!blocked)
        return format_small_read(t, postings, s);
    return format_blocked_read(t, postings, positions, s) && (df >= 128 || t->cf > 1024);
}

static int compare_terms(const struct format_term *a, const struct format_term *b)
{
    if (a->is_word != b->is_word)
        return a->is_word ? 1 : -1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    if (a->second != b->second)
        return a->second < b->second ? -1 : 1;
    int c = memcmp(a->word, b->word, a->size < b->size ? a->size : b->size);
    return c ? c : (a->size > b->size) - (a->size < b->size);
}

/* Ascending docs below N, ascending positions, and behind the term before. */
static bool is_sound(const struct format_segment *s, const struct format_term *t)
{
    const struct format_term *before = s->terms.count > 1 ? t - 1 : NULL;
    const uint32_t *p = t->positions;
    for (uint32_t i = 0; i < t->df; i++) {
        if (t->docs[i] >= s->docs || (i > 0 && t->docs[i] <= t->docs[i - 1]))
            return false;
        for (uint32_t k = 0; k < t->freqs[i]; k++, p++)
            if (k > 0 && *p <= p[-1])
                return false;
    }
    return !before || compare_terms(before, t) < 0;
}

static bool read_entry(struct table *table, struct format_cursor *c, struct format_term key,
                       bool first, struct places *at)
{
    struct format_segment *s = table->s;
    bool good = table->words ? read_word_key(c, &key) : first || read_han_key(c, &key);
    struct format_term *t = REF_PUSH(&s->terms);
    *t = key;
    if (!good || !read_list(t, c, at, s))
        return false;
    format_positions_restore(t);
    s->postings -= t->df;
    s->positions -= t->cf;
    s->terms_count--;
    return is_sound(s, t);
}

static bool read_block(struct table *table, uint64_t key, uint64_t from, uint64_t to,
                       struct places at, bool last)
{
    struct format_segment *s = table->s;
    struct format_cursor c =
        format_slice(&table->entries, from, to < from ? UINT64_MAX : to - from);
    struct format_term term = {0};
    size_t n = 0;
    term.first = table->words ? 0 : (uint32_t)(key >> 32);
    term.second = table->words ? 0 : (uint32_t)key;
    for (; !c.failed && c.at < c.size; n++) {
        if (!read_entry(table, &c, term, n == 0, &at))
            return false;
        term = s->terms.at[s->terms.count - 1];
        if (table->words && n == 0 && word_key(&term) != key)
            return false;
        term.docs = term.freqs = term.positions = NULL;
        term.df = 0;
        term.cf = 0;
    }
    return !c.failed && (last ? n >= 1 && n <= 64 : n == 64);
}

static bool read_table(struct table *table)
{
    size_t count = table->blocks.size / 32;
    for (size_t i = 0; i < count; i++) {
        table->blocks.at = 32 * i;
        uint64_t key = format_number(&table->blocks, 8), from = format_number(&table->blocks, 8),
                 to = table->entries.size;
        struct places at = {0};
        at.postings = format_number(&table->blocks, 8);
        at.positions = format_number(&table->blocks, 8);
        if (i + 1 < count) {
            table->blocks.at += 8;
            to = format_number(&table->blocks, 8);
        }
        if (!read_block(table, key, from, to, at, i + 1 == count))
            return false;
    }
    return table->blocks.size % 32 == 0 && !table->blocks.failed;
}

bool format_terms_read(struct format_segment *s)
{
    struct table han = {s, s->sections[FORMAT_HAN_BLOCKS], s->sections[FORMAT_HAN_ENTRIES], false};
    struct table words = {s, s->sections[FORMAT_WORD_BLOCKS], s->sections[FORMAT_WORD_ENTRIES],
                          true};
    return read_table(&han) && read_table(&words) && s->terms_count == 0 && s->postings == 0 &&
           s->positions == 0;
}

/* ---- the reverse table ---- */

static bool check_row(const struct format_segment *s, uint32_t second, uint64_t n,
                      struct format_cursor row)
{
    uint32_t *firsts = format_firsts_read(row, n);
    uint64_t found = 0;
    bool good = firsts != NULL;
    for (size_t i = 0; good && i < s->terms.count && !s->terms.at[i].is_word; i++) {
        const struct format_term *t = &s->terms.at[i];
        if (t->first == 0 || t->second != second)
            continue;
        good = found < n && firsts[found++] == t->first;
    }
    free(firsts);
    return good && found == n;
}

bool format_reverse_check(const struct format_segment *s)
{
    struct format_cursor rows = s->sections[FORMAT_REVERSE_ROWS],
                         firsts = s->sections[FORMAT_REVERSE_FIRSTS];
    uint64_t pairs = 0, listed = 0, before = 0;
    for (size_t i = 0; i < s->terms.count; i++)
        pairs += s->terms.at[i].first != 0 && s->terms.at[i].second != 0;
    for (size_t i = 0; i < rows.size / 16; i++) {
        rows.at = 16 * i;
        uint64_t second = format_number(&rows, 4), n = format_number(&rows, 4),
                 from = format_number(&rows, 8), to = firsts.size;
        if (16 * i + 16 < rows.size) {
            rows.at += 8;
            to = format_number(&rows, 8);
        }
        struct format_cursor part = format_slice(&firsts, from, to < from ? UINT64_MAX : to - from);
        if (second <= before || part.failed || !check_row(s, (uint32_t)second, n, part))
            return false;
        before = second;
        listed += n;
    }
    return rows.size % 16 == 0 && listed == pairs;
}
