"""Which peers there are, how they are made and called, and what each can do."""

import dataclasses
import os
import re
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
JAVA_MEMORY = "-Xmx2g"


@dataclasses.dataclass(frozen=True)
class Peer:
    name: str
    label: str
    version: tuple            # a command whose first number of the form 1.2 is the version
    threads: tuple = (1,)     # that it can build with
    texts: tuple = (0, 1)     # builds without and with stored texts; empty: no index at all
    tokenises: bool = True
    snippets: bool = True
    wanted: bool = False      # a wanted ratio needs all of its rounds
    searches: int = 1         # which of its indexes is searched where no snippets are wanted

    def command(self, build):
        program = f"{build}/peers/peer_{self.name}"
        if self.name == "lucene":
            return ["java", JAVA_MEMORY, "-cp", f"{program}:{program}/*", "Peer"]
        if self.name == "ripgrep":
            return ["python3", f"{HERE}/peer_ripgrep.py"]
        return [program]

    def make(self, build, log):
        """Makes the program; the reason where that fails."""
        if self.name == "ripgrep":
            return None
        command = ["make", "--no-print-directory", f"{build}/peers/peer_{self.name}"]
        made = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        log.write(made.stdout)
        return None if made.returncode == 0 else (made.stdout.strip().splitlines() or ["make failed"])[-1]

    def find_version(self, build):
        command = [part.replace("BUILD", build) for part in self.version]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        found = re.search(r"\d+\.\d+(\.\d+)?", said.stdout)
        return found.group() if found else "unknown"


def cargo_version():
    return ("sh", "-c", f"grep -A1 'name = \"tantivy\"' {HERE}/tantivy/Cargo.lock")


PEERS = [
    Peer("gaosou", "Gaosou", ("BUILD/gaosou-query", "--version"), threads=(1, 2)),
    Peer("lucene", "Lucene CJKAnalyzer", ("sh", "-c", "ls BUILD/peers/peer_lucene | grep lucene-core"), threads=(1, 2), searches=0, wanted=True),
    Peer("tantivy", "Tantivy, Han bigrams", cargo_version(), threads=(1, 2)),
    Peer("groonga", "Groonga TokenBigram", ("groonga", "--version"), wanted=True),
    Peer("sqlite", "SQLite FTS5 trigram", ("pkg-config", "--modversion", "sqlite3")),
    Peer("xapian", "Xapian n-grams", ("pkg-config", "--modversion", "xapian-core")),
    Peer("ripgrep", "ripgrep, no index", ("rg", "--version"), texts=(), tokenises=False, snippets=False),
]
