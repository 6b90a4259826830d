#include "common/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUT_BUFFER ((size_t)1 << 20)

/* A regular file to read, never waiting for one (a pipe would block); *fd is the caller's. */
static enum gaosou_status open_regular(const char *path, int *fd, size_t *size, struct gs_err *err)
{
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0)
        return gs_err_sys(err, errno, "cannot open %s", path);
    enum gaosou_status status = GAOSOU_OK;
    struct stat st;
    if (fstat(opened, &st) != 0)
        status = gs_err_sys(err, errno, "cannot stat %s", path);
    else if (!S_ISREG(st.st_mode))
        status = gs_err_set(err, GAOSOU_E_IO, "%s is not a regular file", path);
    if (status != GAOSOU_OK) {
        close(opened);
        return status;
    }
    *fd = opened;
    *size = (size_t)st.st_size;
    return GAOSOU_OK;
}

enum gaosou_status gs_map_open(struct gs_map *m, const char *path, struct gs_err *err)
{
    int fd = -1;
    struct gs_map map = {0};
    enum gaosou_status status = open_regular(path, &fd, &map.size, err);
    if (status != GAOSOU_OK)
        return status;
    if (map.size > 0) {
        void *p = mmap(NULL, map.size, PROT_READ, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED) {
            status = gs_err_sys(err, errno, "cannot map %s", path);
            goto out;
        }
        map.data = p;
    }
    *m = map;
out:
    close(fd);
    return status;
}

void gs_map_close(struct gs_map *m)
{
    if (!m || !m->data)
        return;
    munmap((void *)(uintptr_t)m->data, m->size);
    *m = (struct gs_map){0};
}

enum gaosou_status gs_file_read(const char *path, struct gs_buf *out, struct gs_err *err)
{
    int fd = -1;
    size_t size = 0;
    enum gaosou_status status = open_regular(path, &fd, &size, err);
    if (status != GAOSOU_OK)
        return status;
    if (size > 0)
        (void)gs_buf_reserve(out, size + 1);
    for (;;) {
        uint8_t *p = gs_buf_reserve(out, 65536);
        if (!p) {
            status = gs_err_set(err, gs_buf_status(out), "cannot hold %s: more than %zu bytes",
                                path, out->cap);
            break;
        }
        ssize_t n = read(fd, p, out->capacity - out->size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            status = gs_err_sys(err, errno, "cannot read %s", path);
            break;
        }
        if (n == 0)
            break;
        out->size += (size_t)n;
    }
    close(fd);
    return status;
}

static void outfile_fail(struct gs_outfile *f, int errnum)
{
    if (f->status != GAOSOU_OK)
        return;
    f->status = gs_err_sys(NULL, errnum, " ");
    f->errnum = errnum;
}

static void write_all(struct gs_outfile *f, const uint8_t *p, size_t size)
{
    while (size > 0 && f->status == GAOSOU_OK) {
        ssize_t n = write(f->fd, p, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            outfile_fail(f, n < 0 ? errno : EIO);
            return;
        }
        p += n;
        size -= (size_t)n;
    }
}

static void outfile_flush(struct gs_outfile *f)
{
    write_all(f, f->buffer, f->buffered);
    f->buffered = 0;
}

static void outfile_release(struct gs_outfile *f)
{
    free(f->path);
    free(f->temp_path);
    free(f->buffer);
    *f = (struct gs_outfile){.fd = -1};
}

enum gaosou_status gs_outfile_open(struct gs_outfile *f, const char *path, struct gs_err *err)
{
    size_t length = strlen(path);
    struct gs_outfile out = {.fd = -1};
    out.path = strdup(path);
    out.temp_path = malloc(length + 5);
    out.buffer = malloc(OUT_BUFFER);
    if (!out.path || !out.temp_path || !out.buffer) {
        outfile_release(&out);
        return gs_err_nomem(err, OUT_BUFFER);
    }
    memcpy(out.temp_path, path, length);
    memcpy(out.temp_path + length, ".tmp", 5);
    out.fd = open(out.temp_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out.fd < 0) {
        enum gaosou_status status = gs_err_sys(err, errno, "cannot create %s", out.temp_path);
        outfile_release(&out);
        return status;
    }
    *f = out;
    return GAOSOU_OK;
}

void gs_outfile_write(struct gs_outfile *f, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    f->offset += size;
    while (size > 0 && f->status == GAOSOU_OK) {
        if (f->buffered == 0 && size >= OUT_BUFFER) {
            write_all(f, p, size);
            return;
        }
        size_t part = OUT_BUFFER - f->buffered < size ? OUT_BUFFER - f->buffered : size;
        memcpy(f->buffer + f->buffered, p, part);
        f->buffered += part;
        p += part;
        size -= part;
        if (f->buffered == OUT_BUFFER)
            outfile_flush(f);
    }
}

void gs_outfile_rewrite(struct gs_outfile *f, uint64_t offset, const void *bytes, size_t size)
{
    outfile_flush(f);
    const uint8_t *p = bytes;
    while (size > 0 && f->status == GAOSOU_OK) {
        ssize_t n = pwrite(f->fd, p, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            outfile_fail(f, n < 0 ? errno : EIO);
            return;
        }
        p += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
}

enum gaosou_status gs_outfile_publish(struct gs_outfile *f, struct gs_err *err)
{
    const char *step = "write";
    outfile_flush(f);
    if (f->status == GAOSOU_OK && (step = "sync", fsync(f->fd) != 0))
        outfile_fail(f, errno);
    if (close(f->fd) != 0)
        outfile_fail(f, errno);
    f->fd = -1;
    if (f->status == GAOSOU_OK && (step = "rename", rename(f->temp_path, f->path) != 0))
        outfile_fail(f, errno);
    enum gaosou_status status = f->status;
    if (status != GAOSOU_OK) {
        status = gs_err_sys(err, f->errnum, "cannot %s %s", step, f->temp_path);
        (void)unlink(f->temp_path);
    } else {
        status = gs_folder_sync(dirname(f->path), err);
    }
    outfile_release(f);
    return status;
}

void gs_outfile_discard(struct gs_outfile *f)
{
    if (!f || !f->path)
        return;
    if (f->fd >= 0)
        close(f->fd);
    (void)unlink(f->temp_path);
    outfile_release(f);
}

enum gaosou_status gs_folder_create(const char *path, struct gs_err *err)
{
    struct stat st;
    if (mkdir(path, 0777) == 0)
        return GAOSOU_OK;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return GAOSOU_OK;
    return gs_err_sys(err, errno, "cannot create folder %s", path);
}

enum gaosou_status gs_folder_sync(const char *path, struct gs_err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return gs_err_sys(err, errno, "cannot open folder %s", path);
    enum gaosou_status status = GAOSOU_OK;
    if (fsync(fd) != 0)
        status = gs_err_sys(err, errno, "cannot sync folder %s", path);
    close(fd);
    return status;
}

char *gs_path_join(const char *folder, const char *name)
{
    size_t a = strlen(folder), b = strlen(name);
    while (a > 1 && folder[a - 1] == '/')
        a--;
    char *path = malloc(a + b + 2);
    if (!path)
        return NULL;
    memcpy(path, folder, a);
    path[a] = '/';
    memcpy(path + a + 1, name, b + 1);
    return path;
}
