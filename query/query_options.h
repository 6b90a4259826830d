/*
 * query_options.h: the command line and environment of gaosou-query.
 *
 * The only place that reads the environment. Strings point into argv or the environment and live as
 * long as they do; the query is owned. Messages are written in the user's language.
 */
#ifndef GS_QUERY_QUERY_OPTIONS_H
#define GS_QUERY_QUERY_OPTIONS_H

#include "query/search.h"

#define GS_QUERY_USAGE         "usage: gaosou-query INDEX QUERY"
#define GS_QUERY_USAGE_CHINESE "用法：gaosou-query 索引 查询"

enum gs_query_action { GS_ACTION_SEARCH, GS_ACTION_HELP, GS_ACTION_VERSION };
enum gs_query_format { GS_FORMAT_TEXT, GS_FORMAT_JSON, GS_FORMAT_JSONL };

struct gs_query_options {
    enum gs_query_action action;
    enum gs_query_format format;
    enum gs_query_mode mode;
    const char *index;
    struct gs_buf query;     /* arguments joined by a space, or the text of -F */
    const char *other_index; /* an argument behind the first that is an index, while `index` is
                                none; else NULL */
    struct gs_search_options search;
    bool count, no_snippets, quiet;
    bool color;   /* decided: option, terminal, NO_COLOR, TERM */
    bool chinese; /* LC_ALL, LC_MESSAGES or LANG begins with zh */
};

/* Reads everything; with `-F -` standard input too. On an error *o holds the language at least.
 * GAOSOU_E_USE with a message that ends in the usage, GAOSOU_E_LIMIT for a query over
 * GS_QUERY_BYTES_MAX, GAOSOU_E_IO, GAOSOU_E_NOMEM. */
GS_MUST_USE enum gaosou_status gs_query_options_read(struct gs_query_options *o, int argc,
                                                     char **argv, struct gs_err *err);
void gs_query_options_release(struct gs_query_options *o);

/* The text of --help, static. */
const char *gs_query_help(bool chinese);

#endif
