#include "benchmarks/invented.h"

#include <iconv.h>
#include <string.h>

/* The most frequent characters first; the rest of GB 2312 follows in its own order. */
static const char common_chars[] =
    "公司的年有限产业务资金报告期股份发行人项目电技术市场经营收入中国用为及在一不开研和证券投成本合"
    "同"
    "上会计月元万系统生关于其他以对高新大比理费变动客户应款存货准备净利润日管定现行主要下是部分时间"
    "情况第面重因来企情信息数据能个服务经济增长总额质量子制度交易价格账风险控支付担保构";

/* How often a character of octave k of the ranks stands in Chinese news and filings. */
static const struct invented_shares char_shares = {
    .octave = {28, 44, 85, 122, 239, 381, 591, 777, 798, 624, 270, 109, 28},
    .octaves = 13,
};

void invented_ranks_init(struct invented_ranks *r, const struct invented_shares *shares)
{
    unsigned at = 0;
    for (unsigned k = 0; k < shares->octaves; k++) {
        for (unsigned i = 0; i < shares->octave[k] && at < INVENTED_SHARES; i++)
            r->octave[at++] = (uint8_t)k;
    }
    while (at < INVENTED_SHARES)
        r->octave[at++] = shares->octaves;
    r->octaves = shares->octaves;
    r->tail = shares->tail;
}

static void append_char(struct invented_words *w, const char *utf8)
{
    for (uint32_t i = 0; i < w->char_count; i++) {
        if (memcmp(w->utf8[i], utf8, 3) == 0)
            return;
    }
    if (w->char_count < INVENTED_CHARS_MAX)
        memcpy(w->utf8[w->char_count++], utf8, 3);
}

bool invented_words_init(struct invented_words *w)
{
    memset(w, 0, sizeof(*w));
    invented_ranks_init(&w->chars, &char_shares);
    for (const char *p = common_chars; *p; p += 3)
        append_char(w, p);
    iconv_t cd = iconv_open("UTF-8", "GB2312");
    if (cd == (iconv_t)-1)
        return false;
    for (unsigned high = 0xB0; high <= 0xF7; high++) {
        for (unsigned low = 0xA1; low <= 0xFE; low++) {
            char in[2] = {(char)high, (char)low}, out[8];
            char *ip = in, *op = out;
            size_t il = sizeof(in), ol = sizeof(out);
            if (iconv(cd, &ip, &il, &op, &ol) != (size_t)-1 && op - out == 3)
                append_char(w, out);
        }
    }
    iconv_close(cd);
    return true;
}

/* Words of the first octaves are mostly one character long, as particles and units are. */
static unsigned word_length(uint64_t rank, uint64_t bits)
{
    unsigned u = (unsigned)(bits & 127);
    if (rank >= INVENTED_NAMES)
        return u < 64 ? 3 : 4;
    if (rank < 32)
        return 1;
    if (rank < 256)
        return u < 48 ? 1 : 2;
    return u < 6 ? 1 : u < 98 ? 2 : u < 114 ? 3 : 4;
}

size_t invented_word(const struct invented_words *w, uint64_t rank, char *out)
{
    uint64_t h = invented_mix(rank * UINT64_C(0x2545F4914F6CDD1D));
    unsigned length = word_length(rank, h >> 50);
    for (unsigned i = 0; i < length; i++) {
        uint64_t pair = i % 2 ? h >> 32 : (h = invented_mix(h)); /* 32 bits a character */
        /* 12 bits choose the octave; the next 13 stand at the top of the 32 that rank() divides. */
        uint64_t bits = (pair & 4095) | (pair >> 12 & 8191) << 51;
        uint64_t r =
            rank >= INVENTED_NAMES ? 1 + (bits >> 51) % 2048 : invented_rank(&w->chars, bits);
        memcpy(out + (size_t)3 * i, w->utf8[r <= w->char_count ? r - 1 : r % 4096], 4);
    }
    return (size_t)3 * length;
}

size_t invented_latin(uint64_t rank, char *out)
{
    uint64_t h = invented_mix(rank * UINT64_C(0xD6E8FEB86659FD93));
    bool upper = (h & 3) != 0;
    size_t size = 2 + (h >> 2 & 3) + (rank > 16 ? h >> 4 & 3 : 0);
    for (size_t i = 0; i < size; i++) {
        h = invented_mix(h);
        bool digit = rank > 512 && i + 2 >= size && (h >> 40 & 3) == 0;
        out[i] = digit ? (char)('0' + (h >> 8) % 10) : (char)((upper ? 'A' : 'a') + (h >> 8) % 26);
    }
    return size;
}
