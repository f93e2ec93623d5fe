"""Whether code in the text of a page (`promster status`, `scripts/test -R x`) names what there is."""
import glob
import json
import os
import re
import shlex
import subprocess
from functools import cached_property

import foreign
import page

SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
VARIABLE = re.compile(r"(?<![\w$-])(?:PROMSTER|SCRAPE|REGISTRY|RECORD_RULE|ALERT_RULE|ALERT_MANAGER|REMOTE_WRITE|"
                      r"EXTERNAL|RETENTION|EVALUATION|LOG|TLS)_[A-Z0-9_<>n]*[A-Z>](?![\w/*])")
PATHS = ("scripts", "src", "docs", "deploy", "test", "bench", "cmake", "ui", "cluster", "fuzz", "proto")
# Flags of docker, podman and kubectl that pages name.
FOREIGN = {"--build-arg", "--format", "--scale", "--stop-timeout"}
FLOORS = ("base", "core", "etcd", "prom", "web", "agent", "cli", "cluster", "test")


def spans(prose):
    """(line, text) of each span; a span may go on in the next line of its paragraph."""
    start, held = 0, []
    for number, line in prose + [(0, "")]:
        if line.strip():
            start = start if held else number
            held.append(line)
            continue
        text = "\n".join(held)
        for found in SPAN.finditer(text):
            yield start + text.count("\n", 0, found.start()), " ".join(found.group(2).split())
        held = []


class Tree:
    """What the source tree and the build directory have."""

    def __init__(self, source, build, run=frozenset()):
        self.source, self.build, self.run = source, build, run  # run: the lines that tests run

    def _lines(self, *argv):
        said = subprocess.run(argv, capture_output=True, text=True, check=True)
        return said.stdout.splitlines()

    @cached_property
    def tests(self):
        found = (re.match(r"\s*Test\s+#\d+: (\S+)", x) for x in self._lines("ctest", "--test-dir", self.build, "-N"))
        return [x.group(1) for x in found if x]

    @cached_property
    def targets(self):
        lines = self._lines("cmake", "--build", self.build, "--target", "help")
        return {os.path.basename(line.split(": ")[0]) for line in lines if ": " in line}

    @cached_property
    def presets(self):
        text = page.text_of(f"{self.source}/CMakePresets.json")
        return {p["name"] for p in json.loads(text)["configurePresets"]}

    @cached_property
    def benches(self):
        text = page.text_of(f"{self.source}/bench/CMakeLists.txt")
        made = set(re.findall(r"add_executable\((bench_\w+)", text))
        files = glob.glob(f"{self.source}/bench/*_bench.cc")
        return made | {"bench_" + os.path.basename(f)[: -len("_bench.cc")] for f in files}

    @cached_property
    def bench_flags(self):
        files = glob.glob(f"{self.source}/bench/**/*.cc", recursive=True)
        return {flag for f in files for flag in re.findall(r'"(--[a-z]+)', page.text_of(f))}

    @cached_property
    def bench_events(self):
        files = glob.glob(f"{self.source}/bench/accuracy/*.cc")
        return {name for f in files for name in re.findall(r'\.name = "(\w+)"', page.text_of(f))}

    @cached_property
    def options(self):
        """What can be given to CMake with -D."""
        files = [f"{self.source}/CMakeLists.txt", *glob.glob(f"{self.source}/cmake/*.cmake")]
        return {name for f in files for name in re.findall(r"PROMSTER_[A-Z_]+", page.text_of(f))}

    def has_path(self, path):
        full = f"{self.source}/{path}"
        return bool(glob.glob(full) or glob.glob(full + ".*") or glob.glob(full + "_*"))


def fault_of_cmake(words, tree):
    for option, value in zip(words, words[1:]):
        if option == "--preset" and value not in tree.presets:
            return f"no preset {value}"
        if option == "--target" and value not in tree.targets:
            return f"no target {value}"
    for word in words:
        name = re.match(r"-D([A-Z_]+)", word)
        if name and name.group(1).startswith("PROMSTER_") and name.group(1) not in tree.options:
            return f"no option {name.group(1)}"
    return None


def fault_of_ctest(words, tree):
    for option, value in zip(words, words[1:]):
        if option == "-R" and not any(re.search(value, name) for name in tree.tests):
            return f"no test matches {value}"
    return None


def fault_of_bench(words, tree):
    if os.path.basename(words[0]) not in tree.benches:
        return f"no benchmark {words[0]}"
    flags = {w.split("=")[0] for w in words[1:] if re.match(r"--[a-z]+(=|$)", w)}
    events = {e for w in words[1:] if w.startswith("--event=") for e in w.split("=")[1].split(",")}
    unknown = (flags - tree.bench_flags) | (events - tree.bench_events)
    return f"{words[0]} has no {' '.join(unknown)}" if unknown else None


def fault_of_path(word, tree):
    if re.search(r"[<>…$:]", word) or re.fullmatch(r"[A-Z]{3,}", os.path.basename(word)):
        return None  # a place holder
    if word.startswith(FLOORS) and tree.has_path("src/" + word):
        return None
    return None if tree.has_path(word) else f"no file {word}"


def fault_of_command(command, program, tree):
    """Of one command of a span: `cmake --preset asan`."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    words = [w for i, w in enumerate(words) if "=" not in w or i or w.startswith("-")]
    if not words:
        return None
    first = words[0]
    if first in ("promster", "build/promster"):
        return program.fault_of_call(words[1:])
    if re.fullmatch(r"((build/)?bench/)?bench_[a-z_]+", first):
        return fault_of_bench(words, tree)
    if first == "cmake":
        return fault_of_cmake(words, tree)
    if first in ("ctest", "scripts/test"):
        return fault_of_ctest(words, tree)
    if re.match(r"--[a-z]", first) and "*" not in first:
        flag = first.split("=")[0]
        known = program.knows_flag(flag) or flag in tree.bench_flags | FOREIGN
        return None if known else f"nothing here has {flag}"
    if re.fullmatch(rf"({'|'.join(PATHS + FLOORS)})/[\w./*<>-]*", first):
        return fault_of_path(first.rstrip("/"), tree)
    return foreign.fault_of_span(command, tree.run, lambda c: fault_of_command(c, program, tree))


def _faults_of_line(line, program, tree):
    commands = re.split(r" (?:&&|\|\|?|;) ", line)
    return filter(None, (fault_of_command(c, program, tree) for c in commands))


def faults(prose, program, tree):
    for number, span in spans(prose):
        for fault in _faults_of_line(span, program, tree):
            yield number, f"`{span}`: {fault}"


def faults_of_lines(text, program, tree):
    """Of commands that are not run."""
    for line in text.splitlines():
        for fault in _faults_of_line(line.partition(" #")[0], program, tree):
            yield f"`{line}`: {fault}"


def fault_of_variable(name, program, tree, compiled):
    numbered = re.sub(r"_RULE_(\d+|n)_", "_RULE_<n>_", name)
    if numbered in program.variables or (compiled and name in tree.options):
        return None
    return f"{name} is no variable of docs/reference/settings.md"


def faults_of_variables(lines, program, tree):
    for number, line in lines:
        for found in VARIABLE.finditer(line.replace("-D", "\0")):
            before = line.replace("-D", "\0")[: found.start()]
            fault = fault_of_variable(found.group(0), program, tree, before.endswith("\0"))
            if fault:
                yield number, fault
