#include "query/synonyms.h"

#include "common/base/checksum.h"
#include "common/base/file.h"
#include "common/text/utf8.h"
#include "query/leaf_same.h"
#include "query/parse.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_MAX                                                                                 \
    ((size_t)1 << 30) /* of the analysed terms: the cap of the file keeps it below                 \
                       */

/* A term of the file, met once or often. */
struct entry {
    struct gs_leaf leaf;
    uint64_t hash;
    const struct gs_leaf **targets; /* what it becomes, in the order of the file; the arena's */
    size_t target_count, target_capacity;
};

struct gs_synonyms {
    struct gs_arena arena;
    uint64_t fingerprint;
    struct entry **entries; /* in the order of the file */
    size_t entry_count, entry_capacity;
    uint32_t *slots; /* open addressing: entry + 1, 0 is free */
    size_t slot_count;
};

/* The terms on one side of a rule. */
struct side {
    struct entry **entries;
    size_t count, capacity;
};

struct reader {
    struct gs_synonyms *synonyms;
    struct gs_parser parser; /* what terms are analysed by */
    struct side left, right;
    const uint8_t *text; /* of the file */
    const char *name;
    uint64_t line;
    struct gs_err *err;
};

static enum gaosou_status nomem(struct reader *r)
{
    return gs_err_nomem(r->err, r->synonyms->arena.taken);
}

static enum gaosou_status fail(struct reader *r, const char *what)
{
    return gs_err_set(r->err, GAOSOU_E_INPUT, "%s:%" PRIu64 ": %s", r->name, r->line, what);
}

/* ---- the table ---- */

static struct entry *find(const struct gs_synonyms *s, const struct gs_leaf *leaf, uint64_t hash,
                          size_t *slot)
{
    if (s->slot_count == 0)
        return NULL;
    for (*slot = (size_t)hash & (s->slot_count - 1); s->slots[*slot];
         *slot = (*slot + 1) & (s->slot_count - 1)) {
        struct entry *e = s->entries[s->slots[*slot] - 1];
        if (e->hash == hash && gs_leaf_same(&e->leaf, leaf))
            return e;
    }
    return NULL;
}

static bool grow_table(struct gs_synonyms *s)
{
    size_t count = s->slot_count ? s->slot_count * 2 : 64;
    uint32_t *slots = calloc(count, sizeof(*slots));
    struct entry **entries = realloc(s->entries, count / 2 * sizeof(*entries));
    if (entries)
        s->entries = entries;
    if (!slots || !entries) {
        free(slots);
        return false;
    }
    for (size_t i = 0; i < s->entry_count; i++) {
        size_t slot = (size_t)s->entries[i]->hash & (count - 1);
        while (slots[slot])
            slot = (slot + 1) & (count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    free(s->slots);
    s->slots = slots;
    s->slot_count = count;
    s->entry_capacity = count / 2;
    return true;
}

/* The entry of an analysed term, made where it is new. NULL without memory. */
static struct entry *intern(struct gs_synonyms *s, const struct gs_leaf *leaf)
{
    uint64_t hash = gs_leaf_hash(leaf);
    size_t slot = 0;
    if (s->entry_count == s->entry_capacity && !grow_table(s))
        return NULL;
    struct entry *e = find(s, leaf, hash, &slot);
    if (e)
        return e;
    e = gs_arena_alloc(&s->arena, sizeof(*e));
    if (!e)
        return NULL;
    *e = (struct entry){.leaf = *leaf, .hash = hash};
    s->entries[s->entry_count++] = e;
    s->slots[slot] = (uint32_t)s->entry_count;
    return e;
}

/* ---- rules ---- */

static bool side_add(struct side *side, struct entry *e)
{
    if (side->count == side->capacity) {
        size_t capacity = side->capacity ? side->capacity * 2 : 8;
        struct entry **grown = realloc(side->entries, capacity * sizeof(struct entry *));
        if (!grown)
            return false;
        side->entries = grown;
        side->capacity = capacity;
    }
    side->entries[side->count++] = e;
    return true;
}

static enum gaosou_status add_target(struct reader *r, struct entry *from, const struct entry *to)
{
    for (size_t i = 0; i < from->target_count; i++) {
        if (from->targets[i] == &to->leaf)
            return GAOSOU_OK;
    }
    if (from->target_count == GS_QUERY_TERMS_MAX)
        return fail(r, "more synonyms for one term than a query may have terms");
    if (from->target_count == from->target_capacity) {
        size_t capacity = from->target_capacity ? from->target_capacity * 2 : 4;
        const struct gs_leaf **grown =
            gs_arena_alloc(&r->synonyms->arena, capacity * sizeof(struct gs_leaf *));
        if (!grown)
            return nomem(r);
        if (from->target_count)
            memcpy(grown, from->targets, from->target_count * sizeof(struct gs_leaf *));
        from->targets = grown;
        from->target_capacity = capacity;
    }
    from->targets[from->target_count++] = &to->leaf;
    return GAOSOU_OK;
}

/* Each term of the left becomes those of the right; itself first where they are one list. */
static enum gaosou_status add_rule(struct reader *r, const struct side *right)
{
    enum gaosou_status status = GAOSOU_OK;
    for (size_t i = 0; i < r->left.count && !status; i++) {
        if (right == &r->left)
            status = add_target(r, r->left.entries[i], r->left.entries[i]);
        for (size_t k = 0; k < right->count && !status; k++)
            status = add_target(r, r->left.entries[i], right->entries[k]);
    }
    return status;
}

/* ---- lines ---- */

static bool is_blank(const uint8_t *at, const uint8_t *end, size_t *size)
{
    *size = end - at >= 3 && memcmp(at, "\xE3\x80\x80", 3) == 0 ? 3 : 1;
    return *size == 3 || *at == ' ' || *at == '\t' || *at == '\r';
}

static bool ends_blank(const uint8_t *from, const uint8_t *end, size_t *size)
{
    *size = end - from >= 3 && memcmp(end - 3, "\xE3\x80\x80", 3) == 0 ? 3 : 1;
    return *size == 3 || end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r';
}

static void trim(const uint8_t **from, const uint8_t **end)
{
    size_t size;
    while (*from < *end && is_blank(*from, *end, &size))
        *from += size;
    while (*from < *end && ends_blank(*from, *end, &size))
        *end -= size;
}

/* The text of a term without its escapes, analysed as a quoted phrase. */
static enum gaosou_status read_term(struct reader *r, struct side *side, const uint8_t *from,
                                    const uint8_t *end)
{
    trim(&from, &end);
    if (from == end)
        return fail(r, "a rule lacks a term; a comma or => has nothing beside it");
    if (end - from > GS_SYNONYMS_TERM_MAX)
        return fail(r, "a term is too long (at most 4096 bytes)");
    uint8_t text[GS_SYNONYMS_TERM_MAX];
    size_t size = 0;
    for (const uint8_t *at = from; at < end; at++) {
        if (*at == '\\' && at + 1 < end)
            at++;
        text[size++] = *at;
    }
    struct gs_parser *p = &r->parser;
    struct gs_leaf leaf;
    p->text = text;
    p->size = size;
    p->item_count = 0;
    enum gaosou_status status =
        gs_parse_analyse(p, &(struct gs_piece){.start = 0, .end = size, .figures = true}, &leaf);
    if (status)
        return status;
    if (leaf.kind == GS_LEAF_NOTHING)
        return fail(r, "a term has no letter, digit or character that could be searched for");
    struct entry *e = intern(r->synonyms, &leaf);
    return e && side_add(side, e) ? GAOSOU_OK : nomem(r);
}

/* The next sign that is not escaped: a comma, `=>`, or the end. */
static const uint8_t *next_sign(const uint8_t *at, const uint8_t *end)
{
    while (at < end && *at != ',' && !(*at == '=' && at + 1 < end && at[1] == '>'))
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    return at < end ? at : end;
}

static enum gaosou_status read_rule(struct reader *r, const uint8_t *at, const uint8_t *end)
{
    struct side *side = &r->left;
    r->left.count = r->right.count = 0;
    for (;;) {
        const uint8_t *sign = next_sign(at, end);
        enum gaosou_status status = read_term(r, side, at, sign);
        if (status)
            return status;
        if (sign == end)
            return add_rule(r, side);
        if (*sign == '=' && side == &r->right)
            return fail(r, "a second => in one rule");
        if (*sign == '=')
            side = &r->right;
        at = sign + (*sign == '=' ? 2 : 1);
    }
}

static bool is_utf8(const uint8_t *at, const uint8_t *end)
{
    while (at < end) {
        struct gs_utf8_char c = gs_utf8_decode(at, (size_t)(end - at));
        if (c.size == 0 || !c.valid)
            return false;
        at += c.size;
    }
    return true;
}

static enum gaosou_status read_line(struct reader *r, const uint8_t *from, const uint8_t *end)
{
    if (!is_utf8(from, end))
        return fail(r, "this line is not UTF-8");
    trim(&from, &end);
    return from == end || *from == '#' ? GAOSOU_OK : read_rule(r, from, end);
}

static enum gaosou_status read_lines(struct reader *r, const uint8_t *at, const uint8_t *end)
{
    enum gaosou_status status = GAOSOU_OK;
    if (end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end && !status) {
        const uint8_t *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        r->line++;
        status = read_line(r, at, line_end);
        at = line_end < end ? line_end + 1 : end;
    }
    return status;
}

/* ---- from outside ---- */

static enum gaosou_status read_all(struct reader *r, const uint8_t *bytes, size_t size)
{
    struct gs_parser *p = &r->parser;
    *p = (struct gs_parser){
        .arena = &r->synonyms->arena, .err = r->err, .cutter = gs_cutter_create(true)};
    gs_cut_batch_init(&p->batch);
    gs_buf_init(&p->piece, GS_SYNONYMS_TERM_MAX + 64);
    enum gaosou_status status =
        p->cutter && gs_buf_reserve(&p->piece, 1) ? read_lines(r, bytes, bytes + size) : nomem(r);
    gs_buf_release(&p->piece);
    gs_cut_batch_release(&p->batch);
    gs_cutter_free(p->cutter);
    free(r->left.entries);
    free(r->right.entries);
    return status;
}

enum gaosou_status gs_synonyms_read(struct gs_synonyms **out, const void *bytes, size_t size,
                                    const char *name, struct gs_err *err)
{
    if (size > GS_SYNONYMS_BYTES_MAX)
        return gs_err_set(err, GAOSOU_E_LIMIT, "%s: synonyms of more than %zu bytes", name,
                          GS_SYNONYMS_BYTES_MAX);
    struct gs_synonyms *s = calloc(1, sizeof(*s));
    if (!s)
        return gs_err_nomem(err, sizeof(*s));
    gs_arena_init(&s->arena, MEMORY_MAX);
    s->fingerprint = gs_hash64(bytes, size);
    struct reader r = {.synonyms = s, .name = name, .err = err};
    enum gaosou_status status = read_all(&r, bytes, size);
    if (status) {
        gs_synonyms_free(s);
        return status;
    }
    *out = s;
    return GAOSOU_OK;
}

enum gaosou_status gs_synonyms_open(struct gs_synonyms **out, const char *path, struct gs_err *err)
{
    struct gs_buf bytes;
    gs_buf_init(&bytes, GS_SYNONYMS_BYTES_MAX);
    enum gaosou_status status = gs_file_read(path, &bytes, err);
    if (!status)
        status = gs_synonyms_read(out, bytes.size ? bytes.data : (const uint8_t *)"", bytes.size,
                                  path, err);
    gs_buf_release(&bytes);
    return status;
}

void gs_synonyms_free(struct gs_synonyms *s)
{
    if (!s)
        return;
    gs_arena_release(&s->arena);
    free(s->entries);
    free(s->slots);
    free(s);
}

uint64_t gs_synonyms_fingerprint(const struct gs_synonyms *s)
{
    return s->fingerprint;
}

const struct gs_leaf *const *gs_synonyms_of(const struct gs_synonyms *s, const struct gs_leaf *leaf,
                                            size_t *count)
{
    *count = 0;
    if (leaf->kind != GS_LEAF_PHRASE && leaf->kind != GS_LEAF_CHAR)
        return NULL;
    size_t slot;
    const struct entry *e = find(s, leaf, gs_leaf_hash(leaf), &slot);
    *count = e ? e->target_count : 0;
    return *count ? e->targets : NULL;
}
