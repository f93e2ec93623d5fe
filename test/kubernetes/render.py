"""Reads a kustomization as `kubectl kustomize` does, for machines without a kubectl of today: what
deploy/kubernetes uses, and nothing else. An unknown field is an error. Where there is such a
kubectl, test/kubernetes/structure compares."""
import copy
import hashlib
import json
import os

import yaml

KNOWN = {"apiVersion", "kind", "resources", "components", "namespace", "nameSuffix", "labels",
         "configMapGenerator", "images", "patches", "replicas"}
# By what the entries of a list are told apart when a patch is merged.
KEYS = {"containers": "name", "initContainers": "name", "volumes": "name", "env": "name",
        "volumeMounts": "mountPath"}
WITHOUT_NAMESPACE = {"Namespace"}
WORKLOADS = {"StatefulSet", "Deployment"}


class Unknown(Exception):
    pass


def read_yaml(path):
    with open(path, encoding="utf-8") as file:
        parts = [part for part in yaml.safe_load_all(file) if part is not None]
    return json.loads(json.dumps(parts))  # without what anchors share


def merge(base, patch):
    """A strategic merge, of what we use of it."""
    for key, value in patch.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merge(base[key], value)
        elif isinstance(value, list) and key in KEYS and isinstance(base.get(key), list):
            base[key] = merge_lists(base[key], value, KEYS[key])
        else:
            base[key] = copy.deepcopy(value)


def merge_lists(base, patch, name):
    known = {entry[name]: entry for entry in base}
    new = []
    for entry in patch:
        if entry.get("$patch") == "delete":
            known.pop(entry[name], None)
        elif entry[name] in known:
            merge(known[entry[name]], entry)
        else:
            new.append(copy.deepcopy(entry))
    return new + list(known.values())


def read_env(path):
    lines = open(path, encoding="utf-8").read().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def generate(folder, generator, objects):
    data = {}
    for file in generator.get("envs", []):
        data.update(read_env(os.path.join(folder, file)))
    data.update(literal.split("=", 1) for literal in generator.get("literals", []))
    if generator.get("behavior") != "merge":
        objects.append({"apiVersion": "v1", "kind": "ConfigMap", "data": data,
                        "metadata": {"name": generator["name"]}, "_names": {generator["name"]}})
        return
    found = [o for o in objects if generator["name"] in o.get("_names", ())]
    if len(found) != 1:
        raise Unknown(f"{folder}: {len(found)} ConfigMaps are called {generator['name']}")
    found[0]["data"].update(data)


def pod_spec(thing):
    return thing["spec"]["template"]["spec"] if thing["kind"] in WORKLOADS else None


def containers(thing):
    spec = pod_spec(thing)
    return spec.get("initContainers", []) + spec["containers"] if spec else []


def add_suffix(objects, suffix):
    maps = {o["metadata"]["name"] for o in objects if o["kind"] == "ConfigMap"}
    services = {o["metadata"]["name"] for o in objects if o["kind"] == "Service"}
    for thing in objects:
        thing["metadata"]["name"] += suffix
        if "_names" in thing:
            thing["_names"].add(thing["metadata"]["name"])
        for source in references(thing):
            if source["name"] in maps:
                source["name"] += suffix
        if thing["kind"] == "StatefulSet" and thing["spec"]["serviceName"] in services:
            thing["spec"]["serviceName"] += suffix


def references(thing):
    """To ConfigMaps."""
    for container in containers(thing):
        yield from (s["configMapRef"] for s in container.get("envFrom", []) if "configMapRef" in s)


def add_labels(objects, labels):
    if set(labels) != {"pairs", "includeSelectors"} or not labels["includeSelectors"]:
        raise Unknown(f"labels {labels}")
    pairs = labels["pairs"]
    for thing in objects:
        thing["metadata"].setdefault("labels", {}).update(pairs)
        if thing["kind"] == "NetworkPolicy":
            raise Unknown("labels that change a NetworkPolicy")
        if thing["kind"] == "Service":
            thing["spec"]["selector"].update(pairs)
        if thing["kind"] == "PodDisruptionBudget":
            thing["spec"]["selector"]["matchLabels"].update(pairs)
        if thing["kind"] in WORKLOADS:
            thing["spec"]["selector"]["matchLabels"].update(pairs)
            thing["spec"]["template"]["metadata"]["labels"].update(pairs)
            for spread in pod_spec(thing).get("topologySpreadConstraints", []):
                spread["labelSelector"]["matchLabels"].update(pairs)


def swap_images(objects, images):
    for image in images:
        for container in (c for o in objects for c in containers(o)):
            name, _, tag = container["image"].partition(":")
            if name == image["name"]:
                tag = image.get("newTag", tag)
                container["image"] = image.get("newName", name) + (f":{tag}" if tag else "")


def apply_patch(folder, patch, objects):
    if set(patch) - {"path", "patch"} != {"target"} or set(patch["target"]) != {"kind"}:
        raise Unknown(f"patch {patch}")
    inline = [yaml.safe_load(patch["patch"])] if "patch" in patch else []
    for change in inline or read_yaml(os.path.join(folder, patch["path"])):
        for thing in (o for o in objects if o["kind"] == patch["target"]["kind"]):
            name = dict(thing["metadata"])
            merge(thing, change)
            thing["metadata"] = name


def gather(folder, objects):
    (plan,) = read_yaml(os.path.join(folder, "kustomization.yaml"))
    if unknown := set(plan) - KNOWN:
        raise Unknown(f"{folder}: {unknown}")
    component = plan["kind"] == "Component"
    mine = objects if component else []
    for resource in plan.get("resources", []):
        path = os.path.join(folder, resource)
        mine.extend(gather(path, []) if os.path.isdir(path) else copy.deepcopy(read_yaml(path)))
    for part in plan.get("components", []):
        gather(os.path.join(folder, part), mine)
    for generator in plan.get("configMapGenerator", []):
        generate(folder, generator, mine)
    for patch in plan.get("patches", []):
        apply_patch(folder, patch, mine)
    for wish in plan.get("replicas", []):
        for thing in (o for o in mine if o["kind"] in WORKLOADS and o["metadata"]["name"] == wish["name"]):
            thing["spec"]["replicas"] = wish["count"]
    if "nameSuffix" in plan:
        add_suffix(mine, plan["nameSuffix"])
    for labels in plan.get("labels", []):
        add_labels(mine, labels)
    swap_images(mine, plan.get("images", []))
    for thing in mine if "namespace" in plan else []:
        if thing["kind"] not in WITHOUT_NAMESPACE:
            thing["metadata"]["namespace"] = plan["namespace"]
    return mine


def hash_of(config_map):
    """The ten letters with which kustomize ends the name of a ConfigMap that it makes."""
    told = {"data": config_map["data"], "kind": "ConfigMap", "name": ""}
    text = json.dumps(told, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    for plain, escaped in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(plain, escaped)
    hexadecimal = hashlib.sha256(text.encode()).hexdigest()[:10]
    return hexadecimal.translate(str.maketrans("013ae", "ghkmt"))


def render(folder):
    """All objects of a kustomization."""
    objects = gather(folder, [])
    names = {}
    for thing in objects:
        if thing.pop("_names", None):
            old = thing["metadata"]["name"]
            names[old] = f"{old}-{hash_of(thing)}"
            thing["metadata"]["name"] = names[old]
    for thing in objects:
        for source in references(thing):
            source["name"] = names.get(source["name"], source["name"])
    return copy.deepcopy(objects)
