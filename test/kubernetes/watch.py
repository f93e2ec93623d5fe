"""Looks at the nodes of a played cluster while something happens to them. A node that does not answer
has not answered yet: no look is needed for the next one."""
import http.client
import json
import os
import signal
import threading
import time
import traceback
import urllib.parse
import urllib.request

import manifests as m


def ask(url):
    """None: no answer yet."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.read().decode()
    except (OSError, http.client.HTTPException):
        return None


def query(pod, text):
    said = ask(f"http://{pod.ip}:9090/api/v1/query?query={urllib.parse.quote(text)}")
    return None if said is None else json.loads(said)["data"]["result"]


def loaded_at(pod):
    """When its Prometheus last took a configuration."""
    name = "prometheus_config_last_reload_success_timestamp_seconds "
    said = ask(f"http://{pod.ip}:9090/metrics") or ""
    return next((line.removeprefix(name) for line in said.splitlines() if line.startswith(name)), None)


class Scrapes:
    """When each target was scraped, by the clocks of those who did: it does not matter when one looks."""

    def __init__(self):
        self.times, self.looked = {}, 0.0

    def look(self, nodes):
        """At what they scraped lately. A look to which one does not answer says nothing of now."""
        began = time.time()
        answers = [query(node, 'up{job="/metrics"}[2m]') for node in nodes]
        for series in (s for found in answers for s in found or []):
            times = self.times.setdefault(series["metric"]["instance"], set())
            times.update(float(when) for when, up in series["values"] if up == "1")
        if nodes and None not in answers:
            self.looked = began

    def gaps(self, ended):
        """The longest time without a scrape of each target. ended: address of a pod -> when that was
        asked to go; nobody need scrape it any more."""
        return {target: self._gap(sorted(times), ended.get(target.partition(":")[0], self.looked))
                for target, times in self.times.items() if times}

    def _gap(self, times, end):
        """From scrape to scrape, and from the last one to the last look."""
        ends = times[1:] + [max(times[-1], min(end, self.looked))]
        return max(later - one for one, later in zip(times, ends))


class Health:
    """The liveness probes, as a kubelet counts them: `failed` names the containers that it would have
    started again."""

    def __init__(self):
        self.due, self.count, self.failed = {}, {}, []

    def look(self, containers):
        for container in containers:
            probe = container.spec.get("livenessProbe")
            up = container.started.is_set() and container.wanted
            if probe and up and self._is_due(container, probe):
                self._note(container, probe, container.alive())

    def _is_due(self, container, probe):
        now = time.monotonic()
        if now < self.due.get(container, 0):
            return False
        self.due[container] = now + probe.get("periodSeconds", 10)
        return True

    def _note(self, container, probe, alive):
        failures = self.count[container] = 0 if alive or not container.wanted else self.count.get(container, 0) + 1
        if failures == probe.get("failureThreshold", 3):
            self.failed.append(f"{container.pod.name}/{container.name}, {failures} times")


class Reload:
    """Once, as an operator would: SIGHUP makes promster reload its Prometheus, by signal."""

    PATIENCE = 60

    def __init__(self):
        self.pod = self.before = self.after = self.last = None

    def look(self, nodes):
        if not self.pod:
            for pod in [p for p in nodes if p.ready()][:1]:
                self._ask(pod)
        elif not self.after and time.monotonic() < self.last:
            now = loaded_at(self.pod)
            self.after = now if now != self.before else None

    def _ask(self, pod):
        self.before = loaded_at(pod)
        if self.before:
            self.pod, self.last = pod, time.monotonic() + self.PATIENCE
            os.kill(pod.container("promster").pid, signal.SIGHUP)


class Watch:
    """`totals`: what the top counted, [(time, total)]; `fault`: why it stopped looking, where it was not told to."""

    def __init__(self, cluster):
        self.cluster, self.on, self.fault, self.totals = cluster, True, None, []
        self.scrapes, self.health, self.reload = Scrapes(), Health(), Reload()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def nodes(self, level):
        return [p for p in list(self.cluster.pods.values())
                if p.labels.get("promster-level") == level and p.pause]

    def end(self):
        self.on = False
        self.thread.join()

    def gaps(self):
        return self.scrapes.gaps(self.cluster.ended)

    def _run(self):
        try:
            while self.on and (not self.scrapes.times or self.cluster.workload("statefulset/promster-level1")):
                self._look()
                time.sleep(0.5)
        except Exception:  # whatever it is, the test must say it
            self.fault = traceback.format_exc()

    def _look(self):
        below, above = self.nodes("level1"), self.nodes("level2")
        self.scrapes.look(below)
        for pod in above[:1]:
            found = query(pod, "total:http_requests_app_total:irate") or []
            self.totals += [(time.monotonic(), float(s["value"][1])) for s in found]
        self.health.look([c for pod in below + above for c in pod.containers()])
        self.reload.look(below)


def life(cluster, pod):
    """What happened to a node's containers: [(time, container, what)]."""
    return [(when, who.partition("/")[2], what) for when, who, what in cluster.events
            if who.partition("/")[0] == pod]


def interval(settings):
    return max(m.seconds(settings["SCRAPE_INTERVAL"]), m.seconds(settings["EVALUATION_INTERVAL"]))
