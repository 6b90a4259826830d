/*
 * against.c: the other process (a thread feeds it while we read) and the comparison of two sorted
 * lists of tokens.
 */
#include "benchmarks/against.h"
#include "common/base/json_write.h"
#include "common/text/analysis.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CONTEXT 24 /* bytes before and behind a difference, and some more to whole characters */

/* ---- the process ---- */

struct other {
    const struct contents *contents;
    pid_t pid;
    FILE *to, *from;
    char *line;
    size_t line_capacity;
    double started;
    pthread_t feeder;
    bool feeding;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *feed(void *arg)
{
    struct other *o = arg;
    const struct contents *c = o->contents;
    bool ok = true;
    for (size_t i = 0; ok && i < c->count; i++) {
        ok = fprintf(o->to, "%u\n", c->items[i].size) > 0 &&
             fwrite(contents_bytes(c, i), 1, c->items[i].size, o->to) == c->items[i].size &&
             putc('\n', o->to) != EOF;
    }
    fclose(o->to); /* an error shows in what comes back */
    return NULL;
}

static void child(const char *command, const char *mode, const int in[2], const int out[2])
{
    if (setenv("TOKENISE", mode, 1) || dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0)
        _exit(127);
    close(in[0]);
    close(in[1]);
    close(out[0]);
    close(out[1]);
    signal(SIGPIPE, SIG_DFL);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static enum gaosou_status other_start(struct other *o, const char *command, const char *mode,
                                      const struct contents *c, struct gs_err *err)
{
    int in[2], out[2];
    *o = (struct other){.contents = c};
    signal(SIGPIPE, SIG_IGN);
    fflush(stdout);
    if (pipe(in))
        return gs_err_sys(err, errno, "pipe");
    if (pipe(out)) {
        close(in[0]);
        close(in[1]);
        return gs_err_sys(err, errno, "pipe");
    }
    o->pid = fork();
    if (o->pid == 0)
        child(command, mode, in, out);
    close(in[0]);
    close(out[1]);
    o->to = fdopen(in[1], "w");
    o->from = fdopen(out[0], "r");
    o->started = now();
    if (o->pid < 0 || !o->to || !o->from || pthread_create(&o->feeder, NULL, feed, o))
        return gs_err_sys(err, errno ? errno : ENOMEM, "cannot start %s", command);
    o->feeding = true;
    return GAOSOU_OK;
}

/* The next line without its end, or NULL. */
static const char *other_line(struct other *o)
{
    ssize_t n = getline(&o->line, &o->line_capacity, o->from);
    if (n < 0)
        return NULL;
    if (n > 0 && o->line[n - 1] == '\n')
        o->line[n - 1] = '\0';
    return o->line;
}

/* Waits for the end; st stands where it is an error already. */
static enum gaosou_status other_finish(struct other *o, const char *command, enum gaosou_status st,
                                       struct gs_err *err)
{
    int status = 0;
    if (o->from)
        fclose(o->from); /* an unfinished writer gets SIGPIPE, and then the feeder EPIPE */
    if (o->feeding)
        pthread_join(o->feeder, NULL);
    else if (o->to)
        fclose(o->to);
    if (o->pid > 0 && waitpid(o->pid, &status, 0) == o->pid && !st &&
        (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
        st = gs_err_set(err, GAOSOU_E_USE, "%s: ended with status %d", command,
                        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    free(o->line);
    return st;
}

enum gaosou_status against_time(const char *command, const struct contents *c,
                                struct against_count *out, struct gs_err *err)
{
    struct other o;
    struct against_count n = {0};
    enum gaosou_status st = other_start(&o, command, "count", c, err);
    const char *line;
    while (!st && (line = other_line(&o))) {
        char *end;
        if (strncmp(line, "tokens\t", 7) != 0) {
            n.tokens += line[0] != '\0';
            continue;
        }
        n.tokens = strtoull(line + 7, &end, 10);
        n.own_clock = *end == '\t';
        n.seconds = n.own_clock ? strtod(end + 1, NULL) : 0;
    }
    if (!n.own_clock)
        n.seconds = now() - o.started;
    st = other_finish(&o, command, st, err);
    if (!st && n.seconds <= 0)
        st = gs_err_set(err, GAOSOU_E_USE, "%s: says that it took %g seconds", command, n.seconds);
    if (!st)
        *out = n;
    return st;
}

/* ---- lists of tokens ---- */

struct item {
    uint32_t start, end, term, size; /* term: an offset in the list's bytes */
};

struct list {
    struct item *items;
    size_t count, capacity;
    struct gs_buf bytes;
};

static void list_add(struct list *l, uint32_t start, uint32_t end, const char *term, size_t size)
{
    if (l->count == l->capacity) {
        size_t capacity = l->capacity ? 2 * l->capacity : 4096;
        struct item *more = realloc(l->items, capacity * sizeof(*more));
        if (!more) {
            l->bytes.status = GAOSOU_E_NOMEM;
            return;
        }
        l->items = more;
        l->capacity = capacity;
    }
    l->items[l->count++] = (struct item){start, end, (uint32_t)l->bytes.size, (uint32_t)size};
    gs_buf_append(&l->bytes, term, size);
}

static int compare(const struct list *a, const struct item *x, const struct list *b,
                   const struct item *y)
{
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    uint32_t least = x->size < y->size ? x->size : y->size;
    int r = least ? memcmp(a->bytes.data + x->term, b->bytes.data + y->term, least) : 0;
    return r ? r : (x->size > y->size) - (x->size < y->size);
}

static int by_place(const void *x, const void *y, void *list)
{
    return compare(list, x, list, y);
}

static void list_sort(struct list *l)
{
    if (l->count)
        qsort_r(l->items, l->count, sizeof(*l->items), by_place, l);
}

static void list_clear(struct list *l)
{
    l->count = 0;
    gs_buf_clear(&l->bytes);
}

static void list_release(struct list *l)
{
    free(l->items);
    gs_buf_release(&l->bytes);
}

static enum gaosou_status list_ours(struct list *l, struct gs_analysis *a, const struct contents *c,
                                    size_t i, struct gs_err *err)
{
    enum gaosou_status st =
        gs_analysis_begin(a, contents_bytes(c, i), c->items[i].size, c->items[i].title_size, err);
    while (!st && a->offset < a->size) {
        st = gs_analysis_chunk(a, a->size);
        for (size_t k = 0; !st && k < a->batch.token_count; k++) {
            const struct gs_token *t = &a->batch.tokens[k];
            char text[GS_TERM_TEXT_CAP];
            gs_term_text(&t->term, text);
            list_add(l, t->start, t->end, text, strlen(text));
        }
    }
    return st ? st : gs_buf_status(&l->bytes);
}

/* The lines up to the empty one. */
static enum gaosou_status list_theirs(struct list *l, struct other *o, uint32_t size,
                                      struct gs_err *err)
{
    const char *line;
    while ((line = other_line(o)) && *line) {
        char *p;
        unsigned long start = strtoul(line, &p, 10);
        unsigned long end = *p == '\t' ? strtoul(p + 1, &p, 10) : 0;
        if (*p != '\t' || start > end || end > size)
            return gs_err_set(
                err, GAOSOU_E_USE,
                "not a line start<TAB>end<TAB>term within a filing of %u bytes: %.80s", size, line);
        list_add(l, (uint32_t)start, (uint32_t)end, p + 1, strlen(p + 1));
    }
    if (!line)
        return gs_err_set(err, GAOSOU_E_USE, "its output ends before an empty line");
    return gs_buf_status(&l->bytes);
}

/* ---- differences ---- */

/* Byte offsets on character boundaries, about CONTEXT bytes to either side. */
static uint32_t context_from(const uint8_t *p, uint32_t at)
{
    at = at > CONTEXT ? at - CONTEXT : 0;
    while (at > 0 && (p[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static uint32_t context_to(const uint8_t *p, uint32_t at, uint32_t size)
{
    at = size - at > CONTEXT ? at + CONTEXT : size;
    while (at < size && (p[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* The tokens that touch [from, to). */
static void print_tokens(struct gs_json *j, const char *key, const struct list *l, uint32_t from,
                         uint32_t to)
{
    gs_json_key(j, key);
    gs_json_begin_array(j);
    for (size_t i = 0; i < l->count && l->items[i].start < to; i++) {
        const struct item *t = &l->items[i];
        if (t->end <= from)
            continue;
        gs_json_begin_array(j);
        gs_json_u64(j, t->start);
        gs_json_u64(j, t->end);
        gs_json_string_bytes(j, l->bytes.data + t->term, t->size);
        gs_json_end_array(j);
    }
    gs_json_end_array(j);
}

static void print_difference(const struct contents *c, size_t filing, const struct item *at,
                             const struct list *ours, const struct list *theirs)
{
    const uint8_t *p = contents_bytes(c, filing);
    uint32_t from = context_from(p, at->start);
    uint32_t to = context_to(p, at->end, c->items[filing].size);
    struct gs_buf out;
    struct gs_json j;
    gs_buf_init(&out, 1 << 20);
    gs_json_init(&j, &out);
    gs_json_begin_object(&j);
    gs_json_key(&j, "filing");
    gs_json_u64(&j, filing);
    gs_json_key(&j, "offset");
    gs_json_u64(&j, at->start);
    gs_json_key(&j, "before");
    gs_json_string_bytes(&j, p + from, at->start - from);
    gs_json_key(&j, "text");
    gs_json_string_bytes(&j, p + at->start, at->end - at->start);
    gs_json_key(&j, "behind");
    gs_json_string_bytes(&j, p + at->end, to - at->end);
    print_tokens(&j, "ours", ours, from, to);
    print_tokens(&j, "theirs", theirs, from, to);
    gs_json_end_object(&j);
    if (!gs_buf_status(&out))
        printf("%.*s\n", (int)out.size, (const char *)out.data);
    gs_buf_release(&out);
}

/* Walks both sorted lists; *left is how many places may still be printed. Differences within one
 * context are one place. */
static void compare_filing(const struct contents *c, size_t filing, const struct list *ours,
                           const struct list *theirs, unsigned *left,
                           struct against_difference *out)
{
    size_t i = 0, k = 0;
    uint64_t common = 0;
    uint32_t shown_to = 0;
    while (i < ours->count || k < theirs->count) {
        int r = i == ours->count     ? 1
                : k == theirs->count ? -1
                                     : compare(ours, &ours->items[i], theirs, &theirs->items[k]);
        const struct item *at = r <= 0 ? &ours->items[i] : &theirs->items[k];
        i += r <= 0;
        k += r >= 0;
        common += r == 0;
        if (r != 0 && *left > 0 && at->start >= shown_to) {
            print_difference(c, filing, at, ours, theirs);
            shown_to = at->end + CONTEXT;
            (*left)--;
        }
    }
    out->filings++;
    out->filings_equal += common == ours->count && common == theirs->count;
    out->ours += ours->count;
    out->theirs += theirs->count;
    out->common += common;
}

enum gaosou_status against_compare(const char *command, const struct contents *c, unsigned most,
                                   struct against_difference *out, struct gs_err *err)
{
    struct gs_analysis a;
    struct list ours = {0}, theirs = {0};
    struct other o;
    *out = (struct against_difference){0};
    gs_buf_init(&ours.bytes, UINT32_MAX);
    gs_buf_init(&theirs.bytes, UINT32_MAX);
    enum gaosou_status st = gs_analysis_init(&a, true);
    if (st)
        return st;
    st = other_start(&o, command, "tokens", c, err);
    for (size_t i = 0; !st && i < c->count; i++) {
        list_clear(&ours);
        list_clear(&theirs);
        st = list_ours(&ours, &a, c, i, err);
        if (!st)
            st = list_theirs(&theirs, &o, c->items[i].size, err);
        if (st)
            break;
        list_sort(&ours);
        list_sort(&theirs);
        compare_filing(c, i, &ours, &theirs, &most, out);
    }
    if (!st && other_line(&o))
        st = gs_err_set(err, GAOSOU_E_USE, "%s: more output than filings", command);
    st = other_finish(&o, command, st, err);
    list_release(&ours);
    list_release(&theirs);
    gs_analysis_release(&a);
    return st;
}
