"""Commands of programs that are not ours, in the text of pages (`systemctl restart promster`). Each is
run by a test, or looked up here in the help of its program, or stands in LISTED with the reason."""
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from functools import cache

OURS = ("promster", "cmake", "ctest")  # looked up elsewhere
# Programs by which a command is known as one also where they are not installed.
PROGRAMS = {"apt", "apt-get", "curl", "docker", "docker-compose", "etcdctl", "jb", "journalctl", "kind", "kubectl",
            "minikube", "podman", "promtool", "prometheus", "sudo", "systemctl"}
VERBS = {"apt", "apt-get", "systemctl", "podman"}  # the first word is one that their help begins a line with
METHODS = {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}
LISTED = {  # what is not looked up, and why
    "apt-get install clang clang-tidy libclang-rt-14-dev": "needs a network",
    "docker stop": "Docker is not installed with the tests; test/compose stops containers by podman",
    "jb install": "jsonnet-bundler is not in Debian",
    "kind load docker-image promster:0.1.0": "kind is not in Debian",
    "minikube image load promster:0.1.0": "minikube is not in Debian",
    "kubectl drain": "what an administrator does to a node of the cluster; test/kubernetes has none",
    "node left": "a line of the history, no command",
    "promtool test rules": "test/mixin_test runs it",
    "write rules.yml: rename: Permission denied": "a message, no command",
}


def is_command(words):
    """Whether the words of a span are a command of a program that is not ours; one word is but a name."""
    first = words[0]
    if len(words) == 1 or "/" in first or first in OURS or not re.fullmatch(r"[a-z][\w.-]*", first):
        return False
    return first in PROGRAMS or bool(shutil.which(first))


@cache
def said(*argv):
    """Output and exit code; both empty where the program is not installed."""
    try:
        ran = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=20,
                             stdin=subprocess.DEVNULL, env={**os.environ, "PAGER": "cat", "LANG": "C.UTF-8"})
    except (OSError, subprocess.TimeoutExpired):
        return "", None
    return ran.stdout + ran.stderr, ran.returncode


def _fault_of_flags(name, words, text):
    for word in words:
        flag = word.split("=")[0]
        if re.match(r"-[\w-]", flag) and not re.search(rf"(?<![\w-]){re.escape(flag)}(?![\w-])", text):
            return f"{name} has no {flag}"
    return None


def _fault_of_curl(words):
    for option, value in zip(words, words[1:]):
        if option in ("-X", "--request") and value not in METHODS:
            return f"HTTP has no method {value}"
    return _fault_of_flags("curl", words, said("curl", "--help", "all")[0])


def _fault_of_etcdctl(words):
    verbs = []
    for word in words:
        text = said("etcdctl", *verbs, "--help")[0]
        if not re.search(rf"^\t{re.escape(word)}[\t ]", text.partition("COMMANDS:")[2], re.M):
            break
        verbs.append(word)
    text, code = said("etcdctl", *verbs, "--help")
    if not verbs or code or "<subcommand>" in text:
        return f"etcdctl has no {' '.join(words)}"
    return _fault_of_flags("etcdctl", words, text)


def _fault_of_inside(words, fault_of_command):
    """Of a command in a container."""
    if words[0] not in OURS and not shutil.which(words[0]):
        return f"there is no {words[0]}"
    return fault_of_command(shlex.join(words))


def _fault_of_docker(words, fault_of_command):
    """`docker compose` by Debian's docker-compose."""
    if words[0] != "compose":
        return "docker is not looked up; try: a line in LISTED of test/documents/foreign.py"
    text, code = said("docker-compose", words[1], "--help")
    if code:
        return f"docker compose has no {words[1]}"
    at = words.index("promster") if "promster" in words else len(words)
    fault = _fault_of_flags(f"docker compose {words[1]}", words[2:at], text)
    return fault or (_fault_of_inside(words[at:], fault_of_command) if words[at:] else None)


def _fault_of_kubectl(words, fault_of_command):
    """By the stand-in of test/kubernetes; what comes behind -- is a command by itself."""
    sys.path.append(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../kubernetes"))
    import commands
    command, inside = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    try:
        commands.parser().parse_args(command)
    except commands.Refused as refusal:
        return f"kubectl: {refusal}"
    return _fault_of_inside(inside, fault_of_command) if inside else None


def _fault_of_program(words):
    name = words[0]
    text, code = said(name, "--help")
    if code is None:
        return f"{name} is not installed; try: a line in LISTED of test/documents/foreign.py"
    verb = next((w for w in words[1:] if not w.startswith("-")), "")
    if name in VERBS and not re.search(rf"^\s+{re.escape(verb)}\s", text, re.M):
        return f"{name} has no {verb}"
    return _fault_of_flags(name, [w for w in words[1:] if not _is_signal(name, w)], text)


def _is_signal(name, word):
    return name == "kill" and bool(re.fullmatch(r"-\d+", word) or hasattr(signal, "SIG" + word[1:]))


def fault_of(words, fault_of_command):
    if words[0] == "curl":
        return _fault_of_curl(words[1:])
    if words[0] == "etcdctl":
        return _fault_of_etcdctl(words[1:])
    if words[0] == "docker":
        return _fault_of_docker(words[1:], fault_of_command)
    if words[0] == "kubectl":
        return _fault_of_kubectl(words[1:], fault_of_command)
    return _fault_of_program(words)


def fault_of_span(command, run, fault_of_command):
    """Of a command in the text of a page. run: the lines that a test runs. fault_of_command: of any other."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    while words and (words[0] == "sudo" or re.match(r"\w+=", words[0])):
        words = words[1:]
    is_run = command in run or any(line.startswith(command + " ") for line in run)
    if not words or not is_command(words) or command in LISTED or is_run:
        return None
    return fault_of(words, fault_of_command)


def dead(spans):
    """spans: those of all pages."""
    for command in LISTED:
        if command not in spans:
            yield f"test/documents/foreign.py: no page has `{command}` any more"
