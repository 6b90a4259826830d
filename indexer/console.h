/*
 * console.h: what the program says: warnings and errors on stderr, results on stdout, in English or
 * Chinese. Library errors (struct gs_err) stay in English. One thread (the main one) speaks; only
 * the progress line is another's (progress.h), and the lock of the stream err keeps them apart.
 *
 * Names of files and texts of filings get into messages: what could steer a terminal is shown
 * escaped.
 */
#ifndef GS_INDEXER_CONSOLE_H
#define GS_INDEXER_CONSOLE_H

#include "common/base/buf.h"
#include "common/base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct gs_console {
    bool quiet;   /* errors only: no summary, no progress, no warnings */
    bool verbose; /* each replaced and each skipped filing is named */
    bool chinese;
    FILE *out, *err;
    bool status_line; /* a progress line without its line feed stands on err */
};

/* A literal in the language of the console; both must take the same arguments. */
#define GS_TR(console, english, chinese_text) ((console)->chinese ? (chinese_text) : (english))

/* True for values of LC_ALL, LC_MESSAGES or LANG (the first that is set and not empty) that begin
 * with zh. */
bool gs_console_wants_chinese(const char *lc_all, const char *lc_messages, const char *lang);

/* "gaosou-index: " and the message, on err. warn is silent with --quiet. */
void gs_console_error(struct gs_console *c, const char *fmt, ...) GS_PRINTF(2, 3);
void gs_console_warn(struct gs_console *c, const char *fmt, ...) GS_PRINTF(2, 3);
void gs_console_vwarn(struct gs_console *c, const char *fmt, va_list args) GS_PRINTF(2, 0);
/* Appends text as a terminal may show it, on one line: control characters as \n, \t, \r or \xNN,
 * bytes that are not UTF-8 as \xNN, what turns the direction of writing or ends a line as
 * \u{NNNN}. */
void gs_console_escape(struct gs_buf *out, const void *bytes, size_t size);
/* An id as a line of output that `delete` takes again (gs_console_unescape_id): as above, and a
 * backslash as two. */
void gs_console_escape_id(struct gs_buf *out, const void *bytes, size_t size);
/* Appends what gs_console_escape_id() made the text of; false where it made no such text. */
bool gs_console_unescape_id(struct gs_buf *out, const char *text);
/* Removes a progress line so that something else can be written. */
void gs_console_clear_line(struct gs_console *c);

#endif
