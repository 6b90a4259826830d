#include "indexer/child.h"

#include "indexer/child_confine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READ_SIZE ((size_t)16 << 10) /* bytes a read */
#define LINE_MOST 1023               /* bytes of a complaint that are looked at */
#define REST_MOST ((size_t)1 << 20)  /* bytes left in a pipe: as large as one can be */
#define SLICE_MS  20                 /* between looks, where the kernel has no pidfd */

/* What gs_child_run holds while the program runs. */
struct child {
    const struct gs_child_params *params;
    struct gs_buf *output;
    struct gs_child_result *result;
    int input, out[2], complaints[2]; /* descriptors; -1: none */
    int pid_fd;                       /* readable once it has ended; -1: not to be had */
    pid_t pid;
    bool ended;       /* not yet waited for */
    int64_t deadline; /* ms of the monotonic clock; INT64_MAX: none */
    size_t written;   /* bytes of output */
    char line[LINE_MOST + 1];
    size_t line_size;
};

/* ---- in the child: between vfork and exec, on the caller's memory and stack ---- */

struct launch {
    const struct child *child;
    pid_t parent;
    volatile int error; /* written by the child: errno of what failed */
};

static const char *const environment[] = {"LC_ALL=C.UTF-8", "PATH=" GS_CHILD_PATH, NULL};

static void limit(int resource, uint64_t soft, uint64_t hard)
{
    struct rlimit now, wanted = {.rlim_cur = soft, .rlim_max = hard};
    if (getrlimit((__rlimit_resource_t)resource, &now) == 0 && now.rlim_max < hard) {
        wanted.rlim_max = now.rlim_max;
        if (wanted.rlim_cur > now.rlim_max)
            wanted.rlim_cur = now.rlim_max;
    }
    setrlimit((__rlimit_resource_t)resource, &wanted);
}

static void set_limits(const struct gs_child_params *p)
{
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_FSIZE, 0, 0); /* pipes do not count: it writes no file at all */
    if (p->cpu > 0)
        limit(RLIMIT_CPU, p->cpu, (uint64_t)p->cpu + 1);
    if (p->memory_max > 0)
        limit(RLIMIT_AS, p->memory_max, p->memory_max);
}

/* What the caller ignores or blocks must not reach the program; a write beyond the size of files is
 * to fail rather than kill. */
static void reset_signals(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    for (int s = 1; s < NSIG; s++)
        sigaction(s, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGXFSZ, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void close_rest(void)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3u, UINT_MAX, 0u) == 0)
        return;
#endif
    struct rlimit files;
    long top = getrlimit(RLIMIT_NOFILE, &files) == 0 ? (long)files.rlim_cur : 1024;
    for (long fd = 3; fd < top && fd < 65536; fd++)
        close((int)fd);
}

/* Puts the three descriptors in place. Those given are all above 2 (see above_standard). */
static bool place_descriptors(const struct child *c)
{
    return dup2(c->input, 0) == 0 && dup2(c->out[1], 1) == 1 && dup2(c->complaints[1], 2) == 2;
}

/* Only system calls that are safe after vfork; `launch` and the stack are the parent's (hence not
 * inlined: its own variables are in a frame of their own). */
static __attribute__((noinline)) _Noreturn void become_program(struct launch *launch)
{
    const struct gs_child_params *p = launch->child->params;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (getppid() != launch->parent)
        _exit(127); /* it died before the signal was asked for */
    if (!place_descriptors(launch->child)) {
        launch->error = errno;
        _exit(127);
    }
    close_rest();
    gs_child_confine();
    set_limits(p);
    reset_signals();
    execve(p->argv[0], (char *const *)(uintptr_t)p->argv, (char *const *)(uintptr_t)environment);
    launch->error = errno;
    _exit(127);
}

/* ---- starting ---- */

/* A descriptor above 2, so that none is overwritten while the three are put in place. */
static int above_standard(int fd)
{
    if (fd < 0 || fd > 2)
        return fd;
    int up = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int saved = errno;
    close(fd);
    errno = saved;
    return up;
}

static bool open_pipe(int ends[2])
{
    int raw[2];
    if (pipe2(raw, O_CLOEXEC) != 0)
        return false;
    ends[0] = above_standard(raw[0]);
    ends[1] = above_standard(raw[1]);
    return ends[0] >= 0 && ends[1] >= 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0;
}

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t n = write(fd, bytes, size < ((size_t)1 << 30) ? size : (size_t)1 << 30);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* The bytes as a file in memory: a pipe would have to be fed, and could not be read backwards. */
static int open_input(const struct gs_child_params *p)
{
    int fd = above_standard(memfd_create("gaosou-input", MFD_CLOEXEC));
    if (fd < 0)
        return -1;
    if (write_all(fd, p->input, p->input_size) && lseek(fd, 0, SEEK_SET) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

static void close_one(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* All signals stay blocked from before vfork until the program runs: a handler of the caller's
 * would run in the child, on the caller's memory. */
static int launch_blocked(struct child *c)
{
    struct launch launch = {.child = c, .parent = getpid()};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t pid = vfork();
    if (pid == 0)
        become_program(&launch);
    int error = pid < 0 ? errno : launch.error;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (pid > 0)
        c->pid = pid;
    return error;
}

static enum gaosou_status start(struct child *c, struct gs_err *err)
{
    const char *program = c->params->argv[0];
    c->input = open_input(c->params);
    if (c->input < 0 || !open_pipe(c->out) || !open_pipe(c->complaints))
        return gs_err_sys(err, errno, "running %s", program);
    int error = launch_blocked(c);
    close_one(&c->input);
    close_one(&c->out[1]);
    close_one(&c->complaints[1]);
    if (error == ENOENT || error == EACCES || error == ENOEXEC || error == ENOTDIR)
        return gs_err_set(err, GAOSOU_E_NOT_FOUND, "running %s: %s", program, strerror(error));
    if (error)
        return gs_err_sys(err, error, "running %s", program);
#ifdef SYS_pidfd_open
    c->pid_fd = (int)syscall(SYS_pidfd_open, c->pid, 0u);
#endif
    if (c->params->seconds > 0)
        c->deadline = now_ms() + (int64_t)c->params->seconds * 1000;
    return GAOSOU_OK;
}

/* ---- listening ---- */

/* The first complaint, without what a terminal would obey. */
static void keep_complaint(struct gs_child_result *r, const char *line, size_t size)
{
    if (r->complaint[0] || size == 0)
        return;
    size_t most = sizeof r->complaint - 1, n = 0;
    for (; n < size && n < most; n++) {
        uint8_t b = (uint8_t)line[n];
        r->complaint[n] = b < 0x20 || b == 0x7F ? ' ' : line[n];
    }
    while (n < size && n > 0 && ((uint8_t)line[n] & 0xC0) == 0x80)
        n--; /* cut at a character */
    r->complaint[n] = '\0';
}

static void end_line(struct child *c)
{
    c->line[c->line_size] = '\0';
    keep_complaint(c->result, c->line, c->line_size);
    for (unsigned i = 0; i < GS_CHILD_WATCHES && c->params->watch[i]; i++)
        if (!(c->result->watched & 1u << i) &&
            memmem(c->line, c->line_size, c->params->watch[i], strlen(c->params->watch[i])))
            c->result->watched |= 1u << i;
    c->line_size = 0;
}

static void take_complaints(struct child *c, const char *bytes, size_t size)
{
    const char *end = bytes + size;
    while (bytes < end) {
        const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
        size_t part = (size_t)((newline ? newline : end) - bytes);
        size_t room = LINE_MOST - c->line_size;
        memcpy(c->line + c->line_size, bytes, part < room ? part : room);
        c->line_size += part < room ? part : room;
        if (!newline)
            return;
        end_line(c);
        bytes = newline + 1;
    }
}

/* One read of a pipe: bytes, 0 at the end of the pipe, -1: nothing at present. */
static ssize_t read_some(int fd, void *to, size_t size)
{
    ssize_t n;
    do
        n = read(fd, to, size);
    while (n < 0 && errno == EINTR);
    return n < 0 && errno != EAGAIN && errno != EWOULDBLOCK ? 0 : n;
}

static ssize_t hear_complaints(struct child *c)
{
    char bytes[4096];
    ssize_t n = read_some(c->complaints[0], bytes, sizeof bytes);
    if (n > 0)
        take_complaints(c, bytes, (size_t)n);
    if (n == 0)
        close_one(&c->complaints[0]);
    return n;
}

/* More than output_max is the limit's end; what goes beyond it is not kept. */
static ssize_t hear_output(struct child *c)
{
    uint8_t bytes[READ_SIZE];
    ssize_t n = read_some(c->out[0], bytes, sizeof bytes);
    if (n == 0)
        close_one(&c->out[0]);
    if (n <= 0)
        return n;
    size_t left = c->params->output_max - c->written;
    size_t kept = (size_t)n < left ? (size_t)n : left;
    gs_buf_append(c->output, bytes, kept);
    c->written += kept;
    if ((size_t)n > left)
        c->result->end = GS_CHILD_OUTPUT;
    return n;
}

static bool has_ended(struct child *c)
{
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0)
        return errno == ECHILD;
    return info.si_pid == c->pid;
}

/* How long poll may wait, in ms; -1: without end. */
static int patience(const struct child *c)
{
    int64_t left = c->deadline == INT64_MAX ? INT64_MAX : c->deadline - now_ms();
    if (left <= 0)
        return 0;
    if (c->pid_fd < 0 && left > SLICE_MS)
        return SLICE_MS;
    return left > INT_MAX ? -1 : (int)left;
}

/* Until the program has ended, a limit is reached or memory fails. What it leaves in the pipes is
 * heard afterwards; it may close them and go on, or leave them to others and end. */
static void listen_to(struct child *c)
{
    while (!c->ended && c->result->end == GS_CHILD_EXITED && !gs_buf_status(c->output)) {
        struct pollfd fds[3] = {{.fd = c->out[0], .events = POLLIN},
                                {.fd = c->complaints[0], .events = POLLIN},
                                {.fd = c->pid_fd, .events = POLLIN}};
        int n = poll(fds, 3, patience(c));
        if (n > 0 && fds[0].revents)
            hear_output(c);
        if (n > 0 && fds[1].revents)
            hear_complaints(c);
        if (c->pid_fd < 0 || (n > 0 && fds[2].revents))
            c->ended = has_ended(c);
        if (!c->ended && now_ms() >= c->deadline && c->result->end == GS_CHILD_EXITED)
            c->result->end = GS_CHILD_TIME;
    }
}

/* What is left in the pipes of a program that has ended. Its group is dead, but one of its children
 * may have left the group and still write: no more than a pipe holds is taken from each. */
static void hear_rest(struct child *c)
{
    for (size_t heard = 0;
         c->out[0] >= 0 && heard < REST_MOST && c->result->end == GS_CHILD_EXITED;) {
        ssize_t n = hear_output(c);
        if (n <= 0)
            break;
        heard += (size_t)n;
    }
    for (size_t heard = 0; c->complaints[0] >= 0 && heard < REST_MOST;) {
        ssize_t n = hear_complaints(c);
        if (n <= 0)
            break;
        heard += (size_t)n;
    }
}

/* ---- ending ---- */

/* The group is killed before its leader is waited for, while the number is still its own. */
static enum gaosou_status finish(struct child *c, struct gs_err *err)
{
    struct gs_child_result *r = c->result;
    int status = 0;
    struct rusage used;
    kill(-c->pid, SIGKILL);
    kill(c->pid, SIGKILL); /* where it left its group */
    pid_t waited;
    do
        waited = wait4(c->pid, &status, 0, &used);
    while (waited < 0 && errno == EINTR);
    if (waited < 0)
        return gs_err_sys(err, errno, "waiting for %s", c->params->argv[0]);
    if (c->ended)
        hear_rest(c);
    end_line(c);
    if (r->end != GS_CHILD_EXITED)
        return GAOSOU_OK;
    r->code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (!WIFSIGNALED(status))
        return GAOSOU_OK;
    int64_t cpu_ms = ((int64_t)used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
                     (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
    bool spent = c->params->cpu > 0 && cpu_ms >= (int64_t)c->params->cpu * 1000 - 50;
    r->end = r->code == SIGXCPU || (r->code == SIGKILL && spent) ? GS_CHILD_CPU : GS_CHILD_SIGNAL;
    return GAOSOU_OK;
}

static void close_all(struct child *c)
{
    int *fds[] = {&c->input,         &c->out[0],        &c->out[1],
                  &c->complaints[0], &c->complaints[1], &c->pid_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
        close_one(fds[i]);
}

enum gaosou_status gs_child_run(const struct gs_child_params *params, struct gs_buf *output,
                                struct gs_child_result *result, struct gs_err *err)
{
    *result = (struct gs_child_result){0};
    struct child c = {.params = params,
                      .output = output,
                      .result = result,
                      .input = -1,
                      .out = {-1, -1},
                      .complaints = {-1, -1},
                      .pid_fd = -1,
                      .deadline = INT64_MAX};
    enum gaosou_status status = start(&c, err);
    if (status == GAOSOU_OK) {
        listen_to(&c);
        status = finish(&c, err);
    } else if (c.pid > 0) {
        while (waitpid(c.pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    close_all(&c);
    if (status == GAOSOU_OK && gs_buf_status(output))
        return gs_err_set(err, gs_buf_status(output), "output of %s: %s", params->argv[0],
                          gaosou_status_text(gs_buf_status(output)));
    return status;
}

bool gs_child_find(const char *name, const char *path, char *out, size_t capacity)
{
    for (const char *at = path ? path : GS_CHILD_PATH; *at;) {
        size_t size = strcspn(at, ":");
        int n = snprintf(out, capacity, "%.*s/%s", (int)size, at, name);
        struct stat s;
        if (*at == '/' && n > 0 && (size_t)n < capacity && access(out, X_OK) == 0 &&
            stat(out, &s) == 0 && S_ISREG(s.st_mode))
            return true;
        at += size + (at[size] == ':');
    }
    return false;
}
