/*
 * gaosou.h: the library of Gaosou, a full-text search engine over Chinese company filings.
 *
 * Index:   gaosou_writer_open, gaosou_filing_set... and gaosou_writer_add for each filing,
 *          gaosou_writer_commit, gaosou_writer_close.
 * Search:  gaosou_searcher_open, gaosou_session_open, gaosou_request_set_query...,
 *          gaosou_session_search, gaosou_result_hit..., the three closes.
 *
 * OBJECTS. All are opaque. What create or open gives is the caller's, and is given back by free or
 * close, which take NULL. All other pointers are borrowed; how long they live stands with the
 * function that gives them. What is passed in is borrowed for the call and copied where it is kept.
 *
 * TEXT is UTF-8 as (bytes, size) and need not end in NUL. Text that the library gives is UTF-8 and
 * ends in NUL too, unless something else is said; `size`, where it may be NULL, is its bytes without
 * that. Text of filings may hold a NUL byte like any other.
 *
 * ERRORS. What can fail returns enum gaosou_status: GAOSOU_OK is 0, and results go out by pointers,
 * untouched on failure. The last argument takes the text: a gaosou_error that is written on failure
 * only, or NULL. Errors are in English; those of a query in the language of its request, with the
 * column (in characters from 1), the reason and a hint. NULL for an object, a path, a function, a
 * place for a result (unless it may be NULL) or bytes that are not none is GAOSOU_E_USE; a function
 * without a status then does nothing and gives 0, NULL or "". The library never prints, exits, changes the
 * locale, starts a signal handler or reads the environment.
 *
 * THREADS. A gaosou_searcher may be used by any number of threads at once, also while one of them
 * refreshes it. Every other object belongs to one thread at a time: a thread has a session and a
 * request of its own, and what a session gives is used by the session's thread alone. A writer
 * starts threads of its own and joins them before gaosou_writer_close returns; searching starts
 * none. After fork() a child may use no object of its parent's.
 *
 * STABILITY. Numbers are pinned: none is ever given another meaning, and none of a struct's members
 * moves; members and functions are added. Symbols carry the version that brought them.
 */
#ifndef GAOSOU_H
#define GAOSOU_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

#define GAOSOU_VERSION_MAJOR 0
#define GAOSOU_VERSION_MINOR 1
#define GAOSOU_VERSION_PATCH 0
#define GAOSOU_VERSION_STRING "0.1.0"

/* In families: 1x use, 2x system, 3x format, 4x corrupt, 5x query, 6x limits; new ones are added
 * inside their family. */
enum gaosou_status {
    GAOSOU_OK = 0,

    GAOSOU_E_USE = 10,      /* an argument or a call that the contract does not allow */
    GAOSOU_E_NOT_FOUND = 11, /* the file, index, filing or section asked for does not exist */
    GAOSOU_E_BUSY = 12,     /* another writer holds the index */

    GAOSOU_E_NOMEM = 20, /* memory could not be had */
    GAOSOU_E_IO = 21,    /* the operating system refused a read, write, map or rename */
    GAOSOU_E_FULL = 22,  /* no space left on the device */

    GAOSOU_E_NOT_INDEX = 30, /* not a file or folder of ours */
    GAOSOU_E_TOO_OLD = 31,   /* a format that this program no longer reads */
    GAOSOU_E_TOO_NEW = 32,   /* a format that this program does not read yet */
    GAOSOU_E_ENCODING = 33,  /* an input's character encoding is unknown or does not fit */
    GAOSOU_E_INPUT = 34,     /* an input file is not what its name says (bad JSON, bad gzip, binary) */

    GAOSOU_E_CORRUPT = 40, /* the index is damaged: a checksum, an offset or a value is wrong */

    GAOSOU_E_QUERY = 50, /* the query cannot be read; the message has column, reason and hint */

    GAOSOU_E_LIMIT = 60, /* a stated limit was reached; the message names it */
};

/* A short English name of a status, static; "unknown status" for a number that is none. */
const char *gaosou_status_text(enum gaosou_status status);

/* The version of the library as "major.minor.patch", static. */
const char *gaosou_version(void);

typedef struct gaosou_error gaosou_error;
typedef struct gaosou_filing gaosou_filing;
typedef struct gaosou_writer gaosou_writer;
typedef struct gaosou_searcher gaosou_searcher;
typedef struct gaosou_session gaosou_session;
typedef struct gaosou_request gaosou_request;
typedef struct gaosou_result gaosou_result;
typedef struct gaosou_hit gaosou_hit;

/* ---- errors ---- */

/* Takes the error of any call; one for each thread. NULL without memory. */
gaosou_error *gaosou_error_create(void);
void gaosou_error_free(gaosou_error *error);
/* Of the last call that failed with this object; GAOSOU_OK and "" before one. One line, until the
 * next call that fails with it, or free. */
enum gaosou_status gaosou_error_status(const gaosou_error *error);
const char *gaosou_error_text(const gaosou_error *error);

/* ---- what is stored of a filing ---- */

enum gaosou_field {
    GAOSOU_FIELD_ID = 0,      /* at most 4096 bytes, no control characters; one live filing has it */
    GAOSOU_FIELD_TITLE = 1,   /* searched, before the text */
    GAOSOU_FIELD_CODES = 2,   /* stock codes, 603893 or 0700.HK; several, with U+001F between them */
    GAOSOU_FIELD_NAME = 3,    /* the short name of the company */
    GAOSOU_FIELD_COMPANY = 4, /* its full name */
    GAOSOU_FIELD_EXCHANGE = 5, /* SSE, SZSE, BSE, HKEX, TWSE, ... */
    GAOSOU_FIELD_BOARD = 6,
    GAOSOU_FIELD_DATE = 7,   /* of the announcement: 2024, 2024-03 or 2024-03-31 */
    GAOSOU_FIELD_PERIOD = 8, /* reported on: 2023, 2023H1, 2023Q3, or a day */
    GAOSOU_FIELD_TYPE = 9,   /* kind of filing: 年度报告, ... */
    GAOSOU_FIELD_NUMBER = 10, /* of the announcement: 2024-007 */
    GAOSOU_FIELD_URL = 11,
    GAOSOU_FIELD_PATH = 12,
    GAOSOU_FIELD_EXTRA = 13, /* all other fields: a JSON object */
};

/* ---- filings to be indexed ---- */

/* An empty filing; it may be cleared and used again. NULL without memory. */
gaosou_filing *gaosou_filing_create(void);
void gaosou_filing_free(gaosou_filing *filing);
void gaosou_filing_clear(gaosou_filing *filing);

/*
 * Sets a field, in place of what it had; size 0 makes it unknown. GAOSOU_E_ENCODING for bytes that
 * are no UTF-8; GAOSOU_E_INPUT for a date or period that is none, an id with control characters, and
 * an EXTRA that is no JSON object; GAOSOU_E_LIMIT for a field over 1 MiB (an id over 4096 bytes);
 * GAOSOU_E_USE for a number that is no field.
 */
enum gaosou_status gaosou_filing_set(gaosou_filing *filing, enum gaosou_field field,
                                     const char *bytes, size_t size, gaosou_error *error);
/* The text, pages between form feeds (U+000C); or a page more behind those that are there.
 * GAOSOU_E_ENCODING; GAOSOU_E_LIMIT beyond what any index takes (about 1 GiB). */
enum gaosou_status gaosou_filing_set_text(gaosou_filing *filing, const char *bytes, size_t size,
                                          gaosou_error *error);
enum gaosou_status gaosou_filing_add_page(gaosou_filing *filing, const char *bytes, size_t size,
                                          gaosou_error *error);
/* Clears the filing and reads it from a JSON object: id, text (a string or a list of pages), title,
 * code or codes, name, company, date, period, type, exchange, board, number, url, path; other keys
 * are kept as EXTRA. GAOSOU_E_INPUT with the column; the filing then is empty. */
enum gaosou_status gaosou_filing_read_json(gaosou_filing *filing, const char *json, size_t size,
                                           gaosou_error *error);

/* ---- writing an index ---- */

#define GAOSOU_WRITER_CREATE  0x1u /* make the index where there is none */
#define GAOSOU_WRITER_NO_TEXT 0x2u /* keep no text: no fragments, a third of the size */

/*
 * Opens an index (a folder) for writing. One writer at a time has it, here or in another process:
 * GAOSOU_E_BUSY. Readers go on meanwhile and see the last commit. GAOSOU_E_NOT_FOUND,
 * GAOSOU_E_NOT_INDEX, GAOSOU_E_TOO_OLD, GAOSOU_E_TOO_NEW, GAOSOU_E_CORRUPT, GAOSOU_E_IO.
 */
enum gaosou_status gaosou_writer_open(gaosou_writer **writer, const char *index, unsigned flags,
                                      gaosou_error *error);
/* Lets go of the index. What was not committed is dropped: the index is as it was. */
void gaosou_writer_close(gaosou_writer *writer);

/* Before the first filing is added, else GAOSOU_E_USE: bytes of memory the writer may use (at least
 * 64 MiB; 1 GiB unless set), and threads (1 unless set, at most 64). The bytes of an index do not
 * depend on the threads. */
enum gaosou_status gaosou_writer_set_memory(gaosou_writer *writer, uint64_t bytes,
                                            gaosou_error *error);
enum gaosou_status gaosou_writer_set_threads(gaosou_writer *writer, unsigned threads,
                                             gaosou_error *error);

/* Before the first filing, too: fields of EXTRA that filters and facets know by their names from now
 * on, in this index for good; a NUL-ended list with commas between. GAOSOU_E_USE for what is no such
 * name; GAOSOU_E_LIMIT for too many. */
enum gaosou_status gaosou_writer_add_filterable(gaosou_writer *writer, const char *names,
                                                gaosou_error *error);

#define GAOSOU_ADD_DERIVE 0x1u /* fill unknown fields from the text: title, codes, date, kind, ... */

/*
 * Adds a filing, which needs an id; one with the same id is replaced. The filing is copied and may be
 * changed or freed. GAOSOU_E_USE without an id; GAOSOU_E_LIMIT for a text that the memory is too
 * small for: both leave the writer as it was. After any other failure the writer can only be closed,
 * and says so.
 */
enum gaosou_status gaosou_writer_add(gaosou_writer *writer, const gaosou_filing *filing,
                                     unsigned flags, gaosou_error *error);
/* Deletes the filing with this id, added just now or long ago. *found (may be NULL): whether there
 * was one. */
enum gaosou_status gaosou_writer_delete(gaosou_writer *writer, const char *id, size_t size,
                                        int *found, gaosou_error *error);
/* Makes all that was added and deleted since the last commit visible, at once and lastingly, or,
 * on failure, nothing of it. *commit (may be NULL) is its number, one more than the last one's; where
 * nothing has changed the last one's. */
enum gaosou_status gaosou_writer_commit(gaosou_writer *writer, uint64_t *commit,
                                        gaosou_error *error);

enum gaosou_merge {
    GAOSOU_MERGE_SOME = 0, /* segments that have become too many or too empty: after each commit */
    GAOSOU_MERGE_ALL = 1,  /* into one: the fastest searches, all of the index written anew */
};
/* Commits, then makes fewer and larger segments, without the deleted filings, and commits that. */
enum gaosou_status gaosou_writer_merge(gaosou_writer *writer, enum gaosou_merge how,
                                       gaosou_error *error);

/* ---- searching: the index ---- */

/* Opens an index for searching, as its last commit has it. Any number may be open at once. Errors as
 * of gaosou_writer_open, but never GAOSOU_E_BUSY. */
enum gaosou_status gaosou_searcher_open(gaosou_searcher **searcher, const char *index,
                                        gaosou_error *error);
/* Gives the searcher up; what is open of it ends with its last session. */
void gaosou_searcher_close(gaosou_searcher *searcher);
/* Takes the newest commit for all searches that begin after it. *changed (may be NULL): whether it
 * is another than before. Any thread may call it at any time; answers that sessions hold stay as they
 * are. On failure the searcher goes on with what it has. */
enum gaosou_status gaosou_searcher_refresh(gaosou_searcher *searcher, int *changed,
                                           gaosou_error *error);
/* The number of the commit, and the live filings in it. */
uint64_t gaosou_searcher_commit(gaosou_searcher *searcher);
uint64_t gaosou_searcher_filings(gaosou_searcher *searcher);

/* ---- searching: what is asked for ---- */

enum gaosou_mode {
    GAOSOU_MODE_SYNTAX = 0,  /* the query language */
    GAOSOU_MODE_LITERAL = 1, /* the text as it stands, one phrase */
    GAOSOU_MODE_ANY = 2,     /* any of its terms, ranked: questions */
};
enum gaosou_language { GAOSOU_ENGLISH = 0, GAOSOU_CHINESE = 1 };
enum gaosou_sort {
    GAOSOU_SORT_SCORE = 0,
    GAOSOU_SORT_NEWEST = 1,
    GAOSOU_SORT_OLDEST = 2,
    GAOSOU_SORT_CODE = 3,
    GAOSOU_SORT_LENGTH = 4,
};
enum gaosou_ties {
    GAOSOU_TIES_CLOSEST = 0,  /* where the parts stand closest together, then in the order indexed */
    GAOSOU_TIES_SEQUENCE = 1, /* in the order indexed */
};
enum gaosou_within {
    GAOSOU_WITHIN_FILING = 0,
    GAOSOU_WITHIN_SENTENCE = 1,
    GAOSOU_WITHIN_PARAGRAPH = 2,
};
#define GAOSOU_ALL SIZE_MAX /* as a limit: no limit */

/* What is asked for; used for any number of searches, one after the other. NULL without memory. */
gaosou_request *gaosou_request_create(void);
void gaosou_request_free(gaosou_request *request);
/* As new. */
void gaosou_request_clear(gaosou_request *request);

/* All of it from a JSON object, as a line of gaosou-query --batch: {"q":"净利润","limit":20}. What is
 * not given is as new. GAOSOU_E_INPUT and GAOSOU_E_USE with what is wrong; it then is as new. */
enum gaosou_status gaosou_request_read_json(gaosou_request *request, const char *json, size_t size,
                                            gaosou_error *error);
/* The query, at most 1 MiB. It is read by gaosou_session_search. */
enum gaosou_status gaosou_request_set_query(gaosou_request *request, const char *bytes, size_t size,
                                            gaosou_error *error);
/* Further filters in the query language, all of which have to hold, in any mode: "code:603893
 * date:2024". Size 0: none. */
enum gaosou_status gaosou_request_set_filters(gaosou_request *request, const char *bytes,
                                              size_t size, gaosou_error *error);
/* Goes on behind an answer that gave this cursor to the same query and options. Size 0: from the
 * start. */
enum gaosou_status gaosou_request_set_cursor(gaosou_request *request, const char *bytes, size_t size,
                                             gaosou_error *error);
/* Counts the values of a field over all matching filings: code, name, company, type, exchange,
 * board, year, or a filterable field. At most 16 fields. */
enum gaosou_status gaosou_request_add_facet(gaosou_request *request, const char *name, size_t size,
                                            gaosou_error *error);
/* Values that are listed of each facet: 10, or GAOSOU_ALL. */
void gaosou_request_set_facet_limit(gaosou_request *request, size_t limit);
/* Hits wanted (10, or GAOSOU_ALL), and hits left out before them. */
void gaosou_request_set_limit(gaosou_request *request, size_t limit);
void gaosou_request_set_offset(gaosou_request *request, size_t offset);
/* GAOSOU_E_USE for a number that is none of the enumeration's. */
enum gaosou_status gaosou_request_set_mode(gaosou_request *request, enum gaosou_mode mode,
                                           gaosou_error *error);
enum gaosou_status gaosou_request_set_language(gaosou_request *request,
                                               enum gaosou_language language, gaosou_error *error);
enum gaosou_status gaosou_request_set_sort(gaosou_request *request, enum gaosou_sort sort,
                                           gaosou_error *error);
enum gaosou_status gaosou_request_set_ties(gaosou_request *request, enum gaosou_ties ties,
                                           gaosou_error *error);
enum gaosou_status gaosou_request_set_within(gaosou_request *request, enum gaosou_within within,
                                             gaosou_error *error);
/* Of GAOSOU_MODE_ANY: different terms that a filing must have at least; as a percentage of them
 * (rounded down, 0 to 100) where percent is 1 (0: no). GAOSOU_E_USE for another share. */
enum gaosou_status gaosou_request_set_min_match(gaosou_request *request, size_t count, int percent,
                                                gaosou_error *error);
/* Terms that stand for one another, in Solr's format (docs/QUERY.md, Synonyms). Size 0: none.
 * GAOSOU_E_INPUT with the line. */
enum gaosou_status gaosou_request_set_synonyms(gaosou_request *request, const char *bytes,
                                               size_t size, gaosou_error *error);
/* What the order is made of beside BM25: "plain" (nothing), "full", or some of title, proximity,
 * stop, passages with commas between; unless set, full for GAOSOU_MODE_ANY and else plain. */
enum gaosou_status gaosou_request_set_ranking(gaosou_request *request, const char *names,
                                              size_t size, gaosou_error *error);
/* Fragments of a hit (3, or GAOSOU_ALL), and sentences before and behind that of a hit (at most 1000;
 * 0: as many as fit well). */
enum gaosou_status gaosou_request_set_fragments(gaosou_request *request, size_t fragments,
                                                size_t context, gaosou_error *error);
/* k1 from 0 on and b from 0 to 1 of BM25; 1.2 and 0.75. */
enum gaosou_status gaosou_request_set_bm25(gaosou_request *request, double k1, double b,
                                           gaosou_error *error);
/* Yes (not 0) or no, all of them no at first: filings that filters cannot judge match, too; filings
 * with the same content are one hit; totals are exact in every case; hits have no fragments; those
 * with the parts in one sentence and in one paragraph are counted; places in fragments are in UTF-16
 * code units; the JSON of the answer tells how it came about ("explain"). */
void gaosou_request_set_unknown(gaosou_request *request, int yes);
void gaosou_request_set_collapse(gaosou_request *request, int yes);
void gaosou_request_set_exact(gaosou_request *request, int yes);
void gaosou_request_set_no_fragments(gaosou_request *request, int yes);
void gaosou_request_set_together(gaosou_request *request, int yes);
void gaosou_request_set_utf16(gaosou_request *request, int yes);
void gaosou_request_set_explain(gaosou_request *request, int yes);
/* Microseconds after which a search ends with what it has (gaosou_result_is_partial); 0: none. */
void gaosou_request_set_timeout(gaosou_request *request, uint64_t microseconds);

/* ---- searching: the answer ---- */

/* A thread's own place to search in. It keeps its memory from search to search. */
enum gaosou_status gaosou_session_open(gaosou_session **session, gaosou_searcher *searcher,
                                       gaosou_error *error);
void gaosou_session_close(gaosou_session *session);

/* Searches. *result, with all that it gives, lives until the next search of this session, or its
 * close; also while the index is written to. GAOSOU_E_QUERY and GAOSOU_E_LIMIT for what the query
 * is; GAOSOU_E_CORRUPT, GAOSOU_E_IO for what the index is. */
enum gaosou_status gaosou_session_search(gaosou_session *session, const gaosou_request *request,
                                         const gaosou_result **result, gaosou_error *error);

/* The number of the commit that was searched. */
uint64_t gaosou_result_commit(const gaosou_result *result);
/* Matching filings, and occurrences of the query's parts in them; *exact (may be NULL): not 0 where
 * it is no lower bound. */
uint64_t gaosou_result_total(const gaosou_result *result, int *exact);
uint64_t gaosou_result_occurrences(const gaosou_result *result, int *exact);
/* Of the matching filings those that are listed with another (gaosou_request_set_collapse). */
uint64_t gaosou_result_collapsed(const gaosou_result *result);
/* How the query was read: "Read as: ..." or "读作：...". */
const char *gaosou_result_read_as(const gaosou_result *result);
/* Not 0: the time was up, and this is what was found by then. */
int gaosou_result_is_partial(const gaosou_result *result);
/* Not 0: the commit that the cursor was made on is gone, and this is the answer on the newest one. */
int gaosou_result_is_continued(const gaosou_result *result);
/* What the next page is to be asked for with; NULL where there is none. */
const char *gaosou_result_cursor(const gaosou_result *result);
/* Microseconds that the search took, without showing hits. */
uint64_t gaosou_result_took(const gaosou_result *result);
/* Matching filings that a filter on a field could not judge and that were left out: of the
 * index-th field that has any; 0 behind the last. */
int gaosou_result_unjudged(const gaosou_result *result, size_t index, const char **field,
                           uint64_t *filings);
/* Filings without a text that could match if it were known, by the reason (no_text_layer, garbage),
 * likewise. */
int gaosou_result_unsearched(const gaosou_result *result, size_t index, const char **reason,
                             uint64_t *filings);
/* The facets in the order they were asked for: name, values that are listed, values that are not,
 * filings without a value; 0 behind the last. Any pointer may be NULL. */
int gaosou_result_facet(const gaosou_result *result, size_t index, const char **name,
                        size_t *values, uint64_t *more, uint64_t *unknown);
/* A value of a facet (no NUL behind it), and the filings that have it; 0 behind the last. */
int gaosou_result_facet_value(const gaosou_result *result, size_t facet, size_t index,
                              const char **value, size_t *size, uint64_t *filings);
/* Of the matching filings those that match in one sentence, and in one paragraph
 * (gaosou_request_set_together); 0: not asked for, not to be had of such a query, or no time. */
int gaosou_result_together(const gaosou_result *result, uint64_t *sentence, uint64_t *paragraph);
/* Hits that gaosou_result_hit gives. */
size_t gaosou_result_hit_count(const gaosou_result *result);
/* Reads a hit, 0 <= index < hit_count. It lives until the next hit of this result is read. */
enum gaosou_status gaosou_result_hit(const gaosou_result *result, size_t index,
                                     const gaosou_hit **hit, gaosou_error *error);
/* The whole answer as one JSON object, as gaosou-query --json gives it, with what helps where nothing
 * was found ("nothing_found"). Lives as the result does, until the next call; it reads all hits. */
enum gaosou_status gaosou_result_json(const gaosou_result *result, const char **json, size_t *size,
                                      gaosou_error *error);

/* ---- searching: a hit ---- */

uint64_t gaosou_hit_rank(const gaosou_hit *hit); /* from 1, over the whole answer */
double gaosou_hit_score(const gaosou_hit *hit);
/* A stored field; NULL where it is not known. No NUL behind it. */
const char *gaosou_hit_field(const gaosou_hit *hit, enum gaosou_field field, size_t *size);
/* One of its codes; NULL behind the last. No NUL behind it. */
const char *gaosou_hit_code(const gaosou_hit *hit, size_t index, size_t *size);
/* Why it has no text (no_text_layer, garbage); NULL where it has one. */
const char *gaosou_hit_unsearched(const gaosou_hit *hit);
/* A part of the query and how often it occurs in the filing; 0 behind the last. */
int gaosou_hit_term(const gaosou_hit *hit, size_t index, const char **text, uint64_t *count);
/* The sheet of its best fragment or, without fragments, of its first occurrence, from 1 (0: not
 * known), the page as printed there, and the headings above the fragment; NULL where there is none.
 * No NUL behind them. */
uint32_t gaosou_hit_page(const gaosou_hit *hit);
const char *gaosou_hit_label(const gaosou_hit *hit, size_t *size);
const char *gaosou_hit_section(const gaosou_hit *hit, size_t *size);
/* The hit as a JSON object, as in "hits" of the answer's. Lives until the next call, and no longer
 * than the hit. */
enum gaosou_status gaosou_hit_json(const gaosou_hit *hit, const char **json, size_t *size,
                                   gaosou_error *error);
/* Id of a filing that says the same (gaosou_request_set_collapse); NULL behind the last. No NUL
 * behind it. */
const char *gaosou_hit_duplicate(const gaosou_hit *hit, size_t index, size_t *size);

/* Fragments, the best first: whole sentences, cleaned of layout. No NUL behind it. */
size_t gaosou_hit_fragment_count(const gaosou_hit *hit);
const char *gaosou_hit_fragment(const gaosou_hit *hit, size_t fragment, size_t *size);
/* The index-th place of a fragment where the query stands, in bytes of the fragment [start, end),
 * ascending and apart; 0 behind the last (gaosou_request_set_utf16). */
int gaosou_hit_span(const gaosou_hit *hit, size_t fragment, size_t index, size_t *start,
                    size_t *end);
/* The sheet that a fragment stands on, from 1 (0: not known), the page as printed, and the headings
 * above it, outermost first, joined by " > "; NULL where there is none. No NUL behind them. */
uint32_t gaosou_hit_fragment_page(const gaosou_hit *hit, size_t fragment);
const char *gaosou_hit_fragment_label(const gaosou_hit *hit, size_t fragment, size_t *size);
const char *gaosou_hit_fragment_section(const gaosou_hit *hit, size_t fragment, size_t *size);

/* ---- one filing ---- */

/* The stored fields of the live filing with this id, as a hit without score, terms and fragments; it
 * lives until the next gaosou_session_find or gaosou_session_text. GAOSOU_E_NOT_FOUND. */
enum gaosou_status gaosou_session_find(gaosou_session *session, const char *id, size_t size,
                                       const gaosou_hit **hit, gaosou_error *error);
/* Its text, as it was indexed; lives until the next call of this function. GAOSOU_E_NOT_FOUND, also
 * where the index keeps no text. */
enum gaosou_status gaosou_session_text(gaosou_session *session, const char *id, size_t size,
                                       const char **text, size_t *text_size, gaosou_error *error);

/* Why the filing with this id matches the request, with its rank, or what of the query fails in it:
 * one JSON object, as of gaosou-query --why-not ID --json. It searches: the session's result is lost.
 * A filing that is not there is no error, and told. Lives until the session's next search, answer as
 * JSON or call of this function. Errors as of gaosou_session_search. */
enum gaosou_status gaosou_session_why_not(gaosou_session *session, const gaosou_request *request,
                                          const char *id, size_t id_size, const char **json,
                                          size_t *size, gaosou_error *error);

/* ---- tokens ---- */

/* One token of a text. */
struct gaosou_token {
    const char *term;    /* normalised; lives for the call */
    size_t term_size;    /* bytes; a NUL is behind them */
    size_t start, end;   /* bytes of the text that it stands for: [start, end) */
    uint32_t position;   /* from 0; several tokens may have one */
    uint32_t page;       /* sheet, from 1; 0 where the text has no pages */
};
/* Gives the tokens of a text in order, as they are indexed; a result other than 0 ends it. */
typedef int gaosou_token_function(void *context, const struct gaosou_token *token);
/* GAOSOU_E_ENCODING for a text that is no UTF-8; GAOSOU_E_LIMIT over about 1 GiB. Any thread may call
 * it at any time. */
enum gaosou_status gaosou_tokenise(const char *text, size_t size, gaosou_token_function *function,
                                   void *context, gaosou_error *error);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
