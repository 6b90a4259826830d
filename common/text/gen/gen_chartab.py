#!/usr/bin/env python3
"""Makes common/text/chartab_bmp.c, chartab_side.c and chartab_version.h from Unicode's and OpenCC's data.

Usage: gen_chartab.py UNICODE_DIR OPENCC_DICT_DIR OUT_DIR

UNICODE_DIR      e.g. /usr/share/unicode (Debian package unicode-data)
OPENCC_DICT_DIR  data/dictionary of the npm package opencc (npm pack opencc)
OUT_DIR          common/text

Needed only when the tables are to change; the result is checked in. The rules are those of
docs/ANALYSIS.md, section Characters, under the same numbers. Standard library only.
"""
import json
import os
import re
import sys
import unicodedata

LAST = 0x10FFFF
BREAK, TRANSPARENT, VANISHING, SPECIAL, DOT, COMMA, WORD_SELF = range(7)  # chartab.h
HAN_MIN = 0x3005
FLAG_ISOLATED, FLAG_SUPER, FLAG_VOICED, FLAG_SEMI, FLAG_KANA = 1, 2, 4, 8, 16
KIND_BREAK, KIND_WORD, KIND_HAN = range(3)
EXPANSION_MAX = 18
# Traditional forms that stay: in Simplified text they are words of their own (著名; 么 of 什么).
VARIANT_STAYS = {0x8457, 0x4E48}


def rows(path):
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line:
                yield [x.strip() for x in line.split(";")]


def code_range(text):
    a, _, b = text.partition("..")
    return range(int(a, 16), int(b or a, 16) + 1)


class Unicode:
    def __init__(self, folder):
        self.folder = folder
        self.category = ["Cn"] * (LAST + 1)
        self.name, self.numeric, self.tag, self.decomposition, self.ccc = {}, {}, {}, {}, {}
        self._read_unicode_data()
        self.white = self._property("PropList.txt", "White_Space")
        self.ignorable = self._property("DerivedCoreProperties.txt", "Default_Ignorable_Code_Point")
        self.script = {}
        for codes, value in rows(self._path("Scripts.txt")):
            for c in code_range(codes):
                self.script[c] = value
        self.ideograph = {}
        for codes, value in rows(self._path("EquivalentUnifiedIdeograph.txt")):
            for c in code_range(codes):
                self.ideograph[c] = int(value, 16)
        self.fold = {int(r[0], 16): int(r[2], 16)
                     for r in rows(self._path("CaseFolding.txt")) if r[1] in "CS"}
        excluded = self._property("DerivedNormalizationProps.txt", "Full_Composition_Exclusion")
        self.composition = {}
        for c, d in self.decomposition.items():
            if not self.tag[c] and len(d) == 2 and c not in excluded:
                self.composition[tuple(d)] = c
        with open(self._path("Scripts.txt"), encoding="utf-8") as f:
            self.version = re.search(r"Scripts-(\d+\.\d+)", f.readline()).group(1)

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _property(self, name, wanted):
        return {c for r in rows(self._path(name)) if r[1] == wanted for c in code_range(r[0])}

    def _read_unicode_data(self):
        first = None
        for r in rows(self._path("UnicodeData.txt")):
            c = int(r[0], 16)
            if r[1].endswith(", First>"):
                first = c
                continue
            for x in range(first if first is not None else c, c + 1):
                self.category[x] = r[2]
            first = None
            self.name[c] = r[1]
            self.ccc[c] = int(r[3])
            self.numeric[c] = r[8]
            if r[5]:
                parts = r[5].split()
                self.tag[c] = parts.pop(0) if parts[0][0] == "<" else ""
                self.decomposition[c] = [int(x, 16) for x in parts]

    def decompose(self, c, compatible):
        if 0xAC00 <= c <= 0xD7A3:
            s = c - 0xAC00
            out = [0x1100 + s // 588, 0x1161 + s % 588 // 28]
            return out + ([0x11A7 + s % 28] if s % 28 else [])
        if c not in self.decomposition or (self.tag[c] and not compatible):
            return [c]
        return [y for x in self.decomposition[c] for y in self.decompose(x, compatible)]

    def reorder(self, seq):
        out, i = list(seq), 0
        while i < len(out):
            j = i
            while j < len(out) and self.ccc.get(out[j], 0):
                j += 1
            out[i:j] = sorted(out[i:j], key=lambda x: self.ccc[x])
            i = max(j, i) + 1
        return out

    def compose(self, seq):
        out, starter, last = [], None, 0
        for c in seq:
            ccc = self.ccc.get(c, 0)
            made = None
            if starter is not None and (last < ccc or last == 0 and starter == len(out) - 1):
                made = self._pair(out[starter], c)
            if made is not None:
                out[starter] = made
                continue
            if ccc == 0:
                starter = len(out)
            last = ccc
            out.append(c)
        return out

    def _pair(self, a, b):
        if 0x1100 <= a < 0x1113 and 0x1161 <= b < 0x1176:
            return 0xAC00 + ((a - 0x1100) * 21 + b - 0x1161) * 28
        if 0xAC00 <= a <= 0xD7A3 and (a - 0xAC00) % 28 == 0 and 0x11A7 < b < 0x11C3:
            return a + b - 0x11A7
        return self.composition.get((a, b))

    def nfkc(self, c):
        return self.compose(self.reorder(self.decompose(c, True)))

    def is_mark(self, c):
        return self.category[c][0] == "M"


class Variants:
    """Traditional and regional forms to Simplified, one character to one."""

    def __init__(self, folder):
        self.simple = {k: v[0] for k, v in self._load(folder, "TSCharacters.txt")}
        self.standard = {}
        for name in ("HKVariants.txt", "TWVariants.txt"):
            table = dict(self._load(folder, name))
            for standard, regional in table.items():
                for c in regional:
                    if c != standard and c not in table:
                        self.standard.setdefault(c, standard)
        with open(os.path.join(folder, "..", "..", "package.json"), encoding="utf-8") as f:
            self.version = json.load(f)["version"]

    @staticmethod
    def _load(folder, name):
        with open(os.path.join(folder, name), encoding="utf-8") as f:
            for line in f:
                if line[0] in "#\n":
                    continue
                key, values = line.rstrip("\n").split("\t")
                values = values.split(" ")
                assert len(key) == 1 and all(len(v) == 1 for v in values), line
                yield ord(key), [ord(v) for v in values]

    def step(self, c):
        if c in VARIANT_STAYS:
            return c
        c = self.standard.get(c, c)
        return self.simple.get(c, c)


class Table:
    def __init__(self, unicode, variants):
        self.u, self.v = unicode, variants
        self.bmp = [BREAK] * 0x10000
        self.side = {}    # code -> (flags, [(kind, char)])
        self.ranges = []  # [first, last, code] of planes 1 and up
        for c in range(LAST + 1):
            self._put(c, *self.classify(c))

    # ---- the rules ----

    def is_han(self, c):
        u = self.u
        if 0x20000 <= c <= 0x3FFFF and u.category[c] == "Cn":
            return True
        if u.script.get(c) == "Han" and u.category[c][0] in "LN":
            return True
        return (0x3041 <= c <= 0x3096 or 0x309D <= c <= 0x309F or 0x30A1 <= c <= 0x30FA
                or 0x30FC <= c <= 0x30FF or 0x31F0 <= c <= 0x31FF or 0xAC00 <= c <= 0xD7A3)

    def kind(self, c):
        if self.is_han(c):
            return KIND_HAN
        return KIND_WORD if self.u.category[c][0] in "LN" else KIND_BREAK

    def isolation(self, c):
        """FLAG_ISOLATED, FLAG_SUPER or 0 of rule 5."""
        u, tag, name = self.u, self.u.tag.get(c, ""), self.u.name.get(c, "")
        if tag == "<super>":
            digit = len(u.nfkc(c)) == 1 and 0x30 <= u.nfkc(c)[0] <= 0x39
            return FLAG_SUPER if digit else FLAG_ISOLATED
        if tag in ("<circle>", "<square>", "<fraction>") or self.circled_number(c):
            return FLAG_ISOLATED
        bracketed = re.search(r"PARENTHESIZED|BRACKETED|FULL STOP|DIGIT \w+ COMMA", name)
        return FLAG_ISOLATED if tag == "<compat>" and bracketed and u.category[c] != "Po" else 0

    def circled_number(self, c):
        """Circled numbers that Unicode gives no decomposition: white on black, sans-serif."""
        u = self.u
        return (u.category[c] == "No" and c not in u.decomposition and u.numeric[c].isdigit()
                and re.search(r"CIRCLED (SANS-SERIF )?(DIGIT|NUMBER)", u.name[c]))

    def map_once(self, seq):
        u, out = self.u, []
        for c in seq:
            c = u.ideograph.get(c, c)
            for x in u.nfkc(c):
                if x in u.white or u.is_mark(x):
                    continue
                x = u.fold.get(x, x)
                if u.script.get(x) in ("Latin", "Greek", "Cyrillic") and u.category[x][0] == "L":
                    parts = [y for y in u.decompose(x, False) if u.category[y] != "Mn"]
                    out.extend(parts)
                else:
                    out.append(self.v.step(x) if self.is_han(x) else x)
        return out

    def mapped(self, c):
        seq = [ord(d) for d in self.u.numeric[c]] if self.circled_number(c) else [c]
        for _ in range(10):
            new = self.map_once(seq)
            if new == seq:
                return seq
            seq = new
        raise AssertionError("no fixed point for U+%04X" % c)

    def classify(self, c):
        """(code, flags, [(kind, char)]); code SPECIAL where the sequence says it all."""
        u, cat = self.u, self.u.category[c]
        if 0xD800 <= c <= 0xDFFF:
            return SPECIAL, 0, []
        if c in (0x3099, 0x309A, 0xFF9E, 0xFF9F):
            return SPECIAL, FLAG_VOICED if c in (0x3099, 0xFF9E) else FLAG_SEMI, []
        if c in u.ignorable or u.is_mark(c):
            return VANISHING, 0, []
        if c in (0xFFFD, 0x1F):
            return BREAK, 0, []
        if c in u.white or cat in ("Cc", "Co") or cat == "Cn" and c >> 16 not in (2, 3):
            return TRANSPARENT, 0, []
        if c in (0x2E, 0xFF0E):
            return DOT, 0, []
        if c == 0x2C:
            return COMMA, 0, []
        seq = [(self.kind(x), x) for x in self.mapped(c)]
        if all(k == KIND_BREAK for k, _ in seq):
            return BREAK, 0, []
        assert len(seq) <= EXPANSION_MAX
        flags = self.isolation(c)
        if not flags and len(seq) == 1 and seq[0][0] == KIND_HAN and self.kana(seq[0][1]) != (0, 0):
            flags = FLAG_KANA
        return SPECIAL, flags, seq

    def kana(self, c):
        if not 0x3041 <= c <= 0x30FF:
            return 0, 0
        pair = self.u.composition
        return pair.get((c, 0x3099), 0), pair.get((c, 0x309A), 0)

    # ---- where each goes ----

    def _put(self, c, code, flags, seq):
        if code == SPECIAL and len(seq) == 1 and not flags:
            kind, x = seq[0]
            if kind == KIND_HAN and HAN_MIN <= x < 0x10000:
                code = x
            elif kind == KIND_WORD and 0x30 <= x < 0x3000:
                code = x
            elif x == c:
                code = WORD_SELF if kind == KIND_WORD else HAN_MIN
        if c < 0x10000:
            assert code != HAN_MIN or c == HAN_MIN or seq == [(KIND_HAN, HAN_MIN)]
            self.bmp[c] = code
            self._put_side(c, code, flags, seq)
            return
        direct = code in (BREAK, TRANSPARENT, VANISHING, WORD_SELF) or seq == [(KIND_HAN, c)]
        if not direct:
            self._put_side(c, SPECIAL, flags, seq)
            code = self.ranges[-1][2] if self.ranges else BREAK
        if self.ranges and self.ranges[-1][2] == code:
            self.ranges[-1][1] = c
        else:
            self.ranges.append([c, c, code])

    def _put_side(self, c, code, flags, seq):
        if code == SPECIAL and not 0xD800 <= c <= 0xDFFF:
            self.side[c] = (flags, seq)

    # ---- checks against Python's own data where that is the same ----

    def check(self):
        u = self.u
        for c in range(LAST + 1):
            if 0xD800 <= c <= 0xDFFF or unicodedata.category(chr(c)) == "Cn":
                continue
            assert u.category[c] == unicodedata.category(chr(c)), hex(c)
            assert "".join(map(chr, u.nfkc(c))) == unicodedata.normalize("NFKC", chr(c)), hex(c)
        for c in range(0x10000):
            v = self.bmp[c]
            if v >= HAN_MIN:
                assert self.bmp[v] == v or v in (x for _, s in [self.side[v]] for _, x in s), hex(c)
            elif v >= 0x30:
                assert self.bmp[v] == v, hex(c)
        for flags, seq in self.side.values():
            for kind, x in seq:
                assert self.kind(x) == kind and x not in u.white and not u.is_mark(x)


def emit_bmp(bmp, out, source):
    lines = []

    def block(first, size):
        values = bmp[first:first + size]
        if values == list(range(first, first + size)):
            return "I%d(0x%04x)" % (size, first)
        if len(set(values)) == 1:
            return "F%d(0x%04x)" % (size, values[0])
        return None

    def walk(first, size):
        whole = block(first, size)
        if whole:
            lines.append("    %s," % whole)
        elif size == 16:
            lines.append("    " + ", ".join("%d" % v for v in bmp[first:first + 16]) + ",")
        else:
            step = size // 4 if size > 16 else 16
            for x in range(first, first + size, step):
                walk(x, step)

    for first in range(0, 0x10000, 1024):
        walk(first, 1024)
    with open(out, "w", encoding="ascii") as f:
        f.write("/* Generated by common/text/gen/gen_chartab.py from %s. Do not edit.\n" % source)
        f.write(" * Codes of chartab.h; I: a run of code points that stay as they are, F: a run of one code. */\n")
        f.write("/* clang-format off */\n#include \"common/text/chartab.h\"\n\n")
        f.write("#define I4(n) (n), (n) + 1, (n) + 2, (n) + 3\n#define F4(n) (n), (n), (n), (n)\n")
        for size in (16, 64, 256, 1024):
            q = size // 4
            f.write("#define I%d(n) I%d(n), I%d((n) + %d), I%d((n) + %d), I%d((n) + %d)\n"
                    % (size, q, q, q, q, 2 * q, q, 3 * q))
            f.write("#define F%d(n) F%d(n), F%d(n), F%d(n), F%d(n)\n" % (size, q, q, q, q))
        f.write("\nconst uint16_t gs_chartab_bmp[65536] = {\n" + "\n".join(lines) + "\n};\n")


def emit_version(out, source, version):
    with open(out, "w", encoding="ascii") as f:
        f.write("/* Generated by common/text/gen/gen_chartab.py from %s. Do not edit. */\n" % source)
        f.write("#ifndef GS_TEXT_CHARTAB_VERSION_H\n#define GS_TEXT_CHARTAB_VERSION_H\n\n")
        f.write("#define GS_CHARTAB_VERSION \"%s\"\n\n#endif\n" % version)


def emit_side(table, out, source):
    pool, index = [], {}
    entries = []
    for c in sorted(table.side):
        flags, seq = table.side[c]
        key = tuple(k << 24 | x for k, x in seq)
        if key not in index:
            index[key] = len(pool)
            pool.extend(key)
        entries.append((c, index[key], len(key), flags))
    kana = [(c,) + table.kana(c) for c in range(0x3041, 0x3100) if table.kana(c) != (0, 0)]
    latin = []
    for c in range(LAST + 1):
        if table.u.script.get(c) == "Latin" and table.u.category[c][0] == "L":
            if latin and latin[-1][1] == c - 1:
                latin[-1][1] = c
            else:
                latin.append([c, c])

    def array(name, kind, items, per_line):
        text = "const %s %s[] = {\n" % (kind, name)
        for i in range(0, len(items), per_line):
            text += "    " + ", ".join(items[i:i + per_line]) + ",\n"
        return text + "};\nconst size_t %s_count = %d;\n\n" % (name, len(items))

    with open(out, "w", encoding="ascii") as f:
        f.write("/* Generated by common/text/gen/gen_chartab.py from %s. Do not edit. */\n" % source)
        f.write("/* clang-format off */\n#include \"common/text/chartab_side.h\"\n\n")
        f.write(array("gs_chartab_side", "struct gs_chartab_entry",
                      ["{0x%x, %d, %d, %d}" % e for e in entries], 5))
        f.write(array("gs_chartab_pool", "uint32_t", ["0x%x" % x for x in pool], 9))
        f.write(array("gs_chartab_ranges", "struct gs_chartab_range",
                      ["{0x%x, 0x%x, %d}" % tuple(r) for r in table.ranges], 4))
        f.write(array("gs_chartab_kana", "struct gs_chartab_kana_pair",
                      ["{0x%x, 0x%x, 0x%x}" % k for k in kana], 4))
        f.write(array("gs_chartab_latin", "struct gs_chartab_range",
                      ["{0x%x, 0x%x, %d}" % (a, b, WORD_SELF) for a, b in latin], 4))
    print("%d side entries, %d pool, %d ranges, %d kana" %
          (len(entries), len(pool), len(table.ranges), len(kana)))


def main():
    unicode_dir, opencc_dir, out_dir = sys.argv[1:]
    unicode, variants = Unicode(unicode_dir), Variants(opencc_dir)
    table = Table(unicode, variants)
    table.check()
    source = "Unicode %s and OpenCC %s" % (unicode.version, variants.version)
    version = "unicode-%s opencc-%s" % (unicode.version, variants.version)
    emit_bmp(table.bmp, os.path.join(out_dir, "chartab_bmp.c"), source)
    emit_side(table, os.path.join(out_dir, "chartab_side.c"), source)
    emit_version(os.path.join(out_dir, "chartab_version.h"), source, version)


if __name__ == "__main__":
    main()
