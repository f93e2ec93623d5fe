"""Whether what a page shows as the output of its commands is what they printed. A `text` block belongs
to the block of commands before it; its lines must be among those that were printed until the next
block, in that order, though the page may leave lines out. `…` in a line stands for what is different
each time, and a time for any time."""
import re

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def pattern_of(line):
    """Of the lines that a line of the page stands for."""
    parts = [TIME.pattern.join(re.escape(x) for x in TIME.split(part)) for part in line.rstrip().split("…")]
    return re.compile(".*".join(parts))


def _around(lines, block):
    """What is printed before the block, and what after it; it is printed itself, as in a terminal."""
    command = [f"$ {line}" for line in block.text.splitlines()]
    for start in range(len(lines) - len(command) + 1):
        # What was printed before need not end in a newline.
        if lines[start].endswith(command[0]) and lines[start + 1 : start + len(command)] == command[1:]:
            return [*lines[:start], lines[start].removesuffix(command[0])], lines[start + len(command) :]
    raise ValueError(f"{block.place()}: was not run")


def outputs(commands, printed):
    """What each of the blocks printed, which were run in that order."""
    rest, result = printed.splitlines(), []
    for block in commands:
        before, rest = _around(rest, block)
        result.append(before)
    return [*result[1:], rest]


def shown_behind(blocks, world):
    """(block of commands, its text block) of a page."""
    last = None
    for block in blocks:
        if block.world:
            last = block
        elif block.kind == "text" and last is not None and last.world == world:
            yield last, block


def _fault_of(text, output):
    printed = iter([line.rstrip() for line in output])
    for number, line in enumerate(text.text.splitlines(), text.line + 1):
        pattern = pattern_of(line)
        if line.strip() and not any(pattern.fullmatch(each) for each in printed):
            return f"{text.page}:{number}: shows what its commands do not print (in this order): {line}"
    return None


def faults(blocks, world, as_run, printed):
    """blocks: all of a page."""
    commands = [b for b in map(as_run, blocks) if b.world == world and b.text]
    output = dict(zip([b.line for b in commands], outputs(commands, printed)))
    for command, text in shown_behind(blocks, world):
        fault = _fault_of(text, output.get(command.line, []))
        if fault:
            yield fault
