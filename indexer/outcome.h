/*
 * outcome.h: what became of each input. Every file, archive member and JSON line ends in exactly
 * one outcome, noted on the main thread in the order of the walk by gs_outcome_note(): counted in
 * the tally, said as a warning where it is one, and handed to the observer (the report).
 */
#ifndef GS_INDEXER_OUTCOME_H
#define GS_INDEXER_OUTCOME_H

#include "indexer/console.h"
#include "indexer/filing.h"
#include "indexer/meta_csv.h"

enum gs_outcome_kind {
    GS_OUTCOME_INDEXED,
    GS_OUTCOME_REPLACED,  /* an older filing of the same id */
    GS_OUTCOME_UNCHANGED, /* the index has it as it is */
    GS_OUTCOME_REMOVED,   /* gone from where it was found, dropped from the index (--prune) */
    GS_OUTCOME_NO_TEXT,   /* an entry without text: nothing in it, or garbage, could be read */
    GS_OUTCOME_SKIPPED,   /* not taken; `why` says it */
    GS_OUTCOME_DAMAGED,   /* not taken, as it is broken; `why` says it */
    GS_OUTCOME_COUNT
};

enum gs_skip {                     /* why an input was not taken */
               GS_SKIP_KIND,       /* not a kind of file that is read */
               GS_SKIP_SPECIAL,    /* FIFO, socket, device */
               GS_SKIP_UNREADABLE, /* cannot be opened or read, or is not there */
               GS_SKIP_LOOP,       /* a symbolic link to a folder above it, or too many levels */
               GS_SKIP_EMPTY,      /* no bytes, or nothing in it that is text */
               GS_SKIP_BINARY,     /* no text */
               GS_SKIP_TOO_LARGE,  /* the memory does not allow it */
               GS_SKIP_LIMIT,      /* took too long, too much memory, or grew too much */
               GS_SKIP_CHANGED,    /* changed twice while it was read */
               GS_SKIP_REFUSED, /* an archive member with a name or of a kind that is not taken */
               GS_SKIP_NO_PROGRAM, /* a program that reads it is not installed */
               GS_SKIP_DAMAGED,    /* broken, or not what its name says */
               GS_SKIP_BAD_LINE,   /* not the JSON object it should be */
               GS_SKIP_BAD_ID,     /* the id is too long */
               GS_SKIP_COUNT
};

/* GS_OUTCOME_DAMAGED for the reasons that are damage, else GS_OUTCOME_SKIPPED. */
enum gs_outcome_kind gs_skip_outcome(enum gs_skip why);
/* What a reason is called, for people. Static. */
const char *gs_skip_text(const struct gs_console *c, enum gs_skip why);
/* And for programs: stable keywords (man page, REPORT). GS_OUTCOME_COUNT: "duplicate". Static. */
const char *gs_skip_keyword(enum gs_skip why);
const char *gs_outcome_keyword(enum gs_outcome_kind kind);

/* Borrowed for the call. */
struct gs_outcome {
    const char *path; /* as given or found; of a member archive!member */
    uint64_t line;    /* of a file of lines; 0: the whole file */
    struct gs_str id; /* empty where there is none */
    enum gs_outcome_kind kind;
    enum gs_skip why;   /* only for SKIPPED and DAMAGED */
    const char *detail; /* whole message that names the input, or NULL */
    const char *plain;  /* detail or remark in English and without the input's name, where it is not
                           so already; else NULL */
    const char *remark; /* a peculiarity of an input that was taken ("is HTML"), or NULL */
    const char *unread; /* a date or period given that cannot be read: message in English, static,
                           or NULL */
    const char *format; /* "text", "html", ...; NULL: not known */
    const char
        *encoding; /* what it was converted from; NULL: UTF-8, or not a matter of the format */
    const char *encoding_by; /* how that was found (gs_encoding_origin_name); NULL: not known, or no
                                matter of the format */
    uint64_t replaced;       /* U+FFFD put in for bytes that could not be read */
    uint64_t bytes;          /* of the source, as it is on disk */
    uint32_t pages;          /* 0: none */
    uint32_t pages_without_text; /* of them */
    bool rescued;                /* taken, though the file is damaged: pages may be missing */
    double seconds;              /* reading and extracting */
    /* What was handed on; NULL where nothing was. */
    const struct gs_filing *filing;
};

#define GS_ENCODINGS_COUNTED 32u /* names of encodings; what is beyond is counted as "others" */
#define GS_CONVERTED_NAMED   20u /* files, in the summary */
#define GS_TEXTLESS_NAMED    20u
#define GS_CONVERTED_PATH    1024 /* bytes of a path that is kept for that */

/* A file that was not UTF-8. */
struct gs_converted {
    char *path; /* owned */
    const char *encoding;
    uint64_t replaced; /* U+FFFD */
};

/* What may be unknown of a filing, in the order of the summary. */
enum gs_unknown {
    GS_UNKNOWN_CODE,
    GS_UNKNOWN_NAME,
    GS_UNKNOWN_TITLE,
    GS_UNKNOWN_DATE,
    GS_UNKNOWN_PERIOD,
    GS_UNKNOWN_TYPE,
    GS_UNKNOWN_COUNT
};

struct gs_tally {
    uint64_t outcomes[GS_OUTCOME_COUNT];
    uint64_t inputs;       /* files and archive members; a file of lines is one */
    uint64_t filings;      /* handed on */
    uint64_t source_bytes; /* read from files, as they are on disk */
    uint64_t skipped[GS_SKIP_COUNT];
    uint64_t repaired;        /* inputs (files or lines) in which bytes were replaced */
    uint64_t replacements;    /* U+FFFD put in */
    uint64_t rescued;         /* inputs that were taken though the file is damaged */
    uint64_t converted;       /* inputs that were not UTF-8 */
    uint64_t converted_files; /* the same, a file of lines being one */
    struct {
        const char *name;
        uint64_t files, replaced;
    } encodings[GS_ENCODINGS_COUNTED]; /* of these, by name; the last one may be "others" */
    struct gs_converted named[GS_CONVERTED_NAMED]; /* the first of these */
    uint64_t unknown[GS_UNKNOWN_COUNT];            /* of the filings handed on */
    char *textless[GS_TEXTLESS_NAMED];             /* the first filings without text; owned */
    uint64_t broken;                               /* of these: the file is damaged besides */
    uint64_t pages_without_text;                   /* in filings that have text */
    uint64_t bad_dates; /* dates and periods that cannot be read: unknown in the index */
    uint64_t unfit;     /* names that the --name-pattern does not fit */
    uint64_t shown;     /* warnings about inputs printed so far */
};

struct gs_outcomes {
    struct gs_console *console; /* borrowed */
    struct gs_tally tally;
    bool encoding_given; /* --encoding: no other is proposed */
    /* Sees every outcome; may be NULL. */
    void (*observer)(void *ctx, const struct gs_outcome *o);
    void *observer_ctx;
    /* private: the file of lines that is being read */
    uint64_t feed; /* hash of its path; 0: none */
    bool feed_converted;
    struct gs_converted *feed_named; /* its entry of tally.named; NULL: it has none */
};

void gs_outcomes_release(struct gs_outcomes *all);

void gs_outcome_note(struct gs_outcomes *all, const struct gs_outcome *o);
/* A date or period of a filing that is given and cannot be read: said, counted, and o->unread
 * set. The table it may come from may be NULL. */
void gs_outcome_note_bad_dates(struct gs_outcomes *all, struct gs_outcome *o,
                               const struct gs_filing *filing, const struct gs_meta_csv *meta);
/* A name that the --name-pattern does not fit: counted, and named with --verbose. */
void gs_outcome_note_unfit(struct gs_outcomes *all, const char *path);
/* Something about an input that is no outcome: said unless too much was said before. */
void gs_outcome_warn(struct gs_outcomes *all, const char *fmt, ...) GS_PRINTF(2, 3);

/* True where something was skipped or damaged; a filing that is kept without text is neither. */
bool gs_tally_has_losses(const struct gs_tally *t);

#endif
