#include "indexer/progress.h"

#include "indexer/progress_line.h"
#include "indexer/stop.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FIRST_AFTER   1.0 /* seconds */
#define EVERY         0.2
#define NAMED_AFTER   2.0 /* a file that takes this long is named */
#define NAME_KEPT     256 /* bytes of a path, of its end */
#define LINE_MOST     ((size_t)64 << 10)
#define COLUMNS_KNOWN 80u /* where the terminal does not tell */

/* A file at work. */
struct slot {
    char name[NAME_KEPT]; /* empty: none */
    double since;
};

struct gs_progress_work {
    struct gs_console *console;
    double start;
    char *const *roots;
    int root_count;
    struct gs_source_params params;
    pthread_t walker, drawer;
    bool is_walking, is_drawing;  /* the threads were started */
    uint64_t files, bytes;        /* atomic: done */
    uint64_t all_files, all_size; /* the walker's; the drawer's once is_walked */
    bool is_walked, is_ended;     /* atomic */
    pthread_mutex_t lock;         /* of slots, and for the end */
    pthread_cond_t end;
    struct slot slots[GS_PROGRESS_SLOTS];
    struct gs_progress_rate rate; /* the drawer's */
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the total ---- */

static enum gaosou_status count_file(void *ctx, const struct gs_source_file *file,
                                     struct gs_err *err)
{
    struct gs_progress_work *w = ctx;
    w->all_files++;
    w->all_size += file->size;
    /* Any status ends the walk. */
    return __atomic_load_n(&w->is_ended, __ATOMIC_RELAXED)
               ? gs_err_set(err, GAOSOU_E_IO, "the work has ended")
               : GAOSOU_OK;
}

static enum gaosou_status pass_over(void *ctx, const char *path, const char *id,
                                    enum gs_skip reason, const char *detail, struct gs_err *err)
{
    (void)ctx;
    (void)path;
    (void)id;
    (void)reason;
    (void)detail;
    (void)err;
    return GAOSOU_OK;
}

static void *walk(void *ctx)
{
    struct gs_progress_work *w = ctx;
    const struct gs_source_visitor visitor = {w, count_file, pass_over};
    struct gs_err ignored;
    bool is_known = true;
    for (int i = 0; i < w->root_count && is_known; i++)
        is_known = strcmp(w->roots[i], "-") != 0 &&
                   gs_source_walk(w->roots[i], &w->params, &visitor, &ignored) == GAOSOU_OK;
    if (is_known)
        __atomic_store_n(&w->is_walked, true, __ATOMIC_RELEASE);
    return NULL;
}

/* ---- drawing ---- */

static size_t columns_of(FILE *terminal)
{
    struct winsize size;
    bool is_told = ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return is_told ? size.ws_col : COLUMNS_KNOWN;
}

/* The file that takes longest, if it takes long; with the lock held. */
static void find_slow(const struct gs_progress_work *w, double t, char name[NAME_KEPT])
{
    const struct slot *slow = NULL;
    for (size_t i = 0; i < GS_PROGRESS_SLOTS; i++) {
        const struct slot *s = &w->slots[i];
        if (s->name[0] && t - s->since > NAMED_AFTER && (!slow || s->since < slow->since))
            slow = s;
    }
    name[0] = '\0';
    if (slow)
        memcpy(name, slow->name, NAME_KEPT);
}

static void draw(struct gs_progress_work *w, double t, const char *name)
{
    struct gs_console *c = w->console;
    struct gs_progress_state s = {.files = __atomic_load_n(&w->files, __ATOMIC_RELAXED),
                                  .bytes = __atomic_load_n(&w->bytes, __ATOMIC_RELAXED),
                                  .is_total_known =
                                      __atomic_load_n(&w->is_walked, __ATOMIC_ACQUIRE),
                                  .is_stopping = gs_stop_signal() != 0,
                                  .name = *name ? name : NULL};
    double seconds = t - w->start;
    gs_progress_rate_add(&w->rate, seconds, s.bytes);
    s.bytes_per_second = gs_progress_rate_now(&w->rate, seconds, s.bytes);
    if (s.is_total_known) {
        s.files_total = w->all_files;
        s.bytes_total = w->all_size;
        uint64_t more = s.bytes_total > s.bytes ? s.bytes_total - s.bytes : 0;
        s.seconds_left = gs_progress_rate_left(&w->rate, seconds, s.bytes, more);
    }
    if (seconds < FIRST_AFTER)
        return;
    struct gs_buf line;
    gs_buf_init(&line, LINE_MOST);
    gs_buf_append_str(&line, "\r");
    gs_progress_line(&line, &s, columns_of(c->err) - 1, c->chinese);
    gs_buf_append_str(&line, "\033[K");
    if (gs_buf_status(&line) == GAOSOU_OK) {
        flockfile(c->err);
        fwrite(line.data, 1, line.size, c->err);
        fflush(c->err);
        c->status_line = true;
        funlockfile(c->err);
    }
    gs_buf_release(&line);
}

static void *draw_on(void *ctx)
{
    struct gs_progress_work *w = ctx;
    char name[NAME_KEPT];
    pthread_mutex_lock(&w->lock);
    while (!__atomic_load_n(&w->is_ended, __ATOMIC_RELAXED)) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += (long)(EVERY * 1e9);
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&w->end, &w->lock, &until) == 0)
            continue; /* the end, or nothing */
        double t = now();
        find_slow(w, t, name);
        pthread_mutex_unlock(&w->lock); /* a terminal may be slow */
        draw(w, t, name);
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

/* ---- life ---- */

void gs_progress_start(struct gs_progress *p, struct gs_console *console)
{
    *p = (struct gs_progress){.console = console, .start = now()};
}

double gs_progress_seconds(const struct gs_progress *p)
{
    return now() - p->start;
}

static void init_lock(struct gs_progress_work *w)
{
    pthread_condattr_t attr;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->end, &attr);
    pthread_condattr_destroy(&attr);
}

void gs_progress_watch(struct gs_progress *p, char *const *roots, int count,
                       const struct gs_source_params *params)
{
    if (p->console->quiet || !isatty(fileno(p->console->err)))
        return;
    struct gs_progress_work *w = calloc(1, sizeof(*w));
    if (!w)
        return; /* the work goes on without a line */
    w->console = p->console;
    w->start = p->start;
    w->roots = roots;
    w->root_count = count;
    w->params = *params;
    init_lock(w);
    gs_progress_rate_add(&w->rate, now() - w->start, 0);
    sigset_t all, before; /* signals are the main thread's */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    w->is_walking = pthread_create(&w->walker, NULL, walk, w) == 0;
    w->is_drawing = pthread_create(&w->drawer, NULL, draw_on, w) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    p->work = w;
}

void gs_progress_update(struct gs_progress *p, struct gs_progress_place place)
{
    if (!p->work)
        return;
    __atomic_store_n(&p->work->files, place.files, __ATOMIC_RELAXED);
    __atomic_store_n(&p->work->bytes, place.bytes, __ATOMIC_RELAXED);
}

static void set_slot(struct gs_progress_work *w, unsigned slot, const char *path)
{
    size_t size = strlen(path), from = size < NAME_KEPT ? 0 : size - (NAME_KEPT - 1);
    while (from > 0 && ((uint8_t)path[from] & 0xC0) == 0x80)
        from++;
    double t = *path ? now() : 0;
    pthread_mutex_lock(&w->lock);
    memcpy(w->slots[slot].name, path + from, size - from + 1);
    w->slots[slot].since = t;
    pthread_mutex_unlock(&w->lock);
}

void gs_progress_begin(struct gs_progress *p, unsigned slot, const char *path)
{
    if (p && p->work && slot < GS_PROGRESS_SLOTS)
        set_slot(p->work, slot, path);
}

void gs_progress_end(struct gs_progress *p, unsigned slot)
{
    gs_progress_begin(p, slot, "");
}

void gs_progress_stop(struct gs_progress *p)
{
    struct gs_progress_work *w = p->work;
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    __atomic_store_n(&w->is_ended, true, __ATOMIC_RELAXED);
    pthread_cond_broadcast(&w->end);
    pthread_mutex_unlock(&w->lock);
    if (w->is_walking)
        pthread_join(w->walker, NULL);
    if (w->is_drawing)
        pthread_join(w->drawer, NULL);
    w->is_walking = w->is_drawing = false;
    gs_console_clear_line(p->console);
}

void gs_progress_release(struct gs_progress *p)
{
    gs_progress_stop(p);
    if (!p->work)
        return;
    pthread_cond_destroy(&p->work->end);
    pthread_mutex_destroy(&p->work->lock);
    free(p->work);
    p->work = NULL;
}
