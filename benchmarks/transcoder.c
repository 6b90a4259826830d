#include "benchmarks/transcoder.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

enum gaosou_status transcoder_open(struct transcoder *t, const char *path, const struct contents *c,
                                   struct gs_err *err)
{
    const char *(*kernel)(void);
    *t = (struct transcoder){.library = dlopen(path, RTLD_NOW)};
    if (!t->library)
        return gs_err_set(err, GAOSOU_E_NOT_FOUND,
                          "%s (make bench-transcode builds it where cargo is)", dlerror());
    void *convert = dlsym(t->library, "gs_transcode");
    void *name = dlsym(t->library, "gs_transcode_kernel");
    /* ISO C has no cast from an object's address to a function's; POSIX has them alike. */
    memcpy(&t->convert, &convert, sizeof(convert));
    memcpy(&kernel, &name, sizeof(name));
    t->out = malloc((c->bytes.size + 64) * sizeof(*t->out));
    if (!convert || !name || !t->out) {
        transcoder_close(t);
        return gs_err_set(err, GAOSOU_E_USE, "%s: not a transcoder, or no memory", path);
    }
    t->kernel = kernel();
    memset(t->out, 0, (c->bytes.size + 64) * sizeof(*t->out)); /* pages are there before a run */
    return GAOSOU_OK;
}

void transcoder_close(struct transcoder *t)
{
    free(t->out);
    if (t->library)
        dlclose(t->library);
    memset(t, 0, sizeof(*t));
}

double transcoder_filings(const struct transcoder *t, const struct contents *c)
{
    double from = now();
    for (size_t i = 0; i < c->count; i++)
        (void)t->convert((const char *)contents_bytes(c, i), c->items[i].size, t->out);
    return now() - from;
}

double transcoder_whole(const struct transcoder *t, const struct contents *c)
{
    double from = now();
    (void)t->convert((const char *)c->bytes.data, c->bytes.size, t->out);
    return now() - from;
}
