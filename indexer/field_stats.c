#include "indexer/field_stats.h"

#include "common/base/checksum.h"
#include "indexer/hash_set.h"

#include <stdlib.h>
#include <string.h>

/* The fields of all segments, each once. */
static void collect_names(struct gs_field_stats *stats, const struct gs_segment *s)
{
    for (uint32_t k = 0; k < gs_keyword_count(s); k++) {
        struct gs_str name = gs_keyword_name(s, k);
        size_t at = k < GS_KEYWORD_FIXED ? k : GS_KEYWORD_FIXED;
        while (k >= GS_KEYWORD_FIXED && at < stats->count &&
               gs_str_compare(stats->fields[at].name, name) < 0)
            at++;
        if (at < stats->count && gs_str_compare(stats->fields[at].name, name) == 0)
            continue;
        if (stats->count == GS_KEYWORDS_MAX) /* no writer joins that many */
            return;
        memmove(&stats->fields[at + 1], &stats->fields[at],
                (stats->count - at) * sizeof(stats->fields[0]));
        memset(&stats->fields[at], 0, sizeof(stats->fields[0]));
        stats->fields[at].name = name;
        stats->count++;
    }
}

static enum gaosou_status count_values(struct gs_field_stats *stats, size_t field,
                                       const struct gs_segment *s, uint32_t keyword,
                                       struct gs_hash_set *seen, struct gs_err *err)
{
    enum gaosou_status status = GAOSOU_OK;
    for (uint32_t i = 1; i <= gs_keyword_value_count(s, keyword) && status == GAOSOU_OK; i++) {
        struct gs_str value = {"", 0};
        status = gs_keyword_value(s, keyword, i, &value, err);
        if (status == GAOSOU_OK && gs_hash_set_add(seen, gs_hash64(value.bytes, value.size))) {
            stats->fields[field].values++;
            stats->fields[field].bytes += value.size;
        }
    }
    return status;
}

static enum gaosou_status count_filings(struct gs_field_stats *stats, size_t field,
                                        const struct gs_snapshot_segment *view, uint32_t keyword,
                                        struct gs_err *err)
{
    uint32_t ordinals[GS_BLOCK], docs = gs_segment_get_stats(view->segment)->doc_count;
    for (uint32_t first = 0; first < docs; first += GS_BLOCK) {
        uint32_t count = docs - first < GS_BLOCK ? docs - first : GS_BLOCK;
        enum gaosou_status status =
            gs_keyword_ordinals(view->segment, keyword, first, count, ordinals, err);
        if (status != GAOSOU_OK)
            return status;
        for (uint32_t i = 0; i < count; i++)
            stats->fields[field].filings +=
                ordinals[i] > 0 && !gs_snapshot_is_deleted(view, first + i);
    }
    return GAOSOU_OK;
}

enum gaosou_status gs_field_stats_collect(struct gs_field_stats *stats,
                                          const struct gs_snapshot *snapshot, struct gs_err *err)
{
    *stats = (struct gs_field_stats){0};
    for (size_t i = 0; i < snapshot->segment_count; i++)
        collect_names(stats, snapshot->segments[i].segment);
    enum gaosou_status status = GAOSOU_OK;
    for (size_t f = 0; f < stats->count && status == GAOSOU_OK; f++) {
        struct gs_hash_set seen = {0};
        for (size_t i = 0; i < snapshot->segment_count && status == GAOSOU_OK; i++) {
            const struct gs_snapshot_segment *view = &snapshot->segments[i];
            struct gs_str name = stats->fields[f].name;
            uint32_t keyword;
            if (!gs_keyword_find(view->segment, name.bytes, name.size, &keyword))
                continue;
            status = count_values(stats, f, view->segment, keyword, &seen, err);
            if (status == GAOSOU_OK)
                status = count_filings(stats, f, view, keyword, err);
        }
        gs_hash_set_release(&seen);
    }
    return status;
}

void gs_field_stats_json(const struct gs_field_stats *stats, struct gs_json *j)
{
    gs_json_begin_object(j);
    for (size_t i = 0; i < stats->count; i++) {
        gs_json_key_bytes(j, stats->fields[i].name.bytes, stats->fields[i].name.size);
        gs_json_begin_object(j);
        gs_json_key(j, "values");
        gs_json_u64(j, stats->fields[i].values);
        gs_json_key(j, "filings");
        gs_json_u64(j, stats->fields[i].filings);
        gs_json_key(j, "bytes");
        gs_json_u64(j, stats->fields[i].bytes);
        gs_json_end_object(j);
    }
    gs_json_end_object(j);
}

void gs_field_stats_print(const struct gs_field_stats *stats, struct gs_console *c)
{
    for (size_t i = 0; i < stats->count; i++)
        fprintf(c->out,
                GS_TR(c, "field %.*s\tvalues %llu, filings %llu, bytes %llu\n",
                      "字段 %.*s\t值 %llu，公告 %llu，字节 %llu\n"),
                (int)stats->fields[i].name.size, stats->fields[i].name.bytes,
                (unsigned long long)stats->fields[i].values,
                (unsigned long long)stats->fields[i].filings,
                (unsigned long long)stats->fields[i].bytes);
}
