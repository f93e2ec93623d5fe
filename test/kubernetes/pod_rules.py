"""What must hold of each pod."""
import manifests as m

# What Prometheus and promster may take to end, beside the drain.
GIVE_BACK, CLOSE_DATABASE = 15, 30
RULES = ("RECORD_RULE_", "ALERT_RULE_")
# The paths that answer, by what listens at the port.
PATHS = {"prometheus": {"/-/ready", "/-/healthy"}, "promster": {"/-/ready", "/-/healthy"},
         "etcd": {"/health"}}


def restricted(spec):
    """The restricted pod security standard, and what goes beyond it: read-only roots, no token."""
    pod = spec.get("securityContext", {})
    if spec.get("automountServiceAccountToken") is not False:
        yield "a service account token is mounted"
    for field in ("hostNetwork", "hostPID", "hostIPC"):
        if spec.get(field):
            yield f"{field} is set"
    for volume in spec.get("volumes", []):
        if not {"configMap", "emptyDir", "secret", "persistentVolumeClaim"} & set(volume):
            yield f"volume {volume['name']} is of another kind"
    if pod.get("runAsNonRoot") is not True or pod.get("runAsUser", 0) == 0:
        yield "may run as root"
    if pod.get("seccompProfile", {}).get("type") != "RuntimeDefault":
        yield "no seccomp profile"
    for container in m.containers(spec):
        yield from restricted_container(container)


def restricted_container(container):
    own, name = container.get("securityContext", {}), container["name"]
    if own.get("allowPrivilegeEscalation") is not False:
        yield f"{name}: may gain privileges"
    if own.get("capabilities", {}) != {"drop": ["ALL"]}:
        yield f"{name}: has capabilities"
    if own.get("readOnlyRootFilesystem") is not True:
        yield f"{name}: may write to its root"
    if any(own.get(f) for f in ("privileged", "runAsUser", "seccompProfile")) or "runAsNonRoot" in own:
        yield f"{name}: overrides the pod"
    if any("hostPort" in p for p in container.get("ports", [])):
        yield f"{name}: has a port of the host"


def images(spec, promster):
    for container in m.containers(spec):
        tag = m.image_tag(container)
        if m.image_name(container) == "promster" and tag != promster.version:
            yield f"{container['name']}: promster {tag}, which is not of this source: {promster.version}"
        if not tag or tag == "latest":
            yield f"{container['name']}: any version of {container['image']}"


def resources(spec):
    for container in m.containers(spec):
        asked = container.get("resources", {})
        if not {"cpu", "memory"} <= set(asked.get("requests", {})) or "memory" not in asked.get("limits", {}):
            yield f"{container['name']}: no requests and limits"


def volumes(spec, claims):
    known = {v["name"] for v in spec.get("volumes", [])} | {c["metadata"]["name"] for c in claims}
    used = set()
    for container in m.containers(spec):
        mounts = container.get("volumeMounts", [])
        used |= {v["name"] for v in mounts}
        if len({v["mountPath"] for v in mounts}) != len(mounts):
            yield f"{container['name']}: two volumes at one path"
    if used != known:
        yield f"volumes {known} and mounts {used} differ"


def probes(spec):
    names = [p["name"] for c in m.containers(spec) for p in c.get("ports", [])]
    if len(names) != len(set(names)):
        yield "two ports of one name"
    for container in m.containers(spec):
        own = {p["name"] for p in container.get("ports", [])}
        for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
            get = container.get(kind, {}).get("httpGet")
            if get and get["port"] not in own:
                yield f"{container['name']}: {kind} asks a port of nobody"
            elif get and get["path"] not in PATHS[m.image_name(container)]:
                yield f"{container['name']}: {kind} asks for {get['path']}"


def mounted(container, given):
    """The files that variables name are mounted."""
    paths = [v["mountPath"] + "/" for v in container.get("volumeMounts", [])]
    for name, value in given.items():
        if name.endswith("_FILE") and not value.startswith(tuple(paths)):
            yield f"{container['name']}: {name}: {value} is not mounted"


def variables(spec, objects, promster):
    for container in m.containers(spec):
        if m.image_name(container) != "promster":
            continue
        given = m.environment(container, objects, "10.0.0.1")
        yield from mounted(container, given)
        _, taken, complaint = promster.settings(given)
        if complaint and "register" != container["args"][0] != "generator":
            yield f"{container['name']}: {complaint}"
        for unknown in sorted(set(given) - taken - {"POD_IP"}):
            if not unknown.startswith(RULES) and unknown != "PROMETHEUS_RETENTION_SIZE":
                yield f"{container['name']}: {unknown} is no variable of promster"
        left = [a for a in m.arguments(container, given) + list(given.values()) if "$(" in a]
        if left:
            yield f"{container['name']}: {left} refers to nothing"


def arguments(spec, objects, promster):
    """Each call of promster is one that it knows."""
    for container in m.containers(spec):
        if m.image_name(container) != "promster":
            continue
        words = m.arguments(container, m.environment(container, objects, "10.0.0.1"))
        known = promster.run([words[0], "--help-all"], {}).stdout.replace("=", " ").replace(",", " ").split()
        for word in words:
            if word.startswith("-") and word.partition("=")[0] not in known:
                yield f"{container['name']}: promster {words[0]} knows no {word}"


def order(spec):
    """A configuration, then Prometheus, then promster; at the end promster, then Prometheus."""
    named = [c["name"] for c in m.containers(spec)]
    if named != ["configuration", "prometheus", "promster"]:
        yield f"the order is {named}"
        return
    configuration, prometheus, promster = m.containers(spec)
    if m.is_sidecar(configuration) or configuration["args"] != ["render", "--write"]:
        yield "nothing writes a configuration before Prometheus starts"
    if not m.is_sidecar(prometheus) or promster in spec.get("initContainers", []):
        yield "Prometheus would be stopped together with promster"
    if promster.get("lifecycle", {}).get("preStop", {}).get("exec", {}).get("command") != ["promster", "drain"]:
        yield "no preStop hook hands the targets over"
    if "lifecycle" in prometheus:
        yield "Prometheus has a hook, which would run when it alone is restarted, too"
    if "startupProbe" not in prometheus:
        yield "promster would not wait for Prometheus"
    for container in (prometheus, promster):
        if not {"readinessProbe", "livenessProbe"} <= set(container):
            yield f"{container['name']}: not probed"


def files(spec, settings):
    """Prometheus reads what promster writes, and has its data on a volume."""
    prometheus = next(c for c in m.containers(spec) if c["name"] == "prometheus")
    mounts = {v["mountPath"]: v for v in prometheus["volumeMounts"]}
    config = settings["prometheus.config-dir"]
    if f"--config.file={config}/prometheus.yml" not in prometheus["args"]:
        yield "Prometheus reads another file"
    if config not in mounts or not mounts[config].get("readOnly"):
        yield "Prometheus does not see the configuration, or may change it"
    if f"--storage.tsdb.path={'/prometheus'}" not in prometheus["args"] or "/prometheus" not in mounts:
        yield "the data are on no volume"
    for container in m.containers(spec):
        found = [v for v in container["volumeMounts"] if v["mountPath"] == config]
        if [v["name"] for v in found] != [mounts.get(config, {}).get("name")]:
            yield f"{container['name']}: another configuration"


def retention(workload, settings, objects):
    """The data end by the settings, before their volume is full."""
    spec = m.pod_spec(workload)
    prometheus = next(c for c in m.containers(spec) if c["name"] == "prometheus")
    given = m.arguments(prometheus, m.environment(prometheus, objects, "10.0.0.1"))
    flags = dict(a.split("=", 1) for a in given if a.startswith("--storage.tsdb.retention."))
    if flags.get("--storage.tsdb.retention.time") != settings["prometheus.retention"]:
        yield "RETENTION_TIME has no effect"
    rooms = [v["emptyDir"].get("sizeLimit") for v in spec["volumes"] if v["name"] == "data"] + [
        c["spec"]["resources"]["requests"]["storage"] for c in workload["spec"].get("volumeClaimTemplates", [])]
    most = flags.get("--storage.tsdb.retention.size", "0GB")
    if rooms[:1] in ([], [None]) or not 0 < m.size(most) <= 0.8 * m.size(rooms[0]):
        yield f"{most} of data in {rooms} may fill the disk"


def reload(spec, settings):
    """By signal, which needs one user and one process namespace; never by an open lifecycle API."""
    prometheus = next(c for c in m.containers(spec) if c["name"] == "prometheus")
    if "--web.enable-lifecycle" in prometheus["args"]:
        yield "everyone may end Prometheus"
    if settings["prometheus.reload-method"] != "signal" or not spec.get("shareProcessNamespace"):
        yield "Prometheus cannot be reloaded by signal"
    if settings["prometheus.start"] != "false":
        yield "promster would start a Prometheus of its own"


def grace(spec, settings):
    turn = max(m.seconds(settings["scrape.interval"]), m.seconds(settings["rules.evaluation-interval"]))
    drain = settings["shard.drain"]
    needed = 15 + 6 * turn if drain == "auto" else m.seconds(drain)
    if spec.get("terminationGracePeriodSeconds", 30) < needed + GIVE_BACK + CLOSE_DATABASE:
        yield f"{spec.get('terminationGracePeriodSeconds', 30)} s are not enough to hand over: {needed:.0f} s and {GIVE_BACK + CLOSE_DATABASE} s"


def address(spec, settings):
    prometheus = m.port_number(spec, "prometheus")
    if settings["registry.advertise-address"] != f"10.0.0.1:{prometheus}":
        yield "another address is advertised than the pod's"
    if settings["web.listen-address"] != f":{m.port_number(spec, 'promster')}":
        yield "promster listens at another port"
    if settings["prometheus.url"] != f"http://127.0.0.1:{prometheus}":
        yield "promster expects its Prometheus at another port"


def of_any(workload, objects, promster):
    spec = m.pod_spec(workload)
    claims = workload["spec"].get("volumeClaimTemplates", [])
    for rule in (restricted(spec), volumes(spec, claims), probes(spec), images(spec, promster),
                 variables(spec, objects, promster), arguments(spec, objects, promster)):
        yield from rule


def of_node(workload, objects, promster):
    """A pod of a level."""
    spec = m.pod_spec(workload)
    yield from order(spec)
    agent = next(c for c in m.containers(spec) if c["name"] == "promster")
    settings, _, complaint = promster.settings(m.environment(agent, objects, "10.0.0.1"))
    for rule in () if complaint else (files, reload, grace, address):
        yield from rule(spec, settings)
    yield from () if complaint else retention(workload, settings, objects)
    yield from resources(spec)
