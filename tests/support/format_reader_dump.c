/* Printing an index as gaosou-index dump does. See format_reader.h. */
#include "tests/support/format_reader.h"

#include "common/text/term.h"

static void print_escaped(FILE *out, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (bytes[i]) {
        case '\t':
            fputs("\\t", out);
            break;
        case '\n':
            fputs("\\n", out);
            break;
        case '\r':
            fputs("\\r", out);
            break;
        case '\\':
            fputs("\\\\", out);
            break;
        default:
            fprintf(out, bytes[i] < 0x20 || bytes[i] == 0x7F ? "\\x%02X" : "%c", bytes[i]);
        }
    }
}

/* The living filings, numbered through: numbers[segment][doc]. */
static uint32_t **number_filings(const struct format_index *x)
{
    uint32_t **numbers = format_memory((x->segments.count + 1) * sizeof(*numbers)), next = 0;
    for (size_t i = 0; i < x->segments.count; i++) {
        const struct format_segment *s = &x->segments.at[i];
        numbers[i] = format_memory(s->docs * sizeof(uint32_t));
        for (uint32_t doc = 0; doc < s->docs; doc++)
            numbers[i][doc] = s->deleted[doc] ? UINT32_MAX : next++;
    }
    return numbers;
}

static void print_filing(FILE *out, const struct format_segment *s, uint32_t doc, uint32_t number)
{
    const struct format_record *r = &s->records.at[doc];
    fprintf(out, "@%u\t", number);
    print_escaped(out, r->fields[0].bytes, r->fields[0].size);
    fprintf(out, "\t%llu\t%llu\t%llu\t%llu\t", (unsigned long long)s->columns[FORMAT_SEQUENCE][doc],
            (unsigned long long)s->columns[FORMAT_LENGTH][doc], (unsigned long long)r->content_size,
            (unsigned long long)s->columns[FORMAT_DATE][doc]);
    print_escaped(out, r->fields[1].bytes, r->fields[1].size);
    fputc('\n', out);
}

struct entry {
    const struct format_term *term;
    size_t segment;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    struct gs_term s = {x->term->is_word, x->term->first, x->term->second, x->term->word,
                        x->term->size};
    struct gs_term t = {y->term->is_word, y->term->first, y->term->second, y->term->word,
                        y->term->size};
    int c = gs_term_compare(&s, &t);
    return c ? c : (x->segment > y->segment) - (x->segment < y->segment);
}

/* Entries of one term, from several segments. */
static void print_term(FILE *out, const struct format_index *x, const struct entry *entries,
                       size_t count, uint32_t *const *numbers)
{
    char name[GS_TERM_TEXT_CAP], *lists = NULL;
    size_t size = 0;
    uint64_t df = 0, cf = 0;
    FILE *memory = open_memstream(&lists, &size);
    if (!memory)
        abort();
    for (size_t i = 0; i < count; i++) {
        const struct format_term *t = entries[i].term;
        const uint32_t *positions = t->positions;
        for (uint32_t k = 0; k < t->df; positions += t->freqs[k], k++) {
            if (x->segments.at[entries[i].segment].deleted[t->docs[k]])
                continue;
            df++;
            cf += t->freqs[k];
            fprintf(memory, " %u:%u:", numbers[entries[i].segment][t->docs[k]], t->freqs[k]);
            for (uint32_t p = 0; p < t->freqs[k]; p++)
                fprintf(memory, p ? ",%u" : "%u", positions[p]);
            fputc('\n', memory);
        }
    }
    fclose(memory);
    const struct format_term *t = entries[0].term;
    struct gs_term term = {t->is_word, t->first, t->second, t->word, t->size};
    if (df > 0)
        fprintf(out, "%s\t%llu\t%llu\n%s", gs_term_text(&term, name), (unsigned long long)df,
                (unsigned long long)cf, lists);
    free(lists);
}

static void print_terms(FILE *out, const struct format_index *x, uint32_t *const *numbers)
{
    REF_LIST(struct entry) all = {0};
    for (size_t i = 0; i < x->segments.count; i++)
        for (size_t k = 0; k < x->segments.at[i].terms.count; k++)
            *REF_PUSH(&all) = (struct entry){&x->segments.at[i].terms.at[k], i};
    if (all.count)
        qsort(all.at, all.count, sizeof(*all.at), compare_entries);
    for (size_t i = 0, end; i < all.count; i = end) {
        struct entry same = all.at[i];
        for (end = i + 1; end < all.count; end++) {
            same.segment = all.at[end].segment;
            if (compare_entries(&same, &all.at[end]) != 0)
                break;
        }
        print_term(out, x, all.at + i, end - i, numbers);
    }
    REF_RELEASE(&all);
}

void format_dump(const struct format_index *x, FILE *out)
{
    uint32_t **numbers = number_filings(x);
    for (size_t i = 0; i < x->segments.count; i++)
        for (uint32_t doc = 0; doc < x->segments.at[i].docs; doc++)
            if (!x->segments.at[i].deleted[doc])
                print_filing(out, &x->segments.at[i], doc, numbers[i][doc]);
    print_terms(out, x, numbers);
    for (size_t i = 0; i < x->segments.count; i++)
        free(numbers[i]);
    free(numbers);
}

/* ---- one filing ---- */

static void print_fields(FILE *out, const struct format_record *r)
{
    static const struct {
        const char *name;
        size_t field;
    } order[] = {{"id", 0},   {"title", 1},  {"codes", 11}, {"name", 2},     {"company", 3},
                 {"date", 4}, {"period", 5}, {"type", 6},   {"exchange", 7}, {"board", 8},
                 {"url", 9},  {"path", 10},  {"extra", 12}, {"number", 13},  {"source", 14}};
    for (size_t i = 0; i < FORMAT_FIELDS; i++) {
        size_t k = order[i].field;
        if (r->fields[k].size == 0)
            continue;
        fprintf(out, "%s\t", order[i].name);
        print_escaped(out, r->fields[k].bytes, r->fields[k].size);
        fputc('\n', out);
    }
}

static void print_stored(FILE *out, const struct format_segment *s, uint32_t doc)
{
    static const struct {
        const char *name;
        enum format_column column;
    } order[] = {{"sequence", FORMAT_SEQUENCE},
                 {"length", FORMAT_LENGTH},
                 {"title_positions", FORMAT_TITLE_POSITIONS},
                 {"date_number", FORMAT_DATE},
                 {"period_number", FORMAT_PERIOD},
                 {"content_hash", FORMAT_CONTENT_HASH},
                 {"source_size", FORMAT_SOURCE_SIZE},
                 {"commit", FORMAT_COMMIT},
                 {"title_start", FORMAT_TITLE_START},
                 {"source_time", FORMAT_SOURCE_TIME},
                 {"text_state", FORMAT_TEXT_STATE}};
    const struct format_record *r = &s->records.at[doc];
    print_fields(out, r);
    fprintf(out, "content_size\t%llu\ntitle_size\t%llu\n", (unsigned long long)r->content_size,
            (unsigned long long)r->title_size);
    for (size_t i = 0; i < r->pages.count; i++) {
        const struct format_page *p = &r->pages.at[i];
        fprintf(out, "page\t%llu\t%llu\t%llu\t%.*s\n", (unsigned long long)p->offset,
                (unsigned long long)p->position, (unsigned long long)p->sheet, (int)p->label_size,
                (const char *)r->labels + p->label_offset);
    }
    for (size_t i = 0; i < r->marks.count; i++)
        fprintf(out, "%s\t%llu\t%llu\n", r->marks.at[i].join ? "join" : "furniture",
                (unsigned long long)r->marks.at[i].start, (unsigned long long)r->marks.at[i].end);
    for (size_t i = 0; i < r->headings.count; i++) {
        const struct format_heading *h = &r->headings.at[i];
        fprintf(out, "heading\t%llu\t%llu\t%llu\n", (unsigned long long)h->start,
                (unsigned long long)(h->start + h->size), (unsigned long long)h->level);
    }
    for (size_t i = 0; i < FORMAT_COLUMN_COUNT; i++)
        fprintf(out, order[i].column == FORMAT_CONTENT_HASH ? "%s\t%016llx\n" : "%s\t%llu\n",
                order[i].name, (unsigned long long)s->columns[order[i].column][doc]);
    if (s->text) {
        fputs("text\n", out);
        fwrite(s->text + s->text_starts[doc], 1, (size_t)r->content_size, out);
    }
}

bool format_dump_doc(const struct format_index *x, const char *id, FILE *out)
{
    for (size_t i = x->segments.count; i-- > 0;) {
        const struct format_segment *s = &x->segments.at[i];
        for (uint32_t doc = s->docs; doc-- > 0;) {
            const struct format_record *r = &s->records.at[doc];
            if (s->deleted[doc] || r->fields[0].size != strlen(id) ||
                memcmp(r->fields[0].bytes, id, strlen(id)) != 0)
                continue;
            print_stored(out, s, doc);
            return true;
        }
    }
    return false;
}
