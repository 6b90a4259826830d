/* Keywords. See format_reader.h. */
#include "tests/support/format_reader.h"

enum { FIXED_FIELDS = 6, FIELDS_MAX = 32 };

struct keywords {
    size_t fields, values;     /* K, V */
    uint64_t *firsts, *begins; /* columns of KEYWORDS */
};

static int compare(struct format_cursor a, struct format_cursor b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int c = memcmp(a.bytes, b.bytes, common);
    return c ? c : (a.size > b.size) - (a.size < b.size);
}

/* Name or value number i; failed where it is not inside, or empty. */
static struct format_cursor string_at(const struct format_segment *s, const struct keywords *k,
                                      size_t i)
{
    struct format_cursor all = s->sections[FORMAT_KEYWORD_BYTES];
    uint64_t from = k->begins[i], to = k->begins[i + 1];
    struct format_cursor string = format_slice(&all, from, to > from ? to - from : UINT64_MAX);
    string.failed |= all.failed;
    return string;
}

static bool read_index(const struct format_segment *s, struct keywords *k)
{
    size_t firsts = 0, begins = 0;
    k->firsts = format_column_read(s->sections[FORMAT_KEYWORDS], 0, 2, &firsts);
    k->begins = format_column_read(s->sections[FORMAT_KEYWORDS], 1, 2, &begins);
    if (!k->firsts || !k->begins || firsts < FIXED_FIELDS + 1 || firsts > FIELDS_MAX + 1)
        return false;
    k->fields = firsts - 1;
    k->values = k->firsts[k->fields];
    for (size_t i = 0; i < k->fields; i++)
        if (k->firsts[i] > k->firsts[i + 1])
            return false;
    return k->firsts[0] == 0 && begins == k->fields + k->values + 1 && k->begins[0] == 0 &&
           k->begins[begins - 1] == s->sections[FORMAT_KEYWORD_BYTES].size;
}

static bool check_names(const struct format_segment *s, const struct keywords *k)
{
    static const char *const fixed[] = {"code", "name", "company", "type", "exchange", "board"};
    for (size_t i = 0; i < k->fields; i++) {
        struct format_cursor name = string_at(s, k, i);
        if (name.failed || name.size > 255)
            return false;
        if (i < FIXED_FIELDS &&
            (name.size != strlen(fixed[i]) || memcmp(name.bytes, fixed[i], name.size) != 0))
            return false;
        if (i > FIXED_FIELDS && compare(string_at(s, k, i - 1), name) >= 0)
            return false;
    }
    return true;
}

static bool check_dictionary(const struct format_segment *s, const struct keywords *k, size_t field)
{
    for (uint64_t v = k->firsts[field]; v < k->firsts[field + 1]; v++) {
        struct format_cursor value = string_at(s, k, k->fields + v);
        if (value.failed ||
            (v > k->firsts[field] && compare(string_at(s, k, k->fields + v - 1), value) >= 0))
            return false;
    }
    return true;
}

/* The value of a filing is what its record says; every value is of some filing. */
static bool check_ordinals(const struct format_segment *s, const struct keywords *k, size_t field,
                           const uint64_t *ordinals)
{
    static const size_t record_fields[FIXED_FIELDS] = {11, 2, 3, 6, 7, 8};
    uint64_t count = k->firsts[field + 1] - k->firsts[field], used = 0;
    uint8_t *is_used = format_memory(count + 1);
    bool good = true;
    for (uint32_t doc = 0; doc < s->docs && good; doc++) {
        uint64_t o = ordinals[doc];
        good = o <= count;
        if (good && o > 0 && !is_used[o])
            used += is_used[o] = 1;
        if (!good || field >= FIXED_FIELDS)
            continue;
        const struct format_record *r = &s->records.at[doc];
        struct format_cursor value = {.bytes = r->fields[record_fields[field]].bytes,
                                      .size = r->fields[record_fields[field]].size};
        good = o == 0
                   ? value.size == 0
                   : value.size > 0 &&
                         compare(string_at(s, k, k->fields + k->firsts[field] + o - 1), value) == 0;
    }
    free(is_used);
    return good && used == count;
}

bool format_keywords_check(const struct format_segment *s)
{
    struct keywords k = {0};
    bool good = read_index(s, &k) && check_names(s, &k);
    for (size_t i = 0; i < k.fields && good; i++) {
        size_t n = 0;
        uint64_t *ordinals = format_column_read(s->sections[FORMAT_KEYWORD_ORDINALS], (uint32_t)i,
                                                (uint32_t)k.fields, &n);
        good = ordinals && n == s->docs && check_dictionary(s, &k, i) &&
               check_ordinals(s, &k, i, ordinals);
        free(ordinals);
    }
    free(k.firsts);
    free(k.begins);
    return good;
}
