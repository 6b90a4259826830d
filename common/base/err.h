/*
 * err.h: one error, written once by the deepest function that failed.
 *
 * A function that can fail returns enum gaosou_status and, where a message helps, takes
 * `struct gs_err *err` last (NULL: the caller wants no message). The message is complete: what was
 * done, on which file, at which offset or line, what was found and what was wanted. Not shared
 * between threads.
 */
#ifndef GS_BASE_ERR_H
#define GS_BASE_ERR_H

#include "common/gaosou.h"

#define GS_MUST_USE          __attribute__((warn_unused_result))
#define GS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

#define GS_ERR_CAP 768

struct gs_err {
    enum gaosou_status status;
    char text[GS_ERR_CAP]; /* UTF-8, NUL-ended, one line, no final newline */
};

/* Writes status and message; returns status, so that `return gs_err_set(...)` reads well. */
enum gaosou_status gs_err_set(struct gs_err *err, enum gaosou_status status, const char *fmt, ...)
    GS_PRINTF(3, 4);

/* As gs_err_set, with ": " and strerror(errnum) behind; ENOSPC and EDQUOT become GAOSOU_E_FULL,
 * ENOMEM GAOSOU_E_NOMEM, ENOENT GAOSOU_E_NOT_FOUND, all else GAOSOU_E_IO. */
enum gaosou_status gs_err_sys(struct gs_err *err, int errnum, const char *fmt, ...) GS_PRINTF(3, 4);

/* The message for memory that could not be had. */
enum gaosou_status gs_err_nomem(struct gs_err *err, size_t bytes);

/* Puts "prefix: " before the message that is there, cutting at the end if need be. */
void gs_err_prefix(struct gs_err *err, const char *fmt, ...) GS_PRINTF(2, 3);

#endif
