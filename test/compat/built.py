"""What ctest runs in a build directory, and what those programs hold, by their own word."""
import json
import subprocess
from functools import cache


class Built:
    """A build directory."""

    def __init__(self, build):
        said = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"],
                              capture_output=True, text=True, check=True).stdout
        tests = json.loads(said[said.index("{"):])["tests"]
        self.commands = {t["name"]: t.get("command") for t in tests}

    @cache
    def names_in(self, test):
        try:
            listed = subprocess.run([self.commands[test][0], "--gtest_list_tests"], timeout=60,
                                    capture_output=True, text=True, check=True).stdout
        except (OSError, TypeError, subprocess.SubprocessError):
            return set()
        names, suite = set(), ""
        for line in listed.splitlines():
            word = line.split("#")[0].strip()
            if line.startswith(" "):
                names.add(suite + word)
            else:
                suite = word
        return names

    def fault_of(self, test, name):
        if test not in self.commands:
            return f"ctest has no test {test}"
        if name and name not in self.names_in(test):
            return f"{test} has no {name}, or is not built"
        return None

    @property
    def every_name(self):
        """Suite.Test of all programs; of a test with parameters without them, too."""
        programs = [t for t, command in self.commands.items() if command and len(command) == 1]
        names = {name for test in programs for name in self.names_in(test)}
        return names | {plain(name) for name in names}


def plain(name):
    """All/Suite.Test/0 -> Suite.Test"""
    suite, _, test = name.partition(".")
    return f"{suite.split('/')[-1]}.{test.split('/')[0]}" if "/" in test else name
