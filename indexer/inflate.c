#include "indexer/inflate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define INPUT_SIZE ((size_t)128 << 10)
/* A frame that asks for a larger window than zstd's own default limit (--ultra --long) is refused.
 */
#define ZSTD_WINDOW_LOG_MAX 27

struct gs_stream {
    int fd;
    bool owns_fd;
    enum gs_packing packing;
    char *path;
    uint64_t consumed;
    uint8_t *input; /* packed bytes not decoded yet: [at, filled) */
    size_t at, filled;
    bool at_end;    /* the file has no more */
    bool in_member; /* inside a gzip member or zstd frame */
    bool any_member;
    z_stream zlib;
    bool zlib_ready;
    ZSTD_DCtx *zstd;
};

static enum gaosou_status stream_prepare(struct gs_stream *s, struct gs_err *err)
{
    s->input = malloc(INPUT_SIZE);
    if (!s->input)
        return gs_err_nomem(err, INPUT_SIZE);
    if (s->packing == GS_PACKING_GZIP) {
        /* 16 + 15: gzip wrapping only, the largest window. */
        if (inflateInit2(&s->zlib, 16 + MAX_WBITS) != Z_OK)
            return gs_err_nomem(err, (size_t)1 << MAX_WBITS);
        s->zlib_ready = true;
    }
    if (s->packing == GS_PACKING_ZSTD) {
        s->zstd = ZSTD_createDCtx();
        if (!s->zstd)
            return gs_err_nomem(err, sizeof(*s));
        (void)ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX);
    }
    return GAOSOU_OK;
}

static enum gaosou_status stream_open_fd(struct gs_stream *s, struct gs_err *err)
{
    if (strcmp(s->path, "-") == 0) {
        s->fd = STDIN_FILENO;
        return GAOSOU_OK;
    }
    /* O_NONBLOCK: a FIFO that took the place of a file must not hang us. */
    s->fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (s->fd < 0)
        return gs_err_sys(err, errno, "cannot open %s", s->path);
    s->owns_fd = true;
    struct stat st;
    if (fstat(s->fd, &st) != 0)
        return gs_err_sys(err, errno, "cannot stat %s", s->path);
    if (!S_ISREG(st.st_mode))
        return gs_err_set(err, GAOSOU_E_IO, "%s is not a regular file", s->path);
#ifdef POSIX_FADV_SEQUENTIAL
    (void)posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
#endif
    return GAOSOU_OK;
}

enum gaosou_status gs_stream_open(struct gs_stream **out, const char *path, enum gs_packing packing,
                                  struct gs_err *err)
{
    struct gs_stream *s = calloc(1, sizeof(*s));
    if (!s)
        return gs_err_nomem(err, sizeof(*s));
    s->fd = -1;
    s->packing = packing;
    s->path = strdup(path);
    enum gaosou_status status = s->path ? GAOSOU_OK : gs_err_nomem(err, strlen(path));
    if (status == GAOSOU_OK)
        status = stream_open_fd(s, err);
    if (status == GAOSOU_OK && packing != GS_PACKING_NONE)
        status = stream_prepare(s, err);
    if (status != GAOSOU_OK) {
        gs_stream_close(s);
        return status;
    }
    *out = s;
    return GAOSOU_OK;
}

void gs_stream_close(struct gs_stream *s)
{
    if (!s)
        return;
    if (s->owns_fd)
        close(s->fd);
    if (s->zlib_ready)
        inflateEnd(&s->zlib);
    ZSTD_freeDCtx(s->zstd);
    free(s->input);
    free(s->path);
    free(s);
}

struct gs_stream_stamp gs_stream_stamp(const struct gs_stream *s)
{
    struct stat st;
    struct gs_stream_stamp stamp = {0};
    if (fstat(s->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return stamp;
    stamp.size = (uint64_t)st.st_size;
    if (st.st_mtim.tv_sec >= 0)
        stamp.time = (uint64_t)st.st_mtim.tv_sec * 1000000000u + (uint64_t)st.st_mtim.tv_nsec;
    return stamp;
}

uint64_t gs_stream_consumed(const struct gs_stream *s)
{
    return s->consumed;
}

static enum gaosou_status raw_read(struct gs_stream *s, uint8_t *bytes, size_t room, size_t *got,
                                   struct gs_err *err)
{
    for (;;) {
        ssize_t n = read(s->fd, bytes, room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return gs_err_sys(err, errno, "cannot read %s", s->path);
        s->consumed += (uint64_t)n;
        *got = (size_t)n;
        return GAOSOU_OK;
    }
}

static enum gaosou_status damaged(const struct gs_stream *s, const char *what, struct gs_err *err)
{
    return gs_err_set(err, GAOSOU_E_INPUT, "%s: %s before byte %llu", s->path, what,
                      (unsigned long long)s->consumed);
}

static enum gaosou_status refill(struct gs_stream *s, struct gs_err *err)
{
    if (s->at < s->filled || s->at_end)
        return GAOSOU_OK;
    size_t got = 0;
    enum gaosou_status status = raw_read(s, s->input, INPUT_SIZE, &got, err);
    if (status != GAOSOU_OK)
        return status;
    s->at = 0;
    s->filled = got;
    s->at_end = got == 0;
    return GAOSOU_OK;
}

/* One call of zlib; *got bytes came out. */
static enum gaosou_status step_gzip(struct gs_stream *s, uint8_t *bytes, size_t room, size_t *got,
                                    struct gs_err *err)
{
    uInt part = room > UINT32_MAX / 2 ? UINT32_MAX / 2 : (uInt)room;
    s->zlib.next_in = s->input + s->at;
    s->zlib.avail_in = (uInt)(s->filled - s->at);
    s->zlib.next_out = bytes;
    s->zlib.avail_out = part;
    s->in_member = true;
    int result = inflate(&s->zlib, Z_NO_FLUSH);
    s->at = s->filled - s->zlib.avail_in;
    *got = part - s->zlib.avail_out;
    if (result == Z_STREAM_END) {
        s->in_member = false;
        s->any_member = true;
        if (inflateReset(&s->zlib) != Z_OK)
            return damaged(s, "gzip cannot go on", err);
        return GAOSOU_OK;
    }
    if (result == Z_MEM_ERROR)
        return gs_err_nomem(err, (size_t)1 << MAX_WBITS);
    if (result != Z_OK && result != Z_BUF_ERROR)
        return damaged(s, "not gzip, or damaged", err);
    return GAOSOU_OK;
}

static enum gaosou_status step_zstd(struct gs_stream *s, uint8_t *bytes, size_t room, size_t *got,
                                    struct gs_err *err)
{
    ZSTD_inBuffer in = {s->input, s->filled, s->at};
    ZSTD_outBuffer out = {bytes, room, 0};
    size_t result = ZSTD_decompressStream(s->zstd, &out, &in);
    if (ZSTD_isError(result)) {
        if (!s->any_member && s->consumed <= INPUT_SIZE && s->at == 0)
            return damaged(s, "not zstd, or damaged", err);
        return damaged(s, ZSTD_getErrorName(result), err);
    }
    s->at = in.pos;
    s->in_member = result != 0;
    s->any_member = s->any_member || result == 0;
    *got = out.pos;
    return GAOSOU_OK;
}

enum gaosou_status gs_stream_read(struct gs_stream *s, uint8_t *bytes, size_t room, size_t *got,
                                  struct gs_err *err)
{
    if (s->packing == GS_PACKING_NONE)
        return raw_read(s, bytes, room, got, err);
    size_t made = 0;
    while (made == 0) {
        enum gaosou_status status = refill(s, err);
        if (status != GAOSOU_OK)
            return status;
        bool drained = s->at == s->filled; /* only at the file's end */
        if (drained && !s->in_member)
            break;
        status = s->packing == GS_PACKING_GZIP ? step_gzip(s, bytes, room, &made, err)
                                               : step_zstd(s, bytes, room, &made, err);
        if (status != GAOSOU_OK)
            return status;
        if (drained && made == 0 && s->in_member)
            return damaged(s, "the file ends inside a compressed part", err);
    }
    *got = made;
    return GAOSOU_OK;
}
