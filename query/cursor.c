#include "query/cursor.h"

#include "common/base/checksum.h"
#include "query/ranking.h"

#include <math.h>
#include <string.h>

#define VERSION     1u
#define BYTES_MAX   4096u /* of a token before it is made text */
#define WEIGHT_MAX  1e15  /* far above what a query can weigh */
#define NUMBERS     10u   /* u64 before the places */
#define PLACE_BYTES 20u
#define HEAD_BYTES  (1 + 8 * NUMBERS + 2 * PLACE_BYTES + 2)

/* ---- base64 ---- */

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static void append_base64(struct gs_buf *out, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += 3) {
        size_t n = size - i < 3 ? size - i : 3;
        uint32_t group = (uint32_t)bytes[i] << 16;
        group |= n > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
        group |= n > 2 ? bytes[i + 2] : 0;
        for (size_t k = 0; k <= n; k++)
            gs_buf_append_u8(out, (uint8_t)DIGITS[group >> (18 - 6 * k) & 63]);
    }
}

static int digit_of(char c)
{
    const char *at = c ? strchr(DIGITS, c) : NULL;
    return at ? (int)(at - DIGITS) : -1;
}

/* Into out[0, BYTES_MAX); 0: it is none. */
static size_t read_base64(uint8_t *out, const char *text, size_t size)
{
    size_t count = 0;
    uint32_t group = 0;
    if (size % 4 == 1 || size / 4 * 3 + 3 > BYTES_MAX)
        return 0;
    for (size_t i = 0; i < size; i++) {
        int digit = digit_of(text[i]);
        if (digit < 0)
            return 0;
        group = group << 6 | (uint32_t)digit;
        if (i % 4 > 0)
            out[count++] = (uint8_t)(group >> (6 - 2 * (i % 4)));
    }
    return count;
}

/* ---- bytes ---- */

static void append_double(struct gs_buf *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    gs_buf_append_u64(out, bits);
}

static double load_double(const uint8_t *p)
{
    uint64_t bits = gs_load_u64(p);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static void append_place(struct gs_buf *out, const struct gs_cursor_place *place)
{
    append_double(out, place->key);
    gs_buf_append_u32(out, place->closeness);
    gs_buf_append_u64(out, place->sequence);
}

static struct gs_cursor_place load_place(const uint8_t *p)
{
    return (struct gs_cursor_place){
        .key = load_double(p), .closeness = gs_load_u32(p + 8), .sequence = gs_load_u64(p + 12)};
}

/* Version, flags with the number of weights, ten numbers, two places, weights, code, checksum. */
void gs_cursor_write(const struct gs_cursor *c, struct gs_buf *out)
{
    const uint64_t numbers[NUMBERS] = {
        c->commit, c->next_sequence, c->query,        c->options,   c->mark,
        c->rank,   c->doc_count,     c->total_length, c->code_size, c->weight_count};
    struct gs_buf bytes;
    gs_buf_init(&bytes, BYTES_MAX);
    gs_buf_append_u8(&bytes, VERSION);
    for (size_t i = 0; i < NUMBERS; i++)
        gs_buf_append_u64(&bytes, numbers[i]);
    append_place(&bytes, &c->last);
    append_place(&bytes, &c->border);
    gs_buf_append_u8(&bytes, c->has_border);
    gs_buf_append_u8(&bytes, c->in_head);
    for (size_t i = 0; i < c->weight_count; i++)
        append_double(&bytes, c->weights[i]);
    gs_buf_append(&bytes, c->code, c->code_size);
    gs_buf_append_u64(&bytes, gs_hash64(bytes.data, bytes.size));
    append_base64(out, bytes.data, bytes.size);
    if (gs_buf_status(&bytes) && !out->status)
        out->status = gs_buf_status(&bytes);
    gs_buf_release(&bytes);
}

/* What a search may rely on: no key is no number, no weight negative or endless. */
static bool is_sound(const struct gs_cursor *c)
{
    bool sound = !isnan(c->last.key) && isfinite(c->border.key) && c->rank <= UINT64_MAX / 2;
    for (size_t i = 0; i < c->weight_count; i++)
        sound = sound && c->weights[i] >= 0 && c->weights[i] <= WEIGHT_MAX;
    return sound;
}

static bool load(struct gs_cursor *c, const uint8_t *bytes, size_t size)
{
    if (size < HEAD_BYTES + 8 || gs_load_u64(bytes + size - 8) != gs_hash64(bytes, size - 8))
        return false;
    uint64_t numbers[NUMBERS];
    for (size_t i = 0; i < NUMBERS; i++)
        numbers[i] = gs_load_u64(bytes + 1 + 8 * i);
    if (numbers[8] > GS_CURSOR_CODE_MAX || numbers[9] > GS_CURSOR_LEAVES_MAX ||
        size != HEAD_BYTES + 8 * numbers[9] + numbers[8] + 8)
        return false;
    const uint8_t *p = bytes + 1 + 8 * NUMBERS;
    *c = (struct gs_cursor){.commit = numbers[0],
                            .next_sequence = numbers[1],
                            .query = numbers[2],
                            .options = numbers[3],
                            .mark = numbers[4],
                            .rank = numbers[5],
                            .doc_count = numbers[6],
                            .total_length = numbers[7],
                            .code_size = (size_t)numbers[8],
                            .weight_count = (size_t)numbers[9],
                            .last = load_place(p),
                            .border = load_place(p + PLACE_BYTES),
                            .has_border = p[2 * PLACE_BYTES] != 0,
                            .in_head = p[2 * PLACE_BYTES + 1] != 0};
    p = bytes + HEAD_BYTES;
    for (size_t i = 0; i < c->weight_count; i++)
        c->weights[i] = load_double(p + 8 * i);
    memcpy(c->code, p + 8 * c->weight_count, c->code_size);
    return is_sound(c);
}

enum gaosou_status gs_cursor_read(struct gs_cursor *c, const char *token, struct gs_err *err)
{
    static const char SPACES[] = " \t\r\n";
    uint8_t bytes[BYTES_MAX];
    token += strspn(token, SPACES);
    size_t size = strcspn(token, SPACES), count = 0;
    if (token[size + strspn(token + size, SPACES)] == '\0')
        count = read_base64(bytes, token, size);
    if (count > 0 && bytes[0] == VERSION && load(c, bytes, count))
        return GAOSOU_OK;
    return gs_err_set(err, GAOSOU_E_QUERY,
                      "this is no cursor, or not the whole of one: an answer gives it as one word");
}

/* ---- what it fits ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static uint64_t mix_double(uint64_t hash, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return mix(hash, bits);
}

uint64_t gs_cursor_options(const struct gs_search_options *o, const struct gs_ranking *ranking,
                           size_t min_match)
{
    const struct gs_ranking_params *p = gs_ranking_params_of(ranking);
    const double params[] = {p->depth,   p->function,     p->particle, p->longest,
                             p->title,   p->title_length, p->window,   p->pair,
                             p->passage, o->k1,           o->b};
    uint64_t hash = mix((uint64_t)o->sort << 8 | (uint64_t)o->ties << 1, min_match);
    hash = mix(hash, (uint64_t)o->collapse | (uint64_t)o->take_unknown << 1 |
                         (uint64_t)ranking->title << 2 | (uint64_t)ranking->proximity << 3 |
                         (uint64_t)ranking->stop << 4 | (uint64_t)ranking->passages << 5);
    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++)
        hash = mix_double(hash, params[i]);
    return hash;
}

enum gaosou_status gs_cursor_mark(const struct gs_segment *segment, uint32_t doc, uint64_t *mark,
                                  struct gs_err *err)
{
    static const enum gs_column columns[] = {GS_COLUMN_CONTENT_HASH, GS_COLUMN_LENGTH,
                                             GS_COLUMN_DATE};
    uint64_t hash = 1;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
        uint64_t value = 0;
        enum gaosou_status status = gs_column_get(segment, columns[i], doc, &value, err);
        if (status)
            return status;
        hash = mix(hash, value);
    }
    *mark = hash;
    return GAOSOU_OK;
}

/* The first filing of a segment with this sequence number or a later one; doc_count: none. */
static enum gaosou_status find_in(const struct gs_segment *segment, uint64_t wanted, uint32_t *doc,
                                  struct gs_err *err)
{
    uint32_t low = 0, high = gs_segment_get_stats(segment)->doc_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint64_t sequence = 0;
        enum gaosou_status status =
            gs_column_get(segment, GS_COLUMN_SEQUENCE, middle, &sequence, err);
        if (status)
            return status;
        if (sequence < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    *doc = low;
    return GAOSOU_OK;
}

enum gaosou_status gs_cursor_find(const struct gs_snapshot *snapshot, uint64_t sequence,
                                  uint32_t *segment, uint32_t *doc, struct gs_err *err)
{
    for (size_t i = 0; i < snapshot->segment_count; i++) {
        const struct gs_segment *s = snapshot->segments[i].segment;
        uint32_t found = 0;
        enum gaosou_status status = find_in(s, sequence, &found, err);
        if (status)
            return status;
        if (found < gs_segment_get_stats(s)->doc_count) {
            *segment = (uint32_t)i;
            *doc = found;
            return GAOSOU_OK;
        }
    }
    *segment = (uint32_t)snapshot->segment_count;
    *doc = 0;
    return GAOSOU_OK;
}

/* An index of fewer commits or filings is another one, and so is one in which the sequence number
 * of the last filing shown belongs to one that says something else. */
static enum gaosou_status is_of_index(const struct gs_cursor *c, const struct gs_snapshot *snapshot,
                                      bool *fits, struct gs_err *err)
{
    const struct gs_manifest *m = &snapshot->manifest;
    uint32_t segment = 0, doc = 0;
    uint64_t sequence = 0, mark = c->mark;
    *fits = c->commit <= m->commit && c->next_sequence <= m->next_sequence &&
            c->last.sequence < c->next_sequence;
    enum gaosou_status status = gs_cursor_find(snapshot, c->last.sequence, &segment, &doc, err);
    if (status || !*fits || segment == snapshot->segment_count)
        return status;
    const struct gs_segment *s = snapshot->segments[segment].segment;
    status = gs_column_get(s, GS_COLUMN_SEQUENCE, doc, &sequence, err);
    if (!status && sequence == c->last.sequence)
        status = gs_cursor_mark(s, doc, &mark, err);
    *fits = mark == c->mark;
    return status;
}

enum gaosou_status gs_cursor_check(const struct gs_cursor *c, const struct gs_snapshot *snapshot,
                                   const struct gs_query *query, uint64_t options,
                                   struct gs_err *err)
{
    bool fits = false;
    if (c->query != query->fingerprint || c->weight_count != query->leaf_count)
        return gs_err_set(err, GAOSOU_E_QUERY, "this cursor is of another query");
    if (c->options != options)
        return gs_err_set(err, GAOSOU_E_QUERY,
                          "this cursor is of the same query with other options: sort, ties, "
                          "ranking, k1, b, collapse, unknown and min-match have to be the same");
    enum gaosou_status status = is_of_index(c, snapshot, &fits, err);
    if (!status && !fits)
        status = gs_err_set(err, GAOSOU_E_QUERY, "this cursor is of another index");
    return status;
}
