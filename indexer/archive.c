#include "indexer/archive.h"

#include "indexer/archive_input.h"
#include "indexer/archive_kind.h"
#include "indexer/archive_name.h"
#include "indexer/zip_directory.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK          ((size_t)64 << 10) /* bytes given to libarchive at a time */
#define FORMAT_UNKNOWN EILSEQ             /* archive_errno() of bytes that no format knows */
#define BEHIND         "the archive cannot be read on behind this member: "

const struct gs_archive_limits gs_archive_limits = {
    .members = 1000000,
    .ratio = 1000,
    .ratio_from = (uint64_t)64 << 20,
    .depth = 3,
};

/* What the outermost archive and all inside it have given so far. */
struct totals {
    struct gs_archive_limits limits;
    uint64_t size; /* of the outermost: the measure of the ratio */
    uint64_t members, bytes;
};

struct gs_archive {
    struct archive *reader;
    struct archive_entry *entry; /* the present member, borrowed from the reader */
    int peeked;                  /* what the reader said to the first header, read at open ... */
    bool has_peeked;             /* ... until that is handed out */
    char *name;                  /* of the archive, for messages */
    enum gs_archive_kind kind;
    struct gs_archive_input input;
    uint64_t position; /* in the input */
    struct totals own, *totals;
    unsigned depth;
    struct gs_archive_names names;
    locale_t locale; /* UTF-8, so that libarchive hands names on as they are; 0: none to be had */
    uint64_t announced;          /* members of a zip's directory */
    uint64_t count;              /* members handed out */
    uint64_t delivered, charged; /* bytes: of members; counted to the totals */
    const char *member;          /* name of the present one; NULL: none yet */
    bool readable;               /* it is a file, and no reading has been tried */
    bool unread;                 /* its data has not been read to the end */
    struct gs_err broken;        /* why the archive ended early */
};

/* ---- errors -----------------------------------------------------------------------------------
 */

/* What libarchive last said, as our status and message. */
static enum gaosou_status reader_failed(struct gs_archive *a, const char *where, struct gs_err *err)
{
    const char *said = archive_error_string(a->reader);
    const char *bang = a->member ? "!" : "", *member = a->member ? a->member : "";
    if (a->input.errnum != 0)
        return gs_err_sys(err, a->input.errnum, "%s: cannot read", a->name);
    if (archive_errno(a->reader) == ENOMEM)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s%s%s: %sneeds more memory than is allowed: %s",
                          a->name, bang, member, where, said ? said : "");
    return gs_err_set(err, GAOSOU_E_INPUT, "%s%s%s: %s%s", a->name, bang, member, where,
                      said && said[0] ? said : "cut off or damaged");
}

/* Counts `delivered` more bytes of the present member, and what has been decompressed on the way to
 * them (headers, members skipped). */
static enum gaosou_status charge(struct gs_archive *a, uint64_t delivered, struct gs_err *err)
{
    struct totals *t = a->totals;
    a->delivered += delivered;
    uint64_t out = a->delivered;
    if (a->kind != GS_ARCHIVE_ZIP) {
        int64_t unpacked = archive_filter_bytes(a->reader, 0);
        if (unpacked > 0 && (uint64_t)unpacked > out)
            out = (uint64_t)unpacked;
    }
    t->bytes += out - a->charged;
    a->charged = out;
    if (t->bytes <= t->limits.ratio_from || t->bytes / t->limits.ratio <= t->size)
        return GAOSOU_OK;
    return gs_err_set(err, GAOSOU_E_LIMIT,
                      "%s!%s: more than %llu bytes out of each byte of the archive (%llu so far): "
                      "an archive bomb",
                      a->name, a->member ? a->member : "", (unsigned long long)t->limits.ratio,
                      (unsigned long long)t->bytes);
}

/* ---- what libarchive reads from ---------------------------------------------------------------
 */

static la_ssize_t on_read(struct archive *reader, void *ctx, const void **bytes)
{
    struct gs_archive *a = ctx;
    size_t got;
    *bytes = gs_archive_input_at(&a->input, a->position, BLOCK, &got);
    a->position += got;
    if (got == 0 && a->input.errnum != 0) {
        archive_set_error(reader, a->input.errnum, "cannot read");
        return -1;
    }
    return (la_ssize_t)got;
}

static la_int64_t on_skip(struct archive *reader, void *ctx, la_int64_t wanted)
{
    (void)reader;
    struct gs_archive *a = ctx;
    uint64_t left = a->input.size - a->position;
    uint64_t skipped = wanted < 0 ? 0 : (uint64_t)wanted < left ? (uint64_t)wanted : left;
    a->position += skipped;
    return (la_int64_t)skipped;
}

static la_int64_t on_seek(struct archive *reader, void *ctx, la_int64_t offset, int whence)
{
    (void)reader;
    struct gs_archive *a = ctx;
    int64_t from = whence == SEEK_SET   ? 0
                   : whence == SEEK_CUR ? (int64_t)a->position
                                        : (int64_t)a->input.size;
    int64_t to;
    if (__builtin_add_overflow(from, offset, &to) || to < 0 || (uint64_t)to > a->input.size)
        return ARCHIVE_FATAL;
    a->position = (uint64_t)to;
    return to;
}

/* libarchive asks the thread's locale which character set names are to be in. Ours stay as they
 * are: UTF-8 where the archive says so, raw bytes otherwise. */
static locale_t enter_locale(const struct gs_archive *a)
{
    return a->locale ? uselocale(a->locale) : (locale_t)0;
}

static void leave_locale(locale_t before)
{
    if (before)
        uselocale(before);
}

static bool reader_create(struct gs_archive *a)
{
    struct archive *r = a->reader = archive_read_new();
    if (!r)
        return false;
    if (a->kind == GS_ARCHIVE_ZIP) {
        archive_read_support_format_zip(r);
    } else {
        if (a->kind == GS_ARCHIVE_TAR)
            archive_read_support_format_tar(r);
        else
            archive_read_support_format_raw(r), archive_read_support_format_empty(r);
        archive_read_support_filter_gzip(r);
        archive_read_support_filter_zstd(r);
        archive_read_support_filter_bzip2(r);
        archive_read_support_filter_xz(r);
    }
    archive_read_set_callback_data(r, a);
    archive_read_set_read_callback(r, on_read);
    archive_read_set_skip_callback(r, on_skip);
    archive_read_set_seek_callback(r, on_seek);
    return true;
}

/* ---- open and close ---------------------------------------------------------------------------
 */

struct scan {
    struct gs_archive *a;
    bool has_nul, too_many;
};

static bool on_directory_name(void *ctx, const char *raw, size_t size)
{
    struct scan *scan = ctx;
    struct gs_archive *a = scan->a;
    a->announced++;
    scan->has_nul = memchr(raw, 0, size) != NULL;
    scan->too_many = a->totals->members + a->announced > a->totals->limits.members;
    gs_archive_names_sample(&a->names, raw, size);
    return !scan->has_nul && !scan->too_many;
}

/* Looks over a zip's directory before libarchive takes all of it into memory. */
static enum gaosou_status look_over(struct gs_archive *a, struct gs_err *err)
{
    struct scan scan = {.a = a};
    const struct gs_zip_visitor visitor = {&scan, on_directory_name};
    uint64_t counted;
    if (a->kind != GS_ARCHIVE_ZIP || !gs_zip_directory_scan(&a->input, &visitor, &counted))
        return GAOSOU_OK;
    a->names.complete = true;
    if (scan.has_nul)
        return gs_err_set(err, GAOSOU_E_INPUT,
                          "%s: the name of member %llu in the directory has a NUL in it", a->name,
                          (unsigned long long)a->announced);
    if (scan.too_many)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s: more than %llu members", a->name,
                          (unsigned long long)a->totals->limits.members);
    /* A directory whose headers cannot be found has members all the same. */
    if (a->announced < counted)
        a->announced = counted;
    return GAOSOU_OK;
}

static enum gaosou_status not_of_kind(struct gs_archive *a, struct gs_err *err)
{
    size_t got;
    const uint8_t *head = gs_archive_input_at(&a->input, 0, 16, &got);
    const char *is = a->input.size == 0 ? "empty" : head ? gs_archive_what_is(head, got) : NULL;
    if (is)
        return gs_err_set(err, GAOSOU_E_INPUT, "%s: not a %s: it is %s", a->name,
                          gs_archive_kind_name(a->kind), is);
    return gs_err_set(err, GAOSOU_E_INPUT, "%s: not a %s, or its beginning is damaged", a->name,
                      gs_archive_kind_name(a->kind));
}

/* Opens the reader and looks at the first header: only then is the format known. */
static enum gaosou_status start(struct gs_archive *a, struct gs_err *err)
{
    enum gaosou_status status = look_over(a, err);
    if (status != GAOSOU_OK)
        return status;
    if (a->input.size == 0)
        return not_of_kind(a, err);
    if (!reader_create(a))
        return gs_err_nomem(err, sizeof *a);
    locale_t before = enter_locale(a);
    int r = archive_read_open1(a->reader);
    if (r == ARCHIVE_OK || r == ARCHIVE_WARN)
        r = archive_read_next_header(a->reader, &a->entry);
    leave_locale(before);
    a->peeked = r;
    a->has_peeked = true;
    if (a->input.errnum != 0)
        return reader_failed(a, "", err);
    bool single_is_plain =
        a->kind == GS_ARCHIVE_SINGLE && archive_filter_code(a->reader, 0) == ARCHIVE_FILTER_NONE;
    bool unknown = r == ARCHIVE_FATAL && archive_format(a->reader) == 0;
    /* Compressed data that breaks off within the first block is not told from another format but
     * by what the decompression said. */
    if (unknown && archive_errno(a->reader) != FORMAT_UNKNOWN)
        return reader_failed(a, "", err);
    if (single_is_plain || unknown)
        return not_of_kind(a, err);
    return GAOSOU_OK;
}

static enum gaosou_status create(struct gs_archive **out, const char *name,
                                 enum gs_archive_kind kind, struct gs_archive *outer,
                                 const struct gs_archive_limits *limits, struct gs_err *err)
{
    if (kind == GS_ARCHIVE_NONE)
        return gs_err_set(err, GAOSOU_E_USE, "%s: no kind of archive", name);
    /* A compressed file in an archive is a file still. */
    bool is_deeper = outer && (kind != GS_ARCHIVE_SINGLE || outer->kind == GS_ARCHIVE_SINGLE);
    if (is_deeper && outer->depth >= outer->totals->limits.depth)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s: archives inside archives more than %u deep",
                          name, outer->totals->limits.depth);
    struct gs_archive *a = calloc(1, sizeof *a);
    if (!a)
        return gs_err_nomem(err, sizeof *a);
    a->input.fd = -1;
    a->kind = kind;
    a->depth = (outer ? outer->depth : 1) + is_deeper;
    a->own.limits = limits ? *limits : gs_archive_limits;
    a->totals = outer ? outer->totals : &a->own;
    gs_archive_names_init(&a->names);
    a->name = strdup(name);
    if (!a->name) {
        gs_archive_close(a);
        return gs_err_nomem(err, strlen(name));
    }
    a->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    *out = a;
    return GAOSOU_OK;
}

static enum gaosou_status finish_open(struct gs_archive *a, enum gaosou_status status,
                                      struct gs_archive **out, struct gs_err *err)
{
    if (status == GAOSOU_OK) {
        a->own.size = a->input.size;
        status = start(a, err);
    }
    if (status != GAOSOU_OK)
        gs_archive_close(a);
    else
        *out = a;
    return status;
}

enum gaosou_status gs_archive_open(struct gs_archive **out, const char *path,
                                   enum gs_archive_kind kind,
                                   const struct gs_archive_limits *limits, struct gs_err *err)
{
    struct gs_archive *a = NULL;
    enum gaosou_status status = create(&a, path, kind, NULL, limits, err);
    if (status != GAOSOU_OK)
        return status;
    return finish_open(a, gs_archive_input_open(&a->input, path, err), out, err);
}

enum gaosou_status gs_archive_open_bytes(struct gs_archive **out, const uint8_t *bytes, size_t size,
                                         const char *name, enum gs_archive_kind kind,
                                         struct gs_archive *outer,
                                         const struct gs_archive_limits *limits, struct gs_err *err)
{
    struct gs_archive *a = NULL;
    enum gaosou_status status = create(&a, name, kind, outer, limits, err);
    if (status != GAOSOU_OK)
        return status;
    gs_archive_input_memory(&a->input, bytes, size);
    return finish_open(a, GAOSOU_OK, out, err);
}

void gs_archive_close(struct gs_archive *a)
{
    if (!a)
        return;
    if (a->reader)
        archive_read_free(a->reader);
    if (a->locale)
        freelocale(a->locale);
    gs_archive_input_close(&a->input);
    gs_archive_names_release(&a->names);
    free(a->name);
    free(a);
}

uint64_t gs_archive_consumed(const struct gs_archive *a)
{
    return a->position;
}

/* ---- members ----------------------------------------------------------------------------------
 */

/* Gets past what was not read of the present member. Where that means decompressing, it is done
 * block by block, so that a bomb is stopped in the middle of it. */
static enum gaosou_status skip_rest(struct gs_archive *a, struct gs_err *err)
{
    bool free_of_cost = a->kind == GS_ARCHIVE_ZIP
                            ? archive_entry_size_is_set(a->entry) != 0
                            : archive_filter_code(a->reader, 0) == ARCHIVE_FILTER_NONE;
    if (!a->unread || free_of_cost)
        return GAOSOU_OK;
    const void *block;
    size_t size;
    la_int64_t offset;
    int r;
    while ((r = archive_read_data_block(a->reader, &block, &size, &offset)) == ARCHIVE_OK) {
        enum gaosou_status status = charge(a, a->kind == GS_ARCHIVE_ZIP ? size : 0, err);
        if (status != GAOSOU_OK)
            return status;
    }
    return r == ARCHIVE_FATAL ? reader_failed(a, BEHIND, err) : GAOSOU_OK;
}

static uint64_t member_time(struct archive_entry *e)
{
    int64_t seconds = archive_entry_mtime(e);
    if (!archive_entry_mtime_is_set(e) || seconds < 0 || seconds > INT64_MAX / 1000000000 - 1)
        return 0;
    return (uint64_t)seconds * 1000000000u + (uint64_t)archive_entry_mtime_nsec(e) % 1000000000u;
}

static enum gs_refusal refusal_of(struct archive_entry *e, const struct gs_clean_name *name)
{
    unsigned type = archive_entry_filetype(e);
    if (type == AE_IFLNK)
        return GS_REFUSAL_SYMLINK;
    if (archive_entry_hardlink(e))
        return GS_REFUSAL_HARDLINK;
    if (type == AE_IFDIR) /* "./" is a folder without a name, and no harm */
        return name->refusal == GS_REFUSAL_NAMELESS ? GS_REFUSAL_NONE : name->refusal;
    if (type != AE_IFREG && type != 0)
        return GS_REFUSAL_SPECIAL;
    if (name->refusal != GS_REFUSAL_NONE)
        return name->refusal;
    return archive_entry_is_encrypted(e) ? GS_REFUSAL_ENCRYPTED : GS_REFUSAL_NONE;
}

/* The raw name of the present member. */
static void raw_name(const struct gs_archive *a, const char **raw, size_t *size)
{
    const char *name = archive_entry_pathname(a->entry);
    if (a->kind == GS_ARCHIVE_SINGLE) {
        const char *slash = strrchr(a->name, '/'), *bang = strrchr(a->name, '!');
        name = slash > bang ? slash + 1 : bang ? bang + 1 : a->name;
    }
    *raw = name ? name : "";
    *size = strlen(*raw);
    if (a->kind == GS_ARCHIVE_SINGLE)
        *size -= gs_archive_single_suffix(*raw);
}

static enum gaosou_status describe(struct gs_archive *a, struct gs_member *m, struct gs_err *err)
{
    struct archive_entry *e = a->entry;
    struct gs_clean_name clean;
    const char *raw;
    size_t size;
    raw_name(a, &raw, &size);
    enum gaosou_status status =
        gs_archive_names_clean(&a->names, raw, size, a->kind == GS_ARCHIVE_ZIP, &clean, err);
    if (status != GAOSOU_OK)
        return status;
    enum gs_refusal refusal = refusal_of(e, &clean);
    bool folder = archive_entry_filetype(e) == AE_IFDIR ||
                  (clean.folder && archive_entry_size(e) == 0 && a->kind == GS_ARCHIVE_ZIP);
    bool twice = false;
    if (refusal == GS_REFUSAL_NONE && !folder)
        status = gs_archive_names_note(&a->names, clean.name, &twice, err);
    if (twice)
        refusal = GS_REFUSAL_TWICE;
    if (folder && clean.refusal == GS_REFUSAL_NAMELESS)
        clean.name = "."; /* "./", the root of a tar */
    *m = (struct gs_member){
        .name = clean.name,
        .kind = refusal != GS_REFUSAL_NONE ? GS_MEMBER_REFUSED
                : folder                   ? GS_MEMBER_FOLDER
                                           : GS_MEMBER_FILE,
        .why = gs_refusal_english(refusal),
        .why_zh = gs_refusal_chinese(refusal),
        .encoding = clean.encoding,
        .name_replaced = clean.replaced,
        .size_known = archive_entry_size_is_set(e) != 0,
        .size = (uint64_t)(archive_entry_size(e) > 0 ? archive_entry_size(e) : 0),
        .time = member_time(e),
    };
    a->member = m->name;
    return status;
}

/* The reader at the next header: its return code. */
static int next_header(struct gs_archive *a)
{
    if (a->has_peeked) {
        a->has_peeked = false;
        return a->peeked;
    }
    return archive_read_next_header(a->reader, &a->entry);
}

static enum gaosou_status at_the_end(const struct gs_archive *a, bool *at_end, struct gs_err *err)
{
    if (a->count < a->announced)
        return gs_err_set(err, GAOSOU_E_INPUT,
                          "%s: the directory lists %llu members, but only %llu are there", a->name,
                          (unsigned long long)a->announced, (unsigned long long)a->count);
    if (a->kind == GS_ARCHIVE_ZIP && a->count == 0 && !a->names.complete)
        return gs_err_set(err, GAOSOU_E_INPUT, "%s: cut off: neither members nor a directory",
                          a->name);
    *at_end = true;
    return GAOSOU_OK;
}

static enum gaosou_status advance(struct gs_archive *a, struct gs_member *member, bool *at_end,
                                  struct gs_err *err)
{
    enum gaosou_status status = skip_rest(a, err);
    if (status != GAOSOU_OK)
        return status;
    int r = next_header(a);
    if (r == ARCHIVE_EOF)
        return at_the_end(a, at_end, err);
    if (r != ARCHIVE_OK && r != ARCHIVE_WARN)
        return reader_failed(a, a->member ? BEHIND : "", err);
    if (++a->totals->members > a->totals->limits.members)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s: more than %llu members", a->name,
                          (unsigned long long)a->totals->limits.members);
    a->count++;
    status = charge(a, 0, err);
    if (status == GAOSOU_OK)
        status = describe(a, member, err);
    a->unread = true;
    a->readable = status == GAOSOU_OK && member->kind == GS_MEMBER_FILE;
    return status;
}

enum gaosou_status gs_archive_next(struct gs_archive *a, struct gs_member *member, bool *at_end,
                                   struct gs_err *err)
{
    *at_end = false;
    if (a->broken.status == GAOSOU_OK) {
        locale_t before = enter_locale(a);
        a->broken.status = advance(a, member, at_end, &a->broken);
        leave_locale(before);
    }
    if (a->broken.status != GAOSOU_OK && err)
        *err = a->broken;
    return a->broken.status;
}

/* Room for `hole` zeros and `size` bytes, or why there is none. */
static enum gaosou_status append(struct gs_archive *a, struct gs_buf *out, uint64_t hole,
                                 const void *block, size_t size, struct gs_err *err)
{
    if (hole > out->cap - out->size || size > out->cap - out->size - (size_t)hole)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s!%s: larger than %zu bytes", a->name, a->member,
                          out->cap);
    uint8_t *to = gs_buf_reserve(out, (size_t)hole + size);
    if (!to)
        return gs_err_nomem(err, (size_t)hole + size);
    memset(to, 0, (size_t)hole);
    if (size > 0)
        memcpy(to + hole, block, size);
    out->size += (size_t)hole + size;
    return charge(a, hole + size, err);
}

static enum gaosou_status read_blocks(struct gs_archive *a, struct gs_buf *out, struct gs_err *err)
{
    uint64_t position = 0;
    for (;;) {
        const void *block;
        size_t size;
        la_int64_t offset;
        int r = archive_read_data_block(a->reader, &block, &size, &offset);
        if (r == ARCHIVE_EOF)
            break;
        if (r != ARCHIVE_OK)
            return reader_failed(a, "", err);
        if (offset < 0 || (uint64_t)offset < position)
            return gs_err_set(err, GAOSOU_E_INPUT, "%s!%s: parts of it overlap", a->name,
                              a->member);
        enum gaosou_status status = append(a, out, (uint64_t)offset - position, block, size, err);
        if (status != GAOSOU_OK)
            return status;
        position = (uint64_t)offset + size;
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_archive_read(struct gs_archive *a, struct gs_buf *out, struct gs_err *err)
{
    size_t before = out->size;
    if (!a->readable)
        return gs_err_set(err, GAOSOU_E_USE, "%s: no member to read", a->name);
    a->readable = false;
    if (archive_entry_size_is_set(a->entry) && archive_entry_size(a->entry) > 0 &&
        (uint64_t)archive_entry_size(a->entry) > out->cap - out->size)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s!%s: larger than %zu bytes", a->name, a->member,
                          out->cap);
    enum gaosou_status status = read_blocks(a, out, err);
    if (status == GAOSOU_OK)
        a->unread = false;
    else
        out->size = before;
    return status;
}
