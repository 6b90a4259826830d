#include "tests/support/random_fuzz.h"

#include "common/base/file.h"
#include "tests/support/test.h"

#include <dirent.h>

/* A copy of exactly these bytes, so that a sanitizer sees a read past them. */
static void run_one(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        abort();
    if (size)
        memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static bool run_file(const char *path)
{
    struct gs_buf bytes;
    struct gs_err err;
    gs_buf_init(&bytes, (size_t)1 << 28);
    bool read = gs_file_read(path, &bytes, &err) == GAOSOU_OK;
    if (read)
        run_one(bytes.data, bytes.size);
    else
        fprintf(stderr, "%s\n", err.text);
    gs_buf_release(&bytes);
    return read;
}

static size_t run_committed(const char *name, bool *good)
{
    size_t count = 0;
    char *folder = test_path("tests/fuzz/inputs", "%s", name);
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        char *path = test_path(folder, "%s", e->d_name);
        *good = run_file(path) && *good;
        free(path);
        count++;
    }
    if (d)
        closedir(d);
    free(folder);
    return count;
}

static void damage_once(struct random_source *r, struct gs_buf *b)
{
    static const uint8_t edges[] = {0, 1, 0x7F, 0x80, 0xFF, 0xE4, '"', '\\', '\n', '{', '(', '0'};
    if (b->size == 0)
        return;
    size_t at = random_below(r, (uint32_t)b->size), rest = b->size - at;
    size_t n = random_between(r, 1, 8) < rest ? random_between(r, 1, 8) : 1;
    n = n < rest ? n : rest;
    switch (random_below(r, 6)) {
    case 0:
        memmove(b->data + at, b->data + at + n, rest - n);
        b->size -= n;
        break;
    case 1:
        b->size = at;
        break;
    case 2:
        if (gs_buf_reserve(b, n)) {
            memmove(b->data + at + n, b->data + at, rest);
            b->size += n;
        }
        break;
    case 3:
        b->data[at] = RANDOM_OF(r, edges);
        break;
    case 4:
        b->data[at] ^= (uint8_t)(1u << random_below(r, 8));
        break;
    default:
        b->data[at] = (uint8_t)random_next(r);
    }
}

void random_fuzz_damage(struct random_source *r, struct gs_buf *b)
{
    for (uint32_t n = random_between(r, 0, 6); n > 0; n--)
        damage_once(r, b);
}

int random_fuzz_main(int argc, char **argv, const char *name, random_fuzz_make *make,
                     uint64_t cases)
{
    bool good = true;
    for (int i = 1; i < argc; i++)
        good = run_file(argv[i]) && good;
    if (argc > 1)
        return good ? 0 : 1;
    struct gs_buf bytes;
    uint64_t first = test_env_number("GAOSOU_SEED", 1);
    cases = test_env_number("GAOSOU_CASES", cases);
    size_t committed = run_committed(name, &good);
    gs_buf_init(&bytes, (size_t)1 << 28);
    for (uint64_t seed = first; seed < first + cases; seed++) {
        struct random_source r = {seed};
        gs_buf_clear(&bytes);
        make(&r, &bytes);
        if (random_once_in(&r, 2))
            random_fuzz_damage(&r, &bytes);
        run_one(bytes.data, bytes.size);
    }
    gs_buf_release(&bytes);
    printf("fuzz %s: %zu committed inputs, %llu seeded ones from %llu\n", name, committed,
           (unsigned long long)cases, (unsigned long long)first);
    return good ? 0 : 1;
}
