/*
 * option_table.h: the options of gaosou-query: how each is spelled, what kind of value follows, and
 * where it goes.
 */
#ifndef GS_QUERY_OPTION_TABLE_H
#define GS_QUERY_OPTION_TABLE_H

#include "query/query_options.h"

enum gs_option {
    GS_OPTION_ANY,
    GS_OPTION_B,
    GS_OPTION_BATCH,
    GS_OPTION_COLLAPSE,
    GS_OPTION_COLOR,
    GS_OPTION_CONTEXT,
    GS_OPTION_COUNT,
    GS_OPTION_CSV,
    GS_OPTION_CURSOR,
    GS_OPTION_EXPLAIN,
    GS_OPTION_FACET,
    GS_OPTION_FACET_LIMIT,
    GS_OPTION_FIELDS,
    GS_OPTION_FILTER,
    GS_OPTION_FRAGMENTS,
    GS_OPTION_HELP,
    GS_OPTION_HIT_COUNTS,
    GS_OPTION_IDS,
    GS_OPTION_JSON,
    GS_OPTION_JSONL,
    GS_OPTION_K1,
    GS_OPTION_LIMIT,
    GS_OPTION_LITERAL,
    GS_OPTION_MATRIX,
    GS_OPTION_MIN_MATCH,
    GS_OPTION_NO_SNIPPETS,
    GS_OPTION_OFFSET,
    GS_OPTION_PAGER,
    GS_OPTION_QUERY,
    GS_OPTION_QUIET,
    GS_OPTION_RANK,
    GS_OPTION_ROWS,
    GS_OPTION_SHOW,
    GS_OPTION_SORT,
    GS_OPTION_SPANS,
    GS_OPTION_SYNONYMS,
    GS_OPTION_THREADS,
    GS_OPTION_TIES,
    GS_OPTION_TIMEOUT,
    GS_OPTION_TOGETHER,
    GS_OPTION_TSV,
    GS_OPTION_UNKNOWN,
    GS_OPTION_VERSION,
    GS_OPTION_WHY_NOT,
    GS_OPTION_WITHIN,
    GS_OPTION_COUNT_OF,
};
#define GS_OPTION_BIT(name) (UINT64_C(1) << GS_OPTION_##name)

/* What an option does with its value, at `offset` of gs_query_options. */
enum gs_option_kind {
    GS_KIND_FLAG,   /* no value; a bool becomes true */
    GS_KIND_SET,    /* no value; an enum becomes `number` */
    GS_KIND_CHOICE, /* an enum becomes the index of the value in `words` */
    GS_KIND_SIZE,   /* a size_t up to `number` */
    GS_KIND_ALL,    /* the same, or `all` */
    GS_KIND_DOUBLE, /* a double up to `number` */
    GS_KIND_TEXT,   /* a const char * */
    GS_KIND_OTHER,  /* a value of its own form (query_options.c) */
};

struct gs_option_row {
    const char *name;
    enum gs_option option;
    enum gs_option_kind kind;
    size_t offset;
    size_t number;
    const char *const *words;
};

static inline bool gs_option_has_value(const struct gs_option_row *row)
{
    return row->kind != GS_KIND_FLAG && row->kind != GS_KIND_SET;
}

/* The row of an argument and, for `--name=value` and `-xvalue`, where its value begins; NULL where
 * it is no option. */
const struct gs_option_row *gs_option_find(const char *argument, const char **value);
/* How an option is spelled. */
const char *gs_option_name(enum gs_option option);

#endif
