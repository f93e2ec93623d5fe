"""What would be wrong: each is one change of what is rendered, and some rule must mind."""
import copy

import manifests as m
import render

LEVEL, TRY, SECURED = "deploy/kubernetes/level1", "deploy/kubernetes/try", "test/kubernetes/secured"
REGISTER = "deploy/kubernetes/register"


def node(objects):
    return m.of_kind(objects, "StatefulSet")[0]


def spec(objects):
    return m.pod_spec(node(objects))


def container(objects, name):
    return next(c for c in m.containers(spec(objects)) if c["name"] == name)


def data(objects):
    return m.of_kind(objects, "ConfigMap")[0]["data"]


def deployment(objects):
    """The last, which is one of promster."""
    return m.pod_spec(m.of_kind(objects, "Deployment")[-1])


def drop(field, of):
    return lambda objects: of(objects).pop(field, None)


def put(field, value, of):
    return lambda objects: of(objects).__setitem__(field, value)


def prometheus(objects):
    return container(objects, "prometheus")


def promster(objects):
    return container(objects, "promster")


def budget(objects):
    return m.of_kind(objects, "PodDisruptionBudget")[0]["spec"]


def policy(objects, name="promster"):
    return next(o for o in m.of_kind(objects, "NetworkPolicy") if o["metadata"]["name"] == name)["spec"]


def first_is_promster(objects):
    inits, mains = spec(objects)["initContainers"], spec(objects)["containers"]
    inits.append(mains.pop())
    mains.append(inits.pop(1))


def prometheus_beside(objects):
    spec(objects)["containers"].insert(0, spec(objects)["initContainers"].pop())
    prometheus(objects).pop("restartPolicy")


def no_configuration(objects):
    spec(objects)["initContainers"].pop(0)


def headless(objects):
    next(s for s in m.of_kind(objects, "Service") if "clusterIP" in s["spec"])["spec"].pop("clusterIP")


POD = [
    ("nothing writes the first configuration", no_configuration),
    ("Prometheus is a container like another", prometheus_beside),
    ("promster is stopped after Prometheus", first_is_promster),
    ("nobody waits for Prometheus", drop("startupProbe", prometheus)),
    ("no hook", drop("lifecycle", promster)),
    ("a hook of Prometheus", put("lifecycle", {"preStop": {"sleep": {"seconds": 5}}}, prometheus)),
    ("promster is not probed", drop("livenessProbe", promster)),
    ("a grace of 30 s", drop("terminationGracePeriodSeconds", spec)),
    ("a longer interval", put("SCRAPE_INTERVAL", "30s", data)),
    ("a longer drain", put("PROMSTER_SHARD_DRAIN", "5m", data)),
    ("a token", drop("automountServiceAccountToken", spec)),
    ("root", put("runAsUser", 0, lambda o: spec(o)["securityContext"])),
    ("no seccomp", drop("seccompProfile", lambda o: spec(o)["securityContext"])),
    ("capabilities", drop("capabilities", lambda o: promster(o)["securityContext"])),
    ("a root to write to", drop("readOnlyRootFilesystem", lambda o: prometheus(o)["securityContext"])),
    ("a folder of the host", lambda o: spec(o)["volumes"].append({"name": "h", "hostPath": {"path": "/"}})),
    ("a volume that nobody has", lambda o: spec(o)["volumes"].pop()),
    ("no limits", drop("limits", lambda o: prometheus(o)["resources"])),
    ("an open lifecycle API", lambda o: prometheus(o)["args"].append("--web.enable-lifecycle")),
    ("no common processes", drop("shareProcessNamespace", spec)),
    ("reload by HTTP", put("PROMSTER_PROMETHEUS_RELOAD_METHOD", "http", data)),
    ("promster starts Prometheus", put("PROMSTER_PROMETHEUS_START", "true", data)),
    ("a variable misspelt", put("SCRAPE_INTERVALL", "5s", data)),
    ("a variable of nobody", put("PROMSTER_NOBODY", "5s", data)),
    ("a bad value", put("EVALUATION_INTERVAL", "often", data)),
    ("an unknown flag", lambda o: promster(o)["args"].append("--nothing")),
    ("the configuration elsewhere", put("PROMSTER_PROMETHEUS_CONFIG_DIR", "/tmp", data)),
    ("Prometheus may write", lambda o: prometheus(o)["volumeMounts"][0].pop("readOnly")),
    ("another port", put("PROMSTER_WEB_LISTEN_ADDRESS", ":9999", data)),
    ("a probe of nothing", lambda o: promster(o)["readinessProbe"]["httpGet"].update(path="/ready")),
    ("a probe of nobody", lambda o: promster(o)["readinessProbe"]["httpGet"].update(port="web")),
    ("another retention", lambda o: prometheus(o)["args"].__setitem__(2, "--storage.tsdb.retention.time=3d")),
    ("as many data as there are", lambda o: prometheus(o)["args"].pop(3)),
    ("more data than room", put("PROMETHEUS_RETENTION_SIZE", "32GB", data)),
    ("no settings of Prometheus", drop("envFrom", prometheus)),
    ("no address", lambda o: promster(o).pop("env")),
    ("another promster", put("image", "promster:0.0.9", promster)),
    ("any Prometheus", put("image", "quay.io/prometheus/prometheus", prometheus)),
]
OBJECTS = [
    ("two may go", put("maxUnavailable", 2, budget)),
    ("a pod that is not ready holds up a drain", drop("unhealthyPodEvictionPolicy", budget)),
    ("a budget of nobody", lambda o: budget(o)["selector"]["matchLabels"].update(x="y")),
    ("no headless Service", headless),
    ("one after the other", drop("podManagementPolicy", lambda o: node(o)["spec"])),
    ("a Service of nobody", lambda o: m.of_kind(o, "Service")[0]["spec"]["selector"].update(x="y")),
    ("a Service at no port", lambda o: m.of_kind(o, "Service")[0]["spec"]["ports"][0].update(targetPort="x")),
    ("a sidecar's port by its name",
     lambda o: m.of_kind(o, "Service")[0]["spec"]["ports"][0].update(targetPort="prometheus")),
    ("a port that is no one's", lambda o: m.of_kind(o, "Service")[0]["spec"]["ports"][0].update(targetPort=9)),
    ("room without a limit", lambda o: spec(o)["volumes"][-1]["emptyDir"].clear()),
    ("a selector of another", lambda o: m.pod_template(node(o))["metadata"]["labels"].update({"promster-level": "x"})),
    ("settings that are not there", lambda o: o.remove(m.of_kind(o, "ConfigMap")[0])),
    ("not spread", lambda o: spec(o)["topologySpreadConstraints"].pop()),
]
LEVELS = [
    ("a rule that level 2 does not take", put("RECORD_RULE_1_NAME", "http_requests:irate", data)),
    ("a rule that level 2 does not use", put("RECORD_RULE_1_NAME", "level1:http_requests:irate", data)),
    ("no rule", lambda o: [data(o).pop(f"RECORD_RULE_1_{field}") for field in ("NAME", "EXPR")]),
    ("no policy", lambda o: [o.remove(p) for p in m.of_kind(o, "NetworkPolicy")]),
    ("siblings may not ask", lambda o: policy(o)["ingress"][0]["from"].pop(0)),
    ("readers may not ask", lambda o: policy(o)["ingress"][0]["from"].pop(1)),
    ("everyone may ask", lambda o: policy(o)["ingress"][0].pop("from")),
    ("a sidecar's port by its name", lambda o: policy(o)["ingress"][0]["ports"][0].update(port="prometheus")),
    ("no DNS of the node", lambda o: policy(o)["egress"][0]["to"].pop(1)),
    ("all of the node", lambda o: policy(o)["egress"].append({"to": [policy(o)["egress"][0]["to"][1]]})),
    ("no page", lambda o: policy(o)["ingress"][0]["ports"].pop()),
    ("all ports", lambda o: policy(o)["ingress"][0].pop("ports")),
    ("no DNS", lambda o: policy(o)["egress"].pop(0)),
    ("no etcd", lambda o: policy(o)["egress"].pop(1)),
    ("no siblings", lambda o: policy(o)["egress"].pop(2)),
    ("no limit", lambda o: policy(o)["policyTypes"].remove("Egress")),
    ("the metadata", lambda o: policy(o, "promster-targets")["egress"][0]["to"][0]["ipBlock"].pop("except")),
    ("no pods, for Cilium", lambda o: policy(o, "promster-targets")["egress"][0]["to"].pop()),
    ("nothing outside", lambda o: policy(o, "promster-targets")["egress"][0]["to"].pop(0)),
    ("no targets", lambda o: policy(o, "promster-targets")["egress"].pop()),
    ("targets of all", lambda o: policy(o, "promster-targets")["podSelector"]["matchLabels"].pop("promster-level")),
]
BESIDE = [(folder, "another promster", lambda o: deployment(o)["containers"][-1].update(image="promster:0.0.9"))
          for folder in (TRY, REGISTER)]
ALL = ([(LEVEL, *c) for c in POD + OBJECTS] + [(SECURED, *c) for c in POD] + [(TRY, *c) for c in LEVELS] + BESIDE)
COUNT = len(ALL)


def mutants(source):
    """(folder, what is wrong, the objects)."""
    rendered = {folder: render.render(f"{source}/{folder}") for folder in {f for f, _, _ in ALL}}
    for folder, what, change in ALL:
        objects = copy.deepcopy(rendered[folder])
        change(objects)
        yield folder, what, objects
