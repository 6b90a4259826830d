#include "query/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL_CHARACTERS "|&;<>()$`\\\"' \t\n*?[]#~=%{}!"

/* The reading end as its standard input, and the signals that this process ignores as they were. */
static int spawn(pid_t *pid, int input, const char *command, posix_spawn_file_actions_t *actions,
                 posix_spawnattr_t *attributes)
{
    char *by_name[] = {(char *)(uintptr_t)command, NULL};
    char shell[] = "sh", option[] = "-c";
    char *by_shell[] = {shell, option, (char *)(uintptr_t)command, NULL};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGINT);
    int failed = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    if (!failed)
        failed = posix_spawnattr_setsigdefault(attributes, &signals);
    if (!failed)
        failed = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
    if (failed)
        return failed;
    /* Only by name does it come out whether there is such a program. */
    if (strpbrk(command, SHELL_CHARACTERS))
        return posix_spawn(pid, "/bin/sh", actions, attributes, by_shell, environ);
    return posix_spawnp(pid, command, actions, attributes, by_name, environ);
}

static int start(pid_t *pid, int input, const char *command)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    failed = posix_spawnattr_init(&attributes);
    if (!failed) {
        failed = spawn(pid, input, command, &actions, &attributes);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return failed;
}

bool gs_pager_start(struct gs_pager_process *pager, const char *command)
{
    int ends[2];
    *pager = (struct gs_pager_process){.fd = -1};
    command += strspn(command, " \t");
    if (!*command || strcmp(command, "cat") == 0 || pipe2(ends, O_CLOEXEC) != 0)
        return false;
    (void)setenv("LESS", "FRX",
                 0); /* ends where all fits the screen, colours, leaves it as it is */
    (void)setenv("LV", "-c", 0);
    int failed = start(&pager->pid, ends[0], command);
    (void)close(ends[0]);
    if (failed) {
        (void)close(ends[1]);
        pager->pid = 0;
        return false;
    }
    pager->fd = ends[1];
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    return true;
}

void gs_pager_wait(struct gs_pager_process *pager)
{
    if (pager->pid == 0)
        return;
    (void)close(pager->fd);
    while (waitpid(pager->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    *pager = (struct gs_pager_process){.fd = -1};
}
