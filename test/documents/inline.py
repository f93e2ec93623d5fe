#!/usr/bin/python3
"""Prints, for the world of the examples (reference.setup), the commands that stand in the text of
pages without blocks of their own, such as `promster status targets --state held` of a runbook.
Words in capitals are what the reader puts in. The bare name of a command stands for its help.
  inline.py SOURCE
"""
import os
import re
import shlex
import sys

sys.dont_write_bytecode = True
import page  # noqa: E402
import pages  # noqa: E402
import spans  # noqa: E402

PUT_IN = {
    "NODE:9096": "10.0.0.1:9096",
    "SERVICE/NODE": "prom-level1/10.0.0.3:9090",
    "HOST:PORT": "10.0.0.7:8080",
    "PATH": "/webservers/generator",
}
COMMAND = re.compile(r"^(promster|etcdctl|curl) [a-z]")
BY_ITSELF = ("promster check", "promster config", "promster status", "promster render")


def as_run(command):
    for word, value in PUT_IN.items():
        command = re.sub(rf"\b{word}\b", value, command)
    words = command.split()
    words[:1] = ["curl", "--fail"] if words[0] == "curl" else words[:1]
    bare = words[0] == "promster" and (len(words) == 2 or words[-1].startswith("--") and "=" not in words[-1])
    whole = command in BY_ITSELF or words[-1] in ("--diff", "--write")
    return f"{' '.join(words[:2])} --help" if bare and not whole else " ".join(words)


def commands(blocks, prose):
    """Of a page."""
    return set() if any(b.world for b in blocks) else {s for _, s in spans.spans(prose) if COMMAND.match(s)}


def commands_below(source):
    found = set()
    for file in pages.below(source):
        found |= commands(*page.split(os.path.relpath(file, source), page.text_of(file)))
    return sorted({as_run(command) for command in found})


def main():
    print('example "promster --config.file=/etc/promster/promster.yml --prometheus.start"')
    for command in commands_below(os.path.realpath(sys.argv[1])):
        print(f"example {shlex.quote(command)} >answer 2>&1 ||"
              ' { code=$?; cat answer; echo "FAILED: exit $code"; exit 1; }\nhead --lines=1 answer')


if __name__ == "__main__":
    main()
