/*
 * text_scan_body.h: the mask of text_scan.h in vector operations, for the files that define them
 * first: VECTOR, LOAD(p), SPLAT(byte), EQUAL(v, w), MINIMUM(v, w) of unsigned bytes, AND, OR,
 * ANDNOT(v, w) (not v, and w).
 */

static inline VECTOR is(VECTOR v, uint8_t byte)
{
    return EQUAL(v, SPLAT(byte));
}

/* a, b, c: the bytes from each place on. */
static inline VECTOR punctuation(VECTOR a, VECTOR b, VECTOR c)
{
    VECTOR control = EQUAL(MINIMUM(a, SPLAT(0x1F)), a);
    VECTOR ascii = OR(is(a, '!'), is(OR(a, SPLAT(4)), 0x3F)); /* ; and ? differ by that bit */
    VECTOR stop = AND(is(a, 0xE3), is(c, 0x82));
    VECTOR separator = is(OR(c, SPLAT(1)), 0xA9);
    VECTOR full = OR(OR(is(c, 0x81), is(c, 0x9B)), is(c, 0x9F));
    VECTOR half = AND(is(b, 0xBD), is(c, 0xA1));
    VECTOR of_b = OR(AND(is(b, 0x80), OR(stop, separator)), AND(is(b, 0xBC), full));
    return OR(OR(OR(control, ascii), is(a, 0xC2)), OR(of_b, half));
}

static inline VECTOR wanted(const uint8_t *p)
{
    VECTOR a = LOAD(p), b = LOAD(p + 1), c = LOAD(p + 2);
    VECTOR ordinal = AND(is(b, 0xAC), is(c, 0xAC));
    VECTOR digits = is(AND(AND(a, c), SPLAT(0xF0)), 0x30);
    VECTOR gap = ANDNOT(is(a, ' '), is(c, ' '));
    VECTOR about_space = AND(is(b, ' '), OR(digits, gap));
    VECTOR wide = AND(is(b, 0x80), is(c, 0x80));
    VECTOR general = AND(is(a, 0xE2), EQUAL(MINIMUM(c, SPLAT(0x8A)), c));
    return OR(OR(punctuation(a, b, c), OR(ordinal, about_space)), OR(wide, general));
}
