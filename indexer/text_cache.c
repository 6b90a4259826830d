#include "indexer/text_cache.h"

#include "common/base/checksum.h"
#include "common/base/file.h"
#include "indexer/encoding_name.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

#define LEVEL        3 /* of zstd: a tenth of the time of pdftotext */
#define MAGIC        "GSTXTC\x02\x00"
#define NAME_SIZE    36 /* "ab/" and 30 hex digits, with NUL */
#define ENCODING_MAX 64

/* Offsets of an entry's fields; see text_cache.h. */
enum {
    AT_MAGIC = 0,
    AT_KEY = 8,
    AT_STATUS = 24,
    AT_STATE = 28,
    AT_REPLACED = 32,
    AT_PAGES = 40,
    AT_PAGES_EMPTY = 44,
    AT_DAMAGED = 48,
    AT_ENCODING_BY = 52,
    AT_SIZES = 56,
    AT_PACKED = 96,
    AT_CHECKSUM = 104,
    HEADER_SIZE = 112,
};

enum part { PART_MESSAGE, PART_ENCODING, PART_TITLE, PART_FURNITURE, PART_TEXT, PART_COUNT };

/* A field more in struct gs_extracted belongs into the entry, and MAGIC's version is then raised.
 */
_Static_assert(sizeof(struct gs_extracted) == 3 * sizeof(struct gs_buf) + 40, "see above");

struct gs_text_cache {
    char *folder;
    atomic_bool broken; /* nothing is written any more */
    atomic_uint_fast64_t hits, misses, damaged, written;
    atomic_uint_fast64_t
        serial;           /* of temporary files; from the clock, so that a killed run's stay */
    pthread_mutex_t lock; /* of trouble and told */
    struct gs_err trouble;
    bool told;
};

/* ---- open, close, keys ---- */

enum gaosou_status gs_text_cache_open(struct gs_text_cache **out, const char *folder,
                                      struct gs_err *err)
{
    enum gaosou_status status = gs_folder_create(folder, err);
    if (status != GAOSOU_OK)
        return status;
    struct gs_text_cache *c = calloc(1, sizeof(*c));
    char *copy = strdup(folder);
    if (!c || !copy || pthread_mutex_init(&c->lock, NULL) != 0) {
        free(c);
        free(copy);
        return gs_err_nomem(err, sizeof(*c));
    }
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    atomic_init(&c->serial, (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec);
    c->folder = copy;
    *out = c;
    return GAOSOU_OK;
}

void gs_text_cache_close(struct gs_text_cache *c)
{
    if (!c)
        return;
    pthread_mutex_destroy(&c->lock);
    free(c->folder);
    free(c);
}

void gs_text_cache_key_make(struct gs_text_cache_key *key, const uint8_t *bytes, size_t size,
                            const char *format, uint32_t version, const char *encoding)
{
    uint64_t all[6] = {0};
    static const uint8_t none[1];
    gs_hash128(size > 0 ? bytes : none, size, all);
    all[2] = size;
    all[3] = gs_hash64(format, strlen(format));
    all[4] = encoding ? gs_hash64(encoding, strlen(encoding)) : 0;
    all[5] = version;
    gs_hash128(all, sizeof(all), key->hash);
    key->encoding = encoding;
}

static char *entry_path(const struct gs_text_cache *c, const struct gs_text_cache_key *key)
{
    char name[NAME_SIZE], hex[33];
    snprintf(hex, sizeof(hex), "%016llx%016llx", (unsigned long long)key->hash[0],
             (unsigned long long)key->hash[1]);
    snprintf(name, sizeof(name), "%.2s/%s", hex, hex + 2);
    return gs_path_join(c->folder, name);
}

/* ---- reading ---- */

/* Appends the next part of *from; false where it does not fit. */
static bool take_part(const uint8_t **from, uint64_t size, struct gs_buf *out)
{
    if (size > out->cap)
        return false;
    gs_buf_append(out, *from, (size_t)size);
    *from += size;
    return gs_buf_status(out) == GAOSOU_OK;
}

/* The static name of an encoding that an entry tells; true for none too. */
static bool take_encoding(const uint8_t **from, uint64_t size, const struct gs_text_cache_key *key,
                          const char **out)
{
    char name[ENCODING_MAX];
    *out = NULL;
    if (size == 0)
        return true;
    if (size >= sizeof(name))
        return false;
    memcpy(name, *from, size);
    name[size] = '\0';
    *from += size;
    bool is_users = key->encoding && strcmp(key->encoding, name) == 0;
    *out = is_users ? key->encoding : gs_encoding_canonical(name);
    return *out != NULL;
}

static bool is_whole(const struct gs_buf *file, const struct gs_text_cache_key *key)
{
    const uint8_t *p = file->data;
    if (file->size < HEADER_SIZE || memcmp(p, MAGIC, 8) != 0 ||
        gs_load_u64(p + AT_PACKED) != file->size - HEADER_SIZE ||
        gs_load_u64(p + AT_KEY) != key->hash[0] || gs_load_u64(p + AT_KEY + 8) != key->hash[1])
        return false;
    struct gs_hash_stream hash;
    gs_hash_begin(&hash);
    gs_hash_update(&hash, p, AT_CHECKSUM);
    gs_hash_update(&hash, p + HEADER_SIZE, file->size - HEADER_SIZE);
    return gs_hash_digest(&hash) == gs_load_u64(p + AT_CHECKSUM);
}

/* Sum of the parts' sizes, each within what *out may hold; UINT64_MAX where one is not. */
static uint64_t unpacked_size(const uint8_t *p, const struct gs_extracted *out)
{
    const uint64_t most[PART_COUNT] = {GS_ERR_CAP - 1, ENCODING_MAX - 1, out->title.cap,
                                       out->furniture.cap, out->text.cap};
    uint64_t sum = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        uint64_t size = gs_load_u64(p + AT_SIZES + 8 * i);
        if (size > most[i])
            return UINT64_MAX;
        sum += size;
    }
    return sum;
}

static void take_header(const uint8_t *p, struct gs_extracted *out, enum gaosou_status *status)
{
    *status = (enum gaosou_status)gs_load_u32(p + AT_STATUS);
    out->state = (enum gs_text_state)gs_load_u32(p + AT_STATE);
    out->replaced = gs_load_u64(p + AT_REPLACED);
    out->pages = gs_load_u32(p + AT_PAGES);
    out->pages_without_text = gs_load_u32(p + AT_PAGES_EMPTY);
    out->damaged = gs_load_u32(p + AT_DAMAGED) != 0;
    uint32_t by = gs_load_u32(p + AT_ENCODING_BY);
    out->encoding_by =
        by < GS_ENCODING_ORIGIN_COUNT ? (enum gs_encoding_origin)by : GS_ENCODING_BY_NOTHING;
}

/* The parts, once unpacked. */
static bool take_parts(const uint8_t *header, const uint8_t *at,
                       const struct gs_text_cache_key *key, struct gs_extracted *out,
                       enum gaosou_status status, struct gs_err *err)
{
    uint64_t size[PART_COUNT];
    for (size_t i = 0; i < PART_COUNT; i++)
        size[i] = gs_load_u64(header + AT_SIZES + 8 * i);
    if (status != GAOSOU_OK)
        (void)gs_err_set(err, status, "%.*s", (int)size[PART_MESSAGE], (const char *)at);
    at += size[PART_MESSAGE];
    return take_encoding(&at, size[PART_ENCODING], key, &out->encoding) &&
           take_part(&at, size[PART_TITLE], &out->title) &&
           take_part(&at, size[PART_FURNITURE], &out->furniture) &&
           take_part(&at, size[PART_TEXT], &out->text);
}

static bool read_entry(const struct gs_buf *file, const struct gs_text_cache_key *key,
                       struct gs_extracted *out, enum gaosou_status *status, struct gs_err *err)
{
    if (!is_whole(file, key))
        return false;
    uint64_t size = unpacked_size(file->data, out);
    uint8_t *unpacked = size < SIZE_MAX ? malloc((size_t)size + 1) : NULL;
    if (!unpacked)
        return false;
    size_t got =
        ZSTD_decompress(unpacked, (size_t)size, file->data + HEADER_SIZE, file->size - HEADER_SIZE);
    enum gaosou_status kept = GAOSOU_OK;
    bool good = !ZSTD_isError(got) && got == size;
    if (good) {
        take_header(file->data, out, &kept);
        good = (kept == GAOSOU_OK || kept == GAOSOU_E_INPUT) && out->state <= GS_TEXT_GARBAGE &&
               take_parts(file->data, unpacked, key, out, kept, err);
    }
    free(unpacked);
    if (good)
        *status = kept;
    return good;
}

bool gs_text_cache_get(struct gs_text_cache *c, const struct gs_text_cache_key *key,
                       struct gs_extracted *out, enum gaosou_status *status, struct gs_err *err)
{
    char *path = entry_path(c, key);
    struct gs_buf file;
    /* An entry that is larger than what may come out of it is not ours. */
    gs_buf_init(&file, ZSTD_compressBound(out->text.cap) + out->title.cap + out->furniture.cap +
                           HEADER_SIZE + 65536 + GS_ERR_CAP);
    gs_extracted_clear(out);
    bool there = path && gs_file_read(path, &file, NULL) == GAOSOU_OK;
    bool hit = there && read_entry(&file, key, out, status, err);
    if (!hit)
        gs_extracted_clear(out);
    atomic_fetch_add(hit ? &c->hits : &c->misses, 1);
    if (there && !hit)
        atomic_fetch_add(&c->damaged, 1);
    gs_buf_release(&file);
    free(path);
    return hit;
}

/* ---- writing ---- */

static void append_parts(const struct gs_extracted *x, const char *message, const char *encoding,
                         struct gs_buf *out, uint64_t size[PART_COUNT])
{
    const struct {
        const void *bytes;
        size_t size;
    } parts[PART_COUNT] = {{message, strlen(message)},
                           {encoding, strlen(encoding)},
                           {x->title.data, x->title.size},
                           {x->furniture.data, x->furniture.size},
                           {x->text.data, x->text.size}};
    for (size_t i = 0; i < PART_COUNT; i++) {
        size[i] = parts[i].size;
        if (parts[i].size > 0)
            gs_buf_append(out, parts[i].bytes, parts[i].size);
    }
}

static void make_header(uint8_t *p, const struct gs_text_cache_key *key,
                        const struct gs_extracted *x, enum gaosou_status status,
                        const uint64_t size[PART_COUNT], size_t packed)
{
    memset(p, 0, HEADER_SIZE);
    memcpy(p, MAGIC, 8);
    gs_store_u64(p + AT_KEY, key->hash[0]);
    gs_store_u64(p + AT_KEY + 8, key->hash[1]);
    gs_store_u32(p + AT_STATUS, (uint32_t)status);
    gs_store_u32(p + AT_STATE, (uint32_t)x->state);
    gs_store_u64(p + AT_REPLACED, x->replaced);
    gs_store_u32(p + AT_PAGES, x->pages);
    gs_store_u32(p + AT_PAGES_EMPTY, x->pages_without_text);
    gs_store_u32(p + AT_DAMAGED, x->damaged);
    gs_store_u32(p + AT_ENCODING_BY, (uint32_t)x->encoding_by);
    for (size_t i = 0; i < PART_COUNT; i++)
        gs_store_u64(p + AT_SIZES + 8 * i, size[i]);
    gs_store_u64(p + AT_PACKED, packed);
    struct gs_hash_stream hash;
    gs_hash_begin(&hash);
    gs_hash_update(&hash, p, AT_CHECKSUM);
    gs_hash_update(&hash, p + HEADER_SIZE, packed);
    gs_store_u64(p + AT_CHECKSUM, gs_hash_digest(&hash));
}

/* The whole entry as it is on disk; false without memory. */
static bool make_entry(const struct gs_text_cache_key *key, const struct gs_extracted *x,
                       enum gaosou_status status, const struct gs_err *why, struct gs_buf *out)
{
    struct gs_buf plain;
    uint64_t size[PART_COUNT];
    const char *encoding = x->encoding && strlen(x->encoding) < ENCODING_MAX ? x->encoding : "";
    gs_buf_init(&plain, SIZE_MAX / 4);
    append_parts(x, status != GAOSOU_OK && why ? why->text : "", encoding, &plain, size);
    size_t room = ZSTD_compressBound(plain.size);
    uint8_t *to = gs_buf_reserve(out, HEADER_SIZE + room);
    bool good = to && gs_buf_status(&plain) == GAOSOU_OK;
    if (good) {
        size_t packed = ZSTD_compress(to + HEADER_SIZE, room, plain.data, plain.size, LEVEL);
        good = !ZSTD_isError(packed);
        if (good) {
            make_header(to, key, x, status, size, packed);
            out->size = HEADER_SIZE + packed;
        }
    }
    gs_buf_release(&plain);
    return good;
}

/* Whether what failed for one entry will fail for all that follow: a full or broken disk. */
static bool is_for_all(int errnum)
{
    return errnum == ENOSPC || errnum == EDQUOT || errnum == EFBIG || errnum == EROFS ||
           errnum == EIO;
}

/* The first trouble is told; one entry's own does not keep the others from being written. */
static void note_trouble(struct gs_text_cache *c, int errnum, const char *path)
{
    pthread_mutex_lock(&c->lock);
    if (c->trouble.status == GAOSOU_OK)
        (void)gs_err_sys(&c->trouble, errnum, "the cache of texts: cannot write %s", path);
    pthread_mutex_unlock(&c->lock);
    if (is_for_all(errnum))
        atomic_store(&c->broken, true);
}

/* 0 or errno. */
static int write_file(const char *path, const struct gs_buf *bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return errno;
    int failed = 0;
    for (size_t at = 0; at < bytes->size && !failed;) {
        ssize_t n = write(fd, bytes->data + at, bytes->size - at);
        if (n > 0)
            at += (size_t)n;
        else if (n == 0 || errno != EINTR)
            failed = n == 0 ? EIO : errno;
    }
    if (close(fd) != 0 && !failed)
        failed = errno;
    return failed;
}

/* Not synced: what a crash cuts off is a miss. */
static int publish(const char *path, const char *temp_path, const struct gs_buf *entry)
{
    char *shard = strdup(path);
    char *slash = shard ? strrchr(shard, '/') : NULL;
    int failed = slash ? 0 : ENOMEM;
    if (slash) {
        *slash = '\0';
        if (mkdir(shard, 0777) != 0 && errno != EEXIST)
            failed = errno;
    }
    free(shard);
    if (!failed)
        failed = write_file(temp_path, entry);
    if (!failed && rename(temp_path, path) != 0)
        failed = errno;
    if (failed)
        (void)unlink(temp_path);
    return failed;
}

void gs_text_cache_put(struct gs_text_cache *c, const struct gs_text_cache_key *key,
                       const struct gs_extracted *x, enum gaosou_status status,
                       const struct gs_err *why)
{
    if ((status != GAOSOU_OK && status != GAOSOU_E_INPUT) || atomic_load(&c->broken))
        return;
    char *path = entry_path(c, key), *temp_path = NULL;
    unsigned long long serial = atomic_fetch_add(&c->serial, 1);
    struct gs_buf entry;
    gs_buf_init(&entry, SIZE_MAX / 4);
    if (path && asprintf(&temp_path, "%s.%ld-%llu.tmp", path, (long)getpid(), serial) < 0)
        temp_path = NULL;
    if (temp_path && make_entry(key, x, status, why, &entry)) {
        int failed = publish(path, temp_path, &entry);
        if (failed)
            note_trouble(c, failed, path);
        else
            atomic_fetch_add(&c->written, 1);
    }
    gs_buf_release(&entry);
    free(temp_path);
    free(path);
}

bool gs_text_cache_trouble(struct gs_text_cache *c, struct gs_err *err)
{
    pthread_mutex_lock(&c->lock);
    bool tell = c->trouble.status != GAOSOU_OK && !c->told;
    if (tell) {
        c->told = true;
        *err = c->trouble;
    }
    pthread_mutex_unlock(&c->lock);
    return tell;
}

void gs_text_cache_count(struct gs_text_cache *c, struct gs_text_cache_counts *out)
{
    out->hits = atomic_load(&c->hits);
    out->misses = atomic_load(&c->misses);
    out->damaged = atomic_load(&c->damaged);
    out->written = atomic_load(&c->written);
}
