#include "common/base/file.h"
#include "common/segment/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

/* flock, not fcntl: the lock belongs to the open file, so that two writers in one process exclude
 * each other too, and the kernel drops it however the process ends. The file itself stays. */
enum gaosou_status gs_lock_take(int *fd, const char *folder, struct gs_err *err)
{
    char *path = gs_path_join(folder, "lock");
    if (!path)
        return gs_err_nomem(err, strlen(folder));
    enum gaosou_status status = GAOSOU_OK;
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (lock < 0) {
        status = gs_err_sys(err, errno, "cannot open %s", path);
        goto out;
    }
    int failed;
    do
        failed = flock(lock, LOCK_EX | LOCK_NB);
    while (failed != 0 && errno == EINTR);
    if (failed != 0) {
        status = errno == EWOULDBLOCK ? gs_err_set(err, GAOSOU_E_BUSY,
                                                   "another program is writing to index %s", folder)
                                      : gs_err_sys(err, errno, "cannot lock %s", path);
        close(lock);
        goto out;
    }
    *fd = lock;
out:
    free(path);
    return status;
}

void gs_lock_drop(int fd)
{
    if (fd >= 0)
        close(fd);
}
