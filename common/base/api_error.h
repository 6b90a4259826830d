/*
 * api_error.h: gaosou_error of the public interface, over struct gs_err.
 */
#ifndef GS_BASE_API_ERROR_H
#define GS_BASE_API_ERROR_H

#include "common/base/err.h"

struct gaosou_error {
    struct gs_err err;
};

/* What a public function returns: status, and on failure the message in *error (NULL: nobody wants
 * it). A failure without a message gets the status's own. */
enum gaosou_status gs_api_return(gaosou_error *error, enum gaosou_status status,
                                 const struct gs_err *err);

/* A failure that the public function itself has found. */
enum gaosou_status gs_api_fail(gaosou_error *error, enum gaosou_status status, const char *fmt, ...)
    GS_PRINTF(3, 4);

/* Ends a public function with GAOSOU_E_USE where a pointer that its contract asks for is NULL, or
 * bytes are NULL and not none. */
#define GS_API_REQUIRE(error, argument)                                                            \
    do {                                                                                           \
        if (!(argument))                                                                           \
            return gs_api_fail(error, GAOSOU_E_USE, "'%s' is NULL", #argument);                    \
    } while (0)
#define GS_API_REQUIRE_BYTES(error, bytes, size)                                                   \
    do {                                                                                           \
        if (!(bytes) && (size) > 0)                                                                \
            return gs_api_fail(error, GAOSOU_E_USE, "'%s' is NULL, with %zu bytes", #bytes,        \
                               (size_t)(size));                                                    \
    } while (0)

#endif
