"""Bars as SVG from results/*.jsonl, with nothing but the standard library."""

import math
from xml.sax.saxutils import escape

from table import CLASSES, Results

COLOURS = {"gaosou": "#c0392b", "lucene": "#2c6fbb", "tantivy": "#7d5ba6", "groonga": "#3a9b6b", "sqlite": "#d08a1d",
           "xapian": "#7f8c8d", "ripgrep": "#444444"}
WIDTH, LEFT, RIGHT, BAR, GAP = 960, 150, 170, 13, 16
FONT = 'font-family="DejaVu Sans, Helvetica, Arial, sans-serif"'


def text(x, y, content, size=12, anchor="start", colour="#222"):
    return f'<text x="{x:.1f}" y="{y:.1f}" {FONT} font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(content)}</text>'


def short(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def times(ratio):
    ratio, form = (ratio, "{}×") if ratio >= 1 else (1 / ratio, "1/{}")
    return form.format(f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.2g}")


class Axis:
    """Values to x; a log axis has a line at each power of ten."""

    def __init__(self, values, log):
        self.log = log
        self.least = 10 ** math.floor(math.log10(min(values))) if log else 0
        self.most = max(values)

    def x(self, value):
        share = math.log(value / self.least) / math.log(self.most / self.least) if self.log else value / self.most
        return LEFT + max(0.0, share) * (WIDTH - LEFT - RIGHT)

    def marks(self):
        if self.log:
            return [10 ** e for e in range(round(math.log10(self.least)), int(math.log10(self.most)) + 1)]
        step = 10 ** math.floor(math.log10(self.most))
        step = step / 2 if self.most / step < 4 else step
        return [i * step for i in range(int(self.most / step) + 1)]


def bar(axis, y, value, high, colour, reference):
    """One bar, a thin line on to the high value, and the figure behind both."""
    end = axis.x(value)
    parts = [f'<rect x="{LEFT}" y="{y}" width="{max(end - LEFT, 1):.1f}" height="{BAR - 2}" fill="{colour}"/>']
    label = short(value)
    if high:
        middle = y + BAR / 2 - 1
        parts.append(f'<line x1="{end:.1f}" y1="{middle}" x2="{axis.x(high):.1f}" y2="{middle}" stroke="{colour}" stroke-width="1.5"/>')
        label += f" – {short(high)}"
        end = axis.x(high)
    if reference and value != reference:
        label += f"  ({times(value / reference)})"
    parts.append(text(end + 5, y + BAR - 4, label, 10, colour="#444"))
    return parts


def chart(title, groups, labels, log):
    """groups: (name, {peer: (value, high or None)}); labels: peer to what the legend says."""
    values = [v for _, bars in groups for pair in bars.values() for v in pair if v]
    if not values:
        return None
    axis = Axis(values, log)
    parts, y = [text(12, 24, title, 15)], 42
    x = 12
    for peer, label in labels.items():
        parts += [f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{COLOURS[peer]}"/>', text(x + 14, y, label, 11)]
        x += 24 + 6.6 * len(label)
    top = y = y + 26
    for name, bars in groups:
        parts.append(text(LEFT - 10, y + BAR * len(bars) / 2 + 4, name, 12, "end"))
        for peer, (value, high) in bars.items():
            parts += bar(axis, y, value, high, COLOURS[peer], bars.get("gaosou", (None,))[0])
            y += BAR
        y += GAP
    grid = []
    for mark in axis.marks():
        grid.append(f'<line x1="{axis.x(mark):.1f}" y1="{top - 8}" x2="{axis.x(mark):.1f}" y2="{y - GAP + 4}" stroke="#ddd"/>')
        parts.append(text(axis.x(mark), y + 2, short(mark), 10, "middle", "#666"))
    height = y + 14
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{height}" fill="white"/>', *grid, *parts, "</svg>", ""])


def query_groups(r, snippets):
    for kind, label in CLASSES.items():
        bars = {}
        for peer in r.peers():
            key = {"bench": "query", "peer": peer.name, "snippets": snippets, "class": kind}
            if (middle := r.median("p50_us", **key)) is not None:
                bars[peer.name] = (middle, r.median("p99_us", **key))
        yield label, bars


def build_groups(r, field, groups, scale):
    for label, bench, key in groups:
        bars = {}
        for peer in r.peers():
            if (value := r.median(field, bench=bench, peer=peer.name, **key)) is not None:
                bars[peer.name] = (value / scale, None)
        yield label, bars


def write(folder):
    r = Results(folder)
    labels = {peer.name: peer.label for peer in r.peers()}
    indexes = {peer.name: peer.label for peer in r.peers() if peer.texts}
    speeds = [("analysis alone", "tokenise", {})] + [
        (label, "build", {"text": text, "threads": threads}) for label, text, threads in
        (("build, 1 thread", 0, 1), ("build, 2 threads", 0, 2), ("with texts, 1", 1, 1), ("with texts, 2", 1, 2))]
    sizes = [("index", "build", {"text": 0, "threads": 1}), ("index with texts", "build", {"text": 1, "threads": 1})]
    charts = {
        "build": chart("Analysis and building, MB of text a second (log)", list(build_groups(r, "mb_per_s", speeds, 1)), indexes, True),
        "size": chart("Size of the index over size of the text", list(build_groups(r, "index_bytes", sizes, r.run["bytes"])), indexes, False),
        "query": chart("Best ten filings: µs, p50 – p99 (log)", list(query_groups(r, 0)), labels, True),
        "passages": chart("Best ten filings with passages: µs, p50 – p99 (log)", list(query_groups(r, 1)),
                          {peer.name: peer.label for peer in r.peers() if peer.snippets}, True),
    }
    for name, svg in charts.items():
        if svg:
            with open(f"{folder}/{name}.svg", "w", encoding="utf-8") as out:
                out.write(svg)
