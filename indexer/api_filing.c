#include "indexer/api_filing.h"

#include "common/base/date.h"
#include "common/base/utf8_valid.h"
#include "common/text/layout.h"
#include "indexer/jsonl.h"

#include <stdlib.h>
#include <string.h>

/* The public numbers of fields. */
static const enum gs_field fields[] = {
    [GAOSOU_FIELD_ID] = GS_FIELD_ID,           [GAOSOU_FIELD_TITLE] = GS_FIELD_TITLE,
    [GAOSOU_FIELD_CODES] = GS_FIELD_CODES,     [GAOSOU_FIELD_NAME] = GS_FIELD_NAME,
    [GAOSOU_FIELD_COMPANY] = GS_FIELD_COMPANY, [GAOSOU_FIELD_EXCHANGE] = GS_FIELD_EXCHANGE,
    [GAOSOU_FIELD_BOARD] = GS_FIELD_BOARD,     [GAOSOU_FIELD_DATE] = GS_FIELD_DATE,
    [GAOSOU_FIELD_PERIOD] = GS_FIELD_PERIOD,   [GAOSOU_FIELD_TYPE] = GS_FIELD_TYPE,
    [GAOSOU_FIELD_NUMBER] = GS_FIELD_NUMBER,   [GAOSOU_FIELD_URL] = GS_FIELD_URL,
    [GAOSOU_FIELD_PATH] = GS_FIELD_PATH,       [GAOSOU_FIELD_EXTRA] = GS_FIELD_EXTRA,
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

gaosou_filing *gaosou_filing_create(void)
{
    gaosou_filing *f = calloc(1, sizeof(*f));
    if (!f)
        return NULL;
    for (size_t i = 0; i < GS_FIELD_COUNT; i++)
        gs_buf_init(&f->field[i], GS_METADATA_MAX);
    gs_buf_init(&f->text, GS_FILING_MAX);
    return f;
}

void gaosou_filing_free(gaosou_filing *filing)
{
    if (!filing)
        return;
    for (size_t i = 0; i < GS_FIELD_COUNT; i++)
        gs_buf_release(&filing->field[i]);
    gs_buf_release(&filing->text);
    free(filing);
}

void gaosou_filing_clear(gaosou_filing *filing)
{
    if (!filing)
        return;
    for (size_t i = 0; i < GS_FIELD_COUNT; i++)
        gs_buf_clear(&filing->field[i]);
    gs_buf_clear(&filing->text);
    filing->page_count = 0;
}

struct gs_filing gs_api_filing_view(const gaosou_filing *filing)
{
    struct gs_filing view = {.text = {(const char *)filing->text.data, filing->text.size},
                             .source_size = filing->text.size,
                             .text_state = GS_TEXT_READ};
    for (size_t i = 0; i < GS_FIELD_COUNT; i++)
        view.field[i] = (struct gs_str){(const char *)filing->field[i].data, filing->field[i].size};
    return view;
}

/* ---- one field ---- */

static enum gaosou_status check_utf8(const char *what, const char *bytes, size_t size,
                                     gaosou_error *error)
{
    size_t valid = gs_utf8_valid((const uint8_t *)bytes, size);
    if (valid == size)
        return GAOSOU_OK;
    return gs_api_fail(error, GAOSOU_E_ENCODING, "the %s is no UTF-8 at byte %zu", what, valid);
}

static enum gaosou_status check_id(const char *bytes, size_t size, gaosou_error *error)
{
    if (size > GS_ID_MAX)
        return gs_api_fail(error, GAOSOU_E_LIMIT, "an id of %zu bytes: at most %u", size,
                           GS_ID_MAX);
    for (size_t i = 0; i < size; i++) {
        if ((uint8_t)bytes[i] < 0x20 || bytes[i] == 0x7F)
            return gs_api_fail(error, GAOSOU_E_INPUT,
                               "the id has a control character in it, at byte %zu", i);
    }
    return GAOSOU_OK;
}

/* Nothing is indexed under a date that is none. */
static enum gaosou_status check_date(enum gs_field field, const char *bytes, size_t size,
                                     gaosou_error *error)
{
    bool is_period = field == GS_FIELD_PERIOD;
    uint32_t date =
        is_period ? gs_date_parse_period(bytes, size) : gs_date_parse_given(bytes, size);
    if (date || size == 0)
        return GAOSOU_OK;
    return gs_api_fail(error, GAOSOU_E_INPUT, "'%.*s' is no %s", size > 64 ? 64 : (int)size, bytes,
                       is_period ? "period (2023, 2023H1, 2023Q3, 2023-12-31)"
                                 : "date (2024, 2024-03, 2024-03-31)");
}

/* An object by itself, as the fields that are not known of a line of JSON. */
static enum gaosou_status check_extra(const char *bytes, size_t size, gaosou_error *error)
{
    struct gs_jsonl reader;
    struct gs_filing filing;
    struct gs_err err;
    if (size == 0)
        return GAOSOU_OK;
    gs_jsonl_init(&reader, size);
    enum gaosou_status status =
        gs_jsonl_parse(&reader, "extra", 1, (const uint8_t *)bytes, size, &filing, &err);
    bool has_known = false;
    for (size_t i = 0; status == GAOSOU_OK && i < GS_FIELD_COUNT; i++)
        has_known = has_known || (i != GS_FIELD_EXTRA && filing.field[i].size > 0);
    has_known = has_known || (status == GAOSOU_OK && filing.text.bytes);
    gs_jsonl_release(&reader);
    if (has_known)
        return gs_api_fail(error, GAOSOU_E_INPUT,
                           "extra holds a field that has a place of its own");
    return gs_api_return(error, status, &err);
}

static enum gaosou_status check_field(enum gs_field field, const char *bytes, size_t size,
                                      gaosou_error *error)
{
    enum gaosou_status status = check_utf8("field", bytes, size, error);
    if (status == GAOSOU_OK && size > GS_METADATA_MAX)
        status = gs_api_fail(error, GAOSOU_E_LIMIT, "a field of %zu bytes: at most %u", size,
                             GS_METADATA_MAX);
    if (status != GAOSOU_OK)
        return status;
    switch (field) {
    case GS_FIELD_ID:
        return check_id(bytes, size, error);
    case GS_FIELD_DATE:
    case GS_FIELD_PERIOD:
        return check_date(field, bytes, size, error);
    case GS_FIELD_EXTRA:
        return check_extra(bytes, size, error);
    default:
        return GAOSOU_OK;
    }
}

static enum gaosou_status replace(struct gs_buf *to, const char *bytes, size_t size,
                                  gaosou_error *error)
{
    gs_buf_clear(to);
    if (size > 0)
        gs_buf_append(to, bytes, size);
    enum gaosou_status status = gs_buf_status(to);
    if (status == GAOSOU_OK)
        return status;
    gs_buf_release(to); /* its failure would stay */
    return gs_api_fail(error, status, "a text of %zu bytes does not fit", size);
}

enum gaosou_status gaosou_filing_set(gaosou_filing *filing, enum gaosou_field field,
                                     const char *bytes, size_t size, gaosou_error *error)
{
    GS_API_REQUIRE(error, filing);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    if ((size_t)field >= FIELDS)
        return gs_api_fail(error, GAOSOU_E_USE, "%d is no field", (int)field);
    enum gaosou_status status = check_field(fields[field], bytes, size, error);
    return status == GAOSOU_OK ? replace(&filing->field[fields[field]], bytes, size, error)
                               : status;
}

/* ---- the text ---- */

static enum gaosou_status check_text(const char *bytes, size_t size, size_t before,
                                     gaosou_error *error)
{
    if (size > GS_FILING_MAX || before > GS_FILING_MAX - size)
        return gs_api_fail(error, GAOSOU_E_LIMIT, "a text of more than %zu bytes",
                           (size_t)GS_FILING_MAX);
    return check_utf8("text", bytes, size, error);
}

enum gaosou_status gaosou_filing_set_text(gaosou_filing *filing, const char *bytes, size_t size,
                                          gaosou_error *error)
{
    GS_API_REQUIRE(error, filing);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    enum gaosou_status status = check_text(bytes, size, 0, error);
    if (status != GAOSOU_OK)
        return status;
    filing->page_count = 0;
    return replace(&filing->text, bytes, size, error);
}

enum gaosou_status gaosou_filing_add_page(gaosou_filing *filing, const char *bytes, size_t size,
                                          gaosou_error *error)
{
    GS_API_REQUIRE(error, filing);
    GS_API_REQUIRE_BYTES(error, bytes, size);
    struct gs_buf *text = &filing->text;
    enum gaosou_status status = check_text(bytes, size, text->size + 1, error);
    if (status != GAOSOU_OK)
        return status;
    /* A form feed stands between two pages, and behind one that is alone: without any there are no
     * pages. */
    size_t before = text->size;
    bool is_first = before == 0 && filing->page_count == 0;
    if (!is_first && filing->page_count != 1)
        gs_buf_append_u8(text, '\f');
    if (size > 0)
        gs_buf_append(text, bytes, size);
    if (is_first)
        gs_buf_append_u8(text, '\f');
    if (gs_buf_status(text) != GAOSOU_OK) {
        text->status = GAOSOU_OK;
        text->size = before;
        return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory (%zu bytes wanted)", size);
    }
    filing->page_count = is_first ? 1 : filing->page_count + (filing->page_count ? 1 : 2);
    return GAOSOU_OK;
}

/* ---- JSON ---- */

static enum gaosou_status take_parsed(gaosou_filing *filing, const struct gs_filing *from,
                                      gaosou_error *error)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < GS_FIELD_COUNT && status == GAOSOU_OK; i++) {
        struct gs_str value = from->field[i];
        if (i == GS_FIELD_DATE || i == GS_FIELD_PERIOD)
            status = check_date((enum gs_field)i, value.bytes, value.size, error);
        if (status == GAOSOU_OK)
            status = replace(&filing->field[i], value.bytes, value.size, error);
    }
    if (status == GAOSOU_OK)
        status = check_text(NULL, 0, from->text.size, error);
    return status == GAOSOU_OK ? replace(&filing->text, from->text.bytes, from->text.size, error)
                               : status;
}

enum gaosou_status gaosou_filing_read_json(gaosou_filing *filing, const char *json, size_t size,
                                           gaosou_error *error)
{
    GS_API_REQUIRE(error, filing);
    GS_API_REQUIRE(error, json);
    struct gs_jsonl reader;
    struct gs_filing parsed;
    struct gs_err err = {0};
    gaosou_filing_clear(filing);
    enum gaosou_status status = check_utf8("JSON", json, size, error);
    if (status != GAOSOU_OK)
        return status;
    gs_jsonl_init(&reader, size);
    status = gs_jsonl_parse(&reader, "JSON", 1, (const uint8_t *)json, size, &parsed, &err);
    if (status != GAOSOU_OK)
        status = gs_api_return(error, status, &err);
    else
        status = take_parsed(filing, &parsed, error);
    if (status != GAOSOU_OK)
        gaosou_filing_clear(filing);
    gs_jsonl_release(&reader);
    return status;
}
