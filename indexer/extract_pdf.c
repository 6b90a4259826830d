#include "indexer/extract_pdf.h"

#include "indexer/child.h"
#include "indexer/pdf_text.h"
#include "indexer/plausible.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PROGRAM       "pdftotext"
#define MAGIC         "%PDF-"
#define MAGIC_WITHIN  1024 /* bytes of the file that may stand before it (as Acrobat reads) */
#define END           "%%EOF"
#define END_WITHIN    4096
#define TABLE         "startxref"
#define STAMP_CHARS   16  /* a page: fewer beside an image are a page number or stamp */
#define JUDGED_CHARS  200 /* fewer are too few to be called implausible */
#define ODD_PERCENT   30
#define PLAUSIBLE     0.5 /* real filings have 0.95 and more, permuted Han 0.28 */
#define PADDING_TIMES 2   /* what -layout prints, as a multiple of the text that stays */
#define PADDING_MORE  ((size_t)1 << 20)
#define CLOCK_TIMES   2 /* a busy machine is not the file's fault */

/* What poppler says of a file, and what it means; the order is that of the bits in `watched`. */
enum watched {
    SAYS_NO_MEMORY = 1 << 0,
    SAYS_BAD_ALLOC = 1 << 1,
    SAYS_PASSWORD = 1 << 2,
    SAYS_NO_TABLES = 1 << 3,
};
static const char *const watched_texts[] = {"Out of memory", "bad_alloc", "Incorrect password",
                                            "Missing language pack"};

/* ---- is it one? ---- */

static bool begins_as_html(const uint8_t *bytes, size_t size)
{
    static const char *const signs[] = {"<html", "<!doctype html", "<head", "<body"};
    for (size_t i = 0; i + 1 < size && i < MAGIC_WITHIN; i++)
        for (size_t k = 0; bytes[i] == '<' && k < sizeof signs / sizeof *signs; k++) {
            size_t n = strlen(signs[k]);
            if (n <= size - i && strncasecmp((const char *)bytes + i, signs[k], n) == 0)
                return true;
        }
    return false;
}

static enum gaosou_status check_magic(const uint8_t *bytes, size_t size, struct gs_err *err)
{
    size_t head = size < MAGIC_WITHIN ? size : MAGIC_WITHIN;
    if (memmem(bytes, head, MAGIC, strlen(MAGIC)))
        return GAOSOU_OK;
    if (size == 0)
        return gs_err_set(err, GAOSOU_E_INPUT, "an empty file, not a PDF");
    if (begins_as_html(bytes, size))
        return gs_err_set(err, GAOSOU_E_INPUT, "an HTML page, not a PDF");
    return gs_err_set(err, GAOSOU_E_INPUT, "not a PDF: no %s in its first %d bytes", MAGIC,
                      MAGIC_WITHIN);
}

static bool breaks_off(const uint8_t *bytes, size_t size)
{
    size_t tail = size < END_WITHIN ? size : END_WITHIN;
    return !memmem(bytes + size - tail, tail, END, strlen(END));
}

/* What follows the digits and blanks at p; *number is the last of them read (saturating). */
static const uint8_t *skip_numbers(const uint8_t *p, const uint8_t *end, uint64_t *number)
{
    for (bool inside = false; p < end; p++) {
        if (*p >= '0' && *p <= '9') {
            if (!inside)
                *number = 0;
            *number = *number > UINT64_MAX / 16 ? *number : *number * 10 + (uint64_t)(*p - '0');
            inside = true;
        } else if (*p == ' ' || *p == '\r' || *p == '\n' || *p == '\t') {
            inside = false;
        } else {
            break;
        }
    }
    return p;
}

/*
 * Whether the table of objects is where the last "startxref" says, counted from the file's begin or
 * from the PDF's. Where it is not, a reader collects the objects that it finds (poppler does, and
 * says nothing), and what was lost is not missed.
 */
static bool has_table(const uint8_t *bytes, size_t size)
{
    const uint8_t *end = bytes + size, *last = NULL;
    const uint8_t *at = size < END_WITHIN ? bytes : end - END_WITHIN;
    while ((at = memmem(at, (size_t)(end - at), TABLE, strlen(TABLE))))
        last = at += strlen(TABLE);
    if (!last)
        return false;
    uint64_t offset = UINT64_MAX, ignored = 0;
    skip_numbers(last, end, &offset);
    const uint8_t *magic = memmem(bytes, size, MAGIC, strlen(MAGIC));
    size_t begins[2] = {0, magic ? (size_t)(magic - bytes) : 0};
    for (unsigned i = 0; i < 2; i++) {
        if (offset >= size - begins[i])
            continue;
        const uint8_t *p = skip_numbers(bytes + begins[i] + offset, end, &ignored);
        if (end - p >= 4 && (memcmp(p, "xref", 4) == 0 || memcmp(p, "obj", 3) == 0))
            return true;
    }
    return false;
}

/* ---- reading it ---- */

static enum gaosou_status run(const uint8_t *bytes, size_t size,
                              const struct gs_extract_params *params, struct gs_buf *raw,
                              struct gs_child_result *result, struct gs_err *err)
{
    char program[1024];
    if (!gs_child_find(PROGRAM, params->path, program, sizeof program))
        return gs_err_set(err, GAOSOU_E_NOT_FOUND,
                          "PDFs are read by " PROGRAM
                          ", which is not installed (Debian package poppler-utils)");
    /* -layout, since a row of a table stays a line by it, and headings, page numbers and running
     * heads stand where they are printed; the default order takes tables apart by columns, -raw is
     * the producer's order, in which page numbers come first and cells are scattered. */
    const char *const argv[] = {program, "-layout", "-enc", "UTF-8", "-eol",
                                "unix",  "-",       "-",    NULL};
    struct gs_child_params child = {.argv = argv,
                                    .input = bytes,
                                    .input_size = size,
                                    .output_max = raw->cap,
                                    .seconds = params->seconds_max * CLOCK_TIMES,
                                    .cpu = params->seconds_max,
                                    .memory_max = params->memory_max};
    memcpy(child.watch, watched_texts, sizeof watched_texts);
    return gs_child_run(&child, raw, result, err);
}

static enum gaosou_status limit_reached(const struct gs_child_result *r,
                                        const struct gs_extract_params *params, struct gs_err *err)
{
    if (r->end == GS_CHILD_TIME)
        return gs_err_set(err, GAOSOU_E_LIMIT, PROGRAM " was stopped: %u s are the limit of time",
                          params->seconds_max * CLOCK_TIMES);
    if (r->end == GS_CHILD_CPU)
        return gs_err_set(err, GAOSOU_E_LIMIT,
                          PROGRAM " was stopped: %u s are the limit of processor time",
                          params->seconds_max);
    if (r->end == GS_CHILD_OUTPUT)
        return gs_err_set(err, GAOSOU_E_LIMIT, "more than %zu bytes of text, which is the limit",
                          params->text_max);
    return gs_err_set(err, GAOSOU_E_LIMIT, PROGRAM " was stopped: %llu MB are the limit of memory",
                      (unsigned long long)(params->memory_max >> 20));
}

/* What its end means. GAOSOU_OK: what it printed is the text. `whole`: the file has an end. */
static enum gaosou_status judge_end(const struct gs_child_result *r, bool whole,
                                    const struct gs_extract_params *params, struct gs_err *err)
{
    bool failed = r->end != GS_CHILD_EXITED || r->code != 0;
    bool limit = r->end == GS_CHILD_TIME || r->end == GS_CHILD_CPU || r->end == GS_CHILD_OUTPUT;
    if (limit || (failed && r->watched & (SAYS_NO_MEMORY | SAYS_BAD_ALLOC)))
        return limit_reached(r, params, err);
    if (r->end == GS_CHILD_SIGNAL)
        return gs_err_set(err, GAOSOU_E_INPUT, PROGRAM " crashed (signal %d)%s%s", r->code,
                          *r->complaint ? ": " : "", r->complaint);
    if (failed && r->watched & SAYS_PASSWORD)
        return gs_err_set(err, GAOSOU_E_INPUT, "encrypted: it opens with a password only");
    if (failed)
        return gs_err_set(err, GAOSOU_E_INPUT, "%s" PROGRAM " failed (exit status %d): %s",
                          whole ? "" : "the file breaks off; ", r->code,
                          *r->complaint ? r->complaint : "it says no reason");
    if (r->watched & SAYS_NO_TABLES)
        return gs_err_set(err, GAOSOU_E_NOT_FOUND,
                          "its characters need tables that are not installed (Debian package "
                          "poppler-data); " PROGRAM ": %s",
                          r->complaint);
    return GAOSOU_OK;
}

/* ---- is it text? ---- */

/* Images as the file declares them; stops counting at `enough`. Dictionaries of streams are never
 * inside compressed objects, so this sees each of them. */
static uint64_t count_images(const uint8_t *bytes, size_t size, uint64_t enough)
{
    static const char name[] = "/Image";
    const uint8_t *end = bytes + size;
    uint64_t n = 0;
    for (const uint8_t *p = bytes; n < enough; n++) {
        p = memmem(p, (size_t)(end - p), name, sizeof name - 1);
        if (!p)
            break;
        p += sizeof name - 1;
    }
    return n;
}

/* Fonts without a map to Unicode show as private characters, as accented letters and signs of
 * Latin, or as Han that nobody would write in a row. */
static bool is_garbage(const struct gs_pdf_text *t, const struct gs_buf *text)
{
    if (t->bad > t->chars)
        return true;
    if (t->chars + t->bad < JUDGED_CHARS)
        return false;
    return t->odd > t->chars * ODD_PERCENT / 100 ||
           gs_text_plausibility(text->data, text->size) < PLAUSIBLE;
}

static enum gs_text_state judge_text(const struct gs_pdf_text *t, const struct gs_buf *text,
                                     const uint8_t *bytes, size_t size)
{
    uint64_t all = t->chars + t->bad;
    if (all == 0)
        return GS_TEXT_NONE;
    if (all < (uint64_t)t->pages * STAMP_CHARS && count_images(bytes, size, t->pages) >= t->pages)
        return GS_TEXT_NONE;
    return is_garbage(t, text) ? GS_TEXT_GARBAGE : GS_TEXT_READ;
}

static enum gaosou_status take_text(const struct gs_buf *raw, const uint8_t *bytes, size_t size,
                                    struct gs_extracted *out, struct gs_err *err)
{
    struct gs_pdf_text found;
    gs_pdf_text_tidy(raw->data, raw->size, &out->text, &found);
    enum gaosou_status status = gs_buf_status(&out->text);
    if (status == GAOSOU_E_LIMIT)
        return gs_err_set(err, status, "more than %zu bytes of text, which is the limit",
                          out->text.cap);
    if (status)
        return gs_err_nomem(err, raw->size);
    if (found.pages == 0)
        return gs_err_set(err, GAOSOU_E_INPUT, "a PDF without pages");
    out->pages = found.pages;
    out->pages_without_text = found.empty_pages;
    out->replaced = found.replaced;
    out->state = judge_text(&found, &out->text, bytes, size);
    if (out->state != GS_TEXT_READ)
        gs_buf_clear(&out->text);
    return GAOSOU_OK;
}

enum gaosou_status gs_extract_pdf(const uint8_t *bytes, size_t size,
                                  const struct gs_extract_params *params, struct gs_extracted *out,
                                  struct gs_err *err)
{
    enum gaosou_status status = check_magic(bytes, size, err);
    if (status)
        return status;
    bool whole = !breaks_off(bytes, size);
    struct gs_buf raw;
    struct gs_child_result result;
    gs_buf_init(&raw, params->text_max * PADDING_TIMES + PADDING_MORE);
    status = run(bytes, size, params, &raw, &result, err);
    if (status == GAOSOU_OK)
        status = judge_end(&result, whole, params, err);
    if (status == GAOSOU_OK)
        status = take_text(&raw, bytes, size, out, err);
    out->damaged = status == GAOSOU_OK && (!whole || !has_table(bytes, size));
    gs_buf_release(&raw);
    return status;
}
