#include "tests/support/format_keywords.h"

#include "common/segment/segment_internal.h"
#include "common/segment/segment_writer.h"
#include "tests/support/segment_build.h"
#include "tests/support/test.h"

/* What `field=` has in a line of an example, up to the next space. */
static struct gs_str value_in(const char *line, const char *field)
{
    size_t size = strlen(field);
    for (const char *p = line; p && *p; p = strchr(p, ' ')) {
        p += *p == ' ';
        if (strncmp(p, field, size) == 0 && p[size] == '=')
            return (struct gs_str){p + size + 1, strcspn(p + size + 1, " ")};
    }
    return (struct gs_str){"", 0};
}

static char *write_segment(const struct format_example *e, const char *folder, struct gs_str name)
{
    struct gs_segment_writer *w;
    struct gs_err err = {0};
    const struct gs_segment_params params = {
        .analysis_id = 1, .filterable = &name, .filterable_count = 1};
    char *path = test_path(folder, "keywords.seg");
    assert_ok_err(gs_segment_writer_create(&w, path, &params, &err), &err);
    uint64_t sequence = 0;
    for (size_t i = 0; i < e->count; i++) {
        const char *line = e->lines[i].value;
        if (strcmp(e->lines[i].name, "filing") != 0)
            continue;
        struct gs_str value = value_in(line, name.bytes);
        struct gs_doc doc = {.sequence = ++sequence, .filterable = &value};
        doc.record.id = (struct gs_str){line, strlen(line)};
        doc.record.codes = value_in(line, "code");
        doc.record.name = value_in(line, "name");
        doc.record.company = value_in(line, "company");
        doc.record.type = value_in(line, "type");
        doc.record.exchange = value_in(line, "exchange");
        doc.record.board = value_in(line, "board");
        gs_segment_writer_add_doc(w, &doc);
    }
    assert_ok_err(gs_segment_writer_finish(w, &err), &err);
    return path;
}

static void expect_section(const struct format_example *e, const struct gs_segment *s,
                           enum gs_section_id id, const char *name, size_t *wrong)
{
    const uint8_t *bytes = NULL;
    uint64_t size = gs_section_size(&s->container, id);
    assert_ok(gs_container_get(&s->container, id, 0, size, &bytes, NULL));
    format_expect(e, name, bytes, size, wrong);
}

/* The readers' functions give back what the lines say. */
static void expect_values(const struct format_example *e, const struct gs_segment *s)
{
    uint32_t doc = 0;
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->lines[i].name, "filing") != 0)
            continue;
        for (uint32_t k = 0; k < gs_keyword_count(s); k++) {
            char field[GS_KEYWORD_NAME_MAX + 1];
            struct gs_str name = gs_keyword_name(s, k), value = {"", 0};
            uint32_t ordinal;
            snprintf(field, sizeof(field), "%.*s", (int)name.size, name.bytes);
            assert_ok(gs_keyword_ordinals(s, k, doc, 1, &ordinal, NULL));
            if (ordinal > 0)
                assert_ok(gs_keyword_value(s, k, ordinal, &value, NULL));
            assert_int_equal(gs_str_compare(value, value_in(e->lines[i].value, field)), 0);
        }
        doc++;
    }
}

bool format_keywords_run(const struct format_example *e, const char *folder, size_t *wrong)
{
    if (strcmp(e->kind, "keywords") != 0)
        return false;
    const char *name = format_value(e, "filterable");
    assert_non_null(name);
    char *path = write_segment(e, folder, (struct gs_str){name, strlen(name)});
    struct gs_segment *s = test_segment_open(path);
    expect_section(e, s, GS_SECTION_KEYWORDS, "KEYWORDS", wrong);
    expect_section(e, s, GS_SECTION_KEYWORD_BYTES, "KEYWORD_BYTES", wrong);
    expect_section(e, s, GS_SECTION_KEYWORD_ORDINALS, "KEYWORD_ORDINALS", wrong);
    expect_values(e, s);
    gs_segment_close(s);
    free(path);
    return true;
}
