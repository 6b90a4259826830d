/* Facets of the brute-force engine: docs/QUERY.md, Facets. */
#include "tests/support/ref_engine.h"

static void count_value(struct ref_facet *out, const char *text)
{
    size_t i = 0;
    while (i < out->values.count && strcmp(out->values.at[i].text, text) != 0)
        i++;
    if (i == out->values.count)
        snprintf(REF_PUSH(&out->values)->text, sizeof(out->values.at->text), "%s", text);
    out->values.at[i].count++;
}

static bool is_repeated(const struct ref_filing *f, size_t at)
{
    const struct ref_stored *stored = f->stored.at;
    for (size_t i = 0; i < at; i++)
        if (strcmp(stored[i].field, stored[at].field) == 0 &&
            strcmp(stored[i].value, stored[at].value) == 0)
            return true;
    return false;
}

static void count_filing(struct ref_facet *out, const struct ref_filing *f, const char *field)
{
    bool known = false;
    char year[16];
    if (strcmp(field, "year") == 0) {
        known = f->date.year > 0;
        snprintf(year, sizeof(year), "%u", f->date.year);
        if (known)
            count_value(out, year);
    }
    for (size_t i = 0; i < f->stored.count; i++)
        if (strcmp(f->stored.at[i].field, field) == 0) {
            known = true;
            if (!is_repeated(f, i))
                count_value(out, f->stored.at[i].value);
        }
    out->unknown += !known;
}

static int compare_values(const void *a, const void *b)
{
    const struct ref_facet_value *x = a, *y = b;
    return x->count != y->count ? (x->count > y->count ? -1 : 1) : strcmp(x->text, y->text);
}

void ref_facet_count(const struct ref_hits *h, const char *field, struct ref_facet *out)
{
    for (size_t i = 0; i < h->hits.count; i++)
        count_filing(out, h->hits.at[i].filing, field);
    if (out->values.count > 1)
        qsort(out->values.at, out->values.count, sizeof(*out->values.at), compare_values);
}
