#include "common/base/checksum.h"
#include "indexer/reconcile_internal.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SLOTS 64u

/* ---- the table of roots: there may be as many as a shell's command line takes ---- */

static bool grow(struct gs_reconcile *r)
{
    size_t slots = r->root_slots ? (r->root_mask + 1) * 2 : FIRST_SLOTS;
    struct reconcile_root *roots = realloc(r->roots, slots / 2 * sizeof(*roots));
    if (roots)
        r->roots = roots;
    uint32_t *table = calloc(slots, sizeof(*table));
    if (!roots || !table || slots > UINT32_MAX) {
        free(table);
        return false;
    }
    for (size_t i = 0; i < r->root_count; i++) {
        size_t at = roots[i].hash & (slots - 1);
        while (table[at])
            at = (at + 1) & (slots - 1);
        table[at] = (uint32_t)i + 1;
    }
    free(r->root_slots);
    r->root_slots = table;
    r->root_mask = slots - 1;
    return true;
}

enum gaosou_status gs_reconcile_root(struct gs_reconcile *r, struct gs_str id, bool is_folder,
                                     struct gs_err *err)
{
    if ((!r->root_slots || r->root_count == (r->root_mask + 1) / 2) && !grow(r))
        return gs_err_nomem(err, r->root_count * sizeof(*r->roots));
    char *copy = malloc(id.size + 1);
    if (!copy)
        return gs_err_nomem(err, id.size + 1);
    if (id.size > 0)
        memcpy(copy, id.bytes, id.size);
    struct reconcile_root *root = &r->roots[r->root_count++];
    *root = (struct reconcile_root){{copy, id.size}, gs_hash64(copy, id.size), is_folder, 0};
    size_t at = root->hash & r->root_mask;
    while (r->root_slots[at])
        at = (at + 1) & r->root_mask;
    r->root_slots[at] = (uint32_t)r->root_count;
    return GAOSOU_OK;
}

void gs_reconcile_release_roots(struct gs_reconcile *r)
{
    for (size_t i = 0; i < r->root_count; i++)
        free((void *)(uintptr_t)r->roots[i].id.bytes);
    free(r->roots);
    free(r->root_slots);
}

bool gs_reconcile_get_root(const struct gs_reconcile *r, size_t index, struct gs_str *id,
                           uint64_t *found)
{
    if (index >= r->root_count)
        return false;
    *id = r->roots[index].id;
    *found = r->roots[index].found;
    return true;
}

/* ---- what is below which ---- */

bool gs_reconcile_ends_name(struct gs_str id, size_t at)
{
    return at == 0 || at == id.size || memchr("/!:", id.bytes[at], 3);
}

static bool is_line_number(struct gs_str s)
{
    for (size_t i = 0; i < s.size; i++) {
        if (s.bytes[i] < '0' || s.bytes[i] > '9')
            return false;
    }
    return s.size > 0;
}

/* Whether the first `n` bytes of a source, which are a root's id, are above the rest. */
static bool is_above(const struct reconcile_root *root, struct gs_str source, size_t n)
{
    if (root->is_folder)
        return n == 0 || (source.size > n && source.bytes[n] == '/');
    if (source.size == n || source.bytes[n] == '!')
        return true;
    return source.bytes[n] == ':' &&
           is_line_number((struct gs_str){source.bytes + n + 1, source.size - n - 1});
}

/* Calls visit for each root at or above the source. */
static void visit_roots(const struct gs_reconcile *r, struct gs_str source,
                        void (*visit)(struct reconcile_root *root, void *ctx), void *ctx)
{
    for (size_t n = 0; r->root_count > 0 && n <= source.size; n++) {
        if (!gs_reconcile_ends_name(source, n))
            continue;
        uint64_t hash = gs_hash64(source.bytes, n);
        size_t at = hash & r->root_mask;
        for (uint32_t slot; (slot = r->root_slots[at]) != 0; at = (at + 1) & r->root_mask) {
            struct reconcile_root *root = &r->roots[slot - 1];
            if (root->hash == hash && root->id.size == n &&
                memcmp(root->id.bytes, source.bytes, n) == 0 && is_above(root, source, n))
                visit(root, ctx);
        }
    }
}

static void count(struct reconcile_root *root, void *ctx)
{
    (void)ctx;
    root->found++;
}

void gs_reconcile_count_found(struct gs_reconcile *r, struct gs_str id, struct gs_str source)
{
    visit_roots(r, source.size > 0 ? source : id, count, NULL);
}

struct coverage {
    bool below, below_empty;
};

static void note_root(struct reconcile_root *root, void *ctx)
{
    struct coverage *c = ctx;
    c->below = true;
    c->below_empty = c->below_empty || root->found == 0;
}

bool gs_reconcile_is_in_roots(const struct gs_reconcile *r, struct gs_str source)
{
    struct coverage c = {0};
    visit_roots(r, source, note_root, &c);
    return c.below && !c.below_empty;
}
