#include "indexer/index_files.h"

#include "common/base/file.h"
#include "common/segment/segment_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NUMBER_DIGITS 10
#define FIRST_MARK    "first.seg.tmp"

enum gaosou_status gs_index_files_open(const char *folder, const struct gs_manifest_segment *entry,
                                       struct gs_snapshot_segment *view, struct gs_err *err)
{
    char *path = gs_manifest_segment_path(folder, entry->number);
    if (!path)
        return gs_err_nomem(err, strlen(folder) + 16);
    enum gaosou_status status = gs_segment_open(&view->segment, path, err);
    if (status == GAOSOU_OK && (gs_segment_header_checksum(view->segment) != entry->checksum ||
                                gs_segment_get_stats(view->segment)->doc_count != entry->doc_count))
        status =
            gs_err_set(err, GAOSOU_E_CORRUPT, "%s is not the file that the manifest names", path);
    free(path);
    if (status != GAOSOU_OK || entry->del_generation == 0)
        return status;
    path = gs_manifest_deletions_path(folder, entry->number, entry->del_generation);
    if (!path)
        return gs_err_nomem(err, strlen(folder) + 32);
    status = gs_deletions_read(&view->deleted, path, entry->doc_count, err);
    free(path);
    return status;
}

enum gaosou_status gs_index_files_adopt(const char *folder, struct gs_manifest_segment *entry,
                                        struct gs_snapshot_segment *view, struct gs_err *err)
{
    char *path = gs_manifest_segment_path(folder, entry->number);
    if (!path)
        return gs_err_nomem(err, strlen(folder) + 16);
    struct stat st;
    enum gaosou_status status = gs_segment_open(&view->segment, path, err);
    if (status == GAOSOU_OK && stat(path, &st) != 0)
        status = gs_err_sys(err, errno, "cannot stat %s", path);
    if (status == GAOSOU_OK) {
        entry->file_size = (uint64_t)st.st_size;
        entry->checksum = gs_segment_header_checksum(view->segment);
    }
    free(path);
    return status;
}

/* ---- names ---- */

static size_t digits(const char *s)
{
    return strspn(s, "0123456789");
}

/* "<10 digits or more>.seg" or "<the same>.<generation>.del"; generation 0 for a segment. */
static bool parse_name(const char *name, uint64_t *number, uint64_t *generation)
{
    size_t n = digits(name);
    if (n < NUMBER_DIGITS || n > 19 || name[n] != '.')
        return false;
    *number = strtoull(name, NULL, 10);
    const char *rest = name + n + 1;
    *generation = 0;
    if (strcmp(rest, "seg") == 0)
        return true;
    size_t g = digits(rest);
    if (g == 0 || g > 19 || strcmp(rest + g, ".del") != 0)
        return false;
    *generation = strtoull(rest, NULL, 10);
    return true;
}

static bool is_temporary(const char *name)
{
    size_t size = strlen(name);
    return size > 4 && strcmp(name + size - 4, ".tmp") == 0 &&
           (strcmp(name, FIRST_MARK) == 0 || strcmp(name, "manifest.tmp") == 0 ||
            strcmp(name, "work.tmp") == 0 || strcmp(name, "touched.tmp") == 0 ||
            digits(name) >= NUMBER_DIGITS);
}

static bool is_named(const struct gs_manifest *m, uint64_t number, uint64_t generation)
{
    for (size_t i = 0; i < m->segment_count; i++) {
        if (m->segments[i].number == number)
            return generation == 0 || generation == m->segments[i].del_generation;
    }
    return false;
}

void gs_index_files_sweep(const char *folder, const struct gs_manifest *m)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        uint64_t number, generation;
        bool ours = parse_name(entry->d_name, &number, &generation);
        if (!is_temporary(entry->d_name) && (!ours || is_named(m, number, generation)))
            continue;
        (void)unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
}

enum gaosou_status gs_index_files_mark_first(const char *folder, struct gs_err *err)
{
    char *path = gs_path_join(folder, FIRST_MARK);
    if (!path)
        return gs_err_nomem(err, strlen(folder) + sizeof(FIRST_MARK));
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    enum gaosou_status status =
        fd < 0 ? gs_err_sys(err, errno, "cannot create %s", path) : GAOSOU_OK;
    if (fd >= 0)
        close(fd);
    free(path);
    return status == GAOSOU_OK ? gs_folder_sync(folder, err) : status;
}

enum gaosou_status gs_index_files_check_first(const char *folder, struct gs_err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return GAOSOU_OK; /* not there yet */
    bool marked = false, segments = false;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        uint64_t number, generation;
        marked = marked || strcmp(entry->d_name, FIRST_MARK) == 0;
        segments = segments || parse_name(entry->d_name, &number, &generation);
    }
    closedir(dir);
    if (marked || !segments)
        return GAOSOU_OK;
    return gs_err_set(err, GAOSOU_E_NOT_INDEX,
                      "%s has segments but no manifest: its manifest was lost", folder);
}

/* What is in a folder before its first commit. */
static bool is_before_first(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "lock") == 0 ||
           strcmp(name, "work") == 0;
}

void gs_index_files_remove_empty(const char *folder)
{
    DIR *dir = opendir(folder);
    bool empty = dir != NULL;
    for (struct dirent *entry; empty && (entry = readdir(dir)) != NULL;)
        empty = is_before_first(entry->d_name);
    if (empty) {
        (void)unlinkat(dirfd(dir), "work", 0);
        (void)unlinkat(dirfd(dir), "lock", 0);
        (void)rmdir(folder);
    }
    if (dir)
        closedir(dir);
}
