/*
 * index_options.h: the command line of gaosou-index.
 */
#ifndef GS_INDEXER_INDEX_OPTIONS_H
#define GS_INDEXER_INDEX_OPTIONS_H

#include "indexer/console.h"

enum gs_command {
    GS_COMMAND_NONE, /* no command: --help or --version was answered */
    GS_COMMAND_ADD,
    GS_COMMAND_UPDATE,
    GS_COMMAND_DELETE,
    GS_COMMAND_MERGE,
    GS_COMMAND_CHECK,
    GS_COMMAND_STATS,
    GS_COMMAND_DUMP,
    GS_COMMAND_TOKENS,
};

#define GS_FILTERABLE_LISTS 16 /* --filterable given so often */

struct gs_index_options {
    enum gs_command command;
    const char *index; /* NULL for tokens */
    char **args;       /* behind INDEX; borrowed from argv */
    int arg_count;
    unsigned threads; /* 0: as many as the machine has processors */
    uint64_t memory;
    unsigned checkpoint; /* seconds; 0: one commit, at the end */
    bool no_text, no_merge, json, quiet, verbose;
    bool prune, force, dry_run;
    const char *where; /* delete: where.h; NULL: by id alone */
    const char *encoding, *id_prefix;
    const char *meta, *name_pattern, *cache, *report;
    const char *filterable[GS_FILTERABLE_LISTS]; /* lists of fields */
    size_t filterable_count;
    const char *doc_id; /* dump --doc */
    const char *kernel; /* kernel.h; NULL: the best */
};

/*
 * Reads argv; argv may be permuted. index_env is the value of GAOSOU_INDEX or NULL. --help and
 * --version are answered on c->out. GAOSOU_E_USE with a message for what cannot be read.
 */
GS_MUST_USE enum gaosou_status gs_index_options_parse(struct gs_index_options *o, int argc,
                                                      char **argv, const char *index_env,
                                                      struct gs_console *c, struct gs_err *err);

/* The help of a command, or of the program for GS_COMMAND_NONE. Static. */
const char *gs_index_help(enum gs_command command, bool chinese);

#endif
