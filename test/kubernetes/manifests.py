"""What the rules ask of rendered manifests."""
import json
import os
import re
import subprocess
import tempfile

WORKLOADS = ("StatefulSet", "Deployment")


def of_kind(objects, *kinds):
    return [o for o in objects if o["kind"] in kinds]


def name(thing):
    return f"{thing['kind']}/{thing['metadata']['name']}"


def pod_template(workload):
    return workload["spec"]["template"]


def pod_spec(workload):
    return pod_template(workload)["spec"]


def containers(spec):
    """All, in the order in which they are started."""
    return spec.get("initContainers", []) + spec["containers"]


def is_sidecar(container):
    return container.get("restartPolicy") == "Always"


def image_name(container):
    return container["image"].rsplit("/", 1)[-1].partition(":")[0]


def image_tag(container):
    return container["image"].rsplit("/", 1)[-1].partition(":")[2]


def ports(spec):
    return {p["name"]: p["containerPort"] for c in containers(spec) for p in c.get("ports", [])}


def main_ports(spec):
    """Those that Services and NetworkPolicies may name: before Kubernetes 1.32 a port of a sidecar
    is not found by its name."""
    return {p["name"]: p["containerPort"] for c in spec["containers"] for p in c.get("ports", [])}


def port_number(spec, port):
    return ports(spec)[port] if isinstance(port, str) else port


def environment(container, objects, pod_ip):
    """As the kubelet makes it: ConfigMaps first, then the variables in their order."""
    maps = {o["metadata"]["name"]: o["data"] for o in of_kind(objects, "ConfigMap")}
    found = {}
    for source in container.get("envFrom", []):
        found.update(maps.get(source["configMapRef"]["name"], {}))
    fields = {"status.podIP": pod_ip}
    for variable in container.get("env", []):
        if "valueFrom" in variable:
            found[variable["name"]] = fields[variable["valueFrom"]["fieldRef"]["fieldPath"]]
        else:
            found[variable["name"]] = expand(variable["value"], found)
    return found


def expand(text, variables):
    for key, value in variables.items():
        text = text.replace(f"$({key})", value)
    return text


def arguments(container, variables):
    return [expand(a, variables) for a in container.get("args", [])]


def version(source):
    """Of the project."""
    with open(f"{source}/CMakeLists.txt", encoding="utf-8") as file:
        return re.search(r"^project\(promster VERSION (\S+)", file.read(), re.M)[1]


class Promster:
    """The program, asked what it makes of settings."""

    def __init__(self, program, of):
        self.program, self.version = program, of
        self.known = {}
        self.file = tempfile.NamedTemporaryFile("w")
        print("secret", file=self.file, flush=True)

    def run(self, words, variables):
        call = json.dumps([words, variables])
        if call not in self.known:
            self.known[call] = self._run(words, variables)
        return self.known[call]

    def _run(self, words, variables):
        return subprocess.run([self.program, *words], env={"PATH": os.environ["PATH"], **variables},
                              capture_output=True, text=True, timeout=30, check=False)

    def settings(self, variables):
        """(name -> value, names of the variables that it took, what it complains of). A file
        stands for those that the cluster brings."""
        stood_in = {k: self.file.name if k.endswith("_FILE") else v for k, v in variables.items()}
        answer = self.run(["config", "-o", "json"], stood_in)
        shown = json.loads(answer.stdout)
        values = {s["name"]: s["value"] for s in shown}
        complaint = answer.stderr.strip() or (f"exit {answer.returncode}" if answer.returncode else "")
        return values, {s["source"] for s in shown}, complaint


def size(text):
    """In bytes: 8GB as Prometheus has it (of 1024), 10Gi as Kubernetes has it."""
    number = text.rstrip("iBKMGT")
    if not number.isdigit():
        return 0
    return int(number) * 1024 ** " KMGT".index(text[len(number)])


def seconds(duration):
    """Of a duration in Prometheus's form: 1m30s."""
    total, number = 0.0, ""
    for part in duration.replace("ms", "u"):
        if part.isdigit():
            number += part
        else:
            total += int(number) * {"u": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}[part]
            number = ""
    return total


