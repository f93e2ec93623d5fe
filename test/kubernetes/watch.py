"""Looks at the nodes of a played cluster while something happens to them."""
import json
import os
import signal
import threading
import time
import urllib.parse
import urllib.request

import manifests as m


def ask(url):
    with urllib.request.urlopen(url, timeout=2) as answer:
        return answer.read().decode()


def query(pod, text):
    url = f"http://{pod.ip}:9090/api/v1/query?query={urllib.parse.quote(text)}"
    return json.loads(ask(url))["data"]["result"]


class Watch:
    """`worst`: the longest time without a scrape of each target; `gone`: targets that nobody scraped
    at a look; `totals`: what the top counted."""

    def __init__(self, cluster):
        self.cluster, self.last, self.worst, self.totals = cluster, {}, {}, []
        self.reloads, self.unhealthy, self.on = {}, [], True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def nodes(self, level):
        return [p for p in list(self.cluster.pods.values())
                if p.labels.get("promster-level") == level and p.pause]

    def end(self):
        self.on = False
        self.thread.join()

    def _run(self):
        wanted = "statefulset/promster-level1"
        while self.on and (not self.last or self.cluster.workload(wanted)):
            for pod in self.nodes("level1"):
                self._scrapes(pod)
            for pod in self.nodes("level2")[:1]:
                self._total(pod)
            self._gaps()
            self._health()
            self._reload()
            time.sleep(0.5)

    def _scrapes(self, pod):
        try:
            found = query(pod, 'timestamp(up{job="/metrics"})')
        except (OSError, ValueError, KeyError):
            return
        for series in found:
            target, when = series["metric"]["instance"], float(series["value"][1])
            self.last[target] = max(self.last.get(target, 0), when)

    def _total(self, pod):
        try:
            found = query(pod, "total:http_requests_app_total:irate")
        except (OSError, ValueError, KeyError):
            return
        self.totals += [float(s["value"][1]) for s in found]

    def _gaps(self):
        now = time.time()
        for target, when in self.last.items():
            self.worst[target] = max(self.worst.get(target, 0), now - when)

    def _health(self):
        for pod in self.nodes("level1") + self.nodes("level2"):
            for container in pod.containers():
                if container.started.is_set() and container.wanted and not container.alive() and container.wanted:
                    self.unhealthy.append(f"{pod.name}/{container.name}")

    def _reload(self):
        """Once, as an operator would: SIGHUP makes promster reload its Prometheus, by signal."""
        ready = [p for p in self.nodes("level1") if p.ready()]
        if self.reloads or not ready:
            return
        before = self._loaded_at(ready[0])
        os.kill(ready[0].container("promster").pid, signal.SIGHUP)
        last = time.monotonic() + 15
        while self._loaded_at(ready[0]) == before and time.monotonic() < last:
            time.sleep(0.1)
        self.reloads = {"before": before, "after": self._loaded_at(ready[0])}

    @staticmethod
    def _loaded_at(pod):
        lines = ask(f"http://{pod.ip}:9090/metrics").splitlines()
        name = "prometheus_config_last_reload_success_timestamp_seconds "
        return next(line for line in lines if line.startswith(name))


def life(cluster, pod):
    """What happened to a node's containers: [(time, container, what)]."""
    return [(when, who.partition("/")[2], what) for when, who, what in cluster.events
            if who.partition("/")[0] == pod]


def interval(settings):
    return max(m.seconds(settings["SCRAPE_INTERVAL"]), m.seconds(settings["EVALUATION_INTERVAL"]))
