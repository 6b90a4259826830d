#include "query/pattern.h"

size_t gs_pattern_fixed(const uint8_t *pattern, size_t size)
{
    size_t fixed = 0;
    while (fixed < size && pattern[fixed] != '?' && pattern[fixed] != '*')
        fixed++;
    return fixed;
}

/* Behind the character at `at`. */
static size_t step(const uint8_t *word, size_t size, size_t at)
{
    do
        at++;
    while (at < size && (word[at] & 0xC0) == 0x80);
    return at;
}

/* Where a star stood last, what follows it is tried one character further each time it fails: an
 * earlier star need not be gone back to. */
bool gs_pattern_matches(const uint8_t *pattern, size_t pattern_size, const uint8_t *word,
                        size_t word_size)
{
    size_t p = 0, w = 0, star = SIZE_MAX, tried = 0;
    while (w < word_size) {
        if (p < pattern_size && pattern[p] == '*') {
            star = ++p;
            tried = w;
        } else if (p < pattern_size && pattern[p] == '?') {
            p++;
            w = step(word, word_size, w);
        } else if (p < pattern_size && pattern[p] == word[w]) {
            p++;
            w++;
        } else if (star != SIZE_MAX) {
            p = star;
            w = tried = step(word, word_size, tried);
        } else {
            return false;
        }
    }
    while (p < pattern_size && pattern[p] == '*')
        p++;
    return p == pattern_size;
}
