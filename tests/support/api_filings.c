#include "tests/support/api_filings.h"

#include "tests/support/test.h"

static enum gaosou_status set(gaosou_filing *filing, enum gaosou_field field, const char *value,
                              gaosou_error *error)
{
    return value ? gaosou_filing_set(filing, field, value, strlen(value), error) : GAOSOU_OK;
}

enum gaosou_status api_add_one(gaosou_writer *writer, const struct api_filing *f,
                               gaosou_error *error)
{
    gaosou_filing *filing = gaosou_filing_create();
    assert_non_null(filing);
    enum gaosou_status status = set(filing, GAOSOU_FIELD_ID, f->id, error);
    if (status == GAOSOU_OK)
        status = set(filing, GAOSOU_FIELD_TITLE, f->title, error);
    if (status == GAOSOU_OK)
        status = set(filing, GAOSOU_FIELD_CODES, f->codes, error);
    if (status == GAOSOU_OK)
        status = set(filing, GAOSOU_FIELD_NAME, f->name, error);
    if (status == GAOSOU_OK)
        status = set(filing, GAOSOU_FIELD_DATE, f->date, error);
    if (status == GAOSOU_OK)
        status = set(filing, GAOSOU_FIELD_TYPE, f->type, error);
    if (status == GAOSOU_OK && f->text)
        status = gaosou_filing_set_text(filing, f->text, strlen(f->text), error);
    if (status == GAOSOU_OK)
        status = gaosou_writer_add(writer, filing, 0, error);
    gaosou_filing_free(filing);
    return status;
}

void api_add(const char *index, const struct api_filing *filings, size_t count)
{
    gaosou_error *error = gaosou_error_create();
    gaosou_writer *writer = NULL;
    enum gaosou_status status = gaosou_writer_open(&writer, index, GAOSOU_WRITER_CREATE, error);
    if (status == GAOSOU_OK)
        status = gaosou_writer_set_memory(writer, (uint64_t)64 << 20, error);
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++)
        status = api_add_one(writer, &filings[i], error);
    if (status == GAOSOU_OK)
        status = gaosou_writer_commit(writer, NULL, error);
    if (status != GAOSOU_OK)
        test_fail("%s: %s", index, gaosou_error_text(error));
    gaosou_writer_close(writer);
    gaosou_error_free(error);
}
