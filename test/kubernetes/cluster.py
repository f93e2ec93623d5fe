"""Stands in for a cluster: it keeps the pods of the workloads that are applied to it, each played by
pod.py. There is no API server, no scheduler, no DNS (names of Services are in /etc/hosts) and no
network that enforces policies; what connections there are is recorded instead."""
import copy
import os
import re
import subprocess
import threading
import time

import manifests as m
from pod import Pod, run

CONNECTION = re.compile(r"\S+\s+\S+\s+\S+\s+\S*?([\d.]+)\]?:(\d+)\s+\S*?([\d.]+)\]?:(\d+)")


class Cluster:
    def __init__(self, folder, programs):
        self.folder, self.images = folder, programs
        self.objects, self.pods, self.events, self.seen = [], {}, [], {}
        self.lock, self.number, self.faults = threading.RLock(), 0, []
        self.hosts = os.path.join(folder, "hosts")
        self.ready, self.names = set(), None
        self.ended = {}  # address of a pod -> when that was asked to go
        self.began = time.monotonic()
        open(self.hosts, "w", encoding="ascii").close()
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "cni0", "type", "bridge")
        run("ip", "address", "add", "10.244.0.1/24", "dev", "cni0")
        run("ip", "link", "set", "cni0", "up")
        for work in (self._control, self._watch_readiness, self._watch_connections):
            threading.Thread(target=work, daemon=True).start()

    def tell(self, who, what):
        with self.lock:
            self.events.append((time.monotonic() - self.began, who, what))

    def next_number(self):
        with self.lock:
            self.number += 1
            return self.number

    # What is in an image: its program, and its environment.
    def program(self, container):
        return self.images[m.image_name(container)]

    def programs(self):
        return sorted(set(self.images.values()))

    def image_environment(self, container):
        """Our image has Prometheus, and says that it is to be started."""
        return {"PROMSTER_PROMETHEUS_START": "true"} if m.image_name(container) == "promster" else {}

    def apply(self, objects):
        with self.lock:
            for thing in copy.deepcopy(objects):
                self.objects = [o for o in self.objects if m.name(o) != m.name(thing)] + [thing]

    def remove(self, objects):
        with self.lock:
            names = {m.name(o) for o in objects}
            self.objects = [o for o in self.objects if m.name(o) not in names]

    def workloads(self):
        return m.of_kind(self.objects, *m.WORKLOADS)

    def workload(self, name):
        found = [w for w in self.workloads() if m.name(w).lower() == name.lower()]
        return found[0] if found else None

    def wanted_pods(self, workload):
        name = workload["metadata"]["name"]
        middle = "-" if workload["kind"] == "StatefulSet" else "-5d8f7-"
        return [f"{name}{middle}{i}" for i in range(workload["spec"].get("replicas", 1))]

    def pods_of(self, workload):
        return [self.pods[n] for n in self.wanted_pods(workload) if n in self.pods]

    def rolled_out(self, workload):
        pods = self.pods_of(workload)
        template = m.pod_template(workload)
        return len(pods) == len(self.wanted_pods(workload)) and all(
            m.pod_template(p.workload) == template and p.ready() for p in pods)

    def _control(self):
        while True:
            with self.lock:
                self._step()
            time.sleep(0.1)

    def _step(self):
        wanted = {n: w for w in self.workloads() for n in self.wanted_pods(w)}
        for pod in list(self.pods.values()):
            if pod.name not in wanted:
                self.delete(pod)
        for name, workload in wanted.items():
            if name not in self.pods:
                self._create(name, workload)
        for workload in self.workloads():
            old = [p for p in self.pods_of(workload)
                   if m.pod_template(p.workload) != m.pod_template(workload)]
            if old and not any(p.terminating or not p.ready() for p in self.pods_of(workload)):
                self.delete(old[-1])
        self.faults = [p.fault for p in self.pods.values() if p.fault] or self.faults

    def _create(self, name, workload):
        used = {p.ip for p in self.pods.values()}
        ip = next(a for a in (f"10.244.0.{10 + (self.number + i) % 200}" for i in range(200)) if a not in used)
        pod = self.pods[name] = Pod(self, name, workload, ip)
        self._write_hosts()
        pod.life.start()

    def _write_hosts(self):
        lines = ["127.0.0.1 localhost"] + [f"{p.ip} {p.name}" for p in self.pods.values()]
        for service in m.of_kind(self.objects, "Service"):
            selector = service["spec"]["selector"].items()
            all_pods = service["spec"].get("publishNotReadyAddresses")
            lines += [f"{p.ip} {service['metadata']['name']}" for p in self.pods.values()
                      if selector <= p.labels.items() and (all_pods or p in self.ready)]
        if lines != self.names:
            with open(self.hosts, "w", encoding="ascii") as file:  # the same file: it is mounted
                file.write("\n".join(lines) + "\n")
        self.names = lines

    def _watch_readiness(self):
        """A Service has the pods that are ready."""
        while True:
            ready = {p for p in list(self.pods.values()) if p.ready()}
            with self.lock:
                self.ready = ready
                self._write_hosts()
            time.sleep(0.2)

    def delete(self, pod):
        with self.lock:
            if not pod.terminating:
                pod.terminating = True
                self.ended[pod.ip] = time.time()
                self.tell(pod.name, "deleted")
                threading.Thread(target=self._stop, args=(pod,), daemon=True).start()

    def _stop(self, pod):
        pod.life.join()
        pod.stop()
        with self.lock:
            del self.pods[pod.name]
            self._write_hosts()

    def _watch_connections(self):
        """Who speaks with whom, as far as a look every half second shows."""
        while True:
            for pod in list(self.pods.values()):
                if pod.pause and not pod.terminating:
                    shown = subprocess.run(["nsenter", "-t", str(pod.pause), "-n", "ss", "-Htn"],
                                           capture_output=True, text=True, check=False).stdout
                    for line in shown.splitlines():
                        self._note(pod, CONNECTION.match(line))
            time.sleep(0.5)

    def _note(self, pod, found):
        if not found or found[3] == pod.ip or found[3].startswith("127."):
            return
        other = next((p for p in list(self.pods.values()) if p.ip == found[3]), None)
        if other and int(found[4]) < 32768 <= int(found[2]):  # the client's end
            key = (pod.workload["metadata"]["name"], other.workload["metadata"]["name"], int(found[4]))
            self.seen.setdefault(key, (pod, other))
