/* --matrix FILE: filings by the terms of the query, as a table of its own. */
#include "query/program.h"

#include "common/base/file.h"
#include "query/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a file of ours begins with. */
static const char MATRIX_START[] = "\xEF\xBB\xBFid,";

/* Whether a regular file is empty or a matrix, so that it may be replaced. */
static bool is_replaceable(const char *path)
{
    char head[sizeof(MATRIX_START)];
    FILE *in = fopen(path, "re");
    size_t size = in ? fread(head, 1, sizeof(head) - 1, in) : 1;
    if (in)
        (void)fclose(in);
    return size == 0 || (size == sizeof(head) - 1 && memcmp(head, MATRIX_START, size) == 0);
}

/* The file to be replaced: behind a link what it names; malloc'ed. Nothing but a matrix or an empty
 * file is: what else there is, a device or the filings themselves, stays. */
static enum gaosou_status find_target(struct gs_program *p, char **path)
{
    const char *given = p->options->matrix;
    bool chinese = p->options->chinese;
    struct stat st;
    *path = realpath(given, NULL);
    if (!*path && errno == ENOENT)
        *path = strdup(given);
    if (!*path)
        return gs_err_sys(&p->err, errno, "%s", given);
    if (stat(*path, &st) != 0)
        return GAOSOU_OK; /* a new one; what is wrong with its folder is told when it is opened */
    if (S_ISREG(st.st_mode) && is_replaceable(*path))
        return GAOSOU_OK;
    return gs_err_set(&p->err, GAOSOU_E_USE,
                      chinese ? "%s 已存在，且不是 --matrix 写出的表：请另取文件名"
                              : "%s is there and is no table of --matrix: name another file",
                      given);
}

/* Rows of filings by terms, atomically: the file is as it was, or whole. */
enum gaosou_status gs_program_write_matrix(struct gs_program *p)
{
    struct gs_outfile file;
    struct gs_buf rows;
    struct gs_table table;
    size_t count = gs_answer_result(p->answerer)->hit_count;
    char *path = NULL;
    enum gaosou_status status = find_target(p, &path);
    if (status == GAOSOU_OK)
        status = gs_outfile_open(&file, path, &p->err);
    free(path);
    if (status != GAOSOU_OK)
        return status;
    gs_buf_init(&rows, (size_t)256 << 20);
    gs_table_init(&table, &rows, GS_TABLE_CSV);
    gs_table_begin(&table);
    for (size_t i = 0; i < count && status == GAOSOU_OK; i++) {
        struct gs_results_hit hit;
        status = gs_answer_fill(p->answerer, i, &hit, &p->err);
        if (status == GAOSOU_OK && i == 0)
            gs_table_write_matrix_head(&table, &hit);
        if (status == GAOSOU_OK)
            gs_table_write_matrix_row(&table, &hit);
        if (status == GAOSOU_OK && gs_buf_status(&rows) != GAOSOU_OK)
            status = gs_err_nomem(&p->err, rows.size);
        gs_outfile_write(&file, rows.data, rows.size);
        gs_buf_clear(&rows);
    }
    if (status == GAOSOU_OK)
        status = gs_outfile_publish(&file, &p->err);
    else
        gs_outfile_discard(&file);
    gs_table_release(&table);
    gs_buf_release(&rows);
    return status;
}
