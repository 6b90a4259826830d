#!/usr/bin/env python3
"""ripgrep as the scanner without an index: a process a query over one file with a filing a line.

    peer_ripgrep.py query FOLDER QUERIES SNIPPETS SECONDS
    peer_ripgrep.py check FOLDER QUERIES

peer.h says what these do; FOLDER has lines.txt. It counts filings and prints none. Words and prefixes
are looked for in any case.
"""

import itertools
import subprocess
import sys
import time

PASSES = 3


def read_queries(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines]


def patterns(query, lines):
    """The commands of one query: the first reads the file, each later one the lines before it left."""
    _, operator, *parts = query
    case = ["-i"] if parts[0].isascii() else []
    if operator == "all":
        commands = [["rg", "-F", "-e", part] for part in parts]
    elif operator == "prefix":
        commands = [["rg", *case, "-e", r"(?-u:\b)" + parts[0]]]
    else:
        commands = [["rg", "-F", *case] + [word for part in parts for word in ("-e", part)]]
    commands[0].append(lines)
    return commands


def run(commands, last):
    """What the last command of the pipe says."""
    before = None
    for command in commands[:-1]:
        before = subprocess.Popen(command, stdin=before and before.stdout, stdout=subprocess.PIPE)
    final = subprocess.run(commands[-1] + last, stdin=before and before.stdout, stdout=subprocess.PIPE, check=False)
    return final.stdout


def search(query, lines):
    begin = time.perf_counter_ns()
    count = int(run(patterns(query, lines), ["-c"]) or 0)
    return time.perf_counter_ns() - begin, min(count, 10)


def time_class(queries, lines, seconds):
    """As time_class in peer.c."""
    times = [None] * len(queries)
    start, done = time.monotonic(), 0
    while done < len(queries) and time.monotonic() - start < seconds:
        search(queries[done], lines)
        done += 1
    start = time.monotonic()
    for turn in range(PASSES):
        if turn > 0 and time.monotonic() - start >= seconds:
            break
        for i in range(done):
            measured = search(queries[i], lines)
            times[i] = min(times[i] or measured, measured)
    return times


def query_all(folder, path, seconds):
    for _, queries in itertools.groupby(read_queries(path), key=lambda query: query[0]):
        for measured in time_class(list(queries), f"{folder}/lines.txt", seconds):
            print("-" if measured is None else "%d\t%d" % measured)


def check_all(folder, path):
    """A filing's number is its line's; each part is looked for by itself."""
    def lines_with(query):
        found = run(patterns(query, f"{folder}/lines.txt"), ["-n", "-o"])
        return {int(line.split(b":", 1)[0]) - 1 for line in found.splitlines()}
    for name, operator, *parts in read_queries(path):
        if operator == "all":
            found = set.intersection(*(lines_with([name, "phrase", part]) for part in parts))
        else:
            found = lines_with([name, operator, *parts])
        print(*sorted(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["query"] and len(sys.argv) == 6:
        query_all(sys.argv[2], sys.argv[3], float(sys.argv[5]))
    elif sys.argv[1:2] == ["check"] and len(sys.argv) == 4:
        check_all(sys.argv[2], sys.argv[3])
    else:
        sys.exit(__doc__)
