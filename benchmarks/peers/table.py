"""results/README.md from results/*.jsonl: medians of the rounds, least and most in brackets."""

import json
import os
import statistics

from peers import PEERS

CLASSES = {
    "short": "two characters", "phrase": "phrase, 3–8", "frequent": "frequent", "rare": "rare", "all": "all of 2–3",
    "or": "one of 2–3", "any": "any bigram of 10–25", "word": "word or figure", "prefix": "prefix", "char": "one character",
}
BUILDS = ((0, 1), (0, 2), (1, 1), (1, 2))


class Results:
    def __init__(self, folder):
        self.lines = []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".jsonl"):
                with open(f"{folder}/{name}", encoding="utf-8") as lines:
                    self.lines += [json.loads(line) for line in lines]
        self.run = next(line for line in self.lines if "bytes" in line and "mb" in line)

    def find(self, **key):
        return [line for line in self.lines if all(line.get(k) == v for k, v in key.items())]

    def values(self, field, **key):
        return [line[field] for line in self.find(**key) if line.get(field) is not None]

    def median(self, field, **key):
        values = self.values(field, **key)
        return statistics.median(values) if values else None

    def versions(self):
        return {line["peer"]: line["version"] for line in self.find(bench="peers") if "version" in line}

    def peers(self):
        there = self.versions()
        return [peer for peer in PEERS if peer.name in there]


def number(value, digits=3):
    """Short, with about so many digits that count."""
    if value is None:
        return ""
    if value >= 10 ** (digits - 1):
        return f"{value:,.0f}"
    return f"{value:.{digits}g}" if value >= 0.01 else f"{value:.1g}"


def spread(values, unit=""):
    if not values:
        return ""
    middle = number(statistics.median(values)) + unit
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


def rows(head, body):
    yield "| " + " | ".join(head) + " |"
    yield "| " + " | ".join("---" for _ in head) + " |"
    for row in body:
        yield "| " + " | ".join(row) + " |"
    yield ""


# ---- building ----

def build_table(r):
    megabytes = r.run["bytes"] / 1e6

    def row(peer):
        cells = [f"{peer.label} {r.versions()[peer.name]}"]
        cells.append(spread(r.values("mb_per_s", bench="tokenise", peer=peer.name)))
        for text, threads in BUILDS:
            cells.append(spread(r.values("mb_per_s", bench="build", peer=peer.name, text=text, threads=threads)))
        for field, unit in (("cpu_seconds", 1), ("rss_anon_bytes", 1e6), ("rss_max_bytes", 1e6)):
            value = r.median(field, bench="build", peer=peer.name, text=0, threads=1)
            cells.append(number(value and value / unit))
        for text in (0, 1):
            value = r.median("index_bytes", bench="build", peer=peer.name, text=text, threads=1)
            cells.append(value and f"{value / 1e6:.1f} MB, {value / 1e6 / megabytes:.2f}" or "")
        return cells

    head = ["", "analysis alone, MB/s", "build, MB/s", "2 threads", "with texts", "with texts, 2 threads", "CPU s",
            "RssAnon MB", "max RSS MB", "index, ratio to the text", "with texts"]
    return rows(head, [row(peer) for peer in r.peers() if peer.texts])


# ---- searching ----

def query_cell(r, peer, snippets, kind):
    key = {"bench": "query", "peer": peer.name, "snippets": snippets, "class": kind}
    values = [r.median(f"p{p}_us", **key) for p in (50, 95, 99)]
    if values[0] is None:
        return ""
    done, queries = min(r.values("done", **key)), r.values("queries", **key)[0]
    cell = " / ".join(number(v) for v in values)
    return cell if done == queries else f"{cell} [{done} of {queries}]"


def query_table(r, snippets):
    peers = [peer for peer in r.peers() if peer.snippets or not snippets]
    head = ["µs: p50 / p95 / p99"] + [peer.label for peer in peers]
    return rows(head, [[label] + [query_cell(r, peer, snippets, kind) for peer in peers] for kind, label in CLASSES.items()])


# ---- ratios with what is wanted ----

def build_ratios(r, peer, ours, theirs):
    """Speed ratios of the rounds that both made; ours and theirs are (texts, threads)."""
    def speeds(name, build):
        return {line["round"]: line["mb_per_s"] for line in r.find(bench="build", peer=name, text=build[0], threads=build[1])
                if "mb_per_s" in line}
    a, b = speeds("gaosou", ours), speeds(peer, theirs)
    return [a[n] / b[n] for n in a if n in b]


def tokenise_ratios(r):
    def speeds(name):
        return {line["round"]: line["mb_per_s"] for line in r.find(bench="tokenise", peer=name) if "mb_per_s" in line}
    a, b = speeds("gaosou"), speeds("lucene")
    return [a[n] / b[n] for n in a if n in b]


def query_ratios(r, field, kind, snippets):
    return r.values(field, bench="ratio", peer="lucene", snippets=snippets, **{"class": kind})


def wanted_table(r):
    wanted = [
        ("analysis, 1 thread, against CJKAnalyzer", 25, tokenise_ratios(r)),
        ("build without texts, 1 thread, against Lucene", 20, build_ratios(r, "lucene", (0, 1), (0, 1))),
        ("build without texts, 1 thread, against Groonga", 25, build_ratios(r, "groonga", (0, 1), (0, 1))),
        ("build with texts, 2 threads, against Lucene without, 2 threads", 10, build_ratios(r, "lucene", (1, 2), (0, 2))),
        ("phrase, p50, against Lucene", 5, query_ratios(r, "p50", "phrase", 0)),
        ("phrase, p99", 1, query_ratios(r, "p99", "phrase", 0)),
        ("any bigram, top 10, p50", 3, query_ratios(r, "p50", "any", 0)),
        ("any bigram, top 10, p99", 3, query_ratios(r, "p99", "any", 0)),
        ("ten hits with passages, all classes, p50", 5, query_ratios(r, "p50", "all classes", 1)),
        ("ten hits with passages, all classes, p99", 4, query_ratios(r, "p99", "all classes", 1)),
    ]
    body = [[what, f"{least}×", spread(ratios, "×"), str(len(ratios)),
             ("yes" if statistics.median(ratios) >= least else "no") if ratios else "not measured"]
            for what, least, ratios in wanted]
    return rows(["Gaosou's speed over the peer's", "wanted", "measured (least–most)", "rounds", "reached"], body)


def wanted(folder):
    """The table of wanted ratios of a folder of results, as lines."""
    return wanted_table(Results(folder))


def ratio_table(r):
    def cell(peer, kind, snippets):
        values = [r.values(f, bench="ratio", peer=peer.name, snippets=snippets, **{"class": kind}) for f in ("p50", "p99")]
        return " / ".join(number(statistics.median(v), 2) for v in values if v)
    columns = [(peer, snippets) for peer in r.peers()[1:] for snippets in (0, 1) if peer.snippets or not snippets]
    head = ["times as long as Gaosou, p50 / p99"] + [peer.label + (", passages" if s else "") for peer, s in columns]
    return rows(head, [[label] + [cell(peer, kind, s) for peer, s in columns]
                       for kind, label in (CLASSES | {"all classes": "all"}).items()])


# ---- answers ----

def check_table(r):
    def total(lines, side):
        reasons = {}
        for line in lines:
            for why, count in line.get(side, {}).items():
                reasons[why] = reasons.get(why, 0) + count
        whole = sum(reasons.values())
        return ", ".join(f"{why} {100 * n / whole:.0f}%" for why, n in sorted(reasons.items(), key=lambda x: -x[1]) if 100 * n >= whole)

    def summed(lines, field):
        return sum(line.get(field, 0) for line in lines)

    def row(peer):
        lines = [line for line in r.find(bench="check", peer=peer.name) if "queries" in line]
        return [peer.label, f"{summed(lines, 'same'):,} of {summed(lines, 'queries'):,}", f"{summed(lines, 'theirs'):,}",
                f"{summed(lines, 'only_ours'):,}", total(lines, "missed"), f"{summed(lines, 'only_theirs'):,}", total(lines, "more")]

    head = ["", "queries with the same filings", "filings found", "only Gaosou found", "why", "only the peer found", "why"]
    return rows(head, [row(peer) for peer in r.peers() if r.find(bench="check", peer=peer.name)])


def check_class_table(r):
    peers = r.peers()[1:]
    def cell(peer, kind):
        lines = [line for line in r.find(bench="check", peer=peer.name, **{"class": kind}) if "queries" in line]
        return f"{lines[0]['same']} of {lines[0]['queries']}; −{lines[0]['only_ours']:,} +{lines[0]['only_theirs']:,}" if lines else ""
    return rows(["same answers; filings missed, more"] + [p.label for p in peers],
                [[label] + [cell(peer, kind) for peer in peers] for kind, label in CLASSES.items()])


def problems(r):
    for line in r.find(bench="peers"):
        if "missing" in line:
            yield f"- {line['peer']} is missing: {line['missing']}"
    for line in r.find(failed=True):
        yield f"- {line['peer']}, {line['bench']}: {line['why']}"


def chart(name, lines):
    """plot.py draws it where there is something to draw."""
    return [f"![]({name}.svg)", ""] if lines else []


def write(folder):
    r = Results(folder)
    run = r.run
    text = ["# Gaosou and other search engines on the same filings and queries", "",
            f"{run['filings']:,} filings, {run['bytes'] / 1e6:.1f} MB of text ({run['corpus']}); {run['machine']}; {run['date']}. "
            "`make bench-peers` runs it all; [../peers/README.md](../peers/README.md) says what is measured, how each engine "
            "is set up, and in what its answers differ. Medians of the rounds, (least–most). The raw figures are the `.jsonl` files here.", "",
            "## What is wanted", "", *wanted_table(r), "## Building", "", *build_table(r), *chart("build", r.find(bench="build")), *chart("size", r.find(bench="build")),
            "## Searching: the best ten filings", "", *query_table(r, 0), *chart("query", r.find(bench="query", snippets=0)),
            "## Searching: the best ten filings with their passages", "", *query_table(r, 1), *chart("passages", r.find(bench="query", snippets=1)),
            "[n of m]: the class's time ran out after n of its m queries.", "",
            "## As ratios", "", *ratio_table(r), "## The answers", "", *check_table(r), *check_class_table(r)]
    missing = list(problems(r))
    if missing:
        text += ["## Missing", "", *missing, ""]
    with open(f"{folder}/README.md", "w", encoding="utf-8") as out:
        out.write("\n".join(text).rstrip() + "\n")
