"""Which test runs the commands of a page, by their world."""
import glob
import os

import page

# The tests that run the pages of a world, and where their names of pages stand.
RUNNERS = {
    "debian": ("package/", "test/package/*"),
    "compose": ("compose", "test/compose/*"),
    "kubernetes": ("kubernetes", "test/kubernetes/*"),
}


# Worlds of test/documents/run, which is one test for each page and world.
OWN = ("host", "source", "reference")


def test_of(world, name):
    short = name.removesuffix(".md").removeprefix("docs/")
    return f"documents/{short}" if world == "host" else f"documents/{world}/{short}"


def _names_page(pattern, name, source):
    return any(name in page.text_of(f) for f in glob.glob(f"{source}/{pattern}") if os.path.isfile(f))


def _fault_of_world(world, name, source, tree):
    if world in OWN:
        test = test_of(world, name)
        return None if test in tree.tests else f"there is no test {test}; try: cmake again"
    if world not in RUNNERS:
        return f"nobody runs the world {world}"
    test, files = RUNNERS[world]
    if not any(known.startswith(test) for known in tree.tests):
        return f"no test {test}* for the world {world}"
    return None if _names_page(files, name, source) else f"{files} does not name {name}, which has blocks for it"


def faults(name, blocks, source, tree):
    """Of the blocks of one page, `name` in the source."""
    for world in sorted({b.world for b in blocks if b.world}):
        fault = _fault_of_world(world, name, source, tree)
        if fault:
            yield f"{name}: {fault}"
