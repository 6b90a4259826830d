/*
 * commands.h: what each command does, after its options are read. Each returns the exit code and
 * prints what it has to say; see index_help.c.
 */
#ifndef GS_INDEXER_COMMANDS_H
#define GS_INDEXER_COMMANDS_H

#include "indexer/index_options.h"
#include "indexer/index_writer.h"

enum gs_exit {
    GS_EXIT_OK = 0,
    GS_EXIT_LOSSES = 1,   /* committed, but some input was skipped or damaged */
    GS_EXIT_ERROR = 2,    /* nothing was committed, or the index is damaged */
    GS_EXIT_SIGNAL = 128, /* and the number of the signal that asked to stop */
};

int gs_command_add(const struct gs_index_options *o, struct gs_console *c);
int gs_command_update(const struct gs_index_options *o, struct gs_console *c);
int gs_command_delete(const struct gs_index_options *o, struct gs_console *c);
int gs_command_merge(const struct gs_index_options *o, struct gs_console *c);
int gs_command_check(const struct gs_index_options *o, struct gs_console *c);
int gs_command_stats(const struct gs_index_options *o, struct gs_console *c);
int gs_command_dump(const struct gs_index_options *o, struct gs_console *c);
int gs_command_tokens(const struct gs_index_options *o, struct gs_console *c);

/* After a commit: merges what merge_policy.h finds worth it, and commits that. What was committed
 * before is safe whatever happens, so a failure is a warning. Nothing with --no-merge. */
void gs_command_tidy(const struct gs_index_options *o, struct gs_console *c,
                     struct gs_index_writer *w);

/* The whole program but the environment, which the caller reads: argv and what it says. */
int gs_index_main(int argc, char **argv, const char *index_env, struct gs_console *c);

#endif
