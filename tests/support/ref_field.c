/* Names of fields in the reference's query reader. See ref_sign.h. */
#include "tests/support/ref_sign.h"

static bool is_fixed_field(const char *name)
{
    static const char *const fixed[] = {"code", "name",   "company", "type",  "exchange", "board",
                                        "date", "period", "id",      "since", "title"};
    for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
        if (strcmp(fixed[i], name) == 0)
            return true;
    return false;
}

/* What a filterable field's name may not hold. */
static bool ends_name(uint32_t cp)
{
    return ends_run(cp) || is_open(cp) || is_close(cp) || is_quote(cp) || is_colon(cp);
}

/* Whether the signs up to the colon, `size` of them, are a filterable field. */
static bool is_filterable(const struct parser *p, size_t size)
{
    size_t from = p->signs.at[p->at].at, bytes = p->signs.at[p->at + size].at - from;
    for (size_t i = 0; i < p->params->field_count; i++) {
        const struct gs_str *field = &p->params->fields[i];
        if (field->size == bytes && memcmp(field->bytes, p->text + from, bytes) == 0)
            return true;
    }
    return false;
}

enum ref_field_kind ref_look_at_field(const struct parser *p, size_t *size,
                                      char name[REF_FIELD_NAME_MAX])
{
    size_t n = 0, letters = 0;
    bool lower = true;
    while (!ends_name(sign(p, p->at + n)))
        n++;
    if (n == 0 || !is_colon(sign(p, p->at + n)))
        return REF_FIELD_NONE;
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = sign(p, p->at + i);
        letters += is_ascii_letter(cp);
        lower &= cp < 0x80 && !(cp >= 'A' && cp <= 'Z');
        if (i < REF_FIELD_NAME_MAX - 1)
            name[i] = (char)(cp | 0x20);
    }
    name[n < REF_FIELD_NAME_MAX ? n : REF_FIELD_NAME_MAX - 1] = '\0';
    uint32_t behind = sign(p, p->at + n + 1);
    bool nothing = behind == END_SIGN || is_space(behind), plain = letters == n && n >= 2;
    *size = n + 1;
    if (behind == '/' && sign(p, p->at + n + 2) == '/')
        return REF_FIELD_NONE;
    bool fixed = plain && is_fixed_field(name);
    if (!fixed && !is_filterable(p, n))
        return plain && lower && !nothing ? REF_FIELD_ERROR : REF_FIELD_NONE;
    if (nothing)
        return lower ? REF_FIELD_ERROR : REF_FIELD_NONE;
    if (fixed)
        return strcmp(name, "title") == 0 ? REF_FIELD_TITLE : REF_FIELD_FILTER;
    size_t from = p->signs.at[p->at].at, bytes = p->signs.at[p->at + n].at - from;
    memcpy(name, p->text + from, bytes);
    name[bytes] = '\0';
    return REF_FIELD_FILTER;
}

/* Behind the value that begins here: a quote at an item's start, or behind `..`, holds all, and
 * brackets pair up. */
static size_t value_end(struct parser *p, bool ranges)
{
    bool at_start = true, dot = false;
    size_t i = p->at, depth = 0;
    for (; !ends_run(sign(p, i)) && (depth > 0 || !is_close(sign(p, i))); i++) {
        uint32_t cp = sign(p, i);
        if (at_start && opens_quote(cp)) {
            size_t close = ref_closing_quote(p, i);
            if (close == SIZE_MAX) {
                p->failed = true;
                return i;
            }
            i = close;
        }
        depth += is_open(cp);
        depth -= is_close(cp);
        at_start = cp == ',' || cp == 0xFF0C || cp == 0x3001 || (ranges && dot && cp == '.');
        dot = cp == '.' && !at_start;
    }
    return i;
}

struct ref_node *ref_parse_filter(struct parser *p, const char *field)
{
    struct ref_node *n = ref_node_new(GS_NODE_FILTER);
    struct ref_filter *filter = REF_PUSH(&p->query->filters);
    size_t from = p->at, to = value_end(p, ref_has_ranges(field));
    bool is_date = strcmp(field, "date") == 0 || strcmp(field, "period") == 0;
    snprintf(filter->field, sizeof(filter->field), "%s", field);
    filter->kind = is_date                       ? REF_FILTER_DATE
                   : strcmp(field, "id") == 0    ? REF_FILTER_ID
                   : strcmp(field, "since") == 0 ? REF_FILTER_SINCE
                                                 : REF_FILTER_TEXT;
    n->leaf = p->query->filters.count - 1;
    p->at = to;
    if (!p->failed && !(is_date ? ref_dates_read : ref_values_read)(p, from, to, filter))
        p->failed = true;
    return n;
}
