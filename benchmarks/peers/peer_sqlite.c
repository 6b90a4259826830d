/*
 * SQLite FTS5 with its trigram tokenizer.
 *
 * One transaction, no journal, no syncing. Trigrams know no match of fewer than three characters,
 * so a query with such a part goes by LIKE, which reads all texts; its first ten filings are
 * unranked.
 */
#include "benchmarks/peers/peer.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define SQL_MAX 65536

static void must(sqlite3 *db, int code, const char *what)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW)
        peer_die(what, db ? sqlite3_errmsg(db) : "sqlite");
}

static sqlite3 *open_file(const char *folder)
{
    char path[4096];
    sqlite3 *db;
    snprintf(path, sizeof(path), "%s/fts.db", folder);
    must(NULL, sqlite3_open(path, &db), path);
    must(db,
         sqlite3_exec(db, "PRAGMA cache_size=-262144; PRAGMA mmap_size=4294967296", NULL, NULL,
                      NULL),
         "pragma");
    return db;
}

/* ---- building ---- */

static void build(struct peer_docs *docs, const char *index, bool with_text, unsigned threads)
{
    const char *text;
    size_t size;
    sqlite3_stmt *insert;
    char create[256];
    (void)threads;
    mkdir(index, 0777);
    sqlite3 *db = open_file(index);
    snprintf(create, sizeof(create),
             "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
             "CREATE VIRTUAL TABLE f USING fts5(text, tokenize='trigram'%s)",
             with_text ? "" : ", content=''");
    must(db, sqlite3_exec(db, create, NULL, NULL, NULL), "create");
    must(db, sqlite3_prepare_v2(db, "INSERT INTO f(rowid, text) VALUES(?, ?)", -1, &insert, NULL),
         "insert");
    while (peer_docs_next(docs, &text, &size)) {
        sqlite3_bind_int64(insert, 1, docs->number);
        sqlite3_bind_text(insert, 2, text, (int)size, SQLITE_STATIC);
        must(db, sqlite3_step(insert), "insert");
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), "commit");
    must(db, sqlite3_close(db), "close");
}

static int count_token(void *tokens, int flags, const char *token, int size, int start, int end)
{
    (void)flags, (void)token, (void)size, (void)start, (void)end;
    ++*(uint64_t *)tokens;
    return SQLITE_OK;
}

static fts5_api *find_api(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *select;
    must(db, sqlite3_prepare_v2(db, "SELECT fts5(?)", -1, &select, NULL), "fts5");
    sqlite3_bind_pointer(select, 1, &api, "fts5_api_ptr", NULL);
    sqlite3_step(select);
    sqlite3_finalize(select);
    if (!api)
        peer_die("no fts5", NULL);
    return api;
}

static uint64_t tokenise(struct peer_docs *docs)
{
    const char *text;
    size_t size;
    sqlite3 *db;
    void *user;
    fts5_tokenizer methods;
    Fts5Tokenizer *trigram;
    uint64_t tokens = 0;
    must(NULL, sqlite3_open(":memory:", &db), "open");
    fts5_api *api = find_api(db);
    must(db, api->xFindTokenizer(api, "trigram", &user, &methods), "trigram");
    must(db, methods.xCreate(user, NULL, 0, &trigram), "trigram");
    while (peer_docs_next(docs, &text, &size))
        must(db,
             methods.xTokenize(trigram, &tokens, FTS5_TOKENIZE_DOCUMENT, text, (int)size,
                               count_token),
             "tokenise");
    methods.xDelete(trigram);
    sqlite3_close(db);
    return tokens;
}

/* ---- searching ---- */

static void *open_index(const char *index)
{
    return open_file(index);
}

static void close_index(void *db)
{
    sqlite3_close(db);
}

static bool is_short(const struct peer_query *q)
{
    bool found = false;
    for (size_t i = 0; i < q->part_count && q->op != PEER_ANY; i++)
        found = found || peer_characters(q->parts[i]) < 3;
    return found;
}

/* Trigrams out of the bigrams of a text: each with the last character of the one behind it. */
static size_t add_trigrams(char *match, const struct peer_query *q)
{
    size_t size = 0;
    for (size_t i = 0; i + 1 < q->part_count; i++) {
        const char *last = q->parts[i + 1] + strlen(q->parts[i + 1]) - 1;
        while (((unsigned char)*last & 0xC0) == 0x80)
            last--;
        size += (size_t)snprintf(match + size, SQL_MAX - size, "%s\"%s%s\"", i ? " OR " : "",
                                 q->parts[i], last);
    }
    return size;
}

static void match_expression(char *match, const struct peer_query *q)
{
    size_t size = q->op == PEER_ANY ? add_trigrams(match, q) : 0;
    for (size_t i = 0; i < q->part_count && q->op != PEER_ANY; i++)
        size += (size_t)snprintf(match + size, SQL_MAX - size, "%s\"%s\"",
                                 i == 0              ? ""
                                 : q->op == PEER_ALL ? " AND "
                                                     : " OR ",
                                 q->parts[i]);
}

static void like_condition(char *sql, const struct peer_query *q)
{
    size_t size = strlen(sql);
    for (size_t i = 0; i < q->part_count; i++)
        size += (size_t)snprintf(sql + size, SQL_MAX - size, "%s +text LIKE '%%%s%%'",
                                 i == 0             ? ""
                                 : q->op == PEER_OR ? " OR"
                                                    : " AND",
                                 q->parts[i]);
}

/* The query, prepared: of each filing its rowid, and the passage where wanted. */
static sqlite3_stmt *prepare(sqlite3 *db, const struct peer_query *q, bool snippets, bool all)
{
    static char sql[SQL_MAX], match[SQL_MAX];
    sqlite3_stmt *select;
    if (is_short(q)) {
        snprintf(sql, sizeof(sql), "SELECT rowid%s%s%s FROM f WHERE",
                 snippets ? ", substr(text, max(1, instr(text, '" : "", snippets ? q->parts[0] : "",
                 snippets ? "') - 40), 100)" : "");
        like_condition(sql, q);
        snprintf(sql + strlen(sql), sizeof(sql) - strlen(sql), "%s", all ? "" : " LIMIT 10");
    } else {
        match_expression(match, q);
        snprintf(sql, sizeof(sql), "SELECT rowid%s FROM f WHERE f MATCH ?%s",
                 snippets ? ", snippet(f, 0, '<b>', '</b>', '', 64)" : "",
                 all ? "" : " ORDER BY rank LIMIT 10");
    }
    must(db, sqlite3_prepare_v2(db, sql, -1, &select, NULL), sql);
    if (!is_short(q))
        sqlite3_bind_text(select, 1, match, -1, SQLITE_STATIC);
    return select;
}

static size_t search(void *db, const struct peer_query *q, bool snippets)
{
    sqlite3_stmt *select = prepare(db, q, snippets, false);
    size_t hits = 0;
    int code;
    while ((code = sqlite3_step(select)) == SQLITE_ROW)
        hits++;
    must(db, code, "search");
    sqlite3_finalize(select);
    return hits;
}

static void matches(void *db, const struct peer_query *q, struct peer_matches *out)
{
    sqlite3_stmt *select = prepare(db, q, false, true);
    int code;
    while ((code = sqlite3_step(select)) == SQLITE_ROW)
        peer_matches_add(out, (uint32_t)sqlite3_column_int64(select, 0) - 1);
    must(db, code, "check");
    sqlite3_finalize(select);
}

int main(int argc, char **argv)
{
    static const struct peer_engine engine = {
        .name = "peer_sqlite",
        .build = build,
        .tokenise = tokenise,
        .open = open_index,
        .search = search,
        .matches = matches,
        .close = close_index,
    };
    return peer_main(&engine, argc, argv);
}
