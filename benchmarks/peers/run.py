#!/usr/bin/env python3
"""Gaosou and its peers on the same filings and queries (README.md); `make bench-peers` calls it.

Every measurement is a line in results/*.jsonl and is not made again where it is there already, so a
run that was stopped goes on. --fresh starts anew. A peer that is missing or fails is a line too.
"""

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import signal
import sys
import time

import check
import plot
import prepare
import process
import ratios
import table
from peers import HERE, PEERS

LIMIT_SECONDS = 900          # of any one program
PRIMARY = ((0, 1), (0, 2))   # builds (texts, threads) that every round makes; the others at most twice


NAMES = [peer.name for peer in PEERS]


def positive(text):
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def peer_names(text):
    names = text.split(",") if text else []
    for name in names:
        if name not in NAMES:
            raise argparse.ArgumentTypeError(f"no peer is called '{name}'; there are {', '.join(NAMES)}")
    return names


def say(what):
    """What goes on, on standard error: a run takes long."""
    print(f"bench-peers: {time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, help="folder of the build, build/release-...")
    parser.add_argument("--mb", type=positive, default=85, help="MB of filings, taken evenly from the corpora (85)")
    parser.add_argument("--rounds", type=positive, default=5, help="rounds that alternate between the peers (5)")
    parser.add_argument("--box", type=float, default=110, help="seconds of builds a peer, where no wanted ratio is at stake (110)")
    parser.add_argument("--class-seconds", type=float, default=0.7, help="seconds a class of queries and pass (0.7)")
    parser.add_argument("--peers", type=peer_names, default=[], help=f"only these, with commas between: {', '.join(NAMES)} (all)")
    parser.add_argument("--corpora", default=os.environ.get("GAOSOU_CORPORA", f"{HERE}/../../../shared/corpora"))
    parser.add_argument("--sources", default="news/docs.jsonl.zst,prospectus/pages.jsonl.zst", help="files of the corpora")
    parser.add_argument("--lock", help="a file to hold locked during each measurement, for machines with other benchmarks")
    parser.add_argument("--folder", help="for filings and indexes; a RAM disk where there is one with 6 GB free")
    parser.add_argument("--results", default=f"{HERE}/../results")
    parser.add_argument("--fresh", action="store_true", help="measure all of it anew")
    return parser.parse_args()


def default_folder():
    ram = "/dev/shm"
    if os.access(ram, os.W_OK) and shutil.disk_usage(ram).free > 6 << 30:
        return f"{ram}/gaosou-bench-peers"
    return "build/bench-peers"


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} processors, Linux {platform.release().split('-')[0]}"


@contextlib.contextmanager
def locked(path):
    if not path:
        yield
        return
    with open(path, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Run:
    """The settings, the results so far, and the peers that can be measured."""

    def __init__(self, args):
        self.args = args
        self.folder = args.folder or default_folder()
        self.results = args.results
        self.lines = []
        self.spent = {}     # seconds a peer
        self.versions = {}
        os.makedirs(self.folder, exist_ok=True)
        os.makedirs(self.results, exist_ok=True)
        self.log = open(f"{self.folder}/log", "a", encoding="utf-8")
        wanted = ["gaosou"] + args.peers if args.peers else [p.name for p in PEERS]
        self.peers = [p for p in PEERS if p.name in wanted]

    def path(self, name):
        return f"{self.results}/{name}.jsonl"

    def load(self):
        """Goes on with the results that are there, where they are of the same settings and the same Gaosou."""
        with open(f"{self.args.build}/peers/peer_gaosou", "rb") as program:
            settings = {"mb": self.args.mb, "sources": self.args.sources, "machine": machine(),
                        "program": hashlib.sha256(program.read()).hexdigest()[:16]}
        path = self.path("run")
        same = False
        if os.path.exists(path) and not self.args.fresh:
            with open(path, encoding="utf-8") as old:
                header = json.loads(old.readline())
            same = all(header.get(k) == v for k, v in settings.items()) and os.path.exists(f"{self.folder}/queries.tsv")
        if not same:
            self.clear()
            say("choosing filings")
            settings |= prepare.filings(self.folder, self.args.build, self.args.corpora, self.args.sources, self.args.mb)
            settings["date"] = time.strftime("%Y-%m-%d")
            self.add("run", settings)
        for name in ("build", "tokenise", "query", "check", "peers"):
            if os.path.exists(self.path(name)):
                with open(self.path(name), encoding="utf-8") as lines:
                    self.lines += [json.loads(line) for line in lines]
        with open(path, encoding="utf-8") as header:
            self.settings = json.loads(header.readline())

    def clear(self):
        for name in ("run", "build", "tokenise", "query", "check", "peers"):
            if os.path.exists(self.path(name)):
                os.remove(self.path(name))
        for name in os.listdir(self.folder):
            path = f"{self.folder}/{name}"
            if name != "log":
                shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def add(self, name, line):
        self.lines.append(line)
        with open(self.path(name), "a", encoding="utf-8") as out:
            out.write(json.dumps(line, ensure_ascii=False) + "\n")

    def has(self, **key):
        return any(all(line.get(k) == v for k, v in key.items()) for line in self.lines)

    def measure(self, peer, name, key, arguments, read):
        """Runs the peer, has `read` make a line's rest of its output, and adds the line."""
        key = {"bench": name, "peer": peer.name} | key
        if self.has(**key) or self.has(bench=name, peer=peer.name, failed=True):
            return
        say(f"{peer.label}: {name}" + "".join(f", {what} {value}" for what, value in key.items() if what not in ("bench", "peer")))
        command = peer.command(self.args.build) + arguments
        try:
            with locked(self.args.lock):
                begin = time.monotonic()
                output, memory = process.run(command, LIMIT_SECONDS)
                self.spent[peer.name] = self.spent.get(peer.name, 0) + time.monotonic() - begin
            lines = read(output, memory)
        except (process.Failed, ValueError) as why:
            say(f"{peer.label}: {name} failed: {why}")
            self.add(name, key | {"failed": True, "why": str(why)})
            return
        shown = " ".join(os.path.basename(part) for part in command)
        for line in lines:
            self.add(name, key | line | {"version": self.versions[peer.name], "machine": self.settings["machine"], "command": shown})


# ---- the steps ----

def make_peers(run):
    """Leaves in run.peers those that could be made."""
    made = []
    for peer in run.peers:
        say(f"{peer.label}: make")
        why = peer.make(run.args.build, run.log)
        if why is None and peer.name == "ripgrep" and not shutil.which("rg"):
            why = "rg is not installed"
        if why is None:
            made.append(peer)
            run.versions[peer.name] = peer.find_version(run.args.build)
            line = {"version": run.versions[peer.name]}
        else:
            say(f"{peer.label}: missing: {why}")
            line = {"missing": why}
        line = {"bench": "peers", "peer": peer.name} | line
        if not run.has(**line):
            run.add("peers", line)
    run.peers = made


def disk_bytes(folder):
    """What files take: their length, or less where they have holes."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            stat = os.stat(f"{root}/{name}")
            total += min(stat.st_size, 512 * stat.st_blocks)
    return total


def index_folder(run, peer, text):
    return f"{run.folder}/{peer.name}.{text}" if peer.texts else run.folder


def build_one(run, peer, text, threads, number):
    """Builds one index; that of one thread is kept for the searches."""
    folder = index_folder(run, peer, text) + (".threads" if threads > 1 else "")
    key = {"text": text, "threads": threads, "round": number}
    if run.has(bench="build", peer=peer.name, **key):
        return

    def read(output, memory):
        line = json.loads(output)
        size = disk_bytes(folder) - line.pop("stored_bytes", 0)
        return [line | memory | {"index_bytes": size, "mb_per_s": round(run.settings["bytes"] / 1e6 / line["seconds"], 2)}]

    shutil.rmtree(folder, ignore_errors=True)
    run.measure(peer, "build", key, ["build", f"{run.folder}/docs.bin", folder, str(text), str(threads)], read)
    if threads > 1:
        shutil.rmtree(folder, ignore_errors=True)


def wants_build(run, peer, build, number):
    """Every peer makes each build once; then go on Gaosou's and the primary ones, in their time."""
    if number == 0 or peer.name == "gaosou":
        return True
    if build in PRIMARY:
        return peer.wanted or run.spent.get(peer.name, 0) < run.args.box
    return number == 1 and run.spent.get(peer.name, 0) < run.args.box


def build_all(run):
    for number in range(run.args.rounds):
        for text, threads in PRIMARY + ((1, 1), (1, 2)):
            for peer in run.peers:
                if text not in peer.texts or threads not in peer.threads:
                    continue
                if wants_build(run, peer, (text, threads), number):
                    build_one(run, peer, text, threads, number)


def tokenise_all(run):
    def read(output, _):
        line = json.loads(output)
        return [line | {"mb_per_s": round(run.settings["bytes"] / 1e6 / line["seconds"], 2)}]

    for number in range(run.args.rounds):
        for peer in run.peers:
            if peer.tokenises and (number == 0 or peer.name in ("gaosou", "lucene", "tantivy")):
                run.measure(peer, "tokenise", {"round": number}, ["tokenise", f"{run.folder}/docs.bin"], read)


def read_times(output, classes):
    """A line a class: percentiles in microseconds, and each query's time (-1: not reached)."""
    times = [-1 if line == "-" else int(line.split("\t")[0]) / 1000 for line in output.splitlines()]
    if len(times) != len(classes):
        raise ValueError(f"{len(times)} times of {len(classes)} queries")
    for name in dict.fromkeys(classes):
        us = [t for t, c in zip(times, classes) if c == name]
        done = [t for t in us if t >= 0]
        line = {"class": name, "queries": len(us), "done": len(done)}
        if done:
            line |= {f"p{p}_us": round(ratios.percentile(done, p / 100), 1) for p in (50, 95, 99)}
        yield line, us


def query_one(run, peer, snippets, number, classes):
    text = 1 if snippets else peer.searches
    times_path = f"{run.folder}/{peer.name}.{snippets}.{number}.times"

    def read(output, _):
        lines, times = zip(*read_times(output, classes))
        with open(times_path, "w", encoding="utf-8") as out:
            json.dump(dict(zip((line["class"] for line in lines), times)), out)
        return lines

    run.measure(peer, "query", {"snippets": snippets, "round": number},
                ["query", index_folder(run, peer, text), f"{run.folder}/queries.tsv", str(snippets),
                 str(run.args.class_seconds)], read)


def query_all(run):
    with open(f"{run.folder}/queries.tsv", encoding="utf-8") as lines:
        classes = [line.split("\t")[0] for line in lines]
    for number in range(run.args.rounds):
        for snippets in (0, 1):
            for peer in run.peers:
                if peer.snippets or not snippets:
                    query_one(run, peer, snippets, number, classes)


def check_all(run):
    """Every peer's answers, held against Gaosou's filing by filing."""
    for peer in run.peers:
        path = f"{run.folder}/{peer.name}.matches"

        def read(output, _, path=path, peer=peer):
            with open(path, "w", encoding="utf-8") as out:
                out.write(output)
            return check.compare(run.folder, peer.name)

        run.measure(peer, "check", {}, ["check", index_folder(run, peer, peer.searches), f"{run.folder}/queries.tsv"], read)


def write_ratios(run):
    others = [peer.name for peer in run.peers if peer.name != "gaosou"]
    with open(run.path("ratio"), "w", encoding="utf-8") as out:
        for line in ratios.compare(run.folder, others, run.args.rounds):
            out.write(json.dumps(line) + "\n")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run = Run(parse_arguments())
    say(f"filings, indexes and a log are in {run.folder}, which may be removed afterwards; results in {os.path.normpath(run.results)}")
    run.load()
    make_peers(run)
    if not os.path.exists(f"{run.folder}/queries.tsv"):
        say("drawing queries")
        prepare.queries(run.folder, run.args.build)
    try:
        for step in (build_all, tokenise_all, check_all, query_all):
            step(run)
    finally: # also where it was stopped: what there is
        write_ratios(run)
        table.write(run.results)
        plot.write(run.results)
        print("\n".join(table.wanted(run.results)))
        print(f"all figures: {os.path.normpath(run.results)}/README.md; scratch (filings, indexes, log): {run.folder}")


if __name__ == "__main__":
    main()
