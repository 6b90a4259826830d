/*
 * gaosou.h: public declarations of Gaosou, a full-text search engine over Chinese company filings.
 *
 * Status codes are pinned: a number is never given another meaning, and new ones are added inside
 * their family (1x use, 2x system, 3x format, 4x corrupt, 5x query, 6x limits).
 */
#ifndef GAOSOU_H
#define GAOSOU_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GAOSOU_VERSION_MAJOR 0
#define GAOSOU_VERSION_MINOR 1
#define GAOSOU_VERSION_PATCH 0
#define GAOSOU_VERSION_STRING "0.1.0"

enum gaosou_status {
    GAOSOU_OK = 0,

    GAOSOU_E_USE = 10,      /* an argument or a call that the contract does not allow */
    GAOSOU_E_NOT_FOUND = 11, /* the file, index, filing or section asked for does not exist */
    GAOSOU_E_BUSY = 12,     /* another writer holds the index */

    GAOSOU_E_NOMEM = 20, /* memory could not be had */
    GAOSOU_E_IO = 21,    /* the operating system refused a read, write, map or rename */
    GAOSOU_E_FULL = 22,  /* no space left on the device */

    GAOSOU_E_NOT_INDEX = 30, /* not a file or folder of ours */
    GAOSOU_E_TOO_OLD = 31,   /* a format that this program no longer reads */
    GAOSOU_E_TOO_NEW = 32,   /* a format that this program does not read yet */
    GAOSOU_E_ENCODING = 33,  /* an input's character encoding is unknown or does not fit */
    GAOSOU_E_INPUT = 34,     /* an input file is not what its name says (bad JSON, bad gzip, binary) */

    GAOSOU_E_CORRUPT = 40, /* the index is damaged: a checksum, an offset or a value is wrong */

    GAOSOU_E_QUERY = 50, /* the query cannot be read; the message has column, reason and hint */

    GAOSOU_E_LIMIT = 60, /* a stated limit was reached; the message names it */
};

/* A short English name of a status, static; "unknown status" for a number that is none. */
const char *gaosou_status_text(enum gaosou_status status);

/* The version of the library as "major.minor.patch", static. */
const char *gaosou_version(void);

#ifdef __cplusplus
}
#endif

#endif
