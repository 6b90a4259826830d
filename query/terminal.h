/*
 * terminal.h: what the environment says of the user and of the terminal: language, colour, width,
 * pager.
 */
#ifndef GS_QUERY_TERMINAL_H
#define GS_QUERY_TERMINAL_H

#include "query/query_options.h"

/* LC_ALL, LC_MESSAGES or LANG, the first that is set: chinese. */
void gs_terminal_read_language(struct gs_query_options *o);
/* All else, once the options are read: is_terminal, columns, color, pager_command. */
void gs_terminal_read(struct gs_query_options *o);

#endif
