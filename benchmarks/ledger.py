"""`python -m benchmarks.ledger`: a channel that has asked a million questions; writes RESULTS-ledger.md.

The questions are invented: forty ways to ask, names of made-up syllables, and answers as often the same as in the
offline bank, whose commonest is the answer of one question in sixty. The same ledger is then put into the fake Cloud
Storage, in a process of its own on loopback. `--count 20000` tries the code; it writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from triviareel.questions import bank
from triviareel.questions.ledger import Ledger, index
from triviareel.questions.ledger.files import Files, Head
from triviareel.questions.ledger.index import Entry, Segment
from triviareel.questions.model import Difficulty, Question
from triviareel.storage import open_store

RESULTS = Path(__file__).parent / "RESULTS-ledger.md"
CHANNEL = "demo"
CHUNK = 50_000
JOB = 10
"""Questions."""
PROBES = 500
"""Questions of each kind that are looked for, to tell which are found."""

WAYS = (
    "In which country is the {0}?", "Who designed the {0}?", "In what year was the {0} opened to the public?",
    "Which river flows through {0}?", "What is the capital of the province of {0}?", "Who wrote the novel “{0}”?",
    "Which composer wrote the opera “{0}”?", "Who painted “{0}”?", "Which spice gives {0} its colour?",
    "What is the highest mountain of {0}?", "Which language do most people of {0} speak?", "Who founded {0}?",
    "In which sport is the {0} Cup awarded?", "Which sea surrounds the island of {0}?", "What does a {0} measure?",
    "Which king built the castle of {0}?", "Which metal is mined near {0}?", "Which planet has a moon called {0}?",
    "Which battle ended the war of {0}?", "Which animal is called {0} by the people who keep it?",
    "What is the currency of {0}?", "Which artist recorded the album “{0}”?", "Which actor played {0} on screen?",
    "Which disease did Doctor {0} describe?", "Which city hosted the {0} Games?", "What colour is the flower {0}?",
    "Which queen was born in {0}?", "Which explorer reached {0} first?", "Which element was found in {0}?",
    "What kind of building is the {0}?", "Which airline has its home in {0}?", "Who directed the film “{0}”?",
    "Which dish comes from the town of {0}?", "Which university stands in {0}?", "Which god was worshipped at {0}?",
    "How many strings does the {0} have?", "Which bird stands on the coat of arms of {0}?", "What is {0} made of?",
    "Which treaty was signed at {0}?", "Which dance comes from the region of {0}?",
)  # fmt: skip
_SYLLABLES = "ka lo mi ra ten bur dal vos sha ri no pel gar um qui sto fen bra zo lin ter ma du wes ha jo cy eb"
SYLLABLES = _SYLLABLES.split()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one process took that did what a job does; seconds and bytes."""

    open_s: float
    first_s: float
    """The first job's look-up, with all pages still to be mapped; CPU, as of the next."""
    job_s: tuple[float, ...]
    """Of each further job."""
    add_s: tuple[float, ...]
    anonymous: int
    """Memory of the process that is not mapped from files, less what it had before it opened the ledger."""
    mapped: int
    """Memory that is: the system takes it back at will."""
    peak: int
    """Most memory that opening it took for a moment, mapped files included."""
    found: dict[str, tuple[float, float]]
    """Of each kind of question, the shares that are found, and that are found to be alike."""


def name(rng: random.Random) -> str:
    """A name that nothing has."""
    words = ("".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).capitalize() for _ in range(2))
    return " ".join(words)


@cache
def answers() -> tuple[str, ...]:
    """The bank's answers, each as often as it has it."""
    return tuple(item.question.right_option for item in bank.items())


def invented(at: int) -> tuple[str, str]:
    """A question and its answer; half of the answers are the bank's, the others stand alone."""
    rng = random.Random(at)
    return rng.choice(WAYS).format(name(rng)), rng.choice(answers()) if rng.random() < 0.5 else name(rng)


def question(text: str, answer: str, key: str) -> Question:
    """It as a job asks it."""
    return Question(key, "general", Difficulty.EASY, text, (answer, "-", "--", "---"), "A", "So it is.", "a book")


def fill(root: str, count: int) -> tuple[float, float]:
    """Write a ledger of so many questions; CPU seconds for their normal forms, seconds for their merge."""
    store = Files(open_store(root), CHANNEL)
    began, made = time.process_time(), []
    for start in range(0, count, CHUNK):
        rows = (Entry("2026-11-22T00:00:00Z", f"job-{at // JOB}", "general", *invented(at)) for at in
                range(start, min(start + CHUNK, count)))  # fmt: skip
        made.append(Segment(memoryview(index.build(rows)), "chunk"))
    built_s = time.process_time() - began
    built = time.perf_counter()
    whole = store.write_segment(made)
    merged = time.perf_counter()
    store.replace_head(Head((whole,)), 0)
    return built_s, merged - built


def work(root: str, count: int) -> Figures:
    """Do in this process what jobs do, and measure it."""
    store = open_store(root)
    before = memory()
    opened, ledger = timed(lambda: Ledger(store, CHANNEL))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - sum(before.values())
    fresh = iter(range(count, count + 10_000))
    first, _ = timed(lambda: look(ledger, new_job(fresh)), time.process_time)
    jobs = [timed(lambda: look(ledger, new_job(fresh)), time.process_time)[0] for _ in range(100)]
    used = memory()
    found = {kind: share(ledger, count, probe) for kind, probe in PROBED.items()}
    added = [timed(lambda at=at: ledger.add(new_job(fresh), f"new-{at}"))[0] for at in range(20)]  # type: ignore[misc]
    return Figures(
        opened, first, tuple(jobs), tuple(added), used["RssAnon"] - before["RssAnon"],
        used["RssFile"] - before["RssFile"], peak, found,
    )  # fmt: skip


def new_job(fresh: Iterator[int]) -> list[Question]:
    """Ten questions that the channel has not asked."""
    return [question(*invented(at), f"q{at}") for at in (next(fresh) for _ in range(JOB))]


def look(ledger: Ledger, questions: list[Question]) -> None:
    """What a job asks of the ledger: both whether a question was asked, and whether perhaps."""
    for one in questions:
        ledger.find(one)
        ledger.perhaps(one)


def reordered(text: str) -> str:
    """The question with the words behind the first in another order."""
    first, *words = text.rstrip("?").split()
    random.Random(text).shuffle(words)
    return f"{first} {' '.join(words)}?"


def misspelt(text: str) -> str:
    """The question without one letter of its longest word."""
    longest = max(text.split(), key=len)
    return text.replace(longest, longest[: len(longest) // 2] + longest[len(longest) // 2 + 1 :], 1)


PROBED: dict[str, Callable[[int], tuple[str, str]]] = {
    "asked again in the same words": invented,
    "in another order": lambda at: (reordered(invented(at)[0]), invented(at)[1]),
    "with a letter missing": lambda at: (misspelt(invented(at)[0]), invented(at)[1]),
    "never asked": lambda at: invented(at + 2**40),
}


def share(ledger: Ledger, count: int, probe: Callable[[int], tuple[str, str]]) -> tuple[float, float]:
    """The shares of some questions that the ledger says were asked, and that it says were perhaps."""
    probes = [question(*probe(at), f"p{at}") for at in random.Random(5).sample(range(count), min(PROBES, count))]
    sure = [one for one in probes if ledger.find(one)]
    perhaps = [one for one in probes if one not in sure and ledger.perhaps(one)]
    return len(sure) / len(probes), len(perhaps) / len(probes)


def compacted(root: str) -> tuple[float, float]:
    """Seconds of a compaction of the parts that `work` has left, and of one of everything."""
    few = compacted_parts(root)
    store = Files(open_store(root), CHANNEL)
    head = store.head()
    whole, _ = timed(lambda: store.write_segment([store.segment(segment) for segment in head.segments]))
    return few, whole


def compacted_parts(root: str) -> float:
    """Seconds of a compaction of the parts that `work` has left."""
    ledger = Ledger(open_store(root), CHANNEL)
    few, done = timed(lambda: ledger.compact(least=1))
    assert done
    return few


@contextmanager
def bucket(folder: str) -> Iterator[str]:
    """The URI of a bucket that has a folder's files, in a fake Cloud Storage of its own."""
    argv = [sys.executable, "-m", "tests.fakes.gcs", "--port", "0", "--folder", folder]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as fake:
        assert fake.stdout
        os.environ["STORAGE_EMULATOR_HOST"] = fake.stdout.readline().strip().partition("=")[2]
        try:
            yield "gs://b"
        finally:
            fake.terminate()


def timed(do: Callable[[], T], clock: Callable[[], float] = time.perf_counter) -> tuple[float, T]:
    """Seconds that something takes, and what it returns."""
    began = clock()
    result = do()
    return clock() - began, result


def memory() -> dict[str, int]:
    """This process's memory now, in bytes: RssAnon and RssFile."""
    rows = (line.split() for line in Path("/proc/self/status").read_text().splitlines())
    return {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows if row and row[0].startswith("Rss")}


def measure(count: int) -> str:
    """Measure all of it, each thing in a process of its own; the page about it."""
    with tempfile.TemporaryDirectory(prefix="triviareel-ledger-") as root:
        built = child("fill", root, count)
        size = sum(path.stat().st_size for path in Path(root).rglob("*.bin"))
        with bucket(root) as uri:
            remote = Figures(**child("work", uri, count))
            few_remote = child("compacted_parts", uri, count)
        figures = Figures(**child("work", root, count))
        few, whole = child("compacted", root, count)
    return page(count, size, tuple(built), (figures, remote), (few, few_remote, whole))


def child(what: str, root: str, count: int) -> Any:
    """What a function of this module returns in a fresh process."""
    argv = [sys.executable, "-m", "benchmarks.ledger", "--count", str(count), "--child", what, root]
    return json.loads(subprocess.run(argv, check=True, capture_output=True, text=True).stdout)


def page(
    count: int, size: int, built: tuple[float, ...], figures: tuple[Figures, ...], compaction: tuple[float, ...]
) -> str:
    """The figures in Markdown: of a folder and of a bucket."""
    few, few_remote, whole = compaction
    both = [
        ("opening it", *(f"{one.open_s * 1e3:,.1f} ms" for one in figures)),
        ("look-up of a job's 10 questions, the first, CPU", *(f"{one.first_s * 1e3:,.0f} ms" for one in figures)),
        ("… of the next 100 jobs, median, CPU", *(f"{statistics.median(one.job_s) * 1e3:,.0f} ms" for one in figures)),
        ("… of the slowest of them, CPU", *(f"{max(one.job_s) * 1e3:,.0f} ms" for one in figures)),
        ("adding a job's 10 questions, and reading what others added, median",
         *(f"{statistics.median(one.add_s) * 1e3:,.0f} ms" for one in figures)),
        ("memory of its own after 101 jobs", *(f"{one.anonymous / 1e6:,.0f} MB" for one in figures)),
        ("pages of files that it keeps mapped meanwhile", *(f"{one.mapped / 1e6:,.0f} MB" for one in figures)),
        ("memory that opening it takes at its peak", *(f"{max(0, one.peak) / 1e6:,.0f} MB" for one in figures)),
        ("compaction of 20 jobs' parts", f"{few:,.2f} s", f"{few_remote:,.2f} s"),
    ]  # fmt: skip
    once = [
        ("file", f"{size / 1e6:,.0f} MB, {size / count:.0f} bytes a question"),
        ("rewriting all of it, in a folder", f"{whole:,.1f} s"),
        ("normal forms of it, once ever, CPU", f"{built[0]:,.0f} s, {built[0] / count * 1e6:,.0f} µs a question"),
    ]  # fmt: skip
    table = "\n".join(f"| {what} | {here} | {there} |" for what, here, there in both)
    alone = "\n".join(f"| {what} | {took} |" for what, took in once)
    figured = figures[0]
    found = "\n".join(f"| {kind} | {sure:.1%} | {perhaps:.1%} |" for kind, (sure, perhaps) in figured.found.items())
    day, load = time.strftime("%Y-%m-%d", time.gmtime()), os.getloadavg()[0]
    python = platform.python_version()
    loaded = " (loaded: others were at work)" if load > 2 else ""
    return f"""# The ledger of a channel that has asked {count:,} questions

`python -m benchmarks.ledger`, {day}: Python {python}, {os.cpu_count()} cores, load {load:.0f}{loaded};
the file was written shortly before, so the system has it in its cache. A look-up is both questions that a job
asks: whether a question was asked before, and which perhaps ask the same. Times are CPU time where it says so, because
others may be busy; else they are wall-clock time. The bucket is the fake one on loopback, which adds no distance:
opening it is one read of the whole file into memory, once in a process, and adding is some seven requests, of 30 ms
each from afar.

| what | in a folder | in a bucket |
|---|---|---|
{table}

| what | measured |
|---|---|
{alone}

Of {PROBES} questions each, the share that the ledger takes for asked before, and the share that it would show to the
verifier beside what they may repeat:

| questions | repeats | perhaps |
|---|---|---|
{found}

Where a letter is missing from a name of fewer than six, the ledger is not sure: Iran and Iraq differ by one, too.
"""


CHILDREN: dict[str, Callable[[str, int], Any]] = {
    "fill": fill,
    "work": lambda root, count: asdict(work(root, count)),
    "compacted": lambda root, _: compacted(root),
    "compacted_parts": lambda root, _: compacted_parts(root),
}


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--child", nargs=2, metavar=("WHAT", "ROOT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        what, root = given.child
        print(json.dumps(CHILDREN[what](root, given.count)))
        return
    text = measure(given.count)
    if given.count == parser.get_default("count"):
        RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
