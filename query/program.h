/*
 * program.h: what the parts of gaosou-query share: one run, from its options to its exit code.
 */
#ifndef GS_QUERY_PROGRAM_H
#define GS_QUERY_PROGRAM_H

#include "query/answer.h"
#include "query/pager.h"
#include "query/query_program.h"

struct gs_program {
    const struct gs_query_options *options;
    struct gs_request request; /* the options', with what was opened for it */
    struct gs_snapshot snapshot;
    struct gs_synonyms *synonyms;
    struct gs_answer_fields fields;
    struct gs_answerer *answerer;
    struct gs_sink out; /* standard output, or the pager */
    struct gs_pager_process pager;
    struct gs_err err;
    bool found; /* for the exit code */
};

/* The actions. Each opens no more than gs_program_open did, and leaves its output in p->out. */
GS_MUST_USE enum gaosou_status gs_program_search(struct gs_program *p); /* program_search.c */
GS_MUST_USE enum gaosou_status gs_program_show(struct gs_program *p);   /* program_show.c */
GS_MUST_USE enum gaosou_status gs_program_why_not(struct gs_program *p); /* program_explain.c */

/* program_matrix.c: writes options->matrix, all of it or nothing. */
GS_MUST_USE enum gaosou_status gs_program_write_matrix(struct gs_program *p);

/* Text for people begins: through the pager from here on, where there is to be one. */
void gs_program_start_pager(struct gs_program *p);
/* Writes to standard error, past any failure: there is nobody left to tell. */
void gs_program_note(const struct gs_buf *text);
/* Whether anybody still reads what is written. */
static inline bool gs_program_is_read(const struct gs_program *p)
{
    return !p->out.closed && !p->out.errnum;
}

#endif
