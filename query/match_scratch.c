/* Arrays that everything working on one filing or window shares, and the sort of their keys. */
#include "query/match.h"

#include <stdlib.h>

#define RADIX_BITS 11
#define RADIX      (1u << RADIX_BITS)
#define FEW_KEYS   32 /* are sorted by insertion */

void gs_match_scratch_release(struct gs_match_scratch *s)
{
    free(s->positions[0]);
    free(s->positions[1]);
    free(s->keys);
    free(s->keys_other);
    free(s->pool);
    free(s->bits);
    for (size_t i = 0; i < GS_SPAN_ARRAYS; i++)
        free(s->spans[i]);
    *s = (struct gs_match_scratch){0};
}

bool gs_match_grow(void *array_pointer, size_t *capacity, size_t want, size_t size)
{
    void **array = array_pointer;
    size_t room = *capacity ? *capacity : 1024;
    while (room < want)
        room *= 2;
    void *grown = realloc(*array, room * size);
    if (!grown)
        return false;
    *array = grown;
    *capacity = room;
    return true;
}

static bool grow_pair(struct gs_match_scratch *s, void *a, void *b, size_t *capacity, size_t want,
                      size_t size)
{
    size_t first = *capacity, second = *capacity;
    if (want <= *capacity)
        return true;
    if (!gs_match_grow(a, &first, want, size) || !gs_match_grow(b, &second, want, size)) {
        s->status = GAOSOU_E_NOMEM;
        return false;
    }
    *capacity = first;
    return true;
}

bool gs_match_scratch_positions(struct gs_match_scratch *s, size_t count)
{
    return grow_pair(s, &s->positions[0], &s->positions[1], &s->position_capacity, count,
                     sizeof(uint32_t));
}

bool gs_match_scratch_keys(struct gs_match_scratch *s, size_t count)
{
    return grow_pair(s, &s->keys, &s->keys_other, &s->key_capacity, count, sizeof(uint64_t));
}

bool gs_match_scratch_pool(struct gs_match_scratch *s, size_t more)
{
    if (more <= s->pool_capacity - s->pool_count ||
        gs_match_grow(&s->pool, &s->pool_capacity, s->pool_count + more, sizeof(*s->pool)))
        return true;
    s->status = GAOSOU_E_NOMEM;
    return false;
}

bool gs_match_scratch_bits(struct gs_match_scratch *s, size_t count)
{
    if (count <= s->bit_capacity ||
        gs_match_grow(&s->bits, &s->bit_capacity, count, sizeof(*s->bits)))
        return true;
    s->status = GAOSOU_E_NOMEM;
    return false;
}

bool gs_match_scratch_spans(struct gs_match_scratch *s, size_t count)
{
    if (count <= s->span_capacity)
        return true;
    size_t capacity = s->span_capacity;
    for (size_t i = 0; i < GS_SPAN_ARRAYS; i++) {
        capacity = s->span_capacity;
        if (!gs_match_grow(&s->spans[i], &capacity, count, sizeof(*s->spans[i]))) {
            s->status = GAOSOU_E_NOMEM;
            return false;
        }
    }
    s->span_capacity = capacity;
    return true;
}

/* ---- sorting ---- */

static void radix_pass(const uint64_t *from, uint64_t *to, size_t count, unsigned shift)
{
    size_t starts[RADIX] = {0};
    for (size_t i = 0; i < count; i++)
        starts[from[i] >> shift & (RADIX - 1)]++;
    size_t sum = 0;
    for (size_t d = 0; d < RADIX; d++) {
        size_t n = starts[d];
        starts[d] = sum;
        sum += n;
    }
    for (size_t i = 0; i < count; i++)
        to[starts[from[i] >> shift & (RADIX - 1)]++] = from[i];
}

static void insertion_sort(uint64_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        size_t k = i;
        for (; k > 0 && keys[k - 1] > key; k--)
            keys[k] = keys[k - 1];
        keys[k] = key;
    }
}

/* Least significant digits first; bits that are the same in all keys are skipped. */
void gs_match_scratch_sort(struct gs_match_scratch *s, size_t count)
{
    uint64_t varying = 0;
    bool sorted = true;
    if (count <= FEW_KEYS) {
        insertion_sort(s->keys, count);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        varying |= s->keys[i] ^ s->keys[0];
        sorted = sorted && s->keys[i - 1] <= s->keys[i];
    }
    for (unsigned shift = 0; !sorted && shift < 64 && varying >> shift;) {
        if (!(varying >> shift & (RADIX - 1))) {
            shift += (unsigned)__builtin_ctzll(varying >> shift);
            continue;
        }
        radix_pass(s->keys, s->keys_other, count, shift);
        uint64_t *swap = s->keys;
        s->keys = s->keys_other;
        s->keys_other = swap;
        shift += RADIX_BITS;
    }
}
