"""What the stand-in for kubectl does with a command (test/kubernetes/kubectl). It takes the verbs and
flags that docs/start/kubernetes.md uses, and no others; where there is a real kubectl, its help must
have each flag. Objects that are not there are errors, as with an API server."""
import argparse
import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import threading
import time

import yaml

import manifests as m
import render


class Refused(Exception):
    pass


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Refused(f"error: {message}")


def parser():
    top = Parser(prog="kubectl", add_help=False)
    top.add_argument("-n", "--namespace")
    verbs = top.add_subparsers(dest="verb", required=True, parser_class=Parser)
    for verb in ("kustomize", "apply", "delete", "rollout", "get", "scale", "exec", "logs", "port-forward"):
        verbs.add_parser(verb, add_help=False)
    one = verbs.choices
    one["kustomize"].add_argument("folder")
    for verb in ("apply", "delete"):
        one[verb].add_argument("-k", "--kustomize")
    one["delete"].add_argument("--wait", default="true")
    one["delete"].add_argument("names", nargs="*")
    one["rollout"].add_argument("action", choices=["status", "restart"])
    one["rollout"].add_argument("name")
    one["rollout"].add_argument("--timeout", default="2m")
    one["get"].add_argument("kind")
    one["get"].add_argument("-l", "--selector")
    one["scale"].add_argument("name")
    one["scale"].add_argument("--replicas", type=int, required=True)
    one["exec"].add_argument("name")
    one["exec"].add_argument("-c", "--container")
    one["logs"].add_argument("name")
    one["logs"].add_argument("-c", "--container")
    one["logs"].add_argument("--tail", type=int, default=-1)
    one["port-forward"].add_argument("name")
    one["port-forward"].add_argument("ports")
    for verb in one.values():
        verb.add_argument("-n", "--namespace", default=argparse.SUPPRESS)
    return top


def real_kubectl():
    here = os.path.dirname(os.path.realpath(__file__))
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if os.path.realpath(p) != here)
    return shutil.which("kubectl", path=path)


def check_flags(verb, words):
    """By the help of a real kubectl, where there is one."""
    real = real_kubectl()
    if not real or "rollout" == verb:
        return
    said = subprocess.run([real, verb, "--help"], capture_output=True, text=True, check=False).stdout
    options = subprocess.run([real, "options"], capture_output=True, text=True, check=False).stdout
    for word in words:
        flag = word.partition("=")[0]
        if flag.startswith("-") and f" {flag}" not in said + options:
            raise Refused(f"kubectl {verb} knows no {flag}")


def copy_bytes(source, target):
    with contextlib.suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


class Commands:
    def __init__(self, cluster, out):
        self.cluster, self.out, self.namespace = cluster, out, None

    def say(self, *words):
        print(*words, file=self.out, flush=True)

    def run(self, words, folder):
        command, _, inside = words, None, []
        if "--" in words:
            at = words.index("--")
            command, inside = words[:at], words[at + 1:]
        call = parser().parse_args(command)
        check_flags(call.verb, command)
        self.namespace = call.namespace
        return getattr(self, call.verb.replace("-", "_"))(call, folder, inside) or 0

    def kustomize(self, call, folder, _):
        path = os.path.join(folder, call.folder)
        real = real_kubectl()
        if real:
            made = subprocess.run([real, "kustomize", path], capture_output=True, text=True, check=False)
            if not made.returncode:
                self.say(made.stdout.rstrip())
                return 0
        self.say(yaml.safe_dump_all(render.render(path), sort_keys=False).rstrip())
        return 0

    def of_folder(self, call, folder):
        objects = render.render(os.path.join(folder, call.kustomize))
        for thing in objects if self.namespace else []:
            if thing["metadata"].setdefault("namespace", self.namespace) != self.namespace:
                raise Refused(f"error: the namespace from the provided object does not match {self.namespace}")
        spaces = {o["metadata"]["name"] for o in self.cluster.objects + objects if o["kind"] == "Namespace"}
        for thing in objects:
            space = thing["metadata"].get("namespace")
            if thing["kind"] != "Namespace" and space not in spaces:
                raise Refused(f'Error from server (NotFound): namespaces "{space}" not found')
        return objects

    def apply(self, call, folder, _):
        objects = self.of_folder(call, folder)
        self.cluster.apply(objects)
        for thing in objects:
            self.say(m.name(thing).lower(), "applied")

    def delete(self, call, folder, _):
        if call.kustomize:
            objects = self.of_folder(call, folder)
            names = {m.name(o) for o in objects}
            pods = [p for p in self.cluster.pods.values() if m.name(p.workload) in names]
            self.cluster.remove(objects)
            self.wait(lambda: not set(pods) & set(self.cluster.pods.values()), 300, "pods are left")
            for thing in objects:
                self.say(m.name(thing).lower(), "deleted")
            return
        kind, name = call.names if len(call.names) == 2 else call.names[0].split("/")
        if kind != "pod":
            raise Refused(f"error: {kind} is no kind that this knows")
        pod = self.pod(name)
        self.cluster.delete(pod)
        if call.wait == "true":
            self.wait(lambda: self.cluster.pods.get(name) is not pod, 300, f"{name} is left")
        self.say(f'pod "{name}" deleted')

    def rollout(self, call, _, __):
        workload = self.workload(call.name)
        if call.action == "restart":
            annotations = m.pod_template(workload)["metadata"].setdefault("annotations", {})
            annotations["kubectl.kubernetes.io/restartedAt"] = str(time.time())
        else:
            self.wait(lambda: self.cluster.rolled_out(self.workload(call.name)), m.seconds(call.timeout),
                      f"{call.name} is not ready in {call.timeout}")
        self.say(call.name, "rolled out" if call.action == "status" else "restarted")

    def get(self, call, _, __):
        if call.kind != "pods":
            raise Refused(f'error: the server doesn\'t have a resource type "{call.kind}"')
        for pod in sorted(self.cluster.pods.values(), key=lambda p: p.name):
            state = "Terminating" if pod.terminating else "Running"
            kept = pod.kept()
            self.say(f"{pod.name}  {sum(c.ready() for c in kept)}/{len(kept)}  {state}")

    def scale(self, call, _, __):
        self.workload(call.name)["spec"]["replicas"] = call.replicas
        self.say(call.name, "scaled")

    def exec(self, call, _, inside):
        if not inside:
            raise Refused("error: you must specify at least one command for the container")
        running = self.container(call).enter(inside)
        self.say(running.communicate()[0].rstrip())
        return running.returncode

    def logs(self, call, _, __):
        with open(self.container(call).log(), encoding="utf-8", errors="replace") as log:
            lines = log.read().splitlines()
        self.say("\n".join(lines if call.tail < 0 else lines[-call.tail:]))

    def port_forward(self, call, _, __):
        pod = self.pod(call.name)
        here, _, there = call.ports.partition(":")
        with socket.create_server(("127.0.0.1", int(here)), reuse_port=True) as server:
            while True:
                line = server.accept()[0]
                other = socket.create_connection((pod.ip, int(there or here)))
                for one, two in ((line, other), (other, line)):
                    threading.Thread(target=copy_bytes, args=(one, two), daemon=True).start()

    def workload(self, name):
        found = self.cluster.workload(name)
        if not found or found["metadata"].get("namespace") != self.namespace:
            raise Refused(f'Error from server (NotFound): {name} not found in namespace "{self.namespace}"')
        return found

    def pod(self, name):
        """By its name, or any that stands behind a workload or a Service."""
        if "/" in name:
            kind, plain = name.split("/")
            pods = [self.pod(plain)] if kind == "pod" else (
                self.behind(plain) if kind == "service" else self.cluster.pods_of(self.workload(name)))
            pods = [p for p in pods if not p.terminating]
            if not pods:
                raise Refused(f"error: {name} has no pod")
            return pods[0]
        pod = self.cluster.pods.get(name)
        if not pod or pod.workload["metadata"].get("namespace") != self.namespace:
            raise Refused(f'Error from server (NotFound): pods "{name}" not found')
        return pod

    def behind(self, name):
        services = [o for o in self.cluster.objects if m.name(o) == f"Service/{name}"]
        return [p for s in services for p in self.cluster.pods.values()
                if s["spec"]["selector"].items() <= p.labels.items()]

    def container(self, call):
        pod = self.pod(call.name)
        annotations = m.pod_template(pod.workload)["metadata"].get("annotations", {})
        name = call.container or annotations.get("kubectl.kubernetes.io/default-container")
        names = [c.name for c in pod.containers()]
        if name is None and len(names) == 1:
            name = names[0]
        if name not in names:
            raise Refused(f"error: container {name} not found in pod {pod.name}")
        return pod.container(name)

    def wait(self, condition, patience, what):
        last = time.monotonic() + patience
        while not condition():
            if self.cluster.faults or time.monotonic() > last:
                raise Refused(f"error: {what}: {self.cluster.faults}")
            time.sleep(0.2)


def answer(cluster, request):
    """{words, folder} -> {code, text}."""
    out = io.StringIO()
    try:
        code = Commands(cluster, out).run(request["words"], request["folder"])
    except Refused as refusal:
        out.write(f"{refusal}\n")
        code = 1
    return json.dumps({"code": code, "text": out.getvalue()})
