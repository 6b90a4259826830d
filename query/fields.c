#include "query/fields.h"

#include "query/option_values.h"

static const char *const names[GS_ANSWER_COUNT] = {
    [GS_ANSWER_RANK] = "rank",
    [GS_ANSWER_SCORE] = "score",
    [GS_ANSWER_ID] = "id",
    [GS_ANSWER_TITLE] = "title",
    [GS_ANSWER_CODES] = "codes",
    [GS_ANSWER_NAME] = "name",
    [GS_ANSWER_COMPANY] = "company",
    [GS_ANSWER_EXCHANGE] = "exchange",
    [GS_ANSWER_BOARD] = "board",
    [GS_ANSWER_DATE] = "date",
    [GS_ANSWER_PERIOD] = "period",
    [GS_ANSWER_TYPE] = "type",
    [GS_ANSWER_NUMBER] = "number",
    [GS_ANSWER_URL] = "url",
    [GS_ANSWER_PATH] = "path",
    [GS_ANSWER_UNSEARCHED] = "unsearched",
    [GS_ANSWER_DUPLICATES] = "duplicates",
    [GS_ANSWER_PAGE] = "page",
    [GS_ANSWER_PAGE_LABEL] = "page_label",
    [GS_ANSWER_SECTION] = "section",
    [GS_ANSWER_TERMS] = "terms",
    [GS_ANSWER_EXTRA] = "extra",
    [GS_ANSWER_FRAGMENTS] = "fragments",
    [GS_ANSWER_HITS] = "hits",
    [GS_ANSWER_LINK] = "link",
    [GS_ANSWER_SENTENCE] = "sentence",
    [GS_ANSWER_SPANS] = "spans",
};

const struct gs_answer_fields gs_answer_fields_of_json = {
    {GS_ANSWER_RANK,       GS_ANSWER_SCORE, GS_ANSWER_ID,         GS_ANSWER_TITLE,
     GS_ANSWER_CODES,      GS_ANSWER_NAME,  GS_ANSWER_COMPANY,    GS_ANSWER_EXCHANGE,
     GS_ANSWER_BOARD,      GS_ANSWER_DATE,  GS_ANSWER_PERIOD,     GS_ANSWER_TYPE,
     GS_ANSWER_NUMBER,     GS_ANSWER_URL,   GS_ANSWER_PATH,       GS_ANSWER_UNSEARCHED,
     GS_ANSWER_DUPLICATES, GS_ANSWER_PAGE,  GS_ANSWER_PAGE_LABEL, GS_ANSWER_SECTION,
     GS_ANSWER_TERMS,      GS_ANSWER_EXTRA, GS_ANSWER_FRAGMENTS},
    23};

const struct gs_answer_fields gs_answer_fields_of_filings = {
    {GS_ANSWER_RANK, GS_ANSWER_SCORE, GS_ANSWER_HITS, GS_ANSWER_ID, GS_ANSWER_CODES, GS_ANSWER_NAME,
     GS_ANSWER_COMPANY, GS_ANSWER_TITLE, GS_ANSWER_DATE, GS_ANSWER_PERIOD, GS_ANSWER_TYPE,
     GS_ANSWER_EXCHANGE, GS_ANSWER_BOARD, GS_ANSWER_NUMBER, GS_ANSWER_PAGE, GS_ANSWER_PAGE_LABEL,
     GS_ANSWER_SECTION, GS_ANSWER_SENTENCE, GS_ANSWER_LINK},
    19};

const struct gs_answer_fields gs_answer_fields_of_hits = {
    {GS_ANSWER_RANK, GS_ANSWER_ID, GS_ANSWER_COMPANY, GS_ANSWER_NAME, GS_ANSWER_CODES,
     GS_ANSWER_DATE, GS_ANSWER_TYPE, GS_ANSWER_TITLE, GS_ANSWER_PAGE, GS_ANSWER_PAGE_LABEL,
     GS_ANSWER_SECTION, GS_ANSWER_HITS, GS_ANSWER_SENTENCE, GS_ANSWER_LINK},
    14};

const char *gs_answer_field_name(enum gs_answer_field field)
{
    return names[field];
}

bool gs_answer_fields_has(const struct gs_answer_fields *list, enum gs_answer_field field)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->fields[i] == field)
            return true;
    return false;
}

static enum gaosou_status unknown_field(const char *name, bool chinese, struct gs_err *err)
{
    struct gs_buf all;
    gs_buf_init(&all, 4096);
    for (size_t i = 0; i < GS_ANSWER_COUNT; i++)
        gs_buf_printf(&all, "%s%s", i ? " " : "", names[i]);
    gs_buf_append_u8(&all, '\0');
    enum gaosou_status status =
        gs_buf_status(&all) != GAOSOU_OK
            ? gs_err_nomem(err, all.size)
            : gs_err_set(err, GAOSOU_E_USE,
                         chinese
                             ? "--fields 没有“%s”这一项，或它给了两次；有：%s"
                             : "--fields: '%s' is no field, or stands there twice; there are %s",
                         name, (const char *)all.data);
    gs_buf_release(&all);
    return status;
}

enum gaosou_status gs_answer_fields_read(struct gs_answer_fields *list, const char *text,
                                         bool chinese, struct gs_err *err)
{
    const struct gs_option_context context = {"--fields", chinese, err};
    struct gs_buf items;
    size_t count = 0;
    gs_buf_init(&items, (size_t)64 << 10);
    enum gaosou_status status = gs_option_list(&context, text, 1000, &items, &count);
    const char *item = (const char *)items.data;
    list->count = 0;
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++, item += strlen(item) + 1) {
        unsigned field = 0;
        while (field < GS_ANSWER_COUNT && strcmp(item, names[field]) != 0)
            field++;
        if (field == GS_ANSWER_COUNT || gs_answer_fields_has(list, (enum gs_answer_field)field))
            status = unknown_field(item, chinese, err);
        else
            list->fields[list->count++] = (enum gs_answer_field)field;
    }
    gs_buf_release(&items);
    return status;
}
