#include "indexer/archive_kind.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *suffix;
    enum gs_archive_kind kind;
} suffixes[] = {
    {".zip", GS_ARCHIVE_ZIP},     {".tar", GS_ARCHIVE_TAR},     {".tar.gz", GS_ARCHIVE_TAR},
    {".tgz", GS_ARCHIVE_TAR},     {".tar.zst", GS_ARCHIVE_TAR}, {".tzst", GS_ARCHIVE_TAR},
    {".tar.bz2", GS_ARCHIVE_TAR}, {".tbz", GS_ARCHIVE_TAR},     {".tbz2", GS_ARCHIVE_TAR},
    {".tar.xz", GS_ARCHIVE_TAR},  {".txz", GS_ARCHIVE_TAR},     {".gz", GS_ARCHIVE_SINGLE},
    {".zst", GS_ARCHIVE_SINGLE},  {".bz2", GS_ARCHIVE_SINGLE},  {".xz", GS_ARCHIVE_SINGLE},
};

static const char *const formats[][2] = {
    {"Rar!\x1A\x07", "a RAR archive"},
    {"7z\xBC\xAF\x27\x1C", "a 7z archive"},
    {"PK\x03\x04", "a zip"},
    {"\x1F\x8B", "gzip"},
    {"\x28\xB5\x2F\xFD", "zstd"},
    {"BZh", "bzip2"},
    {"\xFD"
     "7zXZ",
     "xz"},
    {"\xD0\xCF\x11\xE0", "an OLE file (old Office, or encrypted)"},
    {"%PDF-", "a PDF"},
    {"<", "HTML or XML"},
};

static bool ends_in(const char *name, const char *suffix)
{
    size_t n = strlen(name), s = strlen(suffix);
    return n > s && strcasecmp(name + n - s, suffix) == 0;
}

enum gs_archive_kind gs_archive_kind_of(const char *name)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (ends_in(name, suffixes[i].suffix))
            return suffixes[i].kind;
    return GS_ARCHIVE_NONE;
}

bool gs_archive_is_one(const char *name)
{
    enum gs_archive_kind kind = gs_archive_kind_of(name);
    return kind == GS_ARCHIVE_ZIP || kind == GS_ARCHIVE_TAR;
}

static bool begins_with(const uint8_t *bytes, size_t size, const char *magic)
{
    size_t n = strlen(magic);
    return size >= n && memcmp(bytes, magic, n) == 0;
}

enum gs_archive_kind gs_archive_kind_of_bytes(const uint8_t *bytes, size_t size)
{
    if (begins_with(bytes, size, "PK\x03\x04") || begins_with(bytes, size, "PK\x05\x06"))
        return GS_ARCHIVE_ZIP;
    if (begins_with(bytes, size, "\x1F\x8B\x08") || begins_with(bytes, size, "\x28\xB5\x2F\xFD") ||
        begins_with(bytes, size, "BZh") ||
        begins_with(bytes, size,
                    "\xFD"
                    "7zXZ"))
        return GS_ARCHIVE_SINGLE;
    if (size >= 262 && memcmp(bytes + 257, "ustar", 5) == 0)
        return GS_ARCHIVE_TAR;
    return GS_ARCHIVE_NONE;
}

const char *gs_archive_kind_name(enum gs_archive_kind kind)
{
    return kind == GS_ARCHIVE_ZIP ? "zip" : kind == GS_ARCHIVE_TAR ? "tar" : "compressed file";
}

const char *gs_archive_what_is(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (begins_with(bytes, size, formats[i][0]))
            return formats[i][1];
    return NULL;
}

size_t gs_archive_single_suffix(const char *name)
{
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++)
        if (suffixes[i].kind == GS_ARCHIVE_SINGLE && ends_in(name, suffixes[i].suffix))
            return strlen(suffixes[i].suffix);
    return 0;
}
