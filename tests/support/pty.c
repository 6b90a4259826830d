#include "tests/support/pty.h"

#include <errno.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

static void read_all(int terminal, struct gs_buf *output)
{
    for (;;) {
        uint8_t bytes[4096];
        ssize_t n = read(terminal, bytes, sizeof(bytes));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* EIO: the child has closed its side */
        gs_buf_append(output, bytes, (size_t)n);
    }
}

bool test_pty_run(unsigned short columns, int (*run)(void *ctx), void *ctx, struct gs_buf *output,
                  int *exit_code)
{
    const struct winsize size = {.ws_row = 24, .ws_col = columns};
    int terminal, status;
    pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child < 0)
        return false;
    if (child == 0)
        _exit(run(ctx));
    read_all(terminal, output);
    close(terminal);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return true;
}
