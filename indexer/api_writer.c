/* gaosou_writer: an index writer, and a builder once there is something to build. */
#include "common/base/checksum.h"
#include "indexer/api_filing.h"
#include "indexer/builder.h"
#include "indexer/crew.h"
#include "indexer/hash_set.h"
#include "indexer/merge.h"
#include "indexer/metadata.h"

#include <stdlib.h>

struct gaosou_writer {
    struct gs_index_writer *writer;
    struct gs_builder *builder; /* NULL until the first filing */
    struct gs_builder_params params;
    struct gs_metadata *metadata; /* NULL until it is asked for */
    struct gs_hash_set pending;   /* ids added since the last checkpoint */
    enum gaosou_status broken;    /* why it can only be closed */
};

enum gaosou_status gaosou_writer_open(gaosou_writer **writer, const char *index, unsigned flags,
                                      gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    GS_API_REQUIRE(error, index);
    if (flags & ~(GAOSOU_WRITER_CREATE | GAOSOU_WRITER_NO_TEXT))
        return gs_api_fail(error, GAOSOU_E_USE, "flags %#x are not known", flags);
    gaosou_writer *w = calloc(1, sizeof(*w));
    if (!w)
        return gs_api_fail(error, GAOSOU_E_NOMEM, "out of memory");
    w->params = (struct gs_builder_params){
        .threads = 1, .memory = GS_MEMORY_DEFAULT, .with_text = !(flags & GAOSOU_WRITER_NO_TEXT)};
    struct gs_err err = {0};
    enum gaosou_status status =
        gs_index_writer_open(&w->writer, index, flags & GAOSOU_WRITER_CREATE, &err);
    if (status != GAOSOU_OK) {
        free(w);
        return gs_api_return(error, status, &err);
    }
    *writer = w;
    return GAOSOU_OK;
}

void gaosou_writer_close(gaosou_writer *writer)
{
    if (!writer)
        return;
    gs_builder_free(writer->builder);
    gs_index_writer_close(writer->writer);
    gs_metadata_free(writer->metadata);
    gs_hash_set_release(&writer->pending);
    free(writer);
}

/* Only a writer that is whole goes on. */
static enum gaosou_status check_whole(const gaosou_writer *w, gaosou_error *error)
{
    if (w->broken == GAOSOU_OK)
        return GAOSOU_OK;
    return gs_api_fail(error, GAOSOU_E_USE,
                       "the writer has failed before (%s) and can only be closed",
                       gaosou_status_text(w->broken));
}

/* What a step that may leave the writer half-way returns. */
static enum gaosou_status end_step(gaosou_writer *w, enum gaosou_status status,
                                   const struct gs_err *err, gaosou_error *error)
{
    w->broken = status;
    return gs_api_return(error, status, err);
}

static enum gaosou_status check_unused(const gaosou_writer *w, gaosou_error *error)
{
    if (!w->builder)
        return check_whole(w, error);
    return gs_api_fail(error, GAOSOU_E_USE, "to be set before the first filing is added");
}

enum gaosou_status gaosou_writer_set_memory(gaosou_writer *writer, uint64_t bytes,
                                            gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    if (bytes < GS_MEMORY_MIN)
        return gs_api_fail(error, GAOSOU_E_USE, "%llu bytes of memory: at least %llu",
                           (unsigned long long)bytes, (unsigned long long)GS_MEMORY_MIN);
    enum gaosou_status status = check_unused(writer, error);
    if (status == GAOSOU_OK)
        writer->params.memory = bytes;
    return status;
}

enum gaosou_status gaosou_writer_set_threads(gaosou_writer *writer, unsigned threads,
                                             gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    if (threads < 1 || threads > GS_CREW_THREADS_MAX)
        return gs_api_fail(error, GAOSOU_E_USE, "%u threads: from 1 to %u", threads,
                           GS_CREW_THREADS_MAX);
    enum gaosou_status status = check_unused(writer, error);
    if (status == GAOSOU_OK)
        writer->params.threads = threads;
    return status;
}

enum gaosou_status gaosou_writer_add_filterable(gaosou_writer *writer, const char *names,
                                                gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    GS_API_REQUIRE(error, names);
    enum gaosou_status status = check_unused(writer, error);
    if (status != GAOSOU_OK)
        return status;
    struct gs_err err = {0};
    status = gs_index_writer_add_filterable(writer->writer, names, &err);
    return gs_api_return(error, status, &err);
}

/* ---- filings ---- */

/* What would fail leaves the writer as it is. */
static enum gaosou_status check_filing(const gaosou_writer *w, const struct gs_filing *filing,
                                       unsigned flags, gaosou_error *error)
{
    size_t most = gs_builder_filing_max(w->params.memory);
    if (flags & ~GAOSOU_ADD_DERIVE)
        return gs_api_fail(error, GAOSOU_E_USE, "flags %#x are not known", flags);
    if (filing->field[GS_FIELD_ID].size == 0)
        return gs_api_fail(error, GAOSOU_E_USE, "the filing has no id");
    if (filing->text.size > most)
        return gs_api_fail(error, GAOSOU_E_LIMIT,
                           "a text of %zu bytes: the writer's memory allows %zu", filing->text.size,
                           most);
    return GAOSOU_OK;
}

static enum gaosou_status add(gaosou_writer *w, struct gs_filing *filing, bool derive,
                              struct gs_err *err)
{
    if (derive && !w->metadata && !(w->metadata = gs_metadata_create()))
        return gs_err_nomem(err, 0);
    if (derive)
        gs_metadata_derive(w->metadata, NULL, filing);
    enum gaosou_status status = GAOSOU_OK;
    if (!w->builder)
        status = gs_builder_create(&w->builder, w->writer, &w->params, err);
    struct gs_str id = filing->field[GS_FIELD_ID];
    if (status == GAOSOU_OK) {
        (void)gs_hash_set_add(&w->pending, gs_hash64(id.bytes, id.size));
        status = gs_builder_add(w->builder, filing, err);
    }
    return status;
}

enum gaosou_status gaosou_writer_add(gaosou_writer *writer, const gaosou_filing *filing,
                                     unsigned flags, gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    GS_API_REQUIRE(error, filing);
    struct gs_filing view = gs_api_filing_view(filing);
    enum gaosou_status status = check_whole(writer, error);
    if (status == GAOSOU_OK)
        status = check_filing(writer, &view, flags, error);
    if (status != GAOSOU_OK)
        return status;
    struct gs_err err = {0};
    status = add(writer, &view, flags & GAOSOU_ADD_DERIVE, &err);
    return end_step(writer, status, &err, error);
}

/* What was added is in segments of the writer after this. */
static enum gaosou_status checkpoint(gaosou_writer *w, struct gs_err *err)
{
    if (w->pending.count == 0 || !w->builder)
        return GAOSOU_OK;
    gs_hash_set_release(&w->pending);
    w->pending = (struct gs_hash_set){0};
    return gs_builder_checkpoint(w->builder, err);
}

enum gaosou_status gaosou_writer_delete(gaosou_writer *writer, const char *id, size_t size,
                                        int *found, gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    GS_API_REQUIRE_BYTES(error, id, size);
    enum gaosou_status status = check_whole(writer, error);
    if (status != GAOSOU_OK)
        return status;
    struct gs_err err = {0};
    bool was_there = false;
    /* The index writer does not look into the segment that is being made. */
    if (gs_hash_set_has(&writer->pending, gs_hash64(id, size)))
        status = checkpoint(writer, &err);
    if (status == GAOSOU_OK)
        status = gs_index_writer_delete(writer->writer, id, size, &was_there, &err);
    if (status == GAOSOU_OK && found)
        *found = was_there;
    return end_step(writer, status, &err, error);
}

/* ---- commits ---- */

static enum gaosou_status commit(gaosou_writer *w, struct gs_err *err)
{
    enum gaosou_status status = checkpoint(w, err);
    bool is_new = gs_index_writer_manifest(w->writer)->commit == 0;
    if (status == GAOSOU_OK && (is_new || gs_index_writer_is_changed(w->writer)))
        status = gs_index_writer_commit(w->writer, err);
    return status;
}

enum gaosou_status gaosou_writer_commit(gaosou_writer *writer, uint64_t *number,
                                        gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    enum gaosou_status status = check_whole(writer, error);
    if (status != GAOSOU_OK)
        return status;
    struct gs_err err = {0};
    status = commit(writer, &err);
    if (status == GAOSOU_OK && number)
        *number = gs_index_writer_manifest(writer->writer)->commit;
    return end_step(writer, status, &err, error);
}

enum gaosou_status gaosou_writer_merge(gaosou_writer *writer, enum gaosou_merge how,
                                       gaosou_error *error)
{
    GS_API_REQUIRE(error, writer);
    enum gaosou_status status = check_whole(writer, error);
    if (status == GAOSOU_OK && how != GAOSOU_MERGE_SOME && how != GAOSOU_MERGE_ALL)
        status = gs_api_fail(error, GAOSOU_E_USE, "%d is no way to merge", (int)how);
    if (status != GAOSOU_OK)
        return status;
    struct gs_err err = {0};
    struct gs_merge_counts counts;
    status = commit(writer, &err);
    if (status == GAOSOU_OK)
        status = how == GAOSOU_MERGE_ALL ? gs_merge_all(writer->writer, &counts, &err)
                                         : gs_merge_some(writer->writer, &counts, &err);
    if (status == GAOSOU_OK)
        status = commit(writer, &err);
    return end_step(writer, status, &err, error);
}
