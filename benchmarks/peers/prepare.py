"""The filings and queries that all peers share (README.md): docs.bin, lines.txt, filings.jsonl and
queries.tsv in the run's folder, made once."""

import json
import os
import random
import subprocess

CLASS_SIZES = {
    "short": 200, "phrase": 200, "frequent": 100, "rare": 200, "all": 200, "or": 200, "any": 200,
    "word": 200, "prefix": 100, "char": 50,
}
LINE_END = "\u2028"  # stands for a line end within a filing where a filing is one line


def content_of(line):
    """Title and text as one field, the title only where the text does not begin with it."""
    filing = json.loads(line)
    title, text = filing.get("title") or "", filing["text"]
    text = "\f".join(text) if isinstance(text, list) else text
    content = text if text.startswith(title) else title + "\n" + text
    return content.encode("utf-8", "replace")


def read_corpora(paths):
    for path in paths:
        with subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE) as unpacked:
            yield from map(content_of, unpacked.stdout)


def read_generated(build, megabytes):
    command = [f"{build}/benchmarks/gen_corpus", "--bytes", f"{megabytes}m", "--seed", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as generated:
        yield from map(content_of, generated.stdout)


def spread(contents, size):
    """About `size` bytes of the contents, taken evenly from all of them, in order."""
    share = min(1.0, size / sum(map(len, contents)))
    wanted = 0.0
    for content in contents:
        wanted += share * len(content)
        if wanted >= len(content) / 2:
            wanted -= len(content)
            yield content


def write_filings(folder, contents):
    with open(f"{folder}/docs.bin", "wb") as docs, open(f"{folder}/lines.txt", "wb") as lines, \
            open(f"{folder}/filings.jsonl", "w", encoding="utf-8") as jsonl:
        for number, content in enumerate(contents):
            docs.write(len(content).to_bytes(4, "little") + content)
            text = content.decode("utf-8")
            one_line = text.replace("\r", LINE_END).replace("\n", LINE_END)
            lines.write(one_line.encode("utf-8") + b"\n")
            jsonl.write(json.dumps({"id": str(number), "text": text}, ensure_ascii=False) + "\n")


def filings(folder, build, corpora, sources, megabytes):
    """Makes the files of filings; what they are, as a dictionary. Without the corpora they are generated."""
    paths = [os.path.join(corpora, name) for name in sources.split(",")]
    found = all(map(os.path.exists, paths))
    contents = list(read_corpora(paths) if found else read_generated(build, megabytes))
    chosen = list(spread(contents, megabytes * 1e6))
    write_filings(folder, chosen)
    return {
        "corpus": sources.replace(".jsonl.zst", "") if found else "generated",
        "filings": len(chosen),
        "bytes": sum(map(len, chosen)),
    }


def read_filings(folder):
    """The texts again, in order."""
    texts = []
    with open(f"{folder}/docs.bin", "rb") as docs:
        while head := docs.read(4):
            texts.append(docs.read(int.from_bytes(head, "little")).decode("utf-8"))
    return texts


# ---- queries ----

def draw(build, folder, kind, number):
    """Queries of one of bench_query's classes, each once; those that would be read as operators left out."""
    command = [f"{build}/benchmarks/bench_query", "--index", f"{folder}/draw", "--draw", kind,
               "--number", str(number), "--seed", "7"]
    drawn = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    texts = dict.fromkeys(line.split("\t")[1] for line in drawn.splitlines())
    return [t for t in texts if t not in ("AND", "OR", "NOT")]


def lines_of(kind, texts):
    """Lines of queries.tsv for drawn texts."""
    for text in texts:
        if kind == "any":
            yield "\t".join([kind, "any"] + [text[i:i + 2] for i in range(len(text) - 1)])
        elif kind in ("all", "or"):
            yield "\t".join([kind, kind] + text.replace("|", " ").split(" "))
        elif kind == "prefix":
            yield "\t".join([kind, "prefix", text.rstrip("*")])
        else:
            yield "\t".join([kind, "phrase", text])


def count_matches(build, folder, lines):
    """Filings that each query matches, by Gaosou."""
    path = f"{folder}/counting.tsv"
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)
    command = [f"{build}/peers/peer_gaosou", "check", f"{folder}/draw", path]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    os.remove(path)
    return [len(line.split()) for line in found.splitlines()]


def queries(folder, build):
    """Makes queries.tsv. Every query matches something; rare ones at most 3 filings, frequent ones
    are the most frequent of 2,000 drawn two-character words and phrases."""
    subprocess.run([f"{build}/gaosou-index", "add", "--quiet", f"{folder}/draw", f"{folder}/filings.jsonl"], check=True)
    lines = []
    drawn = {"short": "short", "phrase": "phrase", "all": "all", "or": "or", "any": "text", "word": "word",
             "prefix": "prefix", "char": "char"}
    # Few draws of several phrases match one filing.
    texts = {kind: draw(build, folder, name, 4000 if kind == "all" else 1000) for kind, name in drawn.items()}
    # A Han character with a star is no more than the character: class char.
    texts["prefix"] = [t for t in texts["prefix"] if t.isascii()]
    texts["phrase"] = [t for t in texts["phrase"] if len(t) >= 3]
    pool = texts["short"] + texts["phrase"]
    counted = list(zip(count_matches(build, folder, lines_of("short", pool)), pool))
    texts["frequent"] = [t for _, t in sorted(counted, reverse=True)[:CLASS_SIZES["frequent"]]]
    texts["rare"] = [t for count, t in counted if 0 < count <= 3]
    for kind, size in CLASS_SIZES.items():
        of_class = list(lines_of(kind, texts[kind]))
        matching = [line for line, n in zip(of_class, count_matches(build, folder, of_class)) if n > 0]
        random.Random(7).shuffle(matching)
        lines += matching[:size]
    with open(f"{folder}/queries.tsv", "w", encoding="utf-8") as out:
        out.writelines(line + "\n" for line in lines)
