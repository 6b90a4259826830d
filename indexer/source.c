#include "indexer/source.h"

#include "common/base/file.h"
#include "indexer/decode.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 256

struct folder_id { /* a folder that is being walked */
    dev_t device;
    ino_t inode;
    const struct folder_id *above;
    unsigned depth;
};

struct walk {
    const struct gs_source_visitor *visitor;
    struct stat index_stat;
    bool has_index;
    struct stat output_stat;
    bool has_output;
};

static int by_bytes(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static void free_names(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

/* The name as part of an id: what is not UTF-8 as \\xNN. malloc'ed. */
static char *id_of_name(const char *name)
{
    size_t size = strlen(name), at = 0;
    if (gs_utf8_valid((const uint8_t *)name, size) == size)
        return strdup(name);
    char *id = malloc(4 * size + 1);
    for (size_t i = 0; id && i < size;) {
        size_t good = gs_utf8_valid((const uint8_t *)name + i, size - i);
        memcpy(id + at, name + i, good);
        at += good;
        i += good;
        if (i < size)
            at += (size_t)snprintf(id + at, 5, "\\x%02X", (uint8_t)name[i++]);
    }
    if (id)
        id[at] = '\0';
    return id;
}

static char *join_id(const char *id, const char *name)
{
    char *last = id_of_name(name);
    if (!last || !*id)
        return last;
    char *joined = gs_path_join(id, last);
    free(last);
    return joined;
}

/* Names in the folder, sorted; malloc'ed. */
static enum gaosou_status list_folder(const char *path, char ***names, size_t *count,
                                      struct gs_err *err)
{
    DIR *folder = opendir(path);
    if (!folder)
        return gs_err_sys(err, errno, "cannot open folder %s", path);
    char **list = NULL;
    size_t n = 0, capacity = 0;
    enum gaosou_status status = GAOSOU_OK;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(folder);
        if (!entry) {
            if (errno)
                status = gs_err_sys(err, errno, "cannot read folder %s", path);
            break;
        }
        if (entry->d_name[0] == '.')
            continue;
        if (n == capacity) {
            capacity = capacity ? capacity * 2 : 64;
            char **grown = realloc(list, capacity * sizeof(*list));
            if (!grown) {
                status = gs_err_nomem(err, capacity * sizeof(*list));
                break;
            }
            list = grown;
        }
        list[n] = strdup(entry->d_name);
        if (!list[n]) {
            status = gs_err_nomem(err, sizeof(entry->d_name));
            break;
        }
        n++;
    }
    closedir(folder);
    if (status != GAOSOU_OK) {
        free_names(list, n);
        return status;
    }
    if (n > 1)
        qsort(list, n, sizeof(*list), by_bytes);
    *names = list;
    *count = n;
    return GAOSOU_OK;
}

uint64_t gs_source_change_time(const struct stat *st)
{
    return st->st_mtim.tv_sec < 0
               ? 0
               : (uint64_t)st->st_mtim.tv_sec * 1000000000u + (uint64_t)st->st_mtim.tv_nsec;
}

static enum gaosou_status visit_file(struct walk *w, const char *path, const char *id, bool given,
                                     const struct stat *st, struct gs_err *err)
{
    struct gs_source_file file = {.path = path,
                                  .id = id,
                                  .given = given,
                                  .size = st->st_size < 0 ? 0 : (uint64_t)st->st_size,
                                  .time = gs_source_change_time(st)};
    (void)gs_source_kind_of(path, &file.kind, &file.packing);
    if (file.kind == GS_SOURCE_UNKNOWN && !given && gs_source_is_never_read(path))
        return w->visitor->skip(w->visitor->ctx, path, id, GS_SKIP_KIND, NULL, err);
    return w->visitor->file(w->visitor->ctx, &file, err);
}

static bool is_loop(const struct folder_id *above, const struct stat *st)
{
    for (const struct folder_id *f = above; f; f = f->above) {
        if (f->device == st->st_dev && f->inode == st->st_ino)
            return true;
    }
    return above && above->depth >= DEPTH_MAX;
}

static enum gaosou_status visit(struct walk *w, const char *path, const char *id, bool given,
                                const struct folder_id *above, struct gs_err *err);

static enum gaosou_status visit_folder(struct walk *w, const char *path, const char *id,
                                       const struct folder_id *self, struct gs_err *err)
{
    char **names = NULL;
    size_t count = 0;
    struct gs_err why;
    enum gaosou_status status = list_folder(path, &names, &count, &why);
    if (status == GAOSOU_E_NOMEM)
        return gs_err_set(err, status, "%s", why.text);
    if (status != GAOSOU_OK)
        return w->visitor->skip(w->visitor->ctx, path, id, GS_SKIP_UNREADABLE, why.text, err);
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++) {
        char *below = gs_path_join(path, names[i]);
        char *below_id = join_id(id, names[i]);
        status = below && below_id ? visit(w, below, below_id, false, self, err)
                                   : gs_err_nomem(err, strlen(path));
        free(below);
        free(below_id);
    }
    free_names(names, count);
    return status;
}

static enum gaosou_status visit(struct walk *w, const char *path, const char *id, bool given,
                                const struct folder_id *above, struct gs_err *err)
{
    struct stat st;
    void *ctx = w->visitor->ctx;
    if (stat(path, &st) != 0) {
        struct gs_err why;
        bool loop = errno == ELOOP;
        (void)gs_err_sys(&why, errno, "cannot open %s", path);
        return w->visitor->skip(ctx, path, id, loop ? GS_SKIP_LOOP : GS_SKIP_UNREADABLE, why.text,
                                err);
    }
    if (w->has_output && st.st_dev == w->output_stat.st_dev && st.st_ino == w->output_stat.st_ino)
        return GAOSOU_OK;
    if (S_ISREG(st.st_mode))
        return visit_file(w, path, id, given, &st, err);
    if (!S_ISDIR(st.st_mode))
        return w->visitor->skip(ctx, path, id, GS_SKIP_SPECIAL, NULL, err);
    if (w->has_index && st.st_dev == w->index_stat.st_dev && st.st_ino == w->index_stat.st_ino)
        return GAOSOU_OK;
    if (is_loop(above, &st))
        return w->visitor->skip(ctx, path, id, GS_SKIP_LOOP, NULL, err);
    struct folder_id self = {st.st_dev, st.st_ino, above, above ? above->depth + 1 : 0};
    return visit_folder(w, path, id, &self, err);
}

/* The last component of a root, malloc'ed: of its real path where it is . or .. or ends in them. */
static char *root_name(const char *root)
{
    size_t size = strlen(root);
    while (size > 1 && root[size - 1] == '/')
        size--;
    size_t from = size;
    while (from > 0 && root[from - 1] != '/')
        from--;
    bool dots = (size - from == 1 && root[from] == '.') ||
                (size - from == 2 && memcmp(root + from, "..", 2) == 0);
    if (!dots)
        return size == from ? strdup("") : strndup(root + from, size - from);
    char *real = realpath(root, NULL);
    if (!real)
        return strdup("");
    const char *last = strrchr(real, '/');
    char *name = strdup(last ? last + 1 : real);
    free(real);
    return name;
}

/* The prefix without slashes at its end: the id of a folder has none. malloc'ed. */
static char *id_of_prefix(const char *prefix)
{
    char *id = id_of_name(prefix ? prefix : "");
    size_t size = id ? strlen(id) : 0;
    while (size > 0 && id[size - 1] == '/')
        id[--size] = '\0';
    return id;
}

char *gs_source_root_id(const char *root, const char *prefix)
{
    struct stat st;
    bool folder = stat(root, &st) == 0 && S_ISDIR(st.st_mode);
    char *above = id_of_prefix(prefix);
    if (prefix && folder)
        return above;
    char *name = root_name(root);
    char *id = name && above ? join_id(above, name) : NULL;
    free(above);
    free(name);
    return id;
}

enum gaosou_status gs_source_walk(const char *root, const struct gs_source_params *params,
                                  const struct gs_source_visitor *visitor, struct gs_err *err)
{
    if (strcmp(root, "-") == 0) {
        struct gs_source_file input = {
            .path = "-", .id = "-", .kind = GS_SOURCE_JSONL, .given = true};
        return visitor->file(visitor->ctx, &input, err);
    }
    struct walk w = {.visitor = visitor};
    w.has_index = params->index_folder && stat(params->index_folder, &w.index_stat) == 0;
    w.has_output = params->output && stat(params->output, &w.output_stat) == 0 &&
                   S_ISREG(w.output_stat.st_mode);
    char *id = gs_source_root_id(root, params->id_prefix);
    if (!id)
        return gs_err_nomem(err, strlen(root));
    enum gaosou_status status = visit(&w, root, id, true, NULL, err);
    free(id);
    return status;
}
