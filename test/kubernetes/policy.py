"""Says what NetworkPolicies allow, as their documentation does: a pod that no policy selects for a
direction may do all; one that some select may do what any of those allows. Networks differ in one thing:
whether an ipBlock is meant for pods as well (Calico) or not (Cilium: pods are what selectors select)."""
import ipaddress

READINGS = ("an ipBlock means pods, too", "an ipBlock means no pods")


def matches(selector, labels):
    if set(selector) - {"matchLabels"}:
        raise ValueError(f"selector {selector}")
    return all(labels.get(k) == v for k, v in selector.get("matchLabels", {}).items())


def _peer(peer, policy, pod, reading):
    if "ipBlock" in peer:
        if reading == READINGS[1] and not pod.get("outside"):
            return False
        block = peer["ipBlock"]
        address = ipaddress.ip_address(pod["ip"])
        inside = address in ipaddress.ip_network(block["cidr"])
        return inside and not any(address in ipaddress.ip_network(e) for e in block.get("except", []))
    if pod.get("outside"):
        return False
    if "namespaceSelector" in peer:
        namespace = {"kubernetes.io/metadata.name": pod["namespace"]}
        if not matches(peer["namespaceSelector"], namespace):
            return False
    elif pod["namespace"] != policy["metadata"].get("namespace"):
        return False
    return matches(peer.get("podSelector", {}), pod["labels"])


def _port(rule, number, protocol, names):
    if "ports" not in rule:
        return True
    return any(p.get("protocol", "TCP") == protocol and names.get(p["port"], p["port"]) == number
               for p in rule["ports"])


def _direction(policies, kind, field, pod, other, number, protocol, names, reading):
    chosen = [p for p in policies if kind in p["spec"]["policyTypes"]
              and p["metadata"].get("namespace") == pod["namespace"]
              and matches(p["spec"]["podSelector"], pod["labels"])]
    if not chosen:
        return True
    return any(_port(rule, number, protocol, names)
               and (field not in rule or any(_peer(peer, p, other, reading) for peer in rule[field]))
               for p in chosen for rule in p["spec"].get(kind.lower(), []))


def allowed(policies, source, target, number, protocol="TCP", *, reading):
    """Pods are {ip, namespace, labels, ports: {name: number}}, or {ip, outside: True}."""
    names = target.get("ports", {})
    leaves = source.get("outside") or _direction(policies, "Egress", "to", source, target, number,
                                                 protocol, {}, reading)
    enters = target.get("outside") or _direction(policies, "Ingress", "from", target, source, number,
                                                 protocol, names, reading)
    return leaves and enters
