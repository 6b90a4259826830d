#include "query/query_program.h"

#include "common/text/display.h"
#include "query/batch_program.h"
#include "query/program.h"
#include "query/synonyms.h"

#include <stdio.h>
#include <unistd.h>

#define STANDARD_OUTPUT "standard output"

void gs_program_note(const struct gs_buf *text)
{
    size_t done = 0;
    while (done < text->size) {
        ssize_t n = write(STDERR_FILENO, text->data + done, text->size - done);
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

void gs_program_start_pager(struct gs_program *p)
{
    const struct gs_query_options *o = p->options;
    if (!o->is_terminal || o->pager == GS_PAGER_NEVER || p->out.buf.size || p->pager.pid)
        return;
    if (gs_pager_start(&p->pager, o->pager_command))
        p->out.fd = p->pager.fd;
}

int gs_query_program_fail(const struct gs_err *err)
{
    struct gs_buf text;
    gs_buf_init(&text, 16384);
    gs_buf_append_str(&text, "gaosou-query: ");
    gs_display_append(&text, err->text, strlen(err->text));
    gs_buf_append_u8(&text, '\n');
    gs_program_note(&text);
    gs_buf_release(&text);
    return GS_EXIT_ERROR;
}

/* Says that the first argument is no index, and which one is where the order is wrong. */
static enum gaosou_status not_an_index(struct gs_program *p)
{
    const struct gs_query_options *o = p->options;
    struct gs_err why = p->err;
    bool foreign = why.status == GAOSOU_E_NOT_INDEX;
    if (o->chinese)
        gs_err_set(&p->err, why.status, "“%s”不是索引；" GS_QUERY_USAGE_CHINESE, o->index);
    else
        gs_err_set(&p->err, why.status, "'%s' is not an index; " GS_QUERY_USAGE, o->index);
    size_t used = strlen(p->err.text);
    if (o->other_index)
        snprintf(p->err.text + used, sizeof(p->err.text) - used,
                 o->chinese ? "（索引是“%s”）" : " (the index is '%s')", o->other_index);
    else if (foreign)
        snprintf(p->err.text + used, sizeof(p->err.text) - used, " (%.300s)", why.text);
    return why.status;
}

/* The index and all that the options name. */
static enum gaosou_status open_all(struct gs_program *p)
{
    const struct gs_query_options *o = p->options;
    enum gaosou_status status = gs_answer_open_index(&p->snapshot, o->index, &p->err);
    if (status == GAOSOU_E_NOT_FOUND || status == GAOSOU_E_NOT_INDEX)
        return not_an_index(p);
    if (status == GAOSOU_OK && o->synonyms)
        status = gs_synonyms_open(&p->synonyms, o->synonyms, &p->err);
    if (status == GAOSOU_OK && o->fields)
        status = gs_answer_fields_read(&p->fields, o->fields, o->chinese, &p->err);
    if (status == GAOSOU_OK)
        status = gs_answerer_create(&p->answerer, &p->err);
    p->request.synonyms = p->synonyms;
    p->request.fields = o->fields ? &p->fields : NULL;
    return status;
}

static enum gaosou_status run_action(struct gs_program *p)
{
    switch (p->options->action) {
    case GS_ACTION_SHOW:
        return gs_program_show(p);
    case GS_ACTION_SEARCH:
        return gs_program_search(p);
    case GS_ACTION_WHY_NOT:
        return gs_program_why_not(p);
    default:
        return gs_err_set(&p->err, GAOSOU_E_USE, "this is not there yet");
    }
}

static int run_program(const struct gs_query_options *options)
{
    struct gs_program p = {.options = options, .request = options->request};
    gs_sink_init(&p.out, STDOUT_FILENO);
    enum gaosou_status status = open_all(&p);
    if (status == GAOSOU_OK)
        status = run_action(&p);
    /* What was found before an error is shown still, but for --json; the exit code tells that it
     * is not all. */
    struct gs_err output_err;
    enum gaosou_status written = gs_sink_finish(&p.out, STANDARD_OUTPUT, &output_err);
    gs_pager_wait(&p.pager);
    int code = p.found ? GS_EXIT_FOUND : GS_EXIT_NOTHING;
    if (status != GAOSOU_OK && p.err.text[0] == '\0')
        gs_err_set(&p.err, status, "%s", gaosou_status_text(status));
    if (status != GAOSOU_OK)
        code = gs_query_program_fail(&p.err);
    else if (written != GAOSOU_OK)
        code = gs_query_program_fail(&output_err);
    gs_answerer_free(p.answerer);
    gs_synonyms_free(p.synonyms);
    gs_snapshot_close(&p.snapshot);
    return code;
}

static int print(const char *text, const char *more)
{
    struct gs_sink out;
    struct gs_err err;
    gs_sink_init(&out, STDOUT_FILENO);
    gs_buf_append_str(&out.buf, text);
    gs_buf_append_str(&out.buf, more);
    return gs_sink_finish(&out, STANDARD_OUTPUT, &err) == GAOSOU_OK ? GS_EXIT_FOUND
                                                                    : gs_query_program_fail(&err);
}

int gs_query_program_run(const struct gs_query_options *options)
{
    switch (options->action) {
    case GS_ACTION_HELP:
        return print(gs_query_help(options->chinese), gs_query_help_options(options->chinese));
    case GS_ACTION_VERSION:
        return print("gaosou-query ", GAOSOU_VERSION_STRING "\n");
    case GS_ACTION_BATCH:
        return gs_batch_program_run(options);
    default:
        return run_program(options);
    }
}
