#include "tests/support/random_query.h"

/* The one place to leave a form out. */
const struct random_forms random_forms = {
    .groups = true,
    .within = true,
    .patterns = true,
    .fields = true,
    .beside = true,
    .filterable = true,
    .sorts = true,
    .ties = true,
    .ranking = true,
    .facets = true,
    .together = true,
    .cursors = true,
    .min_match = true,
    .synonyms = true,
};

struct query_maker {
    const struct random_corpus *corpus;
    struct random_source *r;
    const uint8_t *sample;
    size_t sample_size;
    struct gs_buf *out;
    bool no_filters; /* inside a place */
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
        const char *p = random_piece(m->corpus, m->r);
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

/* An ASCII word of the corpus with signs for some of its characters. */
static void add_pattern(const struct query_maker *m)
{
    static const char *const words[] = {"rk3588", "abc", "2024", "RK", "ab", "rk3588", "A12"};
    const char *word = RANDOM_OF(m->r, words);
    size_t size = strlen(word);
    if (random_once_in(m->r, 3))
        add_run(m);
    for (size_t i = 0; i < size; i++) {
        bool inner = i > 0 && i + 1 < size;
        if (random_once_in(m->r, 3) && inner)
            gs_buf_append_str(m->out, random_once_in(m->r, 2) ? "?" : "*");
        if (inner && random_once_in(m->r, 4))
            gs_buf_append_str(m->out, random_once_in(m->r, 4) ? "＊" : "*");
        else
            gs_buf_append(m->out, word + i, 1);
    }
    if (random_once_in(m->r, 3))
        add_run(m);
    if (random_once_in(m->r, 4))
        gs_buf_append_str(m->out, "*");
}

static void add_near_part(const struct query_maker *m)
{
    do {
        if (random_once_in(m->r, 8))
            gs_buf_append_str(m->out, "title:");
        if (random_once_in(m->r, 6))
            add_quoted(m);
        else if (random_once_in(m->r, 8) && random_forms.patterns)
            add_pattern(m);
        else
            add_run(m);
        if (random_once_in(m->r, 6))
            gs_buf_append_str(m->out, "*");
    } while (random_once_in(m->r, 5) && (gs_buf_append_str(m->out, "|"), true));
}

static void add_near(const struct query_maker *m)
{
    bool quoted = random_once_in(m->r, 3), numbered = quoted || random_once_in(m->r, 2);
    uint32_t n = random_below(m->r, random_once_in(m->r, 4) ? 60 : 6);
    gs_buf_append_str(m->out, quoted ? "\"" : "NEAR");
    if (numbered && !quoted)
        gs_buf_printf(m->out, "/%u", n);
    if (!quoted)
        gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "（" : "(");
    for (uint32_t parts = random_once_in(m->r, 3) ? 3 : 2; parts > 0; parts--) {
        if (quoted)
            add_run(m);
        else
            add_near_part(m);
        gs_buf_append_str(m->out, " ");
    }
    if (quoted)
        gs_buf_printf(m->out, "\"%s%u", random_once_in(m->r, 5) ? "～" : "~", n);
    else
        gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "）" : ")");
}

static void add_place(const struct query_maker *m, int depth)
{
    struct query_maker inside = *m;
    inside.no_filters = true;
    gs_buf_append_str(m->out, random_once_in(m->r, 2) ? "SENTENCE" : "PARAGRAPH");
    gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "（" : "(");
    add_all(&inside, depth - 1);
    gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "）" : ")");
}

static void add_group(const struct query_maker *m, int depth)
{
    static const char *const opens[] = {"(", "(", "(", "（", "title:("};
    gs_buf_append_str(m->out, RANDOM_OF(m->r, opens));
    add_all(m, depth - 1);
    gs_buf_append_str(m->out, random_once_in(m->r, 5) ? "）" : ")");
}

static void add_part(const struct query_maker *m, int depth)
{
    bool groups = random_forms.groups;
    uint32_t form = random_below(m->r, depth > 0 ? 14 : 10);
    if (form == 0)
        add_quoted(m);
    else if (form == 1) {
        add_run(m);
        gs_buf_append_str(m->out, random_once_in(m->r, 4) ? "＊" : "*");
    } else if (form == 2) {
        gs_buf_append_str(m->out, random_once_in(m->r, 4) ? "Title：" : "title:");
        add_run(m);
    } else if (form == 3 && !m->no_filters)
        random_filter(m->r, m->out);
    else if (form == 4 && random_forms.patterns && random_once_in(m->r, 2))
        add_pattern(m);
    else if ((form == 5 || form == 10) && groups && random_once_in(m->r, 2))
        add_near(m);
    else if (form == 11 && groups)
        add_place(m, depth);
    else if (form >= 12)
        add_group(m, depth);
    else
        add_run(m);
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
                                        "id：",        "NEAR/8(",
                                        "~2",          "NEAR/1001(",
                                        "NEAR/3(A B)", "PARAGRAPH（",
                                        "\"A B\"~0",   "～3",
                                        "name:",       "type:年报",
                                        "f_1:a",       "f_1:",
                                        "since:1",     "industry：\"",
                                        "..",          "a*b"};
    for (uint32_t n = random_between(m->r, 1, 12); n > 0; n--) {
        const char *sign = RANDOM_OF(m->r, signs);
        if (random_once_in(m->r, 2))
            gs_buf_append_str(m->out, sign);
        else
            add_run(m);
    }
}

void random_query(const struct random_corpus *c, struct random_source *r, enum gs_query_mode mode,
                  bool wild, const uint8_t *sample, size_t sample_size, struct gs_buf *out)
{
    const struct query_maker m = {c, r, sample, sample_size, out, false};
    if (wild)
        add_soup(&m);
    else if (mode == GS_QUERY_SYNTAX)
        add_all(&m, 2);
    else if (mode == GS_QUERY_ANY)
        add_bag(&m);
    else
        add_sample(&m, 10);
}
