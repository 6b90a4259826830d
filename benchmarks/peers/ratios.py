"""Gaosou's times against each peer's, in the same round, over the queries that both got to."""

import json
import os

ALL = "all classes"


def read_times(folder, peer, snippets, number):
    path = f"{folder}/{peer}.{snippets}.{number}.times"
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as times:
        return json.load(times)


def percentile(values, share):
    values = sorted(values)
    return values[min(int(share * len(values)), len(values) - 1)]


def pair(ours, theirs):
    """p50 and p99 of theirs over ours; nothing where they share no query."""
    both = [(a, b) for a, b in zip(ours, theirs) if a >= 0 and b >= 0]
    if not both:
        return None
    mine, others = zip(*both)
    ratio = {f"p{p}": round(percentile(others, p / 100) / percentile(mine, p / 100), 3) for p in (50, 99)}
    return ratio | {"queries": len(both)}


def compare(folder, peers, rounds):
    """Lines for results/ratio.jsonl: one for each peer, round, class, with snippets or without."""
    for number in range(rounds):
        for snippets in (0, 1):
            mine = read_times(folder, "gaosou", snippets, number)
            for peer in peers:
                theirs = read_times(folder, peer, snippets, number)
                shared = [kind for kind in mine if kind in theirs]
                groups = {kind: (mine[kind], theirs[kind]) for kind in shared}
                groups[ALL] = ([t for k in shared for t in mine[k]], [t for k in shared for t in theirs[k]])
                for kind, (a, b) in groups.items():
                    ratio = pair(a, b)
                    if ratio:
                        yield {"bench": "ratio", "peer": peer, "snippets": snippets, "round": number, "class": kind} | ratio
