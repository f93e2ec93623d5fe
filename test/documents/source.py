"""Blocks of the world `source` that take too long to run once more: what is run of them instead, and
what becomes of the whole. `check` finds those that no page has any more."""
import dataclasses
from dataclasses import dataclass

import spans


@dataclass(frozen=True)
class Long:
    instead: str  # what is run of it here; where that is nothing, its commands are looked up
    runner: str = ""  # the file that runs all of it, by a line of its own:
    line: str = ""
    nobody: str = ""  # or why nobody does


LONG = {
    "scripts/test\n": Long(
        "ctest --test-dir build --no-tests=error -R '^base/inbox_test$'\n", runner=".ci/run", line="exec scripts/test"),
    "cmake --preset asan && cmake --build --preset asan && ctest --test-dir build-asan\n": Long(
        "cmake --preset asan && cmake --build --preset asan --target base_inbox_test\n"
        "ctest --test-dir build-asan --no-tests=error --output-on-failure -R '^base/inbox_test$'\n",
        nobody="all of it twice, with sanitizers, takes longer than all other tests"),
    """\
cmake --preset release -DPROMSTER_BENCH=ON && cmake --build build
build/bench/bench_accuracy                      # every event, 13 minutes; or --event=up1,kill
build/bench/bench_accuracy --compare            # with, without the guard, without hand-over
build/bench/bench_accuracy --event=rolling200   # 200 targets at 2 s
build/bench/bench_accuracy --help
""": Long("", nobody="it takes an hour of a machine that does nothing else, and a minute to build"),
}


def as_run(block):
    """A block as it is run here."""
    part = LONG.get(block.text) if block.world == "source" else None
    return dataclasses.replace(block, text=part.instead) if part else block


def _fault_of_cover(part, read):
    if bool(part.runner) == bool(part.nobody):
        return "says neither who runs all of it nor why nobody does, or both"
    lines = read(part.runner).splitlines() if part.runner else []
    if part.runner and (not part.line or part.line not in lines):
        return f"{part.runner} has no line {part.line!r}"
    return None


def faults(blocks, read, program, tree):
    """blocks: all of the world source. read: the text of a file of the source."""
    present = {b.text for b in blocks}
    for text, part in LONG.items():
        if text not in present:
            yield f"test/documents/source.py: no page has {text!r} any more"
        fault = _fault_of_cover(part, read)
        if fault:
            yield f"test/documents/source.py: {text!r}: {fault}"
        if not part.instead:
            yield from spans.faults_of_lines(text, program, tree)
