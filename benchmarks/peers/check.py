"""Holds a peer's answers against Gaosou's, filing by filing, and says why they differ.

A filing that only one of the two found is put under the first reading of its text in which the query
matches; at most SAMPLE such filings a query are read.
"""

import collections
import functools
import re
import unicodedata

import prepare

SAMPLE = 20
AS_TYPED = "as typed"

LINE_ENDS = re.compile("[\n\r\f\v\x85\u2028\u2029]+")
SPACE = re.compile(r"[\s\u200b\u00ad\ufeff]+")
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
PAGE_FOOTER = re.compile(r"\s*\n[\s\d/第页頁共—–-]{1,30}\n\s*|第\s*\d+\s*页\s*(/?\s*共\s*\d+\s*页)?|\s*\n?\s*\d+(-\d+)+\s*\n\s*")
PUNCTUATION = re.compile(r"[^\w]+")


def folded(text):
    return SPACE.sub("", unicodedata.normalize("NFKC", text).casefold())


# What is taken out of the text, one reading behind the other.
READINGS = (
    (AS_TYPED, lambda text: text.casefold()),
    ("across a line end", lambda text: LINE_ENDS.sub("", text).casefold()),
    ("across spaces", lambda text: SPACE.sub("", text).casefold()),
    ("character forms (NFKC)", folded),
    ("thousands separators", lambda text: THOUSANDS.sub("", folded(text))),
    ("across a page footer", lambda text: folded(PAGE_FOOTER.sub("", text))),
    ("across punctuation", lambda text: PUNCTUATION.sub("", folded(text))),
)
OTHER = "other (Traditional, variants, furniture)"


def matches(query, text):
    _, operator, *parts = query
    found = (part.casefold() in text for part in parts)
    return all(found) if operator == "all" else any(found)


def reason(query, text, whole_words):
    """Why one of the two did not find what the other did."""
    for name, read in READINGS:
        if matches(query, read(text)):
            if name == AS_TYPED and query[2].isascii() and whole_words:
                return "part of a longer word or number"
            return name
    return OTHER


@functools.cache
def load_texts(folder):
    return prepare.read_filings(folder)


def read_matches(folder, name):
    with open(f"{folder}/{name}.matches", encoding="utf-8") as lines:
        return [set(map(int, line.split())) for line in lines]


def read_queries(folder):
    with open(f"{folder}/queries.tsv", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def sample(numbers):
    return sorted(numbers)[::max(1, len(numbers) // SAMPLE)][:SAMPLE]


def compare(folder, name):
    """A line a class for results/check.jsonl."""
    texts, queries = load_texts(folder), read_queries(folder)
    ours, theirs = read_matches(folder, "gaosou"), read_matches(folder, name)
    if len(theirs) != len(queries):
        raise ValueError(f"{len(theirs)} answers to {len(queries)} queries")
    lines = {}
    for query, mine, found in zip(queries, ours, theirs):
        line = lines.setdefault(query[0], collections.Counter())
        line.update(queries=1, same=mine == found, ours=len(mine), theirs=len(found),
                    only_ours=len(mine - found), only_theirs=len(found - mine))
        for number in sample(mine - found):
            line["missed: " + reason(query, texts[number], False)] += 1
        for number in sample(found - mine):
            line["more: " + reason(query, texts[number], True)] += 1
    return [{"class": kind} | split(line) for kind, line in lines.items()]


def split(counts):
    """Counts, with those of reasons below `missed` and `more`."""
    line = {k: int(v) for k, v in counts.items() if ": " not in k}
    for side in ("missed", "more"):
        line[side] = {k.split(": ", 1)[1]: v for k, v in counts.most_common() if k.startswith(side + ": ")}
    return line
