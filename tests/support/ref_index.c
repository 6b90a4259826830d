/* The filings of the brute-force engine. See ref_engine.h. */
#include "tests/support/ref_content_hash.h"
#include "tests/support/ref_engine.h"
#include "tests/support/ref_layout.h"

static void *copy_bytes(const void *bytes, size_t size, size_t more)
{
    uint8_t *copy = calloc(size + more + 1, 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, bytes, size);
    return copy;
}

/* Whether the title is one that was given, and not a place in the text: of a filing without a text
 * it always is. */
static bool has_field(const struct ref_source *s)
{
    return s->title && (s->is_unread || s->title_from == s->title_to);
}

/* Title, U+001F, line feed, text; or the text alone where there is no title or it begins with it or
 * has it somewhere. */
static void build_content(struct ref_filing *f, const struct ref_source *s)
{
    bool is_field = has_field(s);
    size_t title = is_field ? strlen(s->title) : 0, text = s->is_unread ? 0 : s->size;
    f->is_unread = s->is_unread;
    bool within = title <= text && memcmp(is_field ? s->title : "", s->text, title) == 0;
    size_t front = within ? 0 : title + 2;
    f->size = front + text;
    f->content = copy_bytes("", 0, f->size);
    if (front) {
        memcpy(f->content, s->title, title);
        memcpy(f->content + title, "\x1F\n", 2);
    }
    memcpy(f->content + front, s->text, text);
    if (is_field)
        f->title_to = title;
    else if (!s->is_unread) {
        f->title_from = s->title_from;
        f->title_to = s->title_to;
    }
}

/* The positions that the first bytes would take alone. */
static uint32_t count_positions(const struct ref_filing *f, size_t size,
                                const struct ref_layout *layout)
{
    struct ref_tokens t = {0};
    ref_tokenise(&t, f->content, size, layout->marks.at, layout->marks.count, NULL, 0);
    uint32_t positions = t.positions;
    ref_tokens_release(&t);
    return positions;
}

struct ref_filing *ref_index_add(struct ref_index *x, const struct ref_source *source)
{
    struct ref_layout layout = {0};
    struct ref_filing *f = copy_bytes("", 0, sizeof(*f));
    ref_index_delete(x, source->id);
    f->id = copy_bytes(source->id, strlen(source->id), 0);
    f->sequence = x->next_sequence++;
    f->commit = x->commit + 1;
    f->segment = x->next_segment;
    build_content(f, source);
    ref_layout_find(&layout, f->content, f->size);
    ref_structure_find(&layout);
    ref_tokenise(&f->tokens, f->content, f->size, layout.marks.at, layout.marks.count,
                 layout.ends.at, layout.ends.count);
    f->title_start = count_positions(f, f->title_from, &layout);
    f->title_end = count_positions(f, f->title_to, &layout);
    f->content_hash = ref_content_hash(f->content, f->size, has_field(source) ? f->title_to : 0,
                                       layout.marks.at, layout.marks.count);
    ref_layout_release(&layout);
    *REF_PUSH(&x->filings) = f;
    return f;
}

bool ref_index_delete(struct ref_index *x, const char *id)
{
    for (size_t i = 0; i < x->filings.count; i++) {
        struct ref_filing *f = x->filings.at[i];
        if (f->deleted || strcmp(f->id, id) != 0)
            continue;
        f->deleted = true;
        return true;
    }
    return false;
}

void ref_filing_store(struct ref_filing *f, const char *field, const char *value)
{
    struct ref_stored *stored = REF_PUSH(&f->stored);
    stored->field = copy_bytes(field, strlen(field), 0);
    stored->value = copy_bytes(value, strlen(value), 0);
}

static void free_filing(struct ref_filing *f)
{
    for (size_t i = 0; i < f->stored.count; i++) {
        free(f->stored.at[i].field);
        free(f->stored.at[i].value);
    }
    REF_RELEASE(&f->stored);
    ref_tokens_release(&f->tokens);
    free(f->id);
    free(f->content);
    free(f);
}

static bool is_live(const struct ref_index *x, size_t segment)
{
    for (size_t i = 0; i < x->filings.count; i++)
        if (x->filings.at[i]->segment == segment && !x->filings.at[i]->deleted)
            return true;
    return false;
}

void ref_index_commit(struct ref_index *x)
{
    size_t kept = 0;
    for (size_t i = 0; i < x->filings.count; i++) /* marked first: the list is read on the way */
        if (!is_live(x, x->filings.at[i]->segment))
            x->filings.at[i]->segment = SIZE_MAX;
    for (size_t i = 0; i < x->filings.count; i++) {
        if (x->filings.at[i]->segment == SIZE_MAX)
            free_filing(x->filings.at[i]);
        else
            x->filings.at[kept++] = x->filings.at[i];
    }
    x->filings.count = kept;
    x->next_segment++;
}

void ref_index_compact(struct ref_index *x)
{
    for (size_t i = 0; i < x->filings.count; i++)
        x->filings.at[i]->segment =
            x->filings.at[i]->deleted ? x->next_segment + 1 : x->next_segment;
    x->next_segment++;
    ref_index_commit(x);
}

void ref_index_release(struct ref_index *x)
{
    for (size_t i = 0; i < x->filings.count; i++)
        free_filing(x->filings.at[i]);
    REF_RELEASE(&x->filings);
}
