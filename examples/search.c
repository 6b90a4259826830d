/*
 * Indexes three invented filings and searches them, through gaosou.h alone.
 *
 *     cc search.c $(pkg-config --cflags --libs gaosou) -o search && ./search INDEX 净利润
 */
#include <gaosou.h>

#include <stdio.h>
#include <string.h>

/* A line of JSON each: one way to say what a filing is; gaosou_filing_set() is the other. */
static const char *const filings[] = {
    "{\"id\":\"yunfan-2023\",\"title\":\"云帆精工2023年年度报告\",\"code\":\"688999\","
    "\"name\":\"云帆精工\",\"date\":\"2024-04-20\",\"type\":\"年度报告\","
    "\"text\":\"报告期内公司净利润增长一成。研发人员增加到一百二十人。\"}",
    "{\"id\":\"xinghe-2023\",\"title\":\"星河制药2023年年度报告\",\"code\":\"600999\","
    "\"name\":\"星河制药\",\"date\":\"2024-03-28\",\"type\":\"年度报告\","
    "\"text\":\"净利润下降。净利润下降的主要原因是研发投入加大。\"}",
    "{\"id\":\"lanjing-suit\",\"title\":\"蓝鲸航运关于收到传票的公告\",\"code\":\"601999\","
    "\"name\":\"蓝鲸航运\",\"date\":\"2024-05-06\",\"type\":\"诉讼仲裁公告\","
    "\"text\":\"公司近日收到法院传票，对本期净利润的影响尚不确定。\"}",
};

static int failed(const char *what, const gaosou_error *error)
{
    fprintf(stderr, "%s: %s\n", what, gaosou_error_text(error));
    return 2;
}

static int build(const char *index, gaosou_error *error)
{
    gaosou_writer *writer;
    gaosou_filing *filing = gaosou_filing_create();
    if (gaosou_writer_open(&writer, index, GAOSOU_WRITER_CREATE, error) != GAOSOU_OK)
        return failed("open", error);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < sizeof(filings) / sizeof(filings[0]) && status == GAOSOU_OK; i++) {
        status = gaosou_filing_read_json(filing, filings[i], strlen(filings[i]), error);
        if (status == GAOSOU_OK)
            status = gaosou_writer_add(writer, filing, 0, error);
    }
    if (status == GAOSOU_OK)
        status = gaosou_writer_commit(writer, NULL, error); /* until now nothing is seen */
    gaosou_writer_close(writer);
    gaosou_filing_free(filing);
    return status == GAOSOU_OK ? 0 : failed("index", error);
}

/* A fragment with its hits between 【 and 】. */
static void print_fragment(const gaosou_hit *hit, size_t fragment)
{
    size_t size, start, end, at = 0;
    const char *text = gaosou_hit_fragment(hit, fragment, &size);
    printf("    ");
    for (size_t i = 0; gaosou_hit_span(hit, fragment, i, &start, &end); i++) {
        printf("%.*s【%.*s】", (int)(start - at), text + at, (int)(end - start), text + start);
        at = end;
    }
    printf("%.*s\n", (int)(size - at), text + at);
}

static void print_hit(const gaosou_hit *hit)
{
    size_t id_size, title_size;
    const char *id = gaosou_hit_field(hit, GAOSOU_FIELD_ID, &id_size);
    const char *title = gaosou_hit_field(hit, GAOSOU_FIELD_TITLE, &title_size);
    printf("%llu. %.*s  %.*s\n", (unsigned long long)gaosou_hit_rank(hit), (int)id_size, id,
           (int)title_size, title ? title : "");
    for (size_t i = 0; i < gaosou_hit_fragment_count(hit); i++)
        print_fragment(hit, i);
}

static void print_facets(const gaosou_result *result)
{
    const char *name, *value;
    size_t size;
    uint64_t filings_with;
    for (size_t f = 0; gaosou_result_facet(result, f, &name, NULL, NULL, NULL); f++) {
        printf("%s:", name);
        for (size_t i = 0; gaosou_result_facet_value(result, f, i, &value, &size, &filings_with);
             i++)
            printf(" %.*s %llu", (int)size, value, (unsigned long long)filings_with);
        printf("\n");
    }
}

static int search(gaosou_session *session, const char *query, gaosou_error *error)
{
    const gaosou_result *result;
    gaosou_request *request = gaosou_request_create();
    enum gaosou_status status = gaosou_request_set_query(request, query, strlen(query), error);
    if (status == GAOSOU_OK)
        status = gaosou_request_add_facet(request, "type", 4, error);
    if (status == GAOSOU_OK)
        status = gaosou_session_search(session, request, &result, error);
    if (status == GAOSOU_OK) {
        printf("%llu filings, %llu hits. %s\n",
               (unsigned long long)gaosou_result_total(result, NULL),
               (unsigned long long)gaosou_result_occurrences(result, NULL),
               gaosou_result_read_as(result));
        print_facets(result);
    }
    for (size_t i = 0; status == GAOSOU_OK && i < gaosou_result_hit_count(result); i++) {
        const gaosou_hit *hit;
        status = gaosou_result_hit(result, i, &hit, error);
        if (status == GAOSOU_OK)
            print_hit(hit);
    }
    gaosou_request_free(request);
    return status == GAOSOU_OK ? 0 : failed(query, error);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: search INDEX QUERY...\n");
        return 2;
    }
    gaosou_error *error = gaosou_error_create();
    gaosou_searcher *searcher = NULL;
    gaosou_session *session = NULL;
    int code = build(argv[1], error);
    if (code == 0 && gaosou_searcher_open(&searcher, argv[1], error) != GAOSOU_OK)
        code = failed(argv[1], error);
    if (code == 0 && gaosou_session_open(&session, searcher, error) != GAOSOU_OK)
        code = failed(argv[1], error);
    for (int i = 2; i < argc && code == 0; i++)
        code = search(session, argv[i], error);
    gaosou_session_close(session);
    gaosou_searcher_close(searcher);
    gaosou_error_free(error);
    return code;
}
