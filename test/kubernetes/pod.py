"""Plays one pod: its containers are processes in a network namespace, a process namespace and roots
of their own, started, probed and stopped in the order in which a kubelet does (1.29 and later: an
init container with restartPolicy Always is a sidecar)."""
import os
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

import manifests as m

# In a root that is a tmpfs, with the programs of this machine and the volumes; then read-only, as
# another user, without capabilities.
ENTER = r"""
set -eu
root=$1 user=$2 group=$3; shift 3
mount -t tmpfs -o mode=755 tmpfs "$root"
mkdir "$root"/usr "$root"/etc "$root"/proc "$root"/dev "$root"/programs
for folder in usr etc dev; do mount --rbind /$folder "$root/$folder"; done
for link in bin sbin lib lib64; do ln -s usr/$link "$root/$link"; done
mount -t proc proc "$root/proc"
mount --bind "$HOSTS" "$root/etc/hosts"
[ ! -e "$root/etc/resolv.conf" ] || mount --bind /dev/null "$root/etc/resolv.conf"
for program in $PROGRAMS; do
  : >"$root/programs/${program##*/}"; mount --bind "$program" "$root/programs/${program##*/}"
done
while [ "$1" != -- ]; do
  mkdir -p "$root$2"; mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
  shift 3
done
shift
mount -o remount,bind,ro "$root/usr"; mount -o remount,bind,ro "$root/etc"
mount -o remount,ro "$root"
unset HOSTS PROGRAMS
exec chroot "$root" setpriv --reuid="$user" --regid="$group" --clear-groups --no-new-privs \
  --inh-caps=-all --bounding-set=-all -- "$@"
"""


def only_child(pid, patience=10):
    last = time.monotonic() + patience
    while time.monotonic() < last:
        try:
            with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
                found = file.read().split()
        except OSError:
            return None
        if found:
            return int(found[0])
        time.sleep(0.01)
    return None


def run(*words):
    subprocess.run(words, check=True)


class Container:
    """One process at a time; `events` gets what happens to it."""

    def __init__(self, pod, spec):
        self.pod, self.spec, self.name = pod, spec, spec["name"]
        self.process = self.pid = None
        self.variables = {}  # of its last start
        self.started = threading.Event()  # and its startup probe has succeeded
        self.wanted, self.restarts = True, 0

    def tell(self, what):
        self.pod.cluster.tell(f"{self.pod.name}/{self.name}", what)

    def command(self):
        pod = self.pod
        variables = dict(pod.cluster.image_environment(self.spec))
        variables.update(m.environment(self.spec, pod.cluster.objects, pod.ip))
        words = [m.expand(w, variables) for w in self.spec.get("command", [])]
        words = words or ["/programs/" + os.path.basename(pod.cluster.program(self.spec))]
        return words + m.arguments(self.spec, variables), variables

    def wrapped(self, words):
        pod = self.pod
        root = f"{pod.folder}/root.{self.name}"
        os.makedirs(root, exist_ok=True)
        security = {**pod.spec.get("securityContext", {}), **self.spec.get("securityContext", {})}
        mounts = []
        for mount in self.spec.get("volumeMounts", []):
            mounts += [pod.volume(mount["name"]), mount["mountPath"], "ro" if mount.get("readOnly") else "rw"]
        shared = pod.spec.get("shareProcessNamespace")
        enter = ["nsenter", "-t", str(pod.pause), "-n", "-u"] + (["-p", "--"] if shared else ["--"])
        unshare = ["unshare", "-m"] if shared else ["unshare", "-m", "-p", "-f", "--kill-child"]
        return [*enter, *unshare, "sh", "-c", ENTER, "sh", root, str(security["runAsUser"]),
                str(security.get("runAsGroup", 0)), *mounts, "--", *words]

    def start(self):
        words, self.variables = self.command()
        environment = {"PATH": "/programs:/usr/bin:/usr/sbin", "HOSTNAME": self.pod.name, **self.variables,
                       "HOSTS": self.pod.cluster.hosts, "PROGRAMS": " ".join(self.pod.cluster.programs())}
        with open(self.log(), "ab") as log:
            self.process = subprocess.Popen(self.wrapped(words), env=environment, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL)
        self.pid = only_child(self.process.pid)
        self.tell("started")

    def log(self):
        return f"{self.pod.folder}/{self.name}.log"

    def run_to_its_end(self):
        self.start()
        code = self.process.wait()
        self.tell(f"ended with {code}")
        self.wanted = False
        if code:
            with open(self.log(), encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"{self.pod.name}/{self.name} ended with {code}: {log.read()[-2000:]}")

    def keep(self):
        self.start()
        self.adopt()

    def adopt(self):
        """Waits for its startup probe, and starts it again whenever it ends unasked."""
        threading.Thread(target=self._restart, daemon=True).start()
        probe = self.spec.get("startupProbe")
        last = time.monotonic() + (probe["periodSeconds"] * probe["failureThreshold"] if probe else 0)
        while probe and not self.probe(probe):
            if time.monotonic() > last or not self.wanted:
                raise RuntimeError(f"{self.pod.name}/{self.name}: its startup probe failed")
            time.sleep(0.1)
        self.started.set()
        self.tell("is up")

    def _restart(self):
        while self.wanted:
            code = self.process.wait()
            if self.wanted:
                self.restarts += 1
                self.tell(f"ended unasked, with {code}")
                time.sleep(10 if self.restarts > 1 else 0)
                self.start()

    def probe(self, probe):
        get = probe["httpGet"]
        url = f"http://{self.pod.ip}:{m.port_number(self.pod.spec, get['port'])}{get['path']}"
        try:
            with urllib.request.urlopen(url, timeout=probe.get("timeoutSeconds", 1)) as answer:
                return 200 <= answer.status < 400
        except (urllib.error.URLError, OSError):
            return False

    def ready(self):
        probe = self.spec.get("readinessProbe")
        return self.started.is_set() and (not probe or self.probe(probe))

    def alive(self):
        probe = self.spec.get("livenessProbe")
        return not probe or self.probe(probe)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def enter(self, words):
        """What runs these words in the container, as its user: `kubectl exec` and hooks."""
        security = self.pod.spec["securityContext"]
        enter = ["nsenter", "-t", str(self.pid), "-m", "-n", "-p", "-u", "-r", "-w",
                 "setpriv", f"--reuid={security['runAsUser']}", f"--regid={security.get('runAsGroup', 0)}",
                 "--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--", *words]
        return subprocess.Popen(enter, env={**self.variables, "PATH": "/programs:/usr/bin"}, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def pre_stop(self, last):
        """The hook, which has until `last`; what it says of a failure goes into an event."""
        words = self.spec.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command")
        if not words or not self.running():
            return
        self.tell("preStop")
        hook = self.enter(words)
        try:
            said, _ = hook.communicate(timeout=max(0, last - time.monotonic()))
        except subprocess.TimeoutExpired:
            said = "not completed in the grace period"
            if inside := only_child(hook.pid, 1):
                os.kill(inside, signal.SIGKILL)
            hook.communicate()
        self.tell("preStop is done" if hook.returncode == 0 else f"FailedPreStopHook {said.strip()}")

    def stop(self, last):
        """The hook, SIGTERM, and SIGKILL at `last`; at least 2 s lie between the last two."""
        self.wanted = False
        self.pre_stop(last)
        if not self.running():
            return
        self.tell("SIGTERM")
        os.kill(self.pid, signal.SIGTERM)
        try:
            code = self.process.wait(max(2, last - time.monotonic()))
            self.tell(f"ended with {code}")
        except subprocess.TimeoutExpired:
            self.tell("SIGKILL")
            os.kill(self.pid, signal.SIGKILL)
            self.process.wait()


class Pod:
    def __init__(self, cluster, name, workload, ip):
        self.cluster, self.name, self.workload, self.ip = cluster, name, workload, ip
        self.spec = m.pod_spec(workload)
        self.labels = m.pod_template(workload)["metadata"]["labels"]
        self.folder = os.path.join(cluster.folder, f"{name}.{cluster.next_number()}")
        os.makedirs(self.folder)
        self.inits = [Container(self, c) for c in self.spec.get("initContainers", [])]
        self.mains = [Container(self, c) for c in self.spec["containers"]]
        self.sandbox = self.pause = self.fault = None
        self.terminating = False
        self.life = threading.Thread(target=self._live, daemon=True)

    def containers(self):
        return self.inits + self.mains

    def container(self, name):
        return next(c for c in self.containers() if c.name == name)

    def volume(self, name):
        path = os.path.join(self.folder, f"volume.{name}")
        if not os.path.exists(path):
            os.makedirs(path)
            os.chmod(path, 0o777)
            group = self.spec.get("securityContext", {}).get("fsGroup")
            if group is not None:
                os.chown(path, 0, group)
                os.chmod(path, 0o2777)
        return path

    def open_sandbox(self):
        self.sandbox = subprocess.Popen(["unshare", "-n", "-u", "-p", "-f", "--kill-child", "sleep", "infinity"])
        self.pause = only_child(self.sandbox.pid)
        run("nsenter", "-t", str(self.pause), "-u", "hostname", self.name)
        number = self.ip.rsplit(".", 1)[1]
        run("ip", "link", "add", f"veth{number}", "type", "veth", "peer", "name", "eth0", "netns", str(self.pause))
        run("ip", "link", "set", f"veth{number}", "master", "cni0", "up")
        inside = ["nsenter", "-t", str(self.pause), "-n", "ip"]
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "address", "add", f"{self.ip}/24", "dev", "eth0")
        run(*inside, "link", "set", "eth0", "up")
        run(*inside, "route", "add", "default", "via", "10.244.0.1")

    def _live(self):
        try:
            self.open_sandbox()
            for container in self.inits:
                container.keep() if m.is_sidecar(container.spec) else container.run_to_its_end()
            for container in self.mains:
                container.start()
            for container in self.mains:
                threading.Thread(target=self._keep, args=(container,), daemon=True).start()
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            self.fault = str(error)

    def _keep(self, container):
        try:
            container.adopt()
        except RuntimeError as error:
            self.fault = str(error)

    def kept(self):
        """Those that go on, and count for readiness."""
        return [c for c in self.inits if m.is_sidecar(c.spec)] + self.mains

    def ready(self):
        return not self.terminating and all(c.ready() for c in self.kept())

    def stop(self):
        """All containers at once, but sidecars after the others, the last started first. (A kubelet
        runs the hooks of sidecars at once, too; ours have none.)"""
        self.terminating = True
        last = time.monotonic() + self.spec.get("terminationGracePeriodSeconds", 30)
        stops = [threading.Thread(target=c.stop, args=(last,)) for c in self.mains]
        for thread in stops:
            thread.start()
        for thread in stops:
            thread.join()
        for container in reversed(self.inits):
            container.stop(last)
        self.sandbox.kill()
        self.sandbox.wait()
        self.cluster.tell(self.name, "gone")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
