"""Blocks of the world `source` that take too long to run once more: what is run of them instead, and
who runs all of it. `check` finds those that no page has any more, and those that nobody runs."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Long:
    instead: str  # what is run of it here
    runner: str  # the file that runs all of it, or empty: what is left out is the same for more of the same
    with_words: str = ""  # that file's words


LONG = {
    "scripts/test\n": Long("ctest --test-dir build -N >/dev/null\n", ".ci/run", "scripts/test"),
    "cmake --preset asan && cmake --build --preset asan && ctest --test-dir build-asan\n": Long(
        "cmake --preset asan && cmake --build --preset asan --target promster_base\n"
        "ctest --test-dir build-asan -N\n",
        "",
    ),
}


def faults(blocks, read):
    """blocks: all of the world source. read: the text of a file of the source."""
    present = {b.text for b in blocks}
    for text, part in LONG.items():
        if text not in present:
            yield f"test/documents/source.py: no page has {text!r} any more"
        if part.runner and part.with_words not in read(part.runner):
            yield f"{part.runner} does not run {part.with_words}, as test/documents/source.py says"
