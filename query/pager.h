/*
 * pager.h: hands what is written to a program that shows it a screen at a time.
 *
 * The pager reads a pipe and owns the terminal until it ends; the writer waits for it. From its
 * start on, this process ignores SIGPIPE (somebody leaves the pager: writing fails with EPIPE,
 * which ends the output quietly) and SIGINT (in a pager it interrupts a search or a line, and is
 * the pager's). For programs, not libraries: one at a time, one thread.
 */
#ifndef GS_QUERY_PAGER_H
#define GS_QUERY_PAGER_H

#include <stdbool.h>
#include <sys/types.h>

struct gs_pager_process {
    pid_t pid; /* 0: none */
    int fd;    /* its standard input */
};

/* Starts `command`: by its name where that is one word, else through /bin/sh. It finds LESS=FRX
 * and LV=-c in its environment where they are not set. False, and nothing is changed, where the
 * command is empty or `cat`, or cannot be run: the caller writes as if there were none. */
bool gs_pager_start(struct gs_pager_process *pager, const char *command);
/* Closes its input and waits until it has ended; nothing where none was started. */
void gs_pager_wait(struct gs_pager_process *pager);

#endif
