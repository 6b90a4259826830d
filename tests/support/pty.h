/*
 * pty.h: runs a function in a child process whose terminal is a pseudo-terminal, and keeps what it
 * writes there.
 */
#ifndef GS_TESTS_PTY_H
#define GS_TESTS_PTY_H

#include "common/base/buf.h"

#include <stdbool.h>

/* Appends to *output all that the child wrote, as the terminal got it (line feeds as \r\n). The
 * child's standard streams are the terminal; it leaves with `run`'s value. False where no
 * pseudo-terminal can be had: the test is to be skipped. */
bool test_pty_run(unsigned short columns, int (*run)(void *ctx), void *ctx, struct gs_buf *output,
                  int *exit_code);

#endif
