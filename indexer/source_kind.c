#include "indexer/source_kind.h"

#include "indexer/archive.h"

#include <string.h>
#include <strings.h>

#define HEAD_MAX ((size_t)1024) /* bytes that are looked at for the marks of HTML and PDF */

const char *gs_source_kind_name(enum gs_source_kind kind)
{
    static const char *const names[GS_SOURCE_KIND_COUNT] = {
        [GS_SOURCE_TEXT] = "text", [GS_SOURCE_JSONL] = "jsonl", [GS_SOURCE_HTML] = "html",
        [GS_SOURCE_PDF] = "pdf",   [GS_SOURCE_DOCX] = "docx",   [GS_SOURCE_ARCHIVE] = "archive"};
    return names[kind];
}

/* ---- names ---- */

static bool strip_suffix(const char *name, size_t *size, const char *suffix)
{
    size_t n = strlen(suffix);
    if (*size <= n || strncasecmp(name + *size - n, suffix, n) != 0)
        return false;
    *size -= n;
    return true;
}

bool gs_source_kind_of(const char *name, enum gs_source_kind *kind, enum gs_packing *packing)
{
    static const struct {
        const char *suffix;
        enum gs_source_kind kind;
    } rows[] = {
        {".txt", GS_SOURCE_TEXT},   {".jsonl", GS_SOURCE_JSONL}, {".ndjson", GS_SOURCE_JSONL},
        {".html", GS_SOURCE_HTML},  {".htm", GS_SOURCE_HTML},    {".xhtml", GS_SOURCE_HTML},
        {".shtml", GS_SOURCE_HTML}, {".pdf", GS_SOURCE_PDF},     {".docx", GS_SOURCE_DOCX},
        {".docm", GS_SOURCE_DOCX},  {".dotx", GS_SOURCE_DOCX},
    };
    size_t size = strlen(name);
    *packing = GS_PACKING_NONE;
    if (gs_archive_is_one(name)) {
        *kind = GS_SOURCE_ARCHIVE;
        return true;
    }
    if (strip_suffix(name, &size, ".gz"))
        *packing = GS_PACKING_GZIP;
    else if (strip_suffix(name, &size, ".zst"))
        *packing = GS_PACKING_ZSTD;
    *kind = GS_SOURCE_UNKNOWN;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!strip_suffix(name, &size, rows[i].suffix))
            continue;
        *kind = rows[i].kind;
        return true;
    }
    return false;
}

bool gs_source_is_never_read(const char *name)
{
    static const char *const suffixes[] = {
        ".jpg", ".jpeg", ".png",  ".gif", ".bmp", ".tif", ".tiff", ".webp", ".svg",   ".ico",
        ".mp3", ".mp4",  ".avi",  ".mov", ".wav", ".css", ".js",   ".woff", ".ttf",   ".otf",
        ".exe", ".dll",  ".so",   ".o",   ".a",   ".py",  ".c",    ".h",    ".class", ".jar",
        ".db",  ".idx",  ".lock", ".tmp", ".bak", ".swp", ".md5",  ".sha1", ".sha256"};
    size_t size = strlen(name);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t rest = size;
        if (strip_suffix(name, &rest, suffixes[i]))
            return true;
    }
    return false;
}

/* ---- bytes ---- */

static bool begins(const uint8_t *bytes, size_t size, const char *magic, size_t magic_size)
{
    return size >= magic_size && memcmp(bytes, magic, magic_size) == 0;
}

/* What is never read, by how it begins. */
static const struct foreign {
    const char *magic;
    size_t size;
    const char *english, *chinese;
} foreigns[] = {
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "an OLE file (.doc, .xls, .ppt, or an encrypted .docx)",
     "OLE 文件（.doc、.xls、.ppt 或加密的 .docx）"},
    {"{\\rtf", 5, "RTF", "RTF 文件"},
    {"%!PS", 4, "PostScript", "PostScript 文件"},
    {"\x89PNG\r\n\x1A\n", 8, "an image (PNG)", "图像（PNG）"},
    {"\xFF\xD8\xFF", 3, "an image (JPEG)", "图像（JPEG）"},
    {"GIF8", 4, "an image (GIF)", "图像（GIF）"},
    {"II*\0", 4, "an image (TIFF)", "图像（TIFF）"},
    {"MM\0*", 4, "an image (TIFF)", "图像（TIFF）"},
    {"AT&TFORM", 8, "DjVu", "DjVu 文件"},
    {"Rar!\x1A\x07", 6, "a RAR archive", "RAR 压缩包"},
    {"7z\xBC\xAF\x27\x1C", 6, "a 7z archive", "7z 压缩包"},
    {"\x1F\x8B\x08", 3, "gzip data", "gzip 数据"},
    {"\x28\xB5\x2F\xFD", 4, "zstd data", "zstd 数据"},
    {"\xFD"
     "7zXZ\0",
     6, "xz data", "xz 数据"},
    {"SQLite format 3\0", 16, "an SQLite file", "SQLite 文件"},
    {"\x7F"
     "ELF",
     4, "a program", "程序"},
};

/* The first bytes with lower-case letters, and without the zeros of UTF-16. */
static size_t fold_head(const uint8_t *bytes, size_t size, char *head)
{
    size_t n = 0;
    for (size_t i = 0; i < size && i < 2 * HEAD_MAX && n < HEAD_MAX; i++) {
        uint8_t b = bytes[i];
        if (b != 0)
            head[n++] = (char)(b >= 'A' && b <= 'Z' ? b | 0x20 : b);
    }
    return n;
}

static size_t skip_space_and_bom(const char *head, size_t size)
{
    size_t at = 0;
    if (size >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0)
        at = 3;
    else if (size >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0))
        at = 2;
    while (at < size && strchr(" \t\r\n\f", head[at]) && head[at])
        at++;
    return at;
}

/* A tag that begins at `at`, its name ending there. */
static bool is_tag(const char *head, size_t size, size_t at, const char *tag)
{
    size_t n = strlen(tag);
    if (size - at < n || memcmp(head + at, tag, n) != 0)
        return false;
    return size - at == n || !((head[at + n] >= 'a' && head[at + n] <= 'z') || head[at + n] == '-');
}

/* Whether the first byte that is no space, no zero and no byte order mark is '<': nearly no text.
 */
static bool may_open_tag(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size && i < 2 * HEAD_MAX; i++) {
        if (!memchr("\0 \t\r\n\f\xEF\xBB\xBF\xFF\xFE", bytes[i], 11))
            return bytes[i] == '<';
    }
    return false;
}

static bool is_html(const uint8_t *bytes, size_t size)
{
    if (!may_open_tag(bytes, size))
        return false;
    char head[HEAD_MAX];
    size_t n = fold_head(bytes, size, head), at = skip_space_and_bom(head, n);
    if (at >= n || head[at] != '<')
        return false;
    if (is_tag(head, n, at, "<!doctype html") || is_tag(head, n, at, "<html") ||
        is_tag(head, n, at, "<head") || is_tag(head, n, at, "<body"))
        return true;
    /* Behind an XML declaration, comments, or tags that stand before the first proper one. */
    bool opens = is_tag(head, n, at, "<!--") || is_tag(head, n, at, "<?xml") ||
                 is_tag(head, n, at, "<meta") || is_tag(head, n, at, "<title") ||
                 is_tag(head, n, at, "<script") || is_tag(head, n, at, "<!doctype");
    for (size_t i = at; opens && i + 5 <= n; i++) {
        if (head[i] == '<' && (is_tag(head, n, i, "<html") || is_tag(head, n, i, "<body")))
            return true;
    }
    return false;
}

static bool is_pdf(const uint8_t *bytes, size_t size)
{
    return memmem(bytes, size < HEAD_MAX ? size : HEAD_MAX, "%PDF-", 5) != NULL;
}

/* As PDF readers do, a mark within the first KB counts; in a text only where it begins. */
static bool claims_pdf(enum gs_source_kind named, const uint8_t *bytes, size_t size)
{
    bool prose = named == GS_SOURCE_TEXT || named == GS_SOURCE_HTML || named == GS_SOURCE_JSONL;
    return prose ? begins(bytes, size, "%PDF-", 5) : is_pdf(bytes, size);
}

enum gs_packing gs_source_packing_of(const uint8_t *bytes, size_t size)
{
    return begins(bytes, size, "\x1F\x8B\x08", 3)       ? GS_PACKING_GZIP
           : begins(bytes, size, "\x28\xB5\x2F\xFD", 4) ? GS_PACKING_ZSTD
                                                        : GS_PACKING_NONE;
}

bool gs_source_may_be_docx(const uint8_t *bytes, size_t size)
{
    static const char *const firsts[] = {"[Content_Types].xml", "_rels/",   "word/",
                                         "docProps/",           "mimetype", "customXml/"};
    for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
        size_t n = strlen(firsts[i]);
        if (size >= 30 + n && begins(bytes, size, "PK\3\4", 4) &&
            memcmp(bytes + 30, firsts[i], n) == 0)
            return true;
    }
    return false;
}

static struct gs_source_sniffed sniff_zip(enum gs_source_kind named, const uint8_t *bytes,
                                          size_t size)
{
    static const char word[] = "word/document.xml";
    if (named == GS_SOURCE_DOCX || memmem(bytes, size, word, sizeof(word) - 1))
        return (struct gs_source_sniffed){.kind = GS_SOURCE_DOCX, .by_bytes = true};
    return (struct gs_source_sniffed){GS_SOURCE_UNKNOWN, "a zip file (an archive, .xlsx, .pptx)",
                                      "zip 文件（压缩包、.xlsx、.pptx）", true};
}

struct gs_source_sniffed gs_source_sniff(enum gs_source_kind named, const uint8_t *bytes,
                                         size_t size)
{
    if (begins(bytes, size, "PK\3\4", 4))
        return sniff_zip(named, bytes, size);
    if (claims_pdf(named, bytes, size))
        return (struct gs_source_sniffed){.kind = GS_SOURCE_PDF, .by_bytes = true};
    for (size_t i = 0; i < sizeof(foreigns) / sizeof(foreigns[0]); i++) {
        const struct foreign *f = &foreigns[i];
        if (begins(bytes, size, f->magic, f->size))
            return (struct gs_source_sniffed){GS_SOURCE_UNKNOWN, f->english, f->chinese, true};
    }
    if (named != GS_SOURCE_HTML && named != GS_SOURCE_JSONL && is_html(bytes, size))
        return (struct gs_source_sniffed){.kind = GS_SOURCE_HTML, .by_bytes = true};
    return (struct gs_source_sniffed){.kind = named};
}

bool gs_source_looks_textual(const uint8_t *bytes, size_t size)
{
    size_t look = size < HEAD_MAX ? size : HEAD_MAX, controls = 0;
    for (size_t i = 0; i < look; i++) {
        if (bytes[i] == 0)
            return false;
        controls += bytes[i] < 0x20 && !strchr("\t\n\f\r", bytes[i]);
    }
    return controls <= look / 64;
}
