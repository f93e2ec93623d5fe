"""What promster's command line and environment know, read from docs/reference, which is made of the
program's own tables (cli/reference_page_test compares), and the flags of the programs beside it."""
import re
import subprocess
from functools import cached_property

import page

SETTING = re.compile(r"^\| (?:`(--[\w.-]+)(?:=[^`]*)?`|–) \| (?:`([A-Z_]+)`|–) \| (?:`(--[\w-]+)`|–) \|", re.M)
RULE_VARIABLE = re.compile(r"^\| `([A-Z_]+<n>[A-Z_]+)` \|", re.M)
LONG_OPTION = re.compile(r"^\|[^|]*`(--[\w.-]+)", re.M)


class Program:
    def __init__(self, source):
        self.source = source

    def _read(self, name):
        return page.text_of(f"{self.source}/docs/reference/{name}")

    @cached_property
    def settings(self):
        """Flags and their aliases."""
        found = SETTING.findall(self._read("settings.md"))
        return {flag for row in found for flag in (row[0], row[2]) if flag}

    @cached_property
    def variables(self):
        text = self._read("settings.md")
        return {row[1] for row in SETTING.findall(text) if row[1]} | set(RULE_VARIABLE.findall(text))

    @cached_property
    def commands(self):
        """Name of a command -> its options, whether it takes settings, and its usage."""
        text = self._read("commands.md")
        result = {}
        for section in re.split(r"^## promster ", text, flags=re.M)[1:]:
            name = section.split("\n", 1)[0]
            usage = re.search(r"^promster .*$", section, re.M).group(0)
            result[name] = (set(LONG_OPTION.findall(section)), "[SETTINGS]" in usage, usage)
        return result

    @cached_property
    def flags_of_others(self):
        result = set()
        for name in ("prometheus", "prometheus-alertmanager", "etcd"):
            said = subprocess.run([name, "--help"], capture_output=True, text=True, check=False)
            result.update(re.findall(r"--[a-z][\w.-]+", said.stdout + said.stderr))
        return result

    def fault_of_call(self, words):
        """What is wrong with `promster WORDS...`, or None."""
        if not words or words[0].startswith("-") or words[0] in ("ARGUMENTS", "..."):
            words = ["run"] + words
        name, rest = words[0], words[1:]
        if name not in self.commands:
            return f"promster has no command {name}"
        options, settings, usage = self.commands[name]
        known = options | (self.settings if settings else set()) | {"--help"}
        for word in rest:
            if word == "--":
                return None
            if word.startswith("--") and word.split("=")[0] not in known:
                return f"promster {name} has no {word.split('=')[0]}"
        return self._fault_of_first(name, [w for w in rest if not w.startswith("-")], usage)

    @staticmethod
    def _fault_of_first(name, arguments, usage):
        """Where a command takes one of some words, the first argument is one of them."""
        words = re.findall(r"(?<![\w-])[a-z]{3,}(?![\w-])", usage.partition(" [")[2])
        given = arguments[0] if arguments else ""
        if words and re.fullmatch(r"[a-z]{3,}", given) and given not in words + ["json", "table"]:
            return f"promster {name} has no word {given}"
        return None

    def knows_flag(self, flag):
        everywhere = {o for options, _, _ in self.commands.values() for o in options}
        ours = self.settings | everywhere | {"--help", "--version", "--help-all"}
        groups = {s.split(".")[0] for s in self.settings if "." in s}
        foreign = "." in flag and flag.split(".")[0] not in groups  # such as --cluster.enabled of another program
        return foreign or flag in ours or flag in self.flags_of_others
