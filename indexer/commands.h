/*
 * commands.h: what each command does, after its options are read. Each returns the exit code and
 * prints what it has to say; see index_help.c.
 */
#ifndef GS_INDEXER_COMMANDS_H
#define GS_INDEXER_COMMANDS_H

#include "indexer/index_options.h"

enum gs_exit {
    GS_EXIT_OK = 0,
    GS_EXIT_LOSSES = 1, /* committed, but some input was skipped or damaged */
    GS_EXIT_ERROR = 2,  /* nothing was committed, or the index is damaged */
};

int gs_command_add(const struct gs_index_options *o, struct gs_console *c);
int gs_command_delete(const struct gs_index_options *o, struct gs_console *c);
int gs_command_merge(const struct gs_index_options *o, struct gs_console *c);
int gs_command_check(const struct gs_index_options *o, struct gs_console *c);
int gs_command_stats(const struct gs_index_options *o, struct gs_console *c);
int gs_command_dump(const struct gs_index_options *o, struct gs_console *c);
int gs_command_tokens(const struct gs_index_options *o, struct gs_console *c);

/* The whole program but the environment, which the caller reads: argv and what it says. */
int gs_index_main(int argc, char **argv, const char *index_env, struct gs_console *c);

#endif
