#include "tests/support/random_index.h"

#include "indexer/builder.h"
#include "indexer/index_writer.h"
#include "indexer/merge.h"
#include "tests/support/random_query.h"
#include "tests/support/test.h"

/* ---- making a history ---- */

static struct random_step *add_step(struct random_history *h, enum random_step_kind kind,
                                    const char *id)
{
    struct random_step *s = REF_PUSH(&h->steps);
    s->kind = kind;
    snprintf(s->id, sizeof(s->id), "%s", id);
    return s;
}

void random_history_step(struct random_history *h, enum random_step_kind kind, const char *id)
{
    add_step(h, kind, id);
}

void random_history_add(struct random_history *h, const char *id, const char *title,
                        const void *text, size_t size)
{
    struct random_step *s = add_step(h, RANDOM_ADD, id);
    s->title = title ? strdup(title) : NULL;
    s->text = malloc(size + 1);
    assert_non_null(s->text);
    memcpy(s->text, text, size);
    s->size = size;
}

/* A day, a month, a year or nothing, in a few months so that ranges touch them. */
static void random_date(struct random_source *r, char *out, size_t size)
{
    uint32_t year = random_between(r, 2022, 2024), month = random_between(r, 1, 4) * 3,
             day = random_between(r, 27, 30);
    switch (random_below(r, 6)) {
    case 0:
        out[0] = '\0';
        break;
    case 1:
        snprintf(out, size, "%u", year);
        break;
    case 2:
        snprintf(out, size, "%u-%02u", year, month);
        break;
    default:
        snprintf(out, size, "%u-%02u-%02u", year, month, day);
    }
}

/* A place in the text where a character begins. */
static size_t random_place(struct random_source *r, const struct gs_buf *text)
{
    size_t at = random_below(r, (uint32_t)text->size + 1);
    while (at < text->size && (text->data[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* The title may be a part of the text, and there may be no text. */
static void place_title(struct random_source *r, const struct gs_buf *text, struct random_step *s)
{
    s->is_unread = random_once_in(r, 12);
    if (!s->title || !random_once_in(r, 3))
        return;
    size_t a = random_place(r, text), b = random_place(r, text);
    s->title_from = a < b ? a : b;
    s->title_to = a < b ? b : a;
}

/* An earlier filing's text with a space more: the same to a reader. */
static void copy_text(const struct random_history *h, struct random_source *r, struct gs_buf *text)
{
    static const char *const spaces[] = {"\n", " ", "\u3000", "\u00A0", "\u200B"};
    const struct random_step *s =
        h->steps.count ? &h->steps.at[random_below(r, (uint32_t)h->steps.count)] : NULL;
    if (!s || s->kind != RANDOM_ADD || !random_once_in(r, 6))
        return;
    struct gs_buf old = {.data = s->text, .size = s->size};
    size_t at = random_place(r, &old);
    gs_buf_clear(text);
    gs_buf_append(text, s->text, at);
    gs_buf_append_str(text, RANDOM_OF(r, spaces));
    gs_buf_append(text, s->text + at, s->size - at);
}

static const char *const known_fields[] = {"code",  "name",     "company", "type", "exchange",
                                           "board", "industry", "score",   "f_1"};

/* What is known of it: dates, and of some fields a value or two. */
static void know_filing(struct random_source *r, struct random_step *s)
{
    random_date(r, s->date, sizeof(s->date));
    random_date(r, s->period, sizeof(s->period));
    for (size_t i = 0; i < sizeof(known_fields) / sizeof(known_fields[0]); i++) {
        const char *field = known_fields[i];
        bool several = i == 0 || i > 5;
        while (!random_once_in(r, 4)) {
            struct random_known *known = REF_PUSH(&s->known);
            known->field = field;
            known->value = random_stored(r, field);
            if (!several || random_once_in(r, 2))
                break;
        }
    }
}

static void add_filing(struct random_history *h, struct random_source *r, uint32_t ids,
                       uint32_t most_pieces)
{
    struct gs_buf text, title;
    char id[24];
    gs_buf_init(&text, 1 << 24);
    gs_buf_init(&title, 1 << 16);
    snprintf(id, sizeof(id), "f%u", random_below(r, ids));
    if (random_once_in(r, 2))
        random_filing(&h->corpus, r, random_between(r, 1, 6), &title);
    if (random_once_in(r, 6)) /* the text begins with its title */
        gs_buf_append(&text, title.size ? title.data : (const uint8_t *)"", title.size);
    random_filing(&h->corpus, r, random_between(r, 0, most_pieces), &text);
    copy_text(h, r, &text);
    gs_buf_append_u8(&title, 0);
    random_history_add(h, id, title.size > 1 ? (const char *)title.data : NULL,
                       text.size ? text.data : (const uint8_t *)"", text.size);
    place_title(r, &text, &h->steps.at[h->steps.count - 1]);
    know_filing(r, &h->steps.at[h->steps.count - 1]);
    gs_buf_release(&text);
    gs_buf_release(&title);
}

void random_history_init(struct random_history *h, uint64_t seed, enum random_size size)
{
    struct random_source r = {seed};
    memset(h, 0, sizeof(*h));
    random_corpus_init(&h->corpus, &r);
    h->with_text = random_once_in(&r, 2);
    h->threads = random_between(&r, 1, 2);
    uint32_t filings = size == RANDOM_TINY   ? random_between(&r, 1, 60)
                       : size == RANDOM_MANY ? 1500
                                             : 12;
    uint32_t pieces = size == RANDOM_TINY   ? random_between(&r, 2, 40)
                      : size == RANDOM_MANY ? 10
                                            : 9000;
    uint32_t ids = random_once_in(&r, 3) ? filings / 2 + 1 : filings * 8;
    uint32_t commits = random_between(&r, 1, 4);
    for (uint32_t i = 0; i < filings; i++) {
        add_filing(h, &r, ids, pieces);
        bool rare = random_once_in(&r, filings / commits + 1);
        if (rare)
            random_history_step(h, RANDOM_COMMIT, "");
        while (random_once_in(&r, rare ? 2 : 30)) {
            char id[24];
            snprintf(id, sizeof(id), "f%u", random_below(&r, ids));
            random_history_step(h, RANDOM_DELETE, id);
        }
        if (rare && random_once_in(&r, 4))
            random_history_step(h, RANDOM_MERGE, "");
    }
    random_history_step(h, RANDOM_COMMIT, "");
    if (random_once_in(&r, 4))
        random_history_step(h, RANDOM_MERGE, "");
}

void random_history_release(struct random_history *h)
{
    for (size_t i = 0; i < h->steps.count; i++) {
        free(h->steps.at[i].title);
        free(h->steps.at[i].text);
        REF_RELEASE(&h->steps.at[i].known);
    }
    REF_RELEASE(&h->steps);
}

/* ---- playing it ---- */

/* Filings of one commit are taken together: the builder owns the writer until it is finished. */
struct player {
    const struct random_history *h;
    const char *folder;
    struct gs_index_writer *writer;
    struct gs_builder *builder;
    struct gs_err err;
};

static void open_writer(struct player *p)
{
    if (p->writer)
        return;
    assert_ok_err(gs_index_writer_open(&p->writer, p->folder, true, &p->err), &p->err);
    assert_ok_err(gs_index_writer_add_filterable(p->writer, "industry,score,f_1", &p->err),
                  &p->err);
}

static void finish_builder(struct player *p)
{
    if (!p->builder)
        return;
    assert_ok_err(gs_builder_finish(p->builder, &p->err), &p->err);
    gs_builder_free(p->builder);
    p->builder = NULL;
}

static void commit(struct player *p, struct ref_index *x)
{
    finish_builder(p);
    if (!p->writer)
        return;
    ref_index_commit(x);
    if (gs_index_writer_is_changed(p->writer))
        assert_ok_err(gs_index_writer_commit(p->writer, &p->err), &p->err);
    x->commit = gs_index_writer_manifest(p->writer)->commit;
    gs_index_writer_close(p->writer);
    p->writer = NULL;
}

static struct ref_date read_date(const char *text)
{
    struct ref_date d = {0};
    if (sscanf(text, "%4u-%2u-%2u", &d.year, &d.month, &d.day) < 1)
        d.year = 0;
    return d;
}

/* The values of a field, U+001F between them. */
static struct gs_str join_known(const struct random_step *s, const char *field, char out[256])
{
    size_t size = 0;
    out[0] = '\0';
    for (size_t i = 0; i < s->known.count; i++)
        if (strcmp(s->known.at[i].field, field) == 0)
            size += (size_t)snprintf(out + size, 256 - size, "%s%s", size ? "\x1F" : "",
                                     s->known.at[i].value);
    return (struct gs_str){out, size};
}

/* joined: memory of the values. */
static void tell_known(const struct random_step *s, struct gs_filing *f, char joined[8][256])
{
    static const enum gs_field fields[] = {GS_FIELD_CODES, GS_FIELD_NAME,     GS_FIELD_COMPANY,
                                           GS_FIELD_TYPE,  GS_FIELD_EXCHANGE, GS_FIELD_BOARD};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        f->field[fields[i]] = join_known(s, known_fields[i], joined[i]);
}

/* Whether a value is spelled in JSON as it is stored: a number, true. */
static bool is_bare(const char *value)
{
    size_t digits = strspn(value + (*value == '-'), "0123456789.");
    bool number = value[digits + (*value == '-')] == '\0' && !(value[0] == '0' && value[1] != '.');
    return number || strcmp(value, "true") == 0;
}

/* The filterable fields as an object: a value, or a list of them. */
static void tell_extra(const struct random_step *s, struct gs_buf *out)
{
    gs_buf_append_str(out, "{");
    for (size_t k = 0; k < random_filterable_count; k++) {
        const char *separator = "";
        gs_buf_printf(out, "%s\"%s\":[", k ? "," : "", random_filterable[k].bytes);
        for (size_t i = 0; i < s->known.count; i++) {
            const struct random_known *known = &s->known.at[i];
            if (strcmp(known->field, random_filterable[k].bytes) != 0)
                continue;
            gs_buf_printf(out, is_bare(known->value) ? "%s%s" : "%s\"%s\"", separator,
                          known->value);
            separator = ",";
        }
        gs_buf_append_str(out, "]");
    }
    gs_buf_append_str(out, "}");
}

static void play_add(struct player *p, const struct random_step *s, struct ref_index *x)
{
    open_writer(p);
    if (!p->builder) {
        struct gs_builder_params params = {
            .threads = p->h->threads, .memory = GS_MEMORY_MIN, .with_text = p->h->with_text};
        assert_ok_err(gs_builder_create(&p->builder, p->writer, &params, &p->err), &p->err);
    }
    bool has_title = s->title_to <= s->size; /* else the text has been shrunk */
    size_t from = has_title ? s->title_from : 0, to = has_title ? s->title_to : 0;
    struct gs_filing f = {.text = {(const char *)s->text, s->size},
                          .source_size = s->size,
                          .title_from = (uint32_t)from,
                          .title_to = (uint32_t)to,
                          .text_state = s->is_unread ? GS_TEXT_NONE : GS_TEXT_READ};
    f.field[GS_FIELD_ID] = (struct gs_str){s->id, strlen(s->id)};
    if (s->title)
        f.field[GS_FIELD_TITLE] = (struct gs_str){s->title, strlen(s->title)};
    f.field[GS_FIELD_DATE] = (struct gs_str){s->date, strlen(s->date)};
    f.field[GS_FIELD_PERIOD] = (struct gs_str){s->period, strlen(s->period)};
    char joined[8][256];
    tell_known(s, &f, joined);
    struct gs_buf extra;
    gs_buf_init(&extra, 4096);
    tell_extra(s, &extra);
    f.field[GS_FIELD_EXTRA] = (struct gs_str){(const char *)extra.data, extra.size};
    assert_ok_err(gs_builder_add(p->builder, &f, &p->err), &p->err);
    gs_buf_release(&extra);
    struct ref_filing *filing = ref_index_add(x, &(struct ref_source){
                                                     .id = s->id,
                                                     .title = s->title,
                                                     .text = s->text,
                                                     .size = s->size,
                                                     .title_from = from,
                                                     .title_to = to,
                                                     .is_unread = s->is_unread,
                                                 });
    filing->date = read_date(s->date);
    filing->period = read_date(s->period);
    for (size_t i = 0; i < s->known.count; i++)
        ref_filing_store(filing, s->known.at[i].field, s->known.at[i].value);
}

/* Deletions see what is committed: a commit comes first. */
static void play_delete(struct player *p, const struct random_step *s, struct ref_index *x)
{
    bool found;
    commit(p, x);
    open_writer(p);
    assert_ok_err(gs_index_writer_delete(p->writer, s->id, strlen(s->id), &found, &p->err),
                  &p->err);
    assert_int_equal(found, ref_index_delete(x, s->id));
}

static void play_merge(struct player *p, struct ref_index *x)
{
    struct gs_merge_counts counts;
    commit(p, x);
    open_writer(p);
    size_t before = x->filings.count;
    assert_ok_err(gs_merge_all(p->writer, &counts, &p->err), &p->err);
    ref_index_compact(x);
    x->commit = gs_index_writer_manifest(p->writer)->commit;
    assert_int_equal(counts.dropped, before - x->filings.count);
}

void random_history_play(const struct random_history *h, const char *folder, struct ref_index *x)
{
    struct player p = {.h = h, .folder = folder};
    for (size_t i = 0; i < h->steps.count; i++) {
        const struct random_step *s = &h->steps.at[i];
        if (s->dropped)
            continue;
        if (s->kind == RANDOM_ADD)
            play_add(&p, s, x);
        else if (s->kind == RANDOM_DELETE)
            play_delete(&p, s, x);
        else if (s->kind == RANDOM_MERGE)
            play_merge(&p, x);
        else
            commit(&p, x);
    }
    commit(&p, x);
}
