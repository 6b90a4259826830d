/* indexer: a set of hashes, against what was put in; 0 is a hash as any other. */
#include "indexer/hash_set.h"
#include "tests/support/test.h"

static uint64_t nth(uint64_t i)
{
    return i * 0x9E3779B97F4A7C15u & ~(uint64_t)1; /* even: 0 is among them, 1 is not */
}

static void holds_what_was_added(void **state)
{
    (void)state;
    struct gs_hash_set s = {0};
    assert_false(gs_hash_set_has(&s, 0));
    for (uint64_t i = 0; i < 100000; i += 2)
        assert_true(gs_hash_set_add(&s, nth(i)));
    for (uint64_t i = 0; i < 100000; i++)
        assert_int_equal(gs_hash_set_has(&s, nth(i)), i % 2 == 0);
    for (uint64_t i = 0; i < 100000; i += 2)
        assert_false(gs_hash_set_add(&s, nth(i)));
    assert_int_equal(s.count, 50000);
    gs_hash_set_release(&s);
    assert_false(gs_hash_set_has(&s, nth(2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(holds_what_was_added)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
