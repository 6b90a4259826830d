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

const char *random_piece(const struct random_corpus *c, struct random_source *r)
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
        gs_buf_append_str(out, random_piece(c, r));
        if (random_once_in(r, 30))
            gs_buf_append_str(out, "\n");
    }
}
