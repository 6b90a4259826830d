#include "indexer/archive_input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define WINDOW ((size_t)256 << 10)
#define MOST   ((size_t)64 << 10) /* that one call may want */

enum gaosou_status gs_archive_input_open(struct gs_archive_input *in, const char *path,
                                         struct gs_err *err)
{
    struct stat st;
    *in = (struct gs_archive_input){.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (in->fd < 0)
        return gs_err_sys(err, errno, "%s: cannot open", path);
    if (fstat(in->fd, &st) != 0)
        return gs_err_sys(err, errno, "%s: cannot stat", path);
    if (!S_ISREG(st.st_mode))
        return gs_err_set(err, GAOSOU_E_IO, "%s: not a regular file", path);
    in->size = (uint64_t)st.st_size;
    in->window = malloc(WINDOW);
    return in->window ? GAOSOU_OK : gs_err_nomem(err, WINDOW);
}

void gs_archive_input_memory(struct gs_archive_input *in, const uint8_t *bytes, size_t size)
{
    *in = (struct gs_archive_input){.fd = -1, .bytes = bytes, .size = size};
}

void gs_archive_input_close(struct gs_archive_input *in)
{
    if (in->fd >= 0)
        close(in->fd);
    free(in->window);
    *in = (struct gs_archive_input){.fd = -1};
}

/* Fills the window from `offset` on, as far as the file goes. */
static void fill(struct gs_archive_input *in, uint64_t offset)
{
    in->window_from = offset;
    in->window_size = 0;
    while (in->window_size < WINDOW) {
        ssize_t n = pread(in->fd, in->window + in->window_size, WINDOW - in->window_size,
                          (off_t)(offset + in->window_size));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && in->errnum == 0)
            in->errnum = errno;
        if (n <= 0)
            return;
        in->window_size += (size_t)n;
    }
}

const uint8_t *gs_archive_input_at(struct gs_archive_input *in, uint64_t offset, size_t want,
                                   size_t *got)
{
    *got = 0;
    if (offset >= in->size)
        return NULL;
    if (want > in->size - offset)
        want = (size_t)(in->size - offset);
    if (in->fd < 0) {
        *got = want;
        return in->bytes + offset;
    }
    if (want > MOST)
        want = MOST;
    if (offset < in->window_from || offset - in->window_from > in->window_size ||
        in->window_size - (size_t)(offset - in->window_from) < want)
        fill(in, offset);
    size_t at = (size_t)(offset - in->window_from);
    *got = in->window_size - at < want ? in->window_size - at : want;
    return in->window + at;
}
