#include "tests/support/test.h"

#include "common/text/kernel.h"

#include <errno.h>
#include <ftw.h>
#include <unistd.h>

/* GAOSOU_KERNEL forces an instruction set on every test program (common/text/kernel.h). */
static __attribute__((constructor)) void select_kernel(void)
{
    struct gs_err err;
    if (gs_kernel_select(getenv("GAOSOU_KERNEL"), &err) == GAOSOU_OK)
        return;
    fprintf(stderr, "GAOSOU_KERNEL: %s\n", err.text);
    exit(2);
}

void test_assert_status(enum gaosou_status got, enum gaosou_status wanted, const struct gs_err *err,
                        const char *what, const char *file, int line)
{
    if (got == wanted)
        return;
    print_error("%s:%d: %s gave %d (%s), wanted %d (%s)%s%s\n", file, line, what, (int)got,
                gaosou_status_text(got), (int)wanted, gaosou_status_text(wanted), err ? ": " : "",
                err ? err->text : "");
    _fail(file, line);
}

char *test_folder_create(void)
{
    const char *root = getenv("TMPDIR"); /* else a folder in memory: thousands of commits are synced */
    if (!root || !*root)
        root = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    char *path = test_path(root, "gaosou-test-XXXXXX");
    if (!mkdtemp(path))
        test_fail("mkdtemp %s: %s", path, strerror(errno));
    return path;
}

static int remove_entry(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void test_folder_remove(char *path)
{
    if (!path)
        return;
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(path);
}

void test_file_write(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        test_fail("cannot create %s: %s", path, strerror(errno));
    bool written = fwrite(bytes, 1, size, f) == size;
    if (fclose(f) != 0 || !written)
        test_fail("cannot write %s: %s", path, strerror(errno));
}

char *test_path(const char *folder, const char *format, ...)
{
    char name[256];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof(name), format, args);
    va_end(args);
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path)
        test_fail("no memory for a path");
    snprintf(path, size, "%s/%s", folder, name);
    return path;
}

char *test_escape(const void *bytes, size_t size)
{
    const uint8_t *p = bytes;
    char *out = malloc(size * 4 + 3);
    if (!out)
        test_fail("no memory to print %zu bytes", size);
    size_t n = 0;
    out[n++] = '"';
    for (size_t i = 0; i < size; i++) {
        bool plain = (p[i] >= 0x20 && p[i] < 0x7F) || p[i] >= 0xC2;
        bool tail = p[i] >= 0x80 && p[i] < 0xC0 && i > 0 && p[i - 1] >= 0x80;
        if (p[i] == '"' || p[i] == '\\')
            n += (size_t)sprintf(out + n, "\\%c", p[i]);
        else if (p[i] == '\n')
            n += (size_t)sprintf(out + n, "\\n");
        else if (plain || tail)
            out[n++] = (char)p[i];
        else
            n += (size_t)sprintf(out + n, "\\%03o", p[i]);
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}

uint64_t test_env_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    if (!text || !*text)
        return otherwise;
    return strtoull(text, NULL, 0);
}
