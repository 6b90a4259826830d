#include "indexer/archive.h"
#include "indexer/intake_job.h"

#include <stdlib.h>
#include <string.h>

/* An archive while its members are read. */
struct reader {
    struct gs_intake *in;
    struct gs_archive *archive;
    const char *path, *id; /* of this archive: outer!inner */
    bool member_failed;    /* the member that came last could not be read */
    bool has_members;      /* a file, or something refused: not only folders and hidden files */
    bool is_nested;
};

static enum gaosou_status read_members(struct reader *r, struct gs_err *err);

/* Whether a status ends the whole work, not only what is being read. */
static bool is_ours(enum gaosou_status status)
{
    return status == GAOSOU_E_NOMEM;
}

static enum gs_skip why_of(enum gaosou_status status)
{
    return status == GAOSOU_E_INPUT   ? GS_SKIP_DAMAGED
           : status == GAOSOU_E_LIMIT ? GS_SKIP_LIMIT
                                      : GS_SKIP_UNREADABLE;
}

/* An item that is decided already, so that it is noted in its place. */
static enum gaosou_status add_skipped(struct gs_intake *in, const char *path, const char *id,
                                      enum gs_skip why, const char *detail, const char *plain,
                                      struct gs_err *err)
{
    struct gs_source_file file = {.path = path, .id = id, .kind = GS_SOURCE_UNKNOWN};
    struct gs_intake_item *item;
    enum gaosou_status status = gs_intake_add_item(in, &file, &item, err);
    if (status != GAOSOU_OK)
        return status;
    item->decided = true;
    item->why = why;
    item->plain = plain;
    if (detail)
        (void)snprintf(item->failure.text, sizeof(item->failure.text), "%s", detail);
    return GAOSOU_OK;
}

/* What failed concerns this archive or member, or all. */
static enum gaosou_status fail(struct gs_intake *in, const char *path, const char *id,
                               enum gaosou_status status, const struct gs_err *why,
                               struct gs_err *err)
{
    if (is_ours(status))
        return gs_err_set(err, status, "%s: %s", path, why->text);
    return add_skipped(in, path, id, why_of(status), why->text, NULL, err);
}

/* ---- one member ---- */

/* A member, with the names that it has outside. */
struct member {
    struct gs_source_file file; /* size and time as the archive says */
    enum gs_archive_kind archive_kind;
};

/* The bytes of the present member, unpacked where it is a single compressed file itself. */
static enum gaosou_status read_bytes(struct reader *r, const struct member *m, struct gs_buf *out,
                                     struct gs_err *why)
{
    enum gaosou_status status = gs_archive_read(r->archive, out, why);
    r->member_failed = status != GAOSOU_OK;
    bool is_packed = status == GAOSOU_OK && m->archive_kind == GS_ARCHIVE_NONE &&
                     (m->file.packing != GS_PACKING_NONE ||
                      gs_source_packing_of(out->data, out->size) != GS_PACKING_NONE);
    if (!is_packed)
        return status;
    struct gs_buf unpacked;
    struct gs_archive *single = NULL;
    struct gs_member inside;
    bool at_end = false;
    gs_buf_init(&unpacked, out->cap);
    status = gs_archive_open_bytes(&single, out->data, out->size, m->file.path, GS_ARCHIVE_SINGLE,
                                   r->archive, NULL, why);
    if (status == GAOSOU_OK)
        status = gs_archive_next(single, &inside, &at_end, why);
    if (status == GAOSOU_OK && !at_end)
        status = gs_archive_read(single, &unpacked, why);
    gs_archive_close(single);
    gs_buf_release(out);
    *out = unpacked;
    return status;
}

static enum gaosou_status take_file(struct reader *r, const struct member *m, struct gs_err *err)
{
    struct gs_intake *in = r->in;
    struct gs_intake_item *item;
    enum gs_have have;
    enum gaosou_status status = gs_intake_look_at(in, &m->file, &have, err);
    if (status == GAOSOU_OK)
        status = gs_intake_add_item(in, &m->file, &item, err);
    if (status != GAOSOU_OK)
        return status;
    item->have = have;
    item->decided = item->unchanged = have == GS_HAVE_SAME;
    if (item->decided)
        return GAOSOU_OK;
    item->has_bytes = true;
    item->stamp.time = gs_intake_settled_time(m->file.time);
    struct gs_err why = {0};
    status = read_bytes(r, m, &item->bytes, &why);
    gs_intake_account(in, item->bytes.size);
    if (m->file.packing == GS_PACKING_NONE && status == GAOSOU_OK)
        item->stamp.size = item->bytes.size;
    if (status == GAOSOU_OK)
        return GAOSOU_OK;
    if (is_ours(status))
        return gs_err_set(err, status, "%s: %s", m->file.path, why.text);
    item->decided = true;
    item->why = why_of(status);
    (void)snprintf(item->failure.text, sizeof(item->failure.text), "%s", why.text);
    return GAOSOU_OK;
}

static enum gaosou_status take_nested(struct reader *r, const struct member *m, struct gs_err *err)
{
    struct gs_buf bytes;
    struct gs_err why = {0};
    struct reader inner = {.in = r->in, .path = m->file.path, .id = m->file.id, .is_nested = true};
    gs_buf_init(&bytes, r->in->source_max);
    enum gaosou_status status = read_bytes(r, m, &bytes, &why);
    if (status == GAOSOU_OK)
        status = gs_archive_open_bytes(&inner.archive, bytes.data, bytes.size, m->file.path,
                                       m->archive_kind, r->archive, NULL, &why);
    status = status == GAOSOU_OK ? read_members(&inner, err)
                                 : fail(r->in, m->file.path, m->file.id, status, &why, err);
    gs_archive_close(inner.archive);
    gs_buf_release(&bytes);
    return status;
}

static enum gaosou_status take_lines(struct reader *r, const struct member *m, struct gs_err *err)
{
    struct gs_buf bytes;
    struct gs_err why = {0};
    enum gaosou_status status = gs_intake_drain(r->in, err);
    if (status != GAOSOU_OK)
        return status;
    gs_buf_init(&bytes, r->in->source_max);
    status = read_bytes(r, m, &bytes, &why);
    status = status == GAOSOU_OK
                 ? gs_intake_read_line_bytes(r->in, &m->file, bytes.data, bytes.size, err)
                 : fail(r->in, m->file.path, m->file.id, status, &why, err);
    gs_buf_release(&bytes);
    return status;
}

/* As in folders: names that begin with a dot, and what a Mac adds, are passed over. */
static bool is_hidden(const char *name)
{
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        if (*part == '.')
            return true;
    }
    return strncmp(name, "__MACOSX/", 9) == 0;
}

static char *join_names(const char *archive, const char *member)
{
    char *joined = NULL;
    return asprintf(&joined, "%s!%s", archive, member) < 0 ? NULL : joined;
}

static enum gaosou_status refuse(struct reader *r, const struct gs_member *member, const char *path,
                                 const char *id, struct gs_err *err)
{
    char text[GS_ERR_CAP];
    const struct gs_console *c = r->in->outcomes.console;
    snprintf(text, sizeof(text), GS_TR(c, "%s: %s", "%s：%s"), path,
             GS_TR(c, member->why, member->why_zh));
    return add_skipped(r->in, path, id, GS_SKIP_REFUSED, text, member->why, err);
}

static enum gaosou_status take_member(struct reader *r, const struct gs_member *member,
                                      const char *path, const char *id, struct gs_err *err)
{
    if (member->kind == GS_MEMBER_REFUSED)
        return refuse(r, member, path, id, err);
    struct member m = {.file = {.path = path, .id = id, .size = member->size, .time = member->time},
                       .archive_kind = gs_archive_is_one(member->name)
                                           ? gs_archive_kind_of(member->name)
                                           : GS_ARCHIVE_NONE};
    if (m.archive_kind != GS_ARCHIVE_NONE)
        return take_nested(r, &m, err);
    (void)gs_source_kind_of(member->name, &m.file.kind, &m.file.packing);
    if (m.file.kind == GS_SOURCE_JSONL)
        return take_lines(r, &m, err);
    if (m.file.kind == GS_SOURCE_UNKNOWN && gs_source_is_never_read(member->name))
        return add_skipped(r->in, path, id, GS_SKIP_KIND, NULL, NULL, err);
    return take_file(r, &m, err);
}

/* ---- the archive ---- */

/* No member can be had any more. Where the last one broke off already that has been said: here only
 * what the index has of the others is kept from being gone. */
static enum gaosou_status end_broken(struct reader *r, enum gaosou_status status,
                                     const struct gs_err *why, struct gs_err *err)
{
    struct gs_reconcile *reconcile = r->in->params.reconcile;
    if (!r->member_failed || is_ours(status))
        return fail(r->in, r->path, r->id, status, why, err);
    return reconcile ? gs_reconcile_exempt(reconcile, (struct gs_str){r->id, strlen(r->id)}, err)
                     : GAOSOU_OK;
}

static enum gaosou_status read_members(struct reader *r, struct gs_err *err)
{
    for (;;) {
        struct gs_member member;
        struct gs_err why = {0};
        bool at_end = false;
        enum gaosou_status status = gs_archive_next(r->archive, &member, &at_end, &why);
        if (status != GAOSOU_OK)
            return end_broken(r, status, &why, err);
        r->member_failed = false;
        if (at_end)
            return r->has_members
                       ? GAOSOU_OK
                       : add_skipped(r->in, r->path, r->id, GS_SKIP_EMPTY, NULL, NULL, err);
        if (member.kind == GS_MEMBER_FOLDER ||
            (member.kind == GS_MEMBER_FILE && is_hidden(member.name)))
            continue;
        r->has_members = true;
        if (!r->is_nested)
            r->in->within = gs_archive_consumed(r->archive);
        char *path = join_names(r->path, member.name), *id = join_names(r->id, member.name);
        status = path && id ? take_member(r, &member, path, id, err)
                            : gs_err_nomem(err, strlen(member.name));
        free(path);
        free(id);
        if (status != GAOSOU_OK)
            return status;
    }
}

enum gaosou_status gs_intake_read_archive(struct gs_intake *in, const struct gs_source_file *file,
                                          enum gs_archive_kind kind, struct gs_err *err)
{
    struct gs_err why = {0};
    struct reader r = {.in = in, .path = file->path, .id = file->id};
    enum gaosou_status status = gs_archive_open(&r.archive, file->path, kind, NULL, &why);
    if (status != GAOSOU_OK)
        return fail(in, file->path, file->id, status, &why, err);
    status = read_members(&r, err);
    in->outcomes.tally.source_bytes += gs_archive_consumed(r.archive);
    gs_archive_close(r.archive);
    if (status == GAOSOU_OK && gs_intake_has_changed(file))
        status = add_skipped(in, file->path, file->id, GS_SKIP_CHANGED, NULL, NULL, err);
    return status;
}
