"""What must be so of a cluster that docs/start/kubernetes.md has been played on."""
import manifests as m
import policy
import render
import watch as w

# In the order of their happening.
LIFE = [("configuration", "started"), ("configuration", "ended with 0"), ("prometheus", "started"),
        ("prometheus", "is up"), ("promster", "started"), ("promster", "is up"), ("", "deleted"),
        ("promster", "preStop"), ("promster", "preStop is done"), ("promster", "SIGTERM"), ("promster", "ended with 0"), ("prometheus", "SIGTERM"),
        ("prometheus", "ended with 0"), ("", "gone")]
# Level 1 scrapes the generator and is scraped by level 2, and both ask etcd.
SPEAK = [("promster-level1", "etcd", 2379), ("promster-level2", "etcd", 2379),
         ("promster-level1", "generator", 3000), ("promster-level2", "promster-level1", 9090)]
TARGETS, TOTAL = 22, 1000.0  # the generator has 20, and there are two applications


def lives(cluster):
    """Of each node that ever was. A pod's name returns, with another life."""
    nodes = {who for _, who, what in cluster.events if "/" not in who and who.startswith("promster-")}
    if len(nodes) < 4:
        yield f"only {sorted(nodes)} ever were"
    for node in sorted(nodes):
        happened = [(container, what) for _, container, what in w.life(cluster, node)]
        while happened:
            one, happened = happened[:len(LIFE)], happened[len(LIFE):]
            if one != LIFE:
                yield f"{node} lived {one}"
                break


def drains(cluster):
    """A node that goes while others stay hands over before it ends: that takes two scrapes."""
    drained = []
    for node in {who for _, who, what in cluster.events if what == "deleted" and who.startswith("promster-level1")}:
        times = {}
        for when, container, what in w.life(cluster, node):
            times.setdefault((container, what), when)
        asked, ended = (times.get(("promster", what)) for what in ("preStop", "preStop is done"))
        if asked is not None and ended is not None:
            drained.append(ended - asked)
    print("level 1: seconds that the preStop hook took:", [f"{d:.1f}" for d in sorted(drained)])
    if not drained or max(drained) < 5:
        yield "no node handed its targets over"


def scraped(watch, longest):
    worst = max(watch.worst.values(), default=0)
    print(f"{len(watch.worst)} targets; the longest time without a scrape was {worst:.1f} s")
    if len(watch.worst) != TARGETS:
        yield f"{len(watch.worst)} targets were scraped, not {TARGETS}"
    if worst > longest:
        yield f"a target was not scraped for {worst:.1f} s, more than {longest:.0f} s"


def totals(watch):
    right = [abs(total - TOTAL) < 0.03 * TOTAL for total in watch.totals]
    since = watch.totals[right.index(True):] if any(right) else []
    print(f"the total at the top, once it was right: {len(since)} looks, from {min(since, default=0):.0f} to {max(since, default=0):.0f}")
    if not right or not all(right[-10:]):
        yield f"the total at the top is {watch.totals[-10:]}, not {TOTAL}"


def connections(source, cluster):
    """Who spoke with whom may do so. The namespace is that of the page."""
    objects = render.render(f"{source}/deploy/kubernetes/try")
    policies = m.of_kind(objects, "NetworkPolicy")
    seen = {}
    for (_, __, port), (one, other) in cluster.seen.items():
        pods = [{"ip": p.ip, "namespace": p.workload["metadata"]["namespace"], "labels": p.labels,
                 "ports": m.ports(p.spec)} for p in (one, other)]
        names = tuple(p.workload["metadata"]["name"] for p in (one, other))
        seen[(*names, port)] = True
        if not policy.allowed(policies, *pods, port):
            yield f"{names[0]} spoke with {names[1]} at {port}, which no policy allows"
    print(f"{len(seen)} kinds of connections, all allowed:", *sorted({f'{a}>{b}:{p if p < 3000 or p > 3100 else "3000+"}' for a, b, p in seen}))
    for source_name, target, port in SPEAK:
        if not any(k[0] == source_name and k[1] == target and (k[2] == port or k[2] // 100 == port // 100)
                   for k in seen):
            yield f"nobody saw {source_name} speak with {target} at {port}"


def faults(source, cluster, watch):
    objects = render.render(f"{source}/deploy/kubernetes/try")
    longest = 2 * w.interval(m.of_kind(objects, "ConfigMap")[0]["data"]) + 2
    wrong = [*lives(cluster), *drains(cluster), *scraped(watch, longest), *totals(watch),
             *connections(source, cluster)]
    if not watch.reloads or watch.reloads["before"] == watch.reloads["after"]:
        wrong.append(f"Prometheus was not reloaded by signal: {watch.reloads}")
    if watch.unhealthy:
        wrong.append(f"liveness probes failed: {watch.unhealthy}")
    if cluster.faults:
        wrong.append(f"pods failed: {cluster.faults}")
    return wrong
