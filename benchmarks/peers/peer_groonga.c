/*
 * Groonga with TokenBigram and NormalizerAuto, through its C API.
 *
 * The index is made in one go over the filled column, which is its fast way ("static
 * construction"). So texts are always stored; a build without texts is the construction alone, with
 * the texts' files taken off its size. No query cache is involved (it belongs to the select
 * command), and nothing looser is tried where nothing is found (match escalation is off).
 */
#include "benchmarks/peers/peer.h"

#include <dirent.h>
#include <groonga.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define QUERY_MAX     65536
#define SNIPPET_BYTES 300

static grn_ctx ctx;

static void must(bool good, const char *what)
{
    if (!good || ctx.rc != GRN_SUCCESS)
        peer_die(what, ctx.errbuf);
}

static void begin(void)
{
    must(grn_init() == GRN_SUCCESS, "grn_init");
    must(grn_ctx_init(&ctx, 0) == GRN_SUCCESS, "grn_ctx_init");
    grn_ctx_set_match_escalation_threshold(&ctx, -1);
}

/* ---- building ---- */

/* The lexicon; without a name it is not kept. */
static grn_obj *create_terms(const char *name)
{
    static const char tokenizer[] = "TokenBigram", normalizer[] = "NormalizerAuto";
    grn_obj *terms = grn_table_create(&ctx, name, name ? (unsigned)strlen(name) : 0, NULL,
                                      GRN_OBJ_TABLE_PAT_KEY | (name ? GRN_OBJ_PERSISTENT : 0u),
                                      grn_ctx_at(&ctx, GRN_DB_SHORT_TEXT), NULL);
    must(terms, "terms");
    grn_obj_set_info(&ctx, terms, GRN_INFO_DEFAULT_TOKENIZER,
                     grn_ctx_get(&ctx, tokenizer, sizeof(tokenizer) - 1));
    grn_obj_set_info(&ctx, terms, GRN_INFO_NORMALIZER,
                     grn_ctx_get(&ctx, normalizer, sizeof(normalizer) - 1));
    must(true, "tokenizer");
    return terms;
}

static void load(struct peer_docs *docs, grn_obj *table, grn_obj *column)
{
    const char *text;
    size_t size;
    grn_obj value;
    GRN_TEXT_INIT(&value, GRN_OBJ_DO_SHALLOW_COPY);
    while (peer_docs_next(docs, &text, &size)) {
        grn_id id = grn_table_add(&ctx, table, NULL, 0, NULL);
        GRN_TEXT_SET_REF(&value, text, size);
        must(grn_obj_set_value(&ctx, column, id, &value, GRN_OBJ_SET) == GRN_SUCCESS, "load");
    }
}

static void construct(grn_obj *table, grn_obj *column)
{
    grn_obj source, *terms = create_terms("Terms");
    grn_obj *index =
        grn_column_create(&ctx, terms, "index", 5, NULL,
                          GRN_OBJ_PERSISTENT | GRN_OBJ_COLUMN_INDEX | GRN_OBJ_WITH_POSITION, table);
    must(index, "index");
    GRN_UINT32_INIT(&source, 0);
    GRN_UINT32_SET(&ctx, &source, grn_obj_id(&ctx, column));
    grn_obj_set_info(&ctx, index, GRN_INFO_SOURCE, &source);
    must(true, "construction");
    GRN_OBJ_FIN(&ctx, &source);
}

/* What the files of one object take on disk: its path, and that with .001 and so on behind it. */
static uint64_t object_bytes(const char *folder, const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    uint64_t bytes = 0;
    DIR *dir = opendir(folder);
    must(dir, "cannot list the database");
    for (struct dirent *entry; (entry = readdir(dir));) {
        char file[8192];
        struct stat st;
        snprintf(file, sizeof(file), "%s/%s", folder, entry->d_name);
        if (strncmp(entry->d_name, name, strlen(name)) == 0 && stat(file, &st) == 0)
            bytes += 512 * (uint64_t)st.st_blocks;
    }
    closedir(dir);
    return bytes;
}

static void build(struct peer_docs *docs, const char *index, bool with_text, unsigned threads)
{
    char path[4096], texts[4096];
    (void)threads;
    begin();
    if (mkdir(index, 0777) != 0)
        peer_die("cannot make", index);
    snprintf(path, sizeof(path), "%s/db", index);
    must(grn_db_create(&ctx, path, NULL), "database");
    grn_obj *table = grn_table_create(&ctx, "Filings", 7, NULL,
                                      GRN_OBJ_TABLE_NO_KEY | GRN_OBJ_PERSISTENT, NULL, NULL);
    must(table, "table");
    grn_obj *column =
        grn_column_create(&ctx, table, "text", 4, NULL, GRN_OBJ_PERSISTENT | GRN_OBJ_COLUMN_SCALAR,
                          grn_ctx_at(&ctx, GRN_DB_LONG_TEXT));
    must(column, "column");
    load(docs, table, column);
    if (!with_text)
        peer_clock_restart();
    construct(table, column);
    snprintf(texts, sizeof(texts), "%s", grn_obj_path(&ctx, column));
    grn_obj_flush_recursive(&ctx, grn_ctx_db(&ctx));
    grn_obj_close(&ctx, grn_ctx_db(&ctx));
    if (!with_text)
        peer_stored_bytes(object_bytes(index, texts));
}

/* Tokens are looked up in an empty lexicon, the cheapest of the public calls; they cannot be
 * counted. */
static uint64_t tokenise(struct peer_docs *docs)
{
    const char *text;
    size_t size;
    grn_obj tokens;
    begin();
    must(grn_db_create(&ctx, NULL, NULL), "database");
    grn_obj *terms = create_terms(NULL);
    GRN_UINT32_INIT(&tokens, GRN_OBJ_VECTOR);
    while (peer_docs_next(docs, &text, &size)) {
        GRN_BULK_REWIND(&tokens);
        grn_table_tokenize(&ctx, terms, text, (unsigned)size, &tokens, false);
    }
    must(true, "tokenise");
    GRN_OBJ_FIN(&ctx, &tokens);
    grn_obj_close(&ctx, grn_ctx_db(&ctx));
    return 0;
}

/* ---- searching ---- */

struct database {
    grn_obj *table, *column;
};

static void *open_index(const char *index)
{
    static struct database db;
    char path[4096];
    begin();
    snprintf(path, sizeof(path), "%s/db", index);
    must(grn_db_open(&ctx, path), "cannot open the database");
    db.table = grn_ctx_get(&ctx, "Filings", 7);
    db.column = grn_obj_column(&ctx, db.table, "text", 4);
    must(db.table && db.column, "no table");
    return &db;
}

static void close_index(void *unused)
{
    (void)unused;
    grn_obj_close(&ctx, grn_ctx_db(&ctx));
    grn_ctx_fin(&ctx);
    grn_fin();
}

/* The matching records, scored. Caller closes. A prefix is a phrase here: see README.md. */
static grn_obj *select_records(const struct database *db, const struct peer_query *q)
{
    static char text[QUERY_MAX];
    size_t size = 0;
    for (size_t i = 0; i < q->part_count && size < sizeof(text); i++)
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s\"%s\"",
                                 i == 0              ? ""
                                 : q->op == PEER_ALL ? " "
                                                     : " OR ",
                                 q->parts[i]);
    grn_obj *expr, *record;
    GRN_EXPR_CREATE_FOR_QUERY(&ctx, db->table, expr, record);
    must(record, "expression");
    grn_expr_parse(&ctx, expr, text, (unsigned)size, db->column, GRN_OP_MATCH, GRN_OP_AND,
                   GRN_EXPR_SYNTAX_QUERY);
    must(true, text);
    grn_obj *found = grn_table_select(&ctx, db->table, expr, NULL, GRN_OP_OR);
    must(found, text);
    grn_obj_close(&ctx, expr);
    return found;
}

static grn_obj *best_records(grn_obj *found)
{
    grn_table_sort_key key = {.key = grn_obj_column(&ctx, found, "_score", 6),
                              .flags = GRN_TABLE_SORT_DESC};
    grn_obj *best = grn_table_create(&ctx, NULL, 0, NULL, GRN_OBJ_TABLE_NO_KEY, NULL, found);
    grn_table_sort(&ctx, found, 0, PEER_LIMIT, best, &key, 1);
    grn_obj_unlink(&ctx, key.key);
    must(best, "sort");
    return best;
}

static void cut_snippets(grn_obj *best, const struct peer_query *q)
{
    grn_obj value, *text = grn_obj_column(&ctx, best, "text", 4);
    grn_obj *snip =
        grn_snip_open(&ctx, GRN_SNIP_COPY_TAG, SNIPPET_BYTES, 1, "<b>", 3, "</b>", 4, NULL);
    must(snip && text, "snippet");
    grn_snip_set_normalizer(&ctx, snip, GRN_NORMALIZER_AUTO);
    for (size_t i = 0; i < q->part_count; i++)
        grn_snip_add_cond(&ctx, snip, q->parts[i], (unsigned)strlen(q->parts[i]), NULL, 0, NULL, 0);
    GRN_TEXT_INIT(&value, 0);
    for (grn_id id = 1; id <= grn_table_size(&ctx, best); id++) {
        unsigned count, longest, size;
        GRN_BULK_REWIND(&value);
        grn_obj_get_value(&ctx, text, id, &value);
        grn_snip_exec(&ctx, snip, GRN_TEXT_VALUE(&value), (unsigned)GRN_TEXT_LEN(&value), &count,
                      &longest);
        char *result = malloc(longest + 1);
        if (count > 0 && result)
            grn_snip_get_result(&ctx, snip, 0, result, &size);
        free(result);
    }
    GRN_OBJ_FIN(&ctx, &value);
    grn_obj_close(&ctx, snip);
    grn_obj_unlink(&ctx, text);
}

static size_t search(void *db, const struct peer_query *q, bool snippets)
{
    grn_obj *found = select_records(db, q), *best = best_records(found);
    size_t hits = grn_table_size(&ctx, best);
    if (snippets)
        cut_snippets(best, q);
    grn_obj_close(&ctx, best);
    grn_obj_close(&ctx, found);
    return hits;
}

static void matches(void *db, const struct peer_query *q, struct peer_matches *out)
{
    grn_obj *found = select_records(db, q);
    GRN_TABLE_EACH_BEGIN(&ctx, found, cursor, id)
    {
        grn_id number;
        grn_table_get_key(&ctx, found, id, &number, sizeof(number));
        peer_matches_add(out, number - 1);
    }
    GRN_TABLE_EACH_END(&ctx, cursor);
    grn_obj_close(&ctx, found);
}

int main(int argc, char **argv)
{
    static const struct peer_engine engine = {
        .name = "peer_groonga",
        .build = build,
        .tokenise = tokenise,
        .open = open_index,
        .search = search,
        .matches = matches,
        .close = close_index,
    };
    return peer_main(&engine, argc, argv);
}
