/*
 * field_stats.h: what the keyword columns of an index have, for `stats`: values, filings, bytes.
 */
#ifndef GS_INDEXER_FIELD_STATS_H
#define GS_INDEXER_FIELD_STATS_H

#include "common/base/json_write.h"
#include "common/segment/manifest.h"
#include "common/segment/segment.h"
#include "indexer/console.h"

struct gs_field_stats {
    size_t count;
    struct {
        struct gs_str name;     /* in a segment of the snapshot */
        uint64_t values, bytes; /* different ones over all segments, told apart by 64-bit hashes */
        uint64_t filings;       /* live ones with a value */
    } fields[GS_KEYWORDS_MAX];  /* the fixed ones, then the others by name */
};

/* Reads all values and ordinals; *stats lives as long as the snapshot. */
GS_MUST_USE enum gaosou_status gs_field_stats_collect(struct gs_field_stats *stats,
                                                      const struct gs_snapshot *snapshot,
                                                      struct gs_err *err);
void gs_field_stats_json(const struct gs_field_stats *stats, struct gs_json *j);
void gs_field_stats_print(const struct gs_field_stats *stats, struct gs_console *c);

#endif
