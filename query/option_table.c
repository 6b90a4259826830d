#include "query/option_table.h"

#include "query/snippet.h"

#include <stddef.h>

/* Enums are stored through an unsigned. */
_Static_assert(sizeof(enum gs_query_action) == sizeof(unsigned), "enums are as wide as unsigned");

static const char *const color_words[] = {"auto", "always", "never", NULL};
static const char *const pager_words[] = {"auto", "never", NULL};
static const char *const row_words[] = {"filings", "hits", NULL};
static const char *const sort_words[] = {"score", "newest", "oldest", "code", "length", NULL};
static const char *const tie_words[] = {"closest", "sequence", NULL};
static const char *const within_words[] = {"filing", "sentence", "paragraph", NULL};

#define AT(field) offsetof(struct gs_query_options, field)
#define FLAG(name, option, field)                                                                  \
    {                                                                                              \
        name, GS_OPTION_##option, GS_KIND_FLAG, AT(field), 0, NULL                                 \
    }
#define SET(name, option, field, value)                                                            \
    {                                                                                              \
        name, GS_OPTION_##option, GS_KIND_SET, AT(field), value, NULL                              \
    }
#define CHOICE(name, option, field, words)                                                         \
    {                                                                                              \
        name, GS_OPTION_##option, GS_KIND_CHOICE, AT(field), 0, words                              \
    }
#define VALUE(name, option, kind, field, most)                                                     \
    {                                                                                              \
        name, GS_OPTION_##option, GS_KIND_##kind, AT(field), most, NULL                            \
    }
#define OTHER(name, option)                                                                        \
    {                                                                                              \
        name, GS_OPTION_##option, GS_KIND_OTHER, 0, 0, NULL                                        \
    }

static const struct gs_option_row rows[] = {
    OTHER("-F", LITERAL),
    SET("-c", HIT_COUNTS, format, GS_FORMAT_HIT_COUNTS),
    OTHER("-e", QUERY),
    SET("-h", HELP, action, GS_ACTION_HELP),
    SET("-l", IDS, format, GS_FORMAT_IDS),
    FLAG("-q", QUIET, quiet),
    SET("--any", ANY, request.mode, GS_QUERY_ANY),
    VALUE("--b", B, DOUBLE, request.search.b, 1),
    SET("--batch", BATCH, action, GS_ACTION_BATCH),
    FLAG("--collapse", COLLAPSE, request.search.collapse),
    CHOICE("--color", COLOR, color_choice, color_words),
    CHOICE("--colour", COLOR, color_choice, color_words),
    VALUE("--context", CONTEXT, SIZE, request.context, GS_REQUEST_CONTEXT_MAX),
    FLAG("--count", COUNT, request.count),
    SET("--csv", CSV, format, GS_FORMAT_CSV),
    VALUE("--cursor", CURSOR, TEXT, request.cursor, 0),
    FLAG("--explain", EXPLAIN, request.explain),
    OTHER("--facet", FACET),
    VALUE("--facet-limit", FACET_LIMIT, ALL, request.search.facet_limit, SIZE_MAX),
    VALUE("--fields", FIELDS, TEXT, fields, 0),
    OTHER("--filter", FILTER),
    VALUE("--fragments", FRAGMENTS, ALL, request.fragments, GS_SNIPPET_FRAGMENTS_MAX),
    SET("--help", HELP, action, GS_ACTION_HELP),
    SET("--json", JSON, format, GS_FORMAT_JSON),
    SET("--jsonl", JSONL, format, GS_FORMAT_JSONL),
    VALUE("--k1", K1, DOUBLE, request.search.k1, 1000),
    VALUE("--limit", LIMIT, ALL, request.search.limit, SIZE_MAX),
    VALUE("--matrix", MATRIX, TEXT, matrix, 0),
    OTHER("--min-match", MIN_MATCH),
    FLAG("--no-snippets", NO_SNIPPETS, request.no_fragments),
    VALUE("--offset", OFFSET, SIZE, request.search.offset, SIZE_MAX),
    CHOICE("--pager", PAGER, pager, pager_words),
    FLAG("--quiet", QUIET, quiet),
    OTHER("--rank", RANK),
    CHOICE("--rows", ROWS, rows, row_words),
    OTHER("--show", SHOW),
    CHOICE("--sort", SORT, request.search.sort, sort_words),
    OTHER("--spans", SPANS),
    VALUE("--synonyms", SYNONYMS, TEXT, synonyms, 0),
    VALUE("--threads", THREADS, SIZE, threads, GS_QUERY_THREADS_MAX),
    CHOICE("--ties", TIES, request.search.ties, tie_words),
    OTHER("--timeout", TIMEOUT),
    FLAG("--together", TOGETHER, request.together),
    SET("--tsv", TSV, format, GS_FORMAT_TSV),
    FLAG("--unknown", UNKNOWN, request.search.take_unknown),
    SET("--version", VERSION, action, GS_ACTION_VERSION),
    OTHER("--why-not", WHY_NOT),
    CHOICE("--within", WITHIN, request.within, within_words),
};
#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

const struct gs_option_row *gs_option_find(const char *argument, const char **value)
{
    *value = NULL;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        size_t size = strlen(rows[i].name);
        if (strncmp(argument, rows[i].name, size) != 0)
            continue;
        if (argument[size] == '\0')
            return &rows[i];
        if (size == 2 && gs_option_has_value(&rows[i])) {
            *value = argument + size;
            return &rows[i];
        }
        if (size > 2 && argument[size] == '=') {
            *value = argument + size + 1;
            return &rows[i];
        }
    }
    return NULL;
}

const char *gs_option_name(enum gs_option option)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].option == option)
            return rows[i].name;
    return "";
}
