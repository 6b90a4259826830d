/* How groups, patterns, --within and filters beside a query are read, and what fingerprints tell
 * apart. Trees print as query_tree.h says. */
#include "query/query.h"
#include "tests/support/query_tree.h"
#include "tests/support/test.h"

static const struct {
    const char *text, *wanted;
} TREES[] = {
    {"NEAR/8(募投 产能)", "N8(募投 产能)"},
    {"NEAR(募投 产能)", "N8(募投 产能)"},
    {"NEAR/0（募投　产能）", "N0(募投 产能)"},
    {"NEAR/１０００(A B C)", "N1000(a b c)"},
    {"NEAR/8(A|B \"C D\" 芯* 茅 title:E)", "N8(|(a b) c@1d 芯* 茅 t:e)"},
    {"NEAR/8(A OR (B|(C)) D)", "N8(|(a b c) d)"},
    {"NEAR(title:(A|B) C)", "N8(|(t:a t:b) c)"},
    {"title:(NEAR(A B))", "N8(t:a t:b)"},
    {"NEAR(A ， B)", "N8(a b)"},
    {"NEAR/2(A B)C", "&(N2(a b) c)"},
    {"A NEAR/2(B C) | D", "&(a |(N2(b c) d))"},
    {"-NEAR(A B) C", "&(!N8(a b) c)"},
    {"NEAR/ (A B)", "&(near a b)"},
    {"NEAR (A B)", "&(near a b)"},
    {"near(A) B", "&(near@2a b)"},
    {"ANEAR/8（芯片）", "anear@28@4芯片"},
    {"\"募投 产能\"~8", "N8(募投 产能)"},
    {"“募投　产能 A*B”～８", "N8(募投 产能 a@2b)"},
    {"「A B」~0", "N0(a b)"},
    {"\"A B\"~8C", "&(N8(a b) c)"},
    {"\"A ， B\"~8", "N8(a b)"},
    {"title:\"A B\"~3", "N3(t:a t:b)"},
    {"-\"A B\"~3 C", "&(!N3(a b) c)"},
    {"\"A B\"~", "a@1b"},
    {"\"A B\" ~8", "&(a@1b 8)"},
    {"“十四五”~A规划", "十四五@4a@5规划"},
    {"SENTENCE(A B)", "S(&(a b))"},
    {"SENTENCE（A）", "S(a)"},
    {"PARAGRAPH(A (B|C) -D)", "P(&(a |(b c) !d))"},
    {"PARAGRAPH(SENTENCE(A B) NEAR/3(C D))", "P(&(S(&(a b)) N3(c d)))"},
    {"SENTENCE(A) SENTENCE(B)", "&(S(a) S(b))"},
    {"A | SENTENCE(B C)", "|(a S(&(b c)))"},
    {"A SENTENCE(，)", "a"},
    {"A -SENTENCE(B (C|D))", "&(a !S(&(b |(c d))))"},
    {"SENTENCE (A B)", "&(sentence a b)"},
    {"title:(SENTENCE(A B))", "S(&(t:a t:b))"},
    /* patterns */
    {"RK35?8", "rk35?8"},
    {"RK3*8系列", "rk3*8@1系列"},
    {"系列RK3＊8", "系列@2rk3*8"},
    {"RK3**8", "rk3*8"},
    {"a??b", "a??b"},
    {"R?35*", "r?35*"},
    {"RK?", "rk"},
    {"*A?B", "a?b"},
    {"A?B?", "a?b"},
    {"A?B-C*D", "a?b@2c*d"},
    {"\"A?B\"", "a@2b"},
    {"title:RK35?8", "t:rk35?8"},
    {"2?24年", "2?24@1年~"},
    {"http://a.b/c?d", "http@2a@4b@6c@8d"},
    {"A?B，61，059.76", "a?b@261059.76"},
};

static void test_trees(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(TREES); i++)
        query_tree_check(TREES[i].text, GS_QUERY_SYNTAX, TREES[i].wanted);
}

static const struct {
    const char *text;
    enum gs_query_mode mode;
    enum gs_query_within within;
    const char *filters, *wanted;
} BESIDE[] = {
    {"A B", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, NULL, "S(&(a b))"},
    {"A", GS_QUERY_SYNTAX, GS_WITHIN_PARAGRAPH, NULL, "P(a)"},
    {"A|B", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, NULL, "S(|(a b))"},
    {"A -B date:2024", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, NULL, "&(S(&(a !b)) date:2024)"},
    {"date:2024 A -period:2023 NEAR(B C)", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, NULL,
     "&(S(&(a N8(b c))) date:2024 !period:2023)"},
    {"A (date:2023 | period:2023)", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, NULL,
     "&(S(a) |(date:2023 period:2023))"},
    {"date:2024", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, NULL, "date:2024"},
    {"A B", GS_QUERY_LITERAL, GS_WITHIN_SENTENCE, NULL, "S(a@1b)"},
    {"A B", GS_QUERY_ANY, GS_WITHIN_PARAGRAPH, NULL, "P(|(a b))"},
    {"A B", GS_QUERY_SYNTAX, GS_WITHIN_SENTENCE, "date:2024", "&(S(&(a b)) date:2024)"},
    {"A|B", GS_QUERY_SYNTAX, GS_WITHIN_FILING, "date:2024|period:2023",
     "&(|(a b) |(date:2024 period:2023))"},
    {"A B", GS_QUERY_ANY, GS_WITHIN_FILING, "date:2024 period:2023",
     "&(|(a b) date:2024 period:2023)"},
    {"A B", GS_QUERY_LITERAL, GS_WITHIN_FILING, "-date:2024", "&(a@1b !date:2024)"},
    {"A", GS_QUERY_SYNTAX, GS_WITHIN_FILING, " ", "a"},
    {"date:2023", GS_QUERY_SYNTAX, GS_WITHIN_FILING, "date:2024", "&(date:2023 date:2024)"},
};

static void test_beside(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(BESIDE); i++) {
        const char *filters = BESIDE[i].filters;
        query_tree_check_params(
            BESIDE[i].text,
            &(struct gs_query_params){.mode = BESIDE[i].mode,
                                      .within = BESIDE[i].within,
                                      .filters = filters,
                                      .filters_size = filters ? strlen(filters) : 0},
            BESIDE[i].wanted);
    }
}

static const struct {
    const char *text;
    enum gs_query_within within;
    const char *filters, *piece;
} BESIDE_ERRORS[] = {
    {"A | date:2024", GS_WITHIN_SENTENCE, NULL, "stands by itself"},
    {"A -(B date:2024)", GS_WITHIN_SENTENCE, NULL, "stands by itself"},
    {"-A date:2024", GS_WITHIN_SENTENCE, NULL, "only exclusions"},
    {"A", GS_WITHIN_FILING, "date:2024 B", "filters alone"},
    {"A", GS_WITHIN_FILING, "B", "filters alone"},
    {"A", GS_WITHIN_FILING, "SENTENCE(B)", "filters alone"},
    {"A", GS_WITHIN_FILING, "date:", "directly behind the colon"},
    {"A", GS_WITHIN_FILING, "(date:2024", "never closed"},
};

static void test_beside_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < GS_COUNT_OF(BESIDE_ERRORS); i++) {
        struct gs_query *q = NULL;
        struct gs_err err = {0};
        const char *text = BESIDE_ERRORS[i].text, *filters = BESIDE_ERRORS[i].filters;
        const struct gs_query_params params = {.within = BESIDE_ERRORS[i].within,
                                               .filters = filters,
                                               .filters_size = filters ? strlen(filters) : 0};
        assert_status_err(gs_query_parse(&q, text, strlen(text), &params, &err), GAOSOU_E_QUERY,
                          &err);
        if (!strstr(err.text, BESIDE_ERRORS[i].piece))
            test_fail("%s: %s; wanted %s", text, err.text, BESIDE_ERRORS[i].piece);
    }
}

/* Equal readings have one fingerprint, however they came about; others do not. */
static uint64_t fingerprint(const char *text, const struct gs_query_params *params)
{
    struct gs_query *q;
    assert_ok(gs_query_parse(&q, text, strlen(text), params, NULL));
    uint64_t value = q->fingerprint;
    gs_query_free(q);
    return value;
}

static void test_fingerprint(void **state)
{
    (void)state;
    static const struct gs_query_params plain = {.mode = GS_QUERY_SYNTAX},
                                        sentence = {.within = GS_WITHIN_SENTENCE},
                                        dated = {.filters = "date:2024", .filters_size = 9};
    static const char *const texts[] = {"A B",
                                        "A|B",
                                        "B A",
                                        "A",
                                        "A*",
                                        "A -B",
                                        "title:A B",
                                        "A title:B",
                                        "title:(A B)",
                                        "A (B|C)",
                                        "(A B)|C",
                                        "\"A B\"",
                                        "\"A B\"~8",
                                        "\"A B\"~7",
                                        "SENTENCE(A B)",
                                        "PARAGRAPH(A B)",
                                        "SENTENCE(A) B",
                                        "a?b",
                                        "a*b",
                                        "A date:2024",
                                        "A date:2023",
                                        "A period:2024",
                                        "净利",
                                        "净 利",
                                        "净，利"};
    for (size_t i = 0; i < GS_COUNT_OF(texts); i++)
        for (size_t k = 0; k < i; k++)
            assert_true(fingerprint(texts[i], &plain) != fingerprint(texts[k], &plain));
    assert_true(fingerprint("A B", &plain) == fingerprint(" a  AND b", &plain));
    assert_true(fingerprint("A B", &sentence) == fingerprint("SENTENCE(A B)", &plain));
    assert_true(fingerprint("A", &dated) == fingerprint("A date:2024", &plain));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trees),
        cmocka_unit_test(test_beside),
        cmocka_unit_test(test_beside_errors),
        cmocka_unit_test(test_fingerprint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
