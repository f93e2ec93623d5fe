"""What must hold between objects."""
import re

import manifests as m
import policy


def labels_of(workload):
    return m.pod_template(workload)["metadata"]["labels"]


def selected(selector, objects, namespace):
    return [w for w in m.of_kind(objects, *m.WORKLOADS)
            if w["metadata"].get("namespace") == namespace
            and all(labels_of(w).get(k) == v for k, v in selector.items())]


def workloads(objects):
    names = [m.name(o) + o["metadata"].get("namespace", "") for o in objects]
    if len(names) != len(set(names)):
        yield "two objects of one name"
    for workload in m.of_kind(objects, *m.WORKLOADS):
        wanted = workload["spec"]["selector"]["matchLabels"]
        found = selected(wanted, objects, workload["metadata"].get("namespace"))
        if found != [workload]:
            yield f"{m.name(workload)}: its selector finds {[m.name(w) for w in found]}"
        for container in m.containers(m.pod_spec(workload)):
            for source in container.get("envFrom", []):
                if f"ConfigMap/{source['configMapRef']['name']}" not in [m.name(o) for o in objects]:
                    yield f"{m.name(workload)}: {container['name']} asks for a ConfigMap that is not there"


def services(objects):
    for service in m.of_kind(objects, "Service"):
        found = selected(service["spec"]["selector"], objects, service["metadata"].get("namespace"))
        if len(found) != 1:
            yield f"{m.name(service)}: finds {[m.name(w) for w in found]}"
            continue
        spec = m.pod_spec(found[0])
        for port in (p["targetPort"] for p in service["spec"]["ports"]):
            if port not in (m.main_ports(spec) if isinstance(port, str) else m.ports(spec).values()):
                yield f"{m.name(service)}: no container of {found[0]['metadata']['name']} has the port {port}"


def stateful_sets(objects):
    for thing in m.of_kind(objects, "StatefulSet"):
        heads = [s for s in m.of_kind(objects, "Service")
                 if s["metadata"]["name"] == thing["spec"]["serviceName"]]
        if len(heads) != 1 or heads[0]["spec"].get("clusterIP") != "None":
            yield f"{m.name(thing)}: no headless Service"
        if thing["spec"].get("podManagementPolicy") != "Parallel":
            yield f"{m.name(thing)}: its nodes wait for each other"
        if thing["spec"].get("updateStrategy", {}).get("type") != "RollingUpdate":
            yield f"{m.name(thing)}: is not updated"
        spreads = m.pod_spec(thing).get("topologySpreadConstraints", [])
        wanted = thing["spec"]["selector"]
        if {s["topologyKey"] for s in spreads if s["labelSelector"] == wanted} != {
                "kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
            yield f"{m.name(thing)}: is not spread over nodes and zones"


def budgets(objects):
    guarded = []
    for budget in m.of_kind(objects, "PodDisruptionBudget"):
        found = selected(budget["spec"]["selector"]["matchLabels"], objects,
                         budget["metadata"].get("namespace"))
        guarded += [m.name(w) for w in found]
        if budget["spec"].get("maxUnavailable") != 1 or "minAvailable" in budget["spec"]:
            yield f"{m.name(budget)}: lets more than one go"
        if budget["spec"].get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield f"{m.name(budget)}: a node that is never ready stays, and with it the node of the cluster that is drained"
    levels = [m.name(w) for w in m.of_kind(objects, "StatefulSet")]
    if sorted(guarded) != sorted(levels):
        yield f"budgets guard {guarded}, and not {levels} once each"


def federation(objects):
    """What a level records, the one above it takes."""
    levels = [c["data"] for c in m.of_kind(objects, "ConfigMap")]
    for below, above in ((b, a) for b in levels for a in levels):
        if above["SCRAPE_ETCD_PATH"] != f"/registry/{below['REGISTRY_SERVICE']}":
            continue
        names = [value for key, value in below.items() if re.fullmatch(r"RECORD_RULE_\d+_NAME", key)]
        if not names:
            yield f"{below['REGISTRY_SERVICE']} records nothing for {above['REGISTRY_SERVICE']}"
        for name in (n for n in names if not re.fullmatch(above["SCRAPE_MATCH_REGEX"], n)):
            yield f"{above['REGISTRY_SERVICE']} does not take {name}"
        exprs = " ".join(value for key, value in above.items() if re.fullmatch(r"RECORD_RULE_\d+_EXPR", key))
        for name in (n for n in names if n not in exprs):
            yield f"no rule of {above['REGISTRY_SERVICE']} has {name}"


def roles(objects):
    for thing in objects:
        if thing["apiVersion"].startswith("rbac"):
            yield f"{m.name(thing)}: nothing here asks the API server"


def pod_of(workload, ip):
    return {"ip": ip, "namespace": workload["metadata"].get("namespace"), "labels": labels_of(workload),
            "ports": m.main_ports(m.pod_spec(workload))}


def flows(objects):
    """(what, from, to, port, protocol, whether that must work)."""
    namespace = next(w["metadata"].get("namespace") for w in m.of_kind(objects, "StatefulSet"))
    levels = {w["metadata"]["name"]: pod_of(w, f"10.0.{i}.1")
              for i, w in enumerate(m.of_kind(objects, "StatefulSet"), 1)}
    stranger = {"ip": "10.0.9.1", "namespace": namespace, "labels": {"app.kubernetes.io/name": "x"}}
    elsewhere = {"ip": "10.0.9.2", "namespace": "other", "labels": {"app.kubernetes.io/name": "promster"}}
    shop = {"ip": "10.0.9.6", "namespace": "shop", "labels": {"app.kubernetes.io/name": "shop"}}
    reader = {"ip": "10.0.9.3", "namespace": "other", "labels": {"promster-client": "true"}}
    dns = {"ip": "10.0.9.4", "namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}}
    dns_of_the_node = {"ip": "169.254.20.10", "outside": True}
    etcd = {"ip": "10.0.9.5", "namespace": namespace, "labels": {"app.kubernetes.io/name": "etcd"}}
    metadata = {"ip": "169.254.169.254", "outside": True}
    for name, pod in levels.items():
        for port in (9090, 9096):
            for other, sibling in levels.items():
                yield f"{name} asks {other}", pod, sibling, port, "TCP", True
            yield f"a reader asks {name}", reader, pod, port, "TCP", True
            yield f"a stranger asks {name}", stranger, pod, port, "TCP", False
            yield f"another namespace asks {name}", elsewhere, pod, port, "TCP", False
        yield f"a reader asks {name} elsewhere", reader, pod, 22, "TCP", False
        yield f"{name} asks etcd", pod, etcd, 2379, "TCP", True
        for protocol in ("TCP", "UDP"):
            yield f"{name} asks DNS", pod, dns, 53, protocol, True
            yield f"{name} asks the DNS of its node", pod, dns_of_the_node, 53, protocol, True
        yield f"{name} asks its node", pod, dns_of_the_node, 80, "TCP", False
        yield f"{name} asks for the metadata of the cloud", pod, metadata, 80, "TCP", False
        scrapes = pod["labels"]["promster-level"] == "level1"
        for target in ({"ip": "10.9.9.9", "outside": True}, {"ip": "fd00::9", "outside": True}, stranger,
                       {**stranger, "ip": "fd00::1"}, shop):
            where = target.get("namespace", "outside")
            yield f"{name} scrapes {target['ip']} ({where})", pod, target, 3000, "TCP", scrapes


def network(objects):
    policies = m.of_kind(objects, "NetworkPolicy")
    for what, source, target, port, protocol, wanted in flows(objects):
        for reading in policy.READINGS:
            if policy.allowed(policies, source, target, port, protocol, reading=reading) != wanted:
                yield f"{what} at {port}: that must {'work' if wanted else 'not be'} where {reading}"


ALL = (workloads, services, stateful_sets, budgets, federation, roles)
