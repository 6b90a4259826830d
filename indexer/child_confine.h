/*
 * child_confine.h: takes from a process what a reader of one file has no use for, for good.
 */
#ifndef GS_INDEXER_CHILD_CONFINE_H
#define GS_INDEXER_CHILD_CONFINE_H

#include <stdbool.h>

/*
 * Where the kernel has Landlock (Linux 5.13; more of it in 6.2, 6.7 and 6.12): no file can be
 * opened for writing, made, cut, renamed or removed, no TCP connection be made or awaited, no
 * process outside be signalled, also by what the process starts. Where it has not: false, and
 * nothing is changed. PR_SET_NO_NEW_PRIVS must have been set. Nothing but system calls: may stand
 * between vfork and exec.
 */
bool gs_child_confine(void);

#endif
