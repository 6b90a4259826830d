/*
 * metadata_internal.h: what the parts of the derivation share. Private to metadata_*.c.
 *
 * The order is metadata.c's: lines, labels, title, kind, company, period, date, exchange.
 */
#ifndef GS_INDEXER_METADATA_INTERNAL_H
#define GS_INDEXER_METADATA_INTERNAL_H

#include "indexer/filing.h"
#include "indexer/kind_rules.h"
#include "indexer/metadata_lines.h"
#include "indexer/stock_code.h"

#include <string.h>

#define GS_HEAD_FIRST_BYTES 2048u  /* looked at first: mostly they are enough */
#define GS_HEAD_BYTES       8192u  /* of the text that count as its head */
#define GS_HEAD_LONG_BYTES  24576u /* with a Hong Kong disclaimer before the heading */
#define GS_TAIL_FIRST_BYTES 1024u
#define GS_TAIL_BYTES       3072u
#define GS_DEEP_BYTES       65536u /* where a periodical report's table of the company is sought */
#define GS_CODES_MAX        8u

/* A stretch of a line, folded bytes. */
struct gs_part {
    uint32_t start, end;
};

struct gs_values {
    char codes[GS_CODES_MAX * 8];
    char name[96], number[96], company[288], title[640], date[16], period[16];
};

struct gs_metadata {
    struct gs_kind_finder kinds;
    const struct gs_str *text;
    struct gs_lines head, tail, furniture;
    size_t tail_bytes,
        tail_folded; /* of the end: how much counts, and is in tail (SIZE_MAX: none) */
    struct gs_stock_code code[GS_CODES_MAX];
    size_t code_count;
    struct gs_part name;            /* as printed, pieces and all */
    const struct gs_lines *name_in; /* NULL: no name */
    bool is_label[GS_LINES_MAX];    /* lines of the head that hold labels with values */
    bool any_label;
    bool disclaimer;               /* the head opens with the Hong Kong exchange's */
    size_t title_line, title_last; /* lines of the head; title_line == SIZE_MAX: not found there */
    struct gs_part title;          /* in head */
    char title_fold[640];          /* the title folded, however it came to be known */
    size_t title_fold_size;
    const struct gs_filing_kind *kind;
    char last_title[640]; /* folded, of the filing before, and its kind */
    size_t last_title_size;
    const struct gs_filing_kind *last_kind;
    char given[64]; /* the kind that the filing before was given, as it was given */
    size_t given_size;
    const struct gs_filing_kind *given_kind; /* NULL: none of the list */
    struct gs_values value;
};

static inline const char *gs_line_text(const struct gs_lines *l, size_t i)
{
    return l->fold + l->line[i].start;
}
static inline size_t gs_line_size(const struct gs_lines *l, size_t i)
{
    return l->line[i].end - l->line[i].start;
}

static inline bool gs_begins(const char *text, size_t size, const char *with)
{
    size_t n = strlen(with);
    return size >= n && memcmp(text, with, n) == 0;
}
static inline bool gs_ends(const char *text, size_t size, const char *with)
{
    size_t n = strlen(with);
    return size >= n && memcmp(text + size - n, with, n) == 0;
}
static inline const char *gs_finds(const char *text, size_t size, const char *what)
{
    return memmem(text, size, what, strlen(what));
}
/* Any of a NULL-ended list. */
bool gs_begins_any(const char *text, size_t size, const char *const *list);
bool gs_ends_any(const char *text, size_t size, const char *const *list);
bool gs_finds_any(const char *text, size_t size, const char *const *list);

/*
 * The text of a part as printed, cleaned: spaces beside Han characters and punctuation left out,
 * others one; full-width letters and digits as ASCII. Line ends inside count as spaces. Returns its
 * size; NUL-ended; 0 where it does not fit.
 */
/* The folded character at p, step bytes long, as printed (as folded, where it is a full-width
 * letter or digit, or no character); at most 4 bytes, their number is returned. */
size_t gs_char_copy(const struct gs_lines *l, size_t p, size_t step, char *out);
size_t gs_part_copy(const struct gs_lines *l, struct gs_part part, char *out, size_t cap);

/* metadata_labels.c: codes, name, number from labelled values; marks is_label. */
void gs_labels_find(struct gs_metadata *m, const struct gs_lines *l, bool is_head);
/* Code and short name out of a report's table of the company, beyond its head. */
void gs_labels_find_deep(struct gs_metadata *m, const struct gs_str *text);
/* The short name of the label found, into value.name. */
void gs_labels_take_name(struct gs_metadata *m);

/* metadata_title.c */
bool gs_title_find(struct gs_metadata *m); /* in the head */
/* A heading fit to be a title: what the whole part ends in says that it is a document. */
bool gs_title_is_heading(const char *text, size_t size);

/* metadata_company.c */
/* The last line of （於開曼群島註冊成立的有限公司）, which line i begins, closed within a few
 * lines; SIZE_MAX: it is no such bracket. */
size_t gs_company_foundation(const struct gs_lines *l, size_t i);
bool gs_company_is_line(const char *text, size_t size); /* a line that is a company's name */
/* The end of the company's name that [text, size) begins with; 0: it begins with none. */
size_t gs_company_prefix(const char *text, size_t size);
void gs_company_find(struct gs_metadata *m);

/* metadata.c: the last m->tail_bytes of the text, folded when they are first asked for. */
const struct gs_lines *gs_tail(struct gs_metadata *m);

/* metadata_date.c */
void gs_date_find(struct gs_metadata *m);
void gs_period_find(struct gs_metadata *m);

#endif
