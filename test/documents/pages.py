"""Which pages the repository has."""
import os
import re

SKIPPED = re.compile(r"^(build.*|node_modules|\..*)$")


def below(source):
    for folder, folders, files in os.walk(source):
        folders[:] = sorted(f for f in folders if not SKIPPED.match(f))
        yield from (os.path.join(folder, f) for f in sorted(files) if f.endswith(".md"))
