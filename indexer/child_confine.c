#include "indexer/child_confine.h"

#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* From linux/landlock.h, which is often older than the kernel. The numbers are the same on all
 * architectures. */
#define CALL_CREATE_RULESET 444
#define CALL_RESTRICT_SELF  446
#define CREATE_VERSION      1u

struct ruleset {
    uint64_t files;   /* what is forbidden since no rule allows it */
    uint64_t network; /* from version 4 */
    uint64_t scoped;  /* from version 6 */
};

#define FILES_WRITE    ((uint64_t)1 << 1)
#define FILES_REMOVE   ((uint64_t)3 << 4)    /* folders, files */
#define FILES_MAKE     ((uint64_t)0x7F << 6) /* devices, folders, files, sockets, FIFOs, links */
#define FILES_TRUNCATE ((uint64_t)1 << 14)   /* from version 3 */
#define NETWORK_TCP    ((uint64_t)3)         /* bind, connect */
#define SCOPED_OUTSIDE ((uint64_t)3)         /* abstract sockets, signals */

bool gs_child_confine(void)
{
    long version = syscall(CALL_CREATE_RULESET, (void *)0, (size_t)0, CREATE_VERSION);
    if (version < 1)
        return false;
    struct ruleset rules = {.files = FILES_WRITE | FILES_REMOVE | FILES_MAKE};
    if (version >= 3)
        rules.files |= FILES_TRUNCATE;
    if (version >= 4)
        rules.network = NETWORK_TCP;
    if (version >= 6)
        rules.scoped = SCOPED_OUTSIDE;
    size_t known = version >= 6 ? 24 : version >= 4 ? 16 : 8; /* bytes of it the kernel knows */
    long fd = syscall(CALL_CREATE_RULESET, &rules, known, 0u);
    if (fd < 0)
        return false;
    bool confined = syscall(CALL_RESTRICT_SELF, (int)fd, 0u) == 0;
    close((int)fd);
    return confined;
}
