"""Which test runs the commands of a page, by their world."""
import re

import page
from source import as_run

# The test that runs the pages of a world, and the file of it that has blocks extract them.
RUNNERS = {
    "debian": ("package/install", "test/package/install"),
    "compose": ("compose/", "test/compose/page"),
    "kubernetes": ("kubernetes/live", "test/kubernetes/live"),
}
# Worlds of test/documents/run, which is one test for each page and world.
OWN = ("host", "source", "reference")


def worlds_of(blocks):
    """Those in which something of them is run."""
    return {b.world for b in blocks if b.world and as_run(b).text}


def test_of(world, name):
    short = name.removesuffix(".md").removeprefix("docs/")
    return f"documents/{short}" if world == "host" else f"documents/{world}/{short}"


def extracted(text):
    """(page, world) of each call of blocks in a runner, where comments do not count."""
    code = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    named = dict(re.findall(r'^(\w+) ?= ?"?(docs/[\w./-]+\.md)"?$', "\n".join(code), re.M))
    for start, line in enumerate(code):
        if "test/documents/blocks" not in line:
            continue
        call = " ".join(code[start : start + 2])
        for name, value in named.items():
            call = re.sub(rf"\$?\{{?\b{name}\b\}}?", value, call)
        found = re.search(r"(docs/[\w./-]+\.md)\W+(\w+)", call)
        if found:
            yield found.groups()


def _fault_of_world(world, name, source, tree):
    if world in OWN:
        test = test_of(world, name)
        return None if test in tree.tests else f"there is no test {test}; try: cmake again"
    if world not in RUNNERS:
        return f"nobody runs the world {world}"
    test, file = RUNNERS[world]
    if not any(known.startswith(test) for known in tree.tests):
        return f"no test {test}* for the world {world}"
    run = set(extracted(page.text_of(f"{source}/{file}")))
    return None if (name, world) in run else f"{file} does not run the blocks of {name} for {world}"


def faults(name, blocks, source, tree):
    """Of the blocks of one page, `name` in the source."""
    for world in sorted(worlds_of(blocks)):
        fault = _fault_of_world(world, name, source, tree)
        if fault:
            yield f"{name}: {fault}"


def dead(source, blocks_of):
    """blocks_of: page -> its blocks. Runners of pages that have no such blocks."""
    for world, (_, file) in RUNNERS.items():
        run = list(extracted(page.text_of(f"{source}/{file}")))
        if not any(of == world for _, of in run):
            yield f"{file} runs no page of the world {world}; test/documents/worlds.py says it does"
        for name, of in run:
            if not any(b.world == of for b in blocks_of.get(name, [])):
                yield f"{file} runs {name} for {of}, which has no such blocks"
