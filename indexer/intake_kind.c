#include "indexer/archive.h"
#include "indexer/intake_job.h"

#include <string.h>

#define PEEK_SIZE ((size_t)4096)

/* The first bytes of a file, unpacked; 0: none can be had, and reading it will say why. */
static size_t peek(const char *path, enum gs_packing packing, uint8_t *head)
{
    struct gs_stream *s;
    struct gs_err ignored;
    size_t size = 0, got = 1;
    if (gs_stream_open(&s, path, packing, &ignored) != GAOSOU_OK)
        return 0;
    while (got > 0 && size < PEEK_SIZE &&
           gs_stream_read(s, head + size, PEEK_SIZE - size, &got, &ignored) == GAOSOU_OK)
        size += got;
    gs_stream_close(s);
    return size;
}

/* Whether a file of which these are the first bytes is no archive, but a page, PDF or text. */
static bool is_document(const uint8_t *head, size_t size)
{
    enum gs_source_kind kind = gs_source_sniff(GS_SOURCE_UNKNOWN, head, size).kind;
    return kind == GS_SOURCE_HTML || kind == GS_SOURCE_PDF ||
           (size > 0 && gs_source_looks_textual(head, size));
}

/* Word's parts among the members: a zip that holds documents as members has them elsewhere. */
static bool is_word(const char *path)
{
    struct gs_archive *archive;
    struct gs_member member;
    struct gs_err ignored;
    bool at_end = false, has_types = false, has_document = false;
    if (gs_archive_open(&archive, path, GS_ARCHIVE_ZIP, NULL, &ignored) != GAOSOU_OK)
        return false;
    while (!(has_types && has_document) &&
           gs_archive_next(archive, &member, &at_end, &ignored) == GAOSOU_OK && !at_end) {
        has_types |= strcmp(member.name, "[Content_Types].xml") == 0;
        has_document |= strcmp(member.name, "word/document.xml") == 0;
    }
    gs_archive_close(archive);
    return has_types && has_document;
}

static void settle_archive(struct gs_source_file *file, struct gs_intake_way *way)
{
    uint8_t head[PEEK_SIZE];
    size_t size = peek(file->path, GS_PACKING_NONE, head);
    enum gs_archive_kind kind = gs_archive_kind_of_bytes(head, size);
    enum gs_packing packing = gs_source_packing_of(head, size);
    way->archive = gs_archive_kind_of(file->path);
    if (kind == GS_ARCHIVE_ZIP) {
        way->archive = kind;
        way->is_item = gs_source_may_be_docx(head, size) && is_word(file->path);
        return;
    }
    if (kind != GS_ARCHIVE_NONE)
        way->archive = GS_ARCHIVE_TAR;
    if (packing != GS_PACKING_NONE)
        size = peek(file->path, packing, head);
    way->is_item =
        (kind == GS_ARCHIVE_NONE || packing != GS_PACKING_NONE) && is_document(head, size);
    if (way->is_item)
        file->packing = packing;
}

/* JSON lines, as far as the first bytes show it. */
static bool begins_as_lines(const uint8_t *head, size_t size)
{
    size_t at = size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < size && head[at] && strchr(" \t\r\n", head[at]))
        at++;
    return at + 1 < size && head[at] == '{' && gs_source_looks_textual(head, size) &&
           memmem(head, size, "\"text\"", 6);
}

struct gs_intake_way gs_intake_find_way(struct gs_source_file *file)
{
    struct gs_intake_way way = {.archive = GS_ARCHIVE_NONE};
    uint8_t head[PEEK_SIZE];
    if (file->kind == GS_SOURCE_ARCHIVE) {
        settle_archive(file, &way);
    } else if (file->kind == GS_SOURCE_JSONL) {
        if (file->packing == GS_PACKING_NONE && strcmp(file->path, "-") != 0)
            file->packing = gs_source_packing_of(head, peek(file->path, GS_PACKING_NONE, head));
    } else {
        way.is_item = true;
        if (file->kind == GS_SOURCE_UNKNOWN && file->packing != GS_PACKING_NONE &&
            begins_as_lines(head, peek(file->path, file->packing, head))) {
            file->kind = GS_SOURCE_JSONL;
            way.is_item = false;
        }
    }
    return way;
}
