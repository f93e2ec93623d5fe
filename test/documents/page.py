"""A page of Markdown as the tests of documents see it: blocks in their order, headings, links, code.

A fenced block says its kind; the kinds are below. `sh` is for commands, and is followed by the world
that runs them, and perhaps by what is special about them:

    sh host               run it, go on when it is done, fail where it fails
    sh host background    runs in a terminal of its own until the end of the page
    sh host fails "why"   must fail, and say that

A block of another kind whose first line is a comment with nothing but a path (`# /etc/x/site.yml`)
is a file: it is written there before what follows it is run. A `text` block behind commands is what
they print (shown.py). Code that is no fenced block of this form is refused (indented.py).
"""
import re
from dataclasses import dataclass

from indented import Indented

WORLDS = ("host", "source", "reference", "debian", "compose", "kubernetes")
MODES = ("", "background", "fails")
KINDS = ("sh", "text", "yaml", "json", "jsonnet", "ini", "promql")

FENCE = re.compile(r"^ {0,3}(```+)\s*(.*?)\s*$")
COMMANDS = re.compile(r'sh (\w+)(?: (\w+))?(?: "([^"]+)")?')
FILE_LINE = re.compile(r"^(?:#|//) ((?:\.{0,2}/)?[\w.-]+(?:/[\w.-]+)*\.[a-z]+|/[\w./-]+)$")


class BadPage(Exception):
    """What is wrong with a page, with its place."""


@dataclass
class Block:
    page: str  # the file it stands in
    line: int  # of its fence, from 1
    section: str  # the heading above it
    kind: str
    world: str  # of `sh`, else empty
    mode: str
    words: str  # that a block which fails has to say, else empty
    path: str  # of a file, else empty
    text: str  # ends in a newline

    def place(self):
        return f"{self.page}:{self.line}"


def text_of(file):
    with open(file, encoding="utf-8") as opened:
        return opened.read()


def _file_path(kind, lines):
    found = FILE_LINE.match(lines[0]) if lines and kind not in ("sh", "text") else None
    return found.group(1) if found else ""


def _block(page, line, section, info, lines):
    words = info.split()
    place = f"{page}:{line}"
    if not words:
        raise BadPage(f"{place}: a block without a word after its fence; try: ```text, or ```sh WORLD")
    kind, found = words[0], COMMANDS.fullmatch(info)
    if kind not in KINDS:
        raise BadPage(f"{place}: unknown kind {kind!r}; there are {', '.join(KINDS)}")
    if kind != "sh" and len(words) > 1:
        raise BadPage(f"{place}: more than one word after the fence of a {kind} block")
    if info == "sh":
        raise BadPage(f"{place}: sh without a world; there are {', '.join(WORLDS)}")
    world, mode, said = (x or "" for x in found.groups()) if found else ("", "", "")
    if kind == "sh" and (world not in WORLDS or mode not in MODES):
        raise BadPage(f"{place}: unknown world or mode in {info!r}")
    if (mode == "fails") != bool(said):
        raise BadPage(f'{place}: {info!r}; try: sh {world} fails "words that it says"')
    text = "".join(each + "\n" for each in lines)
    return Block(page, line, section, kind, world, mode, said, _file_path(kind, lines), text)


def split(page, source):
    """The blocks of a page, and its other lines as (number, line)."""
    blocks, prose = [], []
    section, fence, start, info, held, indented = "", "", 0, "", [], Indented()
    for number, line in enumerate(source.splitlines(), 1):
        found = FENCE.match(line)
        if fence:
            if found and found.group(1).startswith(fence) and not found.group(2):
                blocks.append(_block(page, start, section, info, held))
                fence = ""
            else:
                held.append(line)
        elif found:
            fence, start, info, held = found.group(1), number, found.group(2), []
        else:
            fault = indented.fault_of(line)
            if fault:
                raise BadPage(f"{page}:{number}: {fault}; try: a block with a fence at the start of its line")
            if line.startswith("#"):
                section = line.lstrip("#").strip()
            prose.append((number, line))
    if fence:
        raise BadPage(f"{page}:{start}: a block without an end")
    return blocks, prose


def blocks_of(page, world=None):
    """The blocks of a file; with a world its commands, and the files that they need."""
    blocks, _ = split(page, text_of(page))
    return [b for b in blocks if world is None or b.world == world or b.path]
