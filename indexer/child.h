/*
 * child.h: another program run over bytes, whatever it does: bounded in time, memory and output,
 * and nothing of it is left when the call returns.
 *
 * No shell: the program is executed with the arguments as they are. Its standard input is a file in
 * memory that holds the bytes (it can be read from any place), its output and its complaints are
 * read by us. It gets no other descriptor, an environment of LC_ALL=C.UTF-8 and PATH alone, the
 * default signals and a process group of its own; where a limit is reached, and also when it ends
 * by itself, the whole group is killed. Where the calling process dies the program is killed too.
 * It can write no file, and where the kernel allows it, neither remove one nor reach the network
 * (child_confine.h).
 *
 * Thread-safe: several children may run at once, each from a thread of its own. Nothing is
 * allocated between fork and exec (vfork), so it costs the same whatever memory the caller holds.
 */
#ifndef GS_INDEXER_CHILD_H
#define GS_INDEXER_CHILD_H

#include "common/base/buf.h"

#define GS_CHILD_PATH "/usr/local/bin:/usr/bin:/bin" /* where programs are, where nobody says */

#define GS_CHILD_COMPLAINT_MAX 256
#define GS_CHILD_WATCHES       8

struct gs_child_params {
    const char *const *argv; /* [0] the program's path (gs_child_find); NULL-ended */
    const uint8_t *input;
    size_t input_size;
    size_t output_max;                   /* bytes it may write to its standard output */
    unsigned seconds;                    /* of the clock; 0: no limit */
    unsigned cpu;                        /* seconds of processor time; 0: no limit */
    uint64_t memory_max;                 /* bytes of address space; 0: as the caller's */
    const char *watch[GS_CHILD_WATCHES]; /* texts to look for in its complaints; ends at a NULL */
};

enum gs_child_end {
    GS_CHILD_EXITED, /* code: its exit status */
    GS_CHILD_SIGNAL, /* code: the signal that ended it */
    GS_CHILD_TIME,   /* a limit was reached: of the clock, */
    GS_CHILD_CPU,    /* of processor time, */
    GS_CHILD_OUTPUT, /* of output */
};

struct gs_child_result {
    enum gs_child_end end;
    int code;
    unsigned watched; /* bit i: a line of its complaints has watch[i] in it (each line's first 1023
                         bytes are looked at) */
    char complaint[GS_CHILD_COMPLAINT_MAX]; /* the first line on its standard error, printable ASCII
                                               and UTF-8, cut */
};

/*
 * Runs it to its end and appends its output to `output`; on a limit what came before it. GAOSOU_OK
 * however it ended; GAOSOU_E_NOT_FOUND: there is no such program, or it cannot be executed;
 * GAOSOU_E_NOMEM, GAOSOU_E_IO: the system refused.
 */
GS_MUST_USE enum gaosou_status gs_child_run(const struct gs_child_params *params,
                                            struct gs_buf *output, struct gs_child_result *result,
                                            struct gs_err *err);

/* The first executable file `name` in the folders of `path` (as PATH; NULL: GS_CHILD_PATH; empty
 * and relative ones are passed over), into out as a C string; false: none. */
bool gs_child_find(const char *name, const char *path, char *out, size_t capacity);

#endif
