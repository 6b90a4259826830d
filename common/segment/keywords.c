#include "common/segment/keywords.h"

#include "common/segment/segment_internal.h"

#include <stdlib.h>
#include <string.h>

/* ---- opening ---- */

static enum gaosou_status corrupt(const struct gs_segment *s, struct gs_err *err, const char *what)
{
    return gs_container_corrupt(&s->container, GS_SECTION_KEYWORDS, 0, err, "%s", what);
}

/* The bytes of name or value number `at`. */
static enum gaosou_status get_bytes(const struct gs_segment *s, uint64_t at, struct gs_str *out,
                                    struct gs_err *err)
{
    uint64_t range[2] = {0};
    const uint8_t *bytes = NULL;
    enum gaosou_status status =
        gs_column_values(&s->container, &s->keywords.offsets, at, 2, range, err);
    if (status != GAOSOU_OK)
        return status;
    if (range[0] >= range[1])
        return corrupt(s, err, "a name or value without bytes");
    status = gs_container_get(&s->container, GS_SECTION_KEYWORD_BYTES, range[0],
                              range[1] - range[0], &bytes, err);
    if (status == GAOSOU_OK)
        *out = (struct gs_str){(const char *)bytes, range[1] - range[0]};
    return status;
}

static enum gaosou_status open_dictionaries(struct gs_segment *s, struct gs_err *err)
{
    struct gs_keywords *k = &s->keywords;
    struct gs_column_ref firsts = {0};
    uint64_t values[GS_KEYWORDS_MAX + 1] = {0};
    enum gaosou_status status = gs_column_open(
        &s->container, GS_SECTION_KEYWORDS, GS_KEYWORDS_COLUMNS, GS_KEYWORDS_FIRST, &firsts, err);
    if (status == GAOSOU_OK)
        status = gs_column_open(&s->container, GS_SECTION_KEYWORDS, GS_KEYWORDS_COLUMNS,
                                GS_KEYWORDS_OFFSET, &k->offsets, err);
    if (status != GAOSOU_OK)
        return status;
    if (firsts.count < GS_KEYWORD_FIXED + 1 || firsts.count > GS_KEYWORDS_MAX + 1)
        return corrupt(s, err, "a number of fields that cannot be");
    k->count = firsts.count - 1;
    status = gs_column_values(&s->container, &firsts, 0, firsts.count, values, err);
    for (uint32_t i = 0; i <= k->count && status == GAOSOU_OK; i++) {
        if (values[i] > UINT32_MAX || (i == 0 ? values[i] != 0 : values[i] < values[i - 1]))
            return corrupt(s, err, "dictionaries out of order");
        k->firsts[i] = (uint32_t)values[i];
    }
    if (status == GAOSOU_OK && k->offsets.count != (uint64_t)k->count + k->firsts[k->count] + 1)
        return corrupt(s, err, "offsets of another number of values");
    return status;
}

static bool is_name(const struct gs_keywords *k, uint32_t i)
{
    struct gs_str name = k->names[i];
    if (i >= GS_KEYWORD_FIXED)
        return name.size <= GS_KEYWORD_NAME_MAX &&
               (i == GS_KEYWORD_FIXED || gs_str_compare(k->names[i - 1], name) < 0);
    return strlen(gs_keyword_fixed_name(i)) == name.size &&
           memcmp(gs_keyword_fixed_name(i), name.bytes, name.size) == 0;
}

enum gaosou_status gs_keywords_open(struct gs_segment *s, struct gs_err *err)
{
    struct gs_keywords *k = &s->keywords;
    enum gaosou_status status = open_dictionaries(s, err);
    for (uint32_t i = 0; i < k->count && status == GAOSOU_OK; i++) {
        status = get_bytes(s, i, &k->names[i], err);
        if (status == GAOSOU_OK && !is_name(k, i))
            status = corrupt(s, err, "names of fields out of order");
        if (status == GAOSOU_OK)
            status = gs_column_open(&s->container, GS_SECTION_KEYWORD_ORDINALS, k->count, i,
                                    &k->ordinals[i], err);
        if (status == GAOSOU_OK && (k->ordinals[i].count != s->container.stats.doc_count ||
                                    k->ordinals[i].kind == GS_COLUMN_KIND_PLAIN))
            status =
                gs_container_corrupt(&s->container, GS_SECTION_KEYWORD_ORDINALS, 0, err,
                                     "%u ordinals of kind %u for %u filings", k->ordinals[i].count,
                                     k->ordinals[i].kind, s->container.stats.doc_count);
    }
    return status;
}

/* ---- reading ---- */

uint32_t gs_keyword_count(const struct gs_segment *s)
{
    return s->keywords.count;
}

struct gs_str gs_keyword_name(const struct gs_segment *s, uint32_t keyword)
{
    return s->keywords.names[keyword];
}

bool gs_keyword_find(const struct gs_segment *s, const char *name, size_t size, uint32_t *keyword)
{
    for (uint32_t i = 0; i < s->keywords.count; i++) {
        if (gs_str_compare(s->keywords.names[i], (struct gs_str){name, size}) == 0) {
            *keyword = i;
            return true;
        }
    }
    return false;
}

uint32_t gs_keyword_value_count(const struct gs_segment *s, uint32_t keyword)
{
    return s->keywords.firsts[keyword + 1] - s->keywords.firsts[keyword];
}

enum gaosou_status gs_keyword_value(const struct gs_segment *s, uint32_t keyword, uint32_t ordinal,
                                    struct gs_str *value, struct gs_err *err)
{
    if (keyword >= s->keywords.count || ordinal == 0 ||
        ordinal > gs_keyword_value_count(s, keyword))
        return gs_err_set(err, GAOSOU_E_USE, "%s: value %u of field %u", gs_segment_path(s),
                          ordinal, keyword);
    uint64_t at = (uint64_t)s->keywords.count + s->keywords.firsts[keyword] + ordinal - 1;
    return get_bytes(s, at, value, err);
}

enum gaosou_status gs_keyword_ordinals(const struct gs_segment *s, uint32_t keyword, uint32_t first,
                                       uint32_t count, uint32_t *out, struct gs_err *err)
{
    uint64_t values[GS_COLUMN_BLOCK];
    const uint32_t most = gs_keyword_value_count(s, keyword);
    while (count > 0) {
        uint32_t n = GS_COLUMN_BLOCK - first % GS_COLUMN_BLOCK; /* to the end of a block */
        n = n < count ? n : count;
        enum gaosou_status status =
            gs_column_values(&s->container, &s->keywords.ordinals[keyword], first, n, values, err);
        if (status != GAOSOU_OK)
            return status;
        for (uint32_t i = 0; i < n; i++) {
            if (values[i] > most)
                return gs_container_corrupt(&s->container, GS_SECTION_KEYWORD_ORDINALS,
                                            s->keywords.ordinals[keyword].offset, err,
                                            "filing %u has value %llu of %u", first + i,
                                            (unsigned long long)values[i], most);
            out[i] = (uint32_t)values[i];
        }
        first += n;
        out += n;
        count -= n;
    }
    return GAOSOU_OK;
}

/* ---- checking ---- */

/* Where all bytes end. */
static void check_bytes(struct gs_checker *c)
{
    const struct gs_segment *s = c->segment;
    struct gs_err err = {0};
    uint64_t begin = 0, end = 0;
    enum gaosou_status status =
        gs_column_value(&s->container, &s->keywords.offsets, 0, &begin, &err);
    if (status == GAOSOU_OK)
        status = gs_column_value(&s->container, &s->keywords.offsets, s->keywords.offsets.count - 1,
                                 &end, &err);
    if (status != GAOSOU_OK)
        gs_checker_error(c, &err);
    else if (begin != 0 || end != gs_section_size(&s->container, GS_SECTION_KEYWORD_BYTES))
        gs_checker_report(c, "keywords: names and values end at byte %llu",
                          (unsigned long long)end);
}

/* False where a value cannot be read. */
static bool check_order(struct gs_checker *c, uint32_t keyword)
{
    const struct gs_segment *s = c->segment;
    struct gs_str last = {"", 0}, value;
    struct gs_err err = {0};
    for (uint32_t i = 1; i <= gs_keyword_value_count(s, keyword); i++) {
        if (gs_keyword_value(s, keyword, i, &value, &err) != GAOSOU_OK) {
            gs_checker_error(c, &err);
            return false;
        }
        if (i > 1 && gs_str_compare(last, value) >= 0)
            gs_checker_report(c, "keywords: value %u of %.*s is out of order", i,
                              (int)s->keywords.names[keyword].size,
                              s->keywords.names[keyword].bytes);
        last = value;
    }
    return true;
}

/* What has been seen of each column. */
struct seen {
    uint8_t *used[GS_KEYWORDS_MAX]; /* by ordinal */
    bool good[GS_KEYWORDS_MAX];     /* nothing has been wrong so far */
};

/* False where the value cannot be read, or is another than the record's (NULL: not known). */
static bool check_doc(struct gs_checker *c, uint32_t keyword, uint32_t doc,
                      const struct gs_record *record, uint8_t *used)
{
    const struct gs_segment *s = c->segment;
    struct gs_str value = {"", 0};
    struct gs_err err = {0};
    uint32_t ordinal = 0;
    enum gaosou_status status = gs_keyword_ordinals(s, keyword, doc, 1, &ordinal, &err);
    if (status == GAOSOU_OK && ordinal > 0)
        status = gs_keyword_value(s, keyword, ordinal, &value, &err);
    if (status != GAOSOU_OK) {
        gs_checker_error(c, &err);
        return false;
    }
    used[ordinal] = 1;
    if (record && keyword < GS_KEYWORD_FIXED &&
        gs_str_compare(value, gs_keyword_of_record(record, keyword)) != 0) {
        gs_checker_report(c, "keywords: filing %u has another %s than its record", doc,
                          gs_keyword_fixed_name(keyword));
        return false;
    }
    return true;
}

static void check_filings(struct gs_checker *c, struct seen *seen, struct gs_record_reader *r)
{
    const struct gs_segment *s = c->segment;
    for (uint32_t doc = 0; doc < s->container.stats.doc_count; doc++) {
        struct gs_record record;
        /* What is wrong with records has been said. */
        bool read = gs_record_read(r, s, doc, &record, NULL) == GAOSOU_OK;
        for (uint32_t i = 0; i < s->keywords.count; i++)
            seen->good[i] =
                seen->good[i] && check_doc(c, i, doc, read ? &record : NULL, seen->used[i]);
    }
}

static void check_used(struct gs_checker *c, uint32_t keyword, const uint8_t *used)
{
    for (uint32_t i = 1; i <= gs_keyword_value_count(c->segment, keyword); i++) {
        if (!used[i]) {
            gs_checker_report(c, "keywords: no filing has value %u of field %u", i, keyword);
            return;
        }
    }
}

void gs_keywords_check(struct gs_checker *c, struct gs_record_reader *r)
{
    struct seen seen = {0};
    bool memory = true;
    check_bytes(c);
    for (uint32_t i = 0; i < c->segment->keywords.count; i++) {
        seen.used[i] = calloc((size_t)gs_keyword_value_count(c->segment, i) + 1, 1);
        memory = memory && seen.used[i];
        seen.good[i] = memory && check_order(c, i);
    }
    if (memory)
        check_filings(c, &seen, r);
    else
        gs_checker_report(c, "keywords: no memory to check them");
    for (uint32_t i = 0; i < c->segment->keywords.count; i++) {
        if (seen.good[i] && memory)
            check_used(c, i, seen.used[i]);
        free(seen.used[i]);
    }
}
