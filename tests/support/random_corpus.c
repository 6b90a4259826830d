#include "tests/support/random_corpus.h"

static const char *const all_pieces[] = {
    "净",   "利",      "润",   "增",     "长",   "芯",   "片",     "年",       "月",         "股",
    "茅",   "资",      "產",   "資",     "产",   "か",   "ガ",     "ハ\u3099", "한",         "𠀀",
    "々",   "〇",      "a",    "ab",     "abc",  "A",    "rk3588", "5G",       "12",         "2024",
    "1.5",  "1,234.5", "é",    "м",      "m²",   "②",    "，",     "。",       "、",         " ",
    "\n",   "\u3000",  "-",    "(",      ")",    ".",    ",",      "\u00AD",   "1",          "2",
    "3.14", "RK",      "净利", "净利润", "芯片", "年度", "Ｂ",     "１",       "61，059.76", "％"};
#define PIECES (sizeof(all_pieces) / sizeof(all_pieces[0]))

void random_corpus_init(struct random_corpus *c, struct random_source *r)
{
    c->piece_count = random_between(r, 3, RANDOM_PIECES_MAX);
    c->spread = random_between(r, 1, 4);
    for (uint32_t i = 0; i < c->piece_count; i++)
        c->pieces[i] = all_pieces[random_below(r, random_once_in(r, 3) ? 12 : (uint32_t)PIECES)];
}

static const char *piece(const struct random_corpus *c, struct random_source *r)
{
    uint32_t i = random_below(r, c->piece_count);
    for (uint32_t k = 1; k < c->spread; k++)
        i = random_below(r, i + 1);
    return c->pieces[i];
}

void random_filing(const struct random_corpus *c, struct random_source *r, size_t pieces,
                   struct gs_buf *out)
{
    for (size_t i = 0; i < pieces; i++) {
        if (random_once_in(r, 40))
            gs_buf_append_str(out, RANDOM_OF(r, all_pieces));
        gs_buf_append_str(out, piece(c, r));
        if (random_once_in(r, 30))
            gs_buf_append_str(out, "\n");
    }
}

/* ---- queries ---- */

struct query_maker {
    const struct random_corpus *corpus;
    struct random_source *r;
    const uint8_t *sample;
    size_t sample_size;
    struct gs_buf *out;
};

static bool is_boundary(const struct query_maker *m, size_t at)
{
    return at >= m->sample_size || (m->sample[at] & 0xC0) != 0x80;
}

/* Some characters of the sample, as they stand. */
static void add_sample(const struct query_maker *m, uint32_t most)
{
    size_t from = m->sample_size ? random_below(m->r, (uint32_t)m->sample_size) : 0, to;
    while (!is_boundary(m, from))
        from++;
    to = from;
    for (uint32_t n = random_between(m->r, 1, most); n > 0 && to < m->sample_size; n--)
        do
            to++;
        while (!is_boundary(m, to));
    gs_buf_append(m->out, m->sample + from, to - from);
}

static void add_run(const struct query_maker *m)
{
    if (random_once_in(m->r, 2)) {
        add_sample(m, random_once_in(m->r, 3) ? 12 : 4);
        return;
    }
    for (uint32_t n = random_between(m->r, 1, 4); n > 0; n--) {
        const char *p = piece(m->corpus, m->r);
        bool space = *p == ' ' || *p == '\n' || strcmp(p, "\u3000") == 0;
        if (!space)
            gs_buf_append_str(m->out, p);
    }
}

static void add_quoted(const struct query_maker *m)
{
    static const char *const quotes[][2] = {
        {"\"", "\""}, {"“", "”"}, {"「", "」"}, {"『", "』"}, {"＂", "\""}};
    const char *const *q = RANDOM_OF(m->r, quotes);
    gs_buf_append_str(m->out, q[0]);
    add_run(m);
    if (random_once_in(m->r, 2)) {
        gs_buf_append_str(m->out, random_once_in(m->r, 3) ? "，" : " ");
        add_run(m);
    }
    gs_buf_append_str(m->out, q[1]);
}

static void add_all(const struct query_maker *m, int depth);

static void add_date(const struct query_maker *m)
{
    static const char *const months[] = {"03", "06", "09", "12", "3", "１２"};
    static const char *const signs[] = {"-", "-", "/", ".", "年", "－"};
    static const char *const behind[] = {"-", "-", "/", "月", "."};
    static const char *const days[] = {"27", "28", "29", "30", "31", "1"};
    gs_buf_printf(m->out, "%u", random_between(m->r, 2022, 2024));
    if (random_once_in(m->r, 3))
        return;
    gs_buf_append_str(m->out, RANDOM_OF(m->r, signs));
    gs_buf_append_str(m->out, RANDOM_OF(m->r, months));
    if (random_once_in(m->r, 3))
        return;
    gs_buf_append_str(m->out, RANDOM_OF(m->r, behind));
    gs_buf_append_str(m->out, RANDOM_OF(m->r, days));
    if (random_once_in(m->r, 6))
        gs_buf_append_str(m->out, "日");
}

/* Mostly well formed; some days do not exist, some ranges run backwards. */
static void add_filter(const struct query_maker *m)
{
    static const char *const ranges[] = {"..", "..", "~", "～", "至"};
    static const char *const commas[] = {",", "，", "、"};
    static const char *const names[] = {"date:", "date:", "period:", "Date：", "period："};
    gs_buf_append_str(m->out, RANDOM_OF(m->r, names));
    for (bool more = true; more;) {
        bool from = !random_once_in(m->r, 5);
        if (from)
            add_date(m);
        if (!from || !random_once_in(m->r, 3)) {
            gs_buf_append_str(m->out, RANDOM_OF(m->r, ranges));
            if (!from || !random_once_in(m->r, 4))
                add_date(m);
        }
        more = random_once_in(m->r, 5);
        if (more)
            gs_buf_append_str(m->out, RANDOM_OF(m->r, commas));
    }
}

static void add_part(const struct query_maker *m, int depth)
{
    switch (random_below(m->r, depth > 0 ? 10 : 7)) {
    case 0:
        add_quoted(m);
        break;
    case 1:
        add_run(m);
        gs_buf_append_str(m->out, random_once_in(m->r, 4) ? "＊" : "*");
        break;
    case 2:
        gs_buf_append_str(m->out, random_once_in(m->r, 4) ? "Title：" : "title:");
        add_run(m);
        break;
    case 3:
        if (random_once_in(m->r, 3))
            add_filter(m);
        else
            add_run(m);
        break;
    case 7:
    case 8:
        gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "（" : "(");
        add_all(m, depth - 1);
        gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "）" : ")");
        break;
    case 9:
        gs_buf_append_str(m->out, "title:(");
        add_all(m, depth - 1);
        gs_buf_append_str(m->out, ")");
        break;
    default:
        add_run(m);
    }
}

static void add_any(const struct query_maker *m, int depth)
{
    static const char *const bars[] = {"|", " | ", " OR ", "｜"};
    add_part(m, depth);
    while (random_once_in(m->r, 4)) {
        gs_buf_append_str(m->out, RANDOM_OF(m->r, bars));
        add_part(m, depth);
    }
}

static void add_all(const struct query_maker *m, int depth)
{
    static const char *const joints[] = {" ", " ", "\u3000", " AND ", " NOT ", " -", " －"};
    add_any(m, depth);
    while (random_once_in(m->r, 3)) {
        const char *joint = RANDOM_OF(m->r, joints);
        gs_buf_append_str(m->out, joint);
        if (joint[1] == 'N' || joint[1] == '-' || joint[1] == '\xEF')
            add_part(m, depth); /* an exclusion is no side of an OR */
        else
            add_any(m, depth);
    }
}

/* Terms with nothing between but spaces, as a question has them. */
static void add_bag(const struct query_maker *m)
{
    for (uint32_t n = random_between(m->r, 1, 6); n > 0; n--) {
        if (random_once_in(m->r, 5))
            add_quoted(m);
        else
            add_run(m);
        if (!random_once_in(m->r, 4))
            gs_buf_append_str(m->out, " ");
    }
}

static void add_soup(const struct query_maker *m)
{
    static const char *const signs[] = {" ",           " ",
                                        "(",           ")",
                                        "（",          "）",
                                        "|",           "｜",
                                        "\"",          "“",
                                        "”",           "「",
                                        "」",          "-",
                                        "－",          "*",
                                        "＊",          "OR",
                                        "AND",         "NOT",
                                        " OR ",        " AND ",
                                        " NOT ",       "title:",
                                        "：",          ":",
                                        "~8",          "?",
                                        "http://",     "code:",
                                        "Date: ",      "memo:x",
                                        "date:2024..", "period:2023,2024-1",
                                        "NEAR(",       "SENTENCE(",
                                        "，",          "\u3000",
                                        "*ST",         "(A)",
                                        "RK35?8",      "\xEF\xBB\xBF",
                                        "\xE4\xB8",    "1，234，567",
                                        "61，059.76",  "100，200",
                                        "1，024",      "title: ",
                                        "id：",        "NEAR/8("};
    for (uint32_t n = random_between(m->r, 1, 12); n > 0; n--) {
        if (random_once_in(m->r, 2))
            gs_buf_append_str(m->out, RANDOM_OF(m->r, signs));
        else
            add_run(m);
    }
}

void random_query(const struct random_corpus *c, struct random_source *r, enum gs_query_mode mode,
                  bool wild, const uint8_t *sample, size_t sample_size, struct gs_buf *out)
{
    const struct query_maker m = {c, r, sample, sample_size, out};
    if (wild)
        add_soup(&m);
    else if (mode == GS_QUERY_SYNTAX)
        add_all(&m, 2);
    else if (mode == GS_QUERY_ANY)
        add_bag(&m);
    else
        add_sample(&m, 10);
}
