#include "common/text/utf8.h"
#include "indexer/commands.h"
#include "indexer/merge_terms.h"

#include <stdlib.h>
#include <string.h>

/* A snapshot with its living filings numbered through. */
struct dump {
    FILE *out;
    struct gs_snapshot snapshot;
    struct gs_merge_input *inputs; /* one a segment */
    struct gs_record_reader *records;
};

static void dump_close(struct dump *d)
{
    for (size_t i = 0; d->inputs && i < d->snapshot.segment_count; i++)
        free(d->inputs[i].renumbered);
    free(d->inputs);
    gs_record_reader_free(d->records);
    gs_snapshot_close(&d->snapshot);
}

static enum gaosou_status dump_open(struct dump *d, const char *index, FILE *out,
                                    struct gs_err *err)
{
    *d = (struct dump){.out = out};
    enum gaosou_status status = gs_snapshot_open(&d->snapshot, index, err);
    if (status != GAOSOU_OK)
        return status;
    size_t count = d->snapshot.segment_count;
    uint32_t number = 0;
    d->inputs = calloc(count + 1, sizeof(*d->inputs));
    if (!d->inputs || gs_record_reader_create(&d->records) != GAOSOU_OK)
        return gs_err_nomem(err, count * sizeof(*d->inputs));
    for (size_t i = 0; i < count; i++) {
        struct gs_merge_input *in = &d->inputs[i];
        in->view = &d->snapshot.segments[i];
        uint32_t docs = gs_segment_get_stats(in->view->segment)->doc_count;
        in->renumbered = malloc(((size_t)docs + 1) * sizeof(uint32_t));
        if (!in->renumbered)
            return gs_err_nomem(err, docs * sizeof(uint32_t));
        for (uint32_t doc = 0; doc < docs; doc++)
            in->renumbered[doc] = gs_snapshot_is_deleted(in->view, doc) ? GS_DOC_END : number++;
    }
    return GAOSOU_OK;
}

/* ---- printing ---- */

/* Control characters as \t \n \r \xNN, the backslash doubled. */
static void print_escaped(FILE *out, struct gs_str s)
{
    for (size_t i = 0; i < s.size; i++) {
        uint8_t b = (uint8_t)s.bytes[i];
        static const char names[] = "\tt\nn\rr\\\\";
        const char *name = b ? strchr(names, b) : NULL;
        if (name && (name - names) % 2 == 0)
            fprintf(out, "\\%c", name[1]);
        else if (b < 0x20 || b == 0x7F)
            fprintf(out, "\\x%02X", b);
        else
            fputc(b, out);
    }
}

static enum gaosou_status print_filing(struct dump *d, const struct gs_merge_input *in,
                                       uint32_t doc, struct gs_err *err)
{
    const struct gs_segment *s = in->view->segment;
    struct gs_record r;
    uint64_t sequence, length, date;
    enum gaosou_status status = gs_record_read(d->records, s, doc, &r, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s, GS_COLUMN_SEQUENCE, doc, &sequence, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s, GS_COLUMN_LENGTH, doc, &length, err);
    if (status == GAOSOU_OK)
        status = gs_column_get(s, GS_COLUMN_DATE, doc, &date, err);
    if (status != GAOSOU_OK)
        return status;
    fprintf(d->out, "@%u\t", in->renumbered[doc]);
    print_escaped(d->out, r.id);
    fprintf(d->out, "\t%llu\t%llu\t%u\t%llu\t", (unsigned long long)sequence,
            (unsigned long long)length, r.content_size, (unsigned long long)date);
    print_escaped(d->out, r.title);
    fputc('\n', d->out);
    return GAOSOU_OK;
}

static enum gaosou_status print_filings(struct dump *d, struct gs_err *err)
{
    for (size_t i = 0; i < d->snapshot.segment_count; i++) {
        const struct gs_merge_input *in = &d->inputs[i];
        uint32_t docs = gs_segment_get_stats(in->view->segment)->doc_count;
        for (uint32_t doc = 0; doc < docs; doc++) {
            if (in->renumbered[doc] == GS_DOC_END)
                continue;
            enum gaosou_status status = print_filing(d, in, doc, err);
            if (status != GAOSOU_OK)
                return status;
        }
    }
    return GAOSOU_OK;
}

static void print_term(FILE *out, const struct gs_merged_term *t)
{
    char name[GS_TERM_TEXT_CAP];
    fprintf(out, "%s\t%u\t%llu\n", gs_term_text(&t->term, name), t->df, (unsigned long long)t->cf);
    const uint32_t *positions = t->positions;
    for (uint32_t i = 0; i < t->df; i++) {
        fprintf(out, " %u:%u:", t->docs[i], t->freqs[i]);
        for (uint32_t k = 0; k < t->freqs[i]; k++)
            fprintf(out, k ? ",%u" : "%u", *positions++);
        fputc('\n', out);
    }
}

/* ---- terms ---- */

/* A term as it was typed: one or two Han-like characters, a structural name, or a word. */
static void parse_term(const char *text, struct gs_term *t)
{
    static const char *const structural[] = {"#sentence", "#paragraph", "#heading"};
    const uint8_t *bytes = (const uint8_t *)text;
    size_t size = strlen(text);
    for (uint32_t i = 0; i < 3; i++) {
        if (strcmp(text, structural[i]) == 0) {
            *t = (struct gs_term){.second = GS_STRUCT_SENTENCE + i};
            return;
        }
    }
    *t = (struct gs_term){.is_word = true, .bytes = bytes, .size = size};
    if (size == 0)
        return;
    struct gs_utf8_char first = gs_utf8_decode(bytes, size);
    if (first.size == 0 || first.size == size) {
        t->first = first.code;
        return;
    }
    struct gs_utf8_char second = gs_utf8_decode(bytes + first.size, size - first.size);
    if (second.size > 0 && first.size + second.size == size) {
        t->first = first.code;
        t->second = second.code;
    }
}

static enum gaosou_status dump_term(struct dump *d, struct gs_term_union *u, const char *text,
                                    bool *found, struct gs_err *err)
{
    struct gs_term t;
    struct gs_merged_term merged = {0};
    parse_term(text, &t);
    enum gaosou_status status = GAOSOU_OK;
    if (t.first != 0 || !t.is_word) {
        struct gs_term han = {.first = t.first, .second = t.second};
        status = gs_term_union_find(u, &han, &merged, err);
    }
    if (status == GAOSOU_OK && merged.df == 0 && t.is_word && t.size > 0 && t.size <= GS_WORD_MAX) {
        struct gs_term word = {.is_word = true, .bytes = t.bytes, .size = t.size};
        status = gs_term_union_find(u, &word, &merged, err);
    }
    if (status != GAOSOU_OK)
        return status;
    *found = merged.df > 0;
    if (*found)
        print_term(d->out, &merged);
    return GAOSOU_OK;
}

static enum gaosou_status dump_terms(struct dump *d, const struct gs_index_options *o,
                                     struct gs_console *c, bool *all_found, struct gs_err *err)
{
    struct gs_term_union *u = NULL;
    enum gaosou_status status = gs_term_union_open(&u, d->inputs, d->snapshot.segment_count, err);
    bool more = o->arg_count == 0;
    while (status == GAOSOU_OK && more) {
        struct gs_merged_term t;
        status = gs_term_union_next(u, &t, &more, err);
        if (status == GAOSOU_OK && more)
            print_term(d->out, &t);
        if (ferror(d->out))
            break;
    }
    for (int i = 0; i < o->arg_count && status == GAOSOU_OK; i++) {
        bool found = false;
        status = dump_term(d, u, o->args[i], &found, err);
        if (status == GAOSOU_OK && !found)
            gs_console_warn(c, GS_TR(c, "no such term: %s", "没有这个词项：%s"), o->args[i]);
        *all_found = *all_found && found;
    }
    gs_term_union_close(u);
    return status;
}

/* ---- one filing ---- */

static void print_field(FILE *out, const char *name, struct gs_str value)
{
    if (value.size == 0)
        return;
    fprintf(out, "%s\t", name);
    print_escaped(out, value);
    fputc('\n', out);
}

static void print_record(FILE *out, const struct gs_record *r)
{
    const struct {
        const char *name;
        struct gs_str value;
    } fields[] = {{"id", r->id},         {"title", r->title},     {"codes", r->codes},
                  {"name", r->name},     {"company", r->company}, {"date", r->date},
                  {"period", r->period}, {"type", r->type},       {"exchange", r->exchange},
                  {"board", r->board},   {"url", r->url},         {"path", r->path},
                  {"extra", r->extra},   {"number", r->number},   {"source", r->source}};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        print_field(out, fields[i].name, fields[i].value);
    fprintf(out, "content_size\t%u\ntitle_size\t%u\n", r->content_size, r->title_size);
    for (size_t i = 0; i < r->page_count; i++) {
        const struct gs_page *p = &r->pages[i];
        fprintf(out, "page\t%u\t%u\t%u\t%.*s\n", p->offset, r->page_positions[i], p->sheet,
                (int)p->label_size, (const char *)r->labels + p->label_offset);
    }
    for (size_t i = 0; i < r->mark_count; i++)
        fprintf(out, "%s\t%u\t%u\n", r->marks[i].kind == GS_MARK_FURNITURE ? "furniture" : "join",
                r->marks[i].start, r->marks[i].end);
    for (size_t i = 0; i < r->heading_count; i++)
        fprintf(out, "heading\t%u\t%u\t%u\n", r->headings[i].start, r->headings[i].end,
                r->headings[i].level);
}

static enum gaosou_status print_stored(struct dump *d, const struct gs_segment *s, uint32_t doc,
                                       struct gs_err *err)
{
    static const char *const names[GS_COLUMN_COUNT] = {
        [GS_COLUMN_SEQUENCE] = "sequence",
        [GS_COLUMN_LENGTH] = "length",
        [GS_COLUMN_TITLE_POSITIONS] = "title_positions",
        [GS_COLUMN_DATE] = "date_number",
        [GS_COLUMN_PERIOD] = "period_number",
        [GS_COLUMN_CONTENT_HASH] = "content_hash",
        [GS_COLUMN_SIZE] = "source_size",
        [GS_COLUMN_COMMIT] = "commit",
        [GS_COLUMN_TITLE_START] = "title_start",
        [GS_COLUMN_SOURCE_TIME] = "source_time",
        [GS_COLUMN_TEXT_STATE] = "text_state",
    };
    struct gs_record r;
    enum gaosou_status status = gs_record_read(d->records, s, doc, &r, err);
    if (status != GAOSOU_OK)
        return status;
    print_record(d->out, &r);
    for (int i = 0; i < GS_COLUMN_COUNT && status == GAOSOU_OK; i++) {
        uint64_t value = 0;
        status = gs_column_get(s, (enum gs_column)i, doc, &value, err);
        if (status == GAOSOU_OK)
            fprintf(d->out, i == GS_COLUMN_CONTENT_HASH ? "%s\t%016llx\n" : "%s\t%llu\n", names[i],
                    (unsigned long long)value);
    }
    if (status != GAOSOU_OK || !gs_segment_get_stats(s)->has_text)
        return status;
    struct gs_text_reader *reader = NULL;
    struct gs_buf text;
    gs_buf_init(&text, GS_FILING_MAX);
    status = gs_text_reader_create(&reader);
    if (status == GAOSOU_OK)
        status = gs_text_read(reader, s, doc, 0, r.content_size, &text, err);
    else
        (void)gs_err_nomem(err, r.content_size);
    if (status == GAOSOU_OK) {
        fputs("text\n", d->out);
        if (text.size > 0)
            fwrite(text.data, 1, text.size, d->out);
    }
    gs_text_reader_free(reader);
    gs_buf_release(&text);
    return status;
}

static enum gaosou_status dump_doc(struct dump *d, const char *id, struct gs_err *err)
{
    for (size_t i = d->snapshot.segment_count; i-- > 0;) {
        const struct gs_snapshot_segment *view = &d->snapshot.segments[i];
        uint32_t doc;
        enum gaosou_status status =
            gs_segment_find_id(view->segment, d->records, id, strlen(id), &doc, err);
        if (status != GAOSOU_OK)
            return status;
        if (doc != GS_DOC_END && !gs_snapshot_is_deleted(view, doc))
            return print_stored(d, view->segment, doc, err);
    }
    return gs_err_set(err, GAOSOU_E_NOT_FOUND, "no filing has the id %s", id);
}

int gs_command_dump(const struct gs_index_options *o, struct gs_console *c)
{
    struct dump d;
    struct gs_err err = {0};
    bool all_found = true;
    enum gaosou_status status = dump_open(&d, o->index, c->out, &err);
    if (status == GAOSOU_OK && o->doc_id)
        status = dump_doc(&d, o->doc_id, &err);
    if (status == GAOSOU_OK && !o->doc_id && o->arg_count == 0)
        status = print_filings(&d, &err);
    if (status == GAOSOU_OK && !o->doc_id)
        status = dump_terms(&d, o, c, &all_found, &err);
    dump_close(&d);
    if (status != GAOSOU_OK) {
        gs_console_error(c, "%s", err.text);
        return GS_EXIT_ERROR;
    }
    return all_found ? GS_EXIT_OK : GS_EXIT_LOSSES;
}
