/*
 * query_options.h: the command line and environment of gaosou-query.
 *
 * The only place that reads the environment. Strings point into argv or the environment, or are
 * owned by the options, and live as long as they do. Messages are written in the user's language.
 */
#ifndef GS_QUERY_QUERY_OPTIONS_H
#define GS_QUERY_QUERY_OPTIONS_H

#include "query/request.h"

#define GS_QUERY_USAGE         "usage: gaosou-query INDEX QUERY"
#define GS_QUERY_USAGE_CHINESE "用法：gaosou-query 索引 查询"

enum gs_query_action {
    GS_ACTION_SEARCH,
    GS_ACTION_SHOW,    /* one filing: --show */
    GS_ACTION_WHY_NOT, /* why one filing matches or not: --why-not */
    GS_ACTION_BATCH,   /* a query a line of standard input: --batch */
    GS_ACTION_HELP,
    GS_ACTION_VERSION,
};
enum gs_query_format {
    GS_FORMAT_TEXT,
    GS_FORMAT_JSON,
    GS_FORMAT_JSONL,
    GS_FORMAT_TSV,
    GS_FORMAT_CSV,
    GS_FORMAT_IDS,        /* -l */
    GS_FORMAT_HIT_COUNTS, /* -c */
};
enum gs_row_kind { GS_ROWS_FILINGS, GS_ROWS_HITS };
enum gs_pager { GS_PAGER_AUTO, GS_PAGER_NEVER };
enum gs_color_choice { GS_COLOR_AUTO, GS_COLOR_ALWAYS, GS_COLOR_NEVER };

#define GS_QUERY_THREADS_MAX 1024u

struct gs_query_options {
    enum gs_query_action action;
    enum gs_query_format format;
    enum gs_row_kind rows;
    const char *index;
    const char *other_index;   /* an argument behind the first that is an index, while `index` is
                                  none; else NULL */
    struct gs_request request; /* its text and filters point into the two buffers */
    struct gs_buf query;       /* arguments joined by a space, or the text of -F */
    struct gs_buf filters;     /* values of --filter, joined by a space */
    bool has_query;            /* a query or filters were given: --show does without */
    const char *id;            /* of --show or --why-not */
    const char *synonyms;      /* a file; NULL: none */
    const char *fields;        /* --fields as given; NULL: all */
    struct gs_buf facet_names; /* of --facet, each NUL-ended */
    const char *matrix;        /* a file to write; NULL: none */
    size_t threads;            /* of --batch; 0: as many as there are processors */
    bool quiet;
    enum gs_color_choice color_choice;
    enum gs_pager pager;
    const char *pager_command; /* GAOSOU_PAGER, PAGER, or less; "" for none */
    bool is_terminal;          /* standard output */
    unsigned columns;          /* of the terminal; 0: not one, or not known */
    bool color;                /* decided: option, terminal, NO_COLOR, TERM */
    bool chinese;              /* LC_ALL, LC_MESSAGES or LANG begins with zh */
};

/* Reads everything; with `-F -` standard input too. On an error *o holds the language at least.
 * GAOSOU_E_USE with a message that ends in the usage, GAOSOU_E_LIMIT for a query over
 * GS_QUERY_BYTES_MAX, GAOSOU_E_IO, GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_query_options_read(struct gs_query_options *o, int argc,
                                                     char **argv, struct gs_err *err);
void gs_query_options_release(struct gs_query_options *o);

/* The text of --help in two parts, static: usage and queries, then options and examples. */
const char *gs_query_help(bool chinese);
const char *gs_query_help_options(bool chinese);

#endif
