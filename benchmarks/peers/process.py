"""Runs one program, watches its memory, and keeps to a time limit."""

import subprocess
import tempfile
import time

POLL_SECONDS = 0.01
MEMORY_LINES = {"RssAnon:": "rss_anon_bytes", "VmHWM:": "rss_max_bytes"}


class Failed(Exception):
    """The program failed or took too long; says why."""


def read_memory(pid):
    """Bytes of anonymous memory now, and the highest resident set."""
    memory = {}
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
            for line in status:
                key, _, rest = line.partition("\t")
                if key in MEMORY_LINES and rest:
                    memory[MEMORY_LINES[key]] = int(rest.split()[0]) * 1024
    except (OSError, ValueError):
        pass
    return memory


def watch(program, limit, highest):
    """Until it ends, or the limit (seconds) is over."""
    start = time.monotonic()
    while program.poll() is None:
        if time.monotonic() - start > limit:
            raise Failed(f"over {limit} s")
        for key, value in read_memory(program.pid).items():
            highest[key] = max(highest[key], value)
        time.sleep(POLL_SECONDS)


def run(command, limit):
    """Standard output, and the highest of what read_memory saw."""
    highest = dict.fromkeys(MEMORY_LINES.values(), 0)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        program = subprocess.Popen(command, stdout=out, stderr=err)
        try:
            watch(program, limit, highest)
        finally:
            program.kill()
            program.wait()
        out.seek(0)
        err.seek(0)
        if program.returncode != 0:
            raise Failed(err.read().decode("utf-8", "replace").strip()[-300:] or f"exit {program.returncode}")
        return out.read().decode("utf-8"), highest
