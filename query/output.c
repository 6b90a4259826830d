#include "query/output.h"

#include <errno.h>
#include <unistd.h>

#define SINK_BYTES ((size_t)64 << 10) /* written when so many have gathered */
#define SINK_MAX   ((size_t)1 << 30)  /* most between two writes: one hit with all its fields */

void gs_sink_init(struct gs_sink *s, int fd)
{
    *s = (struct gs_sink){.fd = fd};
    gs_buf_init(&s->buf, SINK_MAX);
}

static void sink_write(struct gs_sink *s)
{
    size_t done = 0;
    while (done < s->buf.size && !s->errnum && !s->closed) {
        ssize_t n = write(s->fd, s->buf.data + done, s->buf.size - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EPIPE)
            s->closed = true;
        else if (errno != EINTR)
            s->errnum = errno;
    }
    gs_buf_clear(&s->buf);
}

void gs_sink_relieve(struct gs_sink *s)
{
    if (s->buf.size >= SINK_BYTES)
        sink_write(s);
}

void gs_sink_flush(struct gs_sink *s)
{
    sink_write(s);
}

enum gaosou_status gs_sink_finish(struct gs_sink *s, const char *name, struct gs_err *err)
{
    enum gaosou_status status = gs_buf_status(&s->buf);
    sink_write(s);
    gs_buf_release(&s->buf);
    if (s->errnum)
        return gs_err_sys(err, s->errnum, "%s", name);
    if (status != GAOSOU_OK)
        return gs_err_set(err, status, "%s: %s", name, gaosou_status_text(status));
    return GAOSOU_OK;
}
