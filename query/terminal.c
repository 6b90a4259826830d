#include "query/terminal.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_LEAST 20u /* a narrower terminal is treated as one of these */
#define COLUMNS_MOST  10000u

void gs_terminal_read_language(struct gs_query_options *o)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (!value || !*value)
            continue;
        o->chinese = strncmp(value, "zh", 2) == 0;
        return;
    }
}

static bool decide_color(const struct gs_query_options *o)
{
    if (o->color_choice != GS_COLOR_AUTO)
        return o->color_choice == GS_COLOR_ALWAYS;
    const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
    if ((no_color && *no_color) || (term && strcmp(term, "dumb") == 0))
        return false;
    return o->is_terminal;
}

/* COLUMNS says it where it is a number, else the terminal itself. */
static unsigned read_columns(void)
{
    const char *variable = getenv("COLUMNS");
    unsigned long columns = variable ? strtoul(variable, NULL, 10) : 0;
    struct winsize size;
    if (columns == 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    if (columns == 0)
        return 0;
    return columns < COLUMNS_LEAST  ? COLUMNS_LEAST
           : columns > COLUMNS_MOST ? COLUMNS_MOST
                                    : (unsigned)columns;
}

static const char *find_pager(void)
{
    const char *own = getenv("GAOSOU_PAGER"), *common = getenv("PAGER");
    return own ? own : common ? common : "less";
}

void gs_terminal_read(struct gs_query_options *o)
{
    o->is_terminal = isatty(STDOUT_FILENO) == 1;
    o->columns = o->is_terminal ? read_columns() : 0;
    o->color = decide_color(o);
    o->pager_command = find_pager();
    }
