"""What must be so of a cluster that docs/start/kubernetes.md has been played on."""
import itertools

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
UNTOLD = "FailedPreStopHook promster: not handed over; etcd does not answer"
TARGETS, TOTAL = 22, 1000.0  # the generator has 20, and there are two applications


def lives(cluster):
    """Of each node that ever was. A pod's name returns, with another life."""
    nodes = {who for _, who, what in cluster.events if "/" not in who and who.startswith("promster-")}
    if len(nodes) < 4:
        yield f"only {sorted(nodes)} ever were"
    # Where all is deleted, etcd goes as well, and a node that cannot tell its siblings says so.
    without_etcd = min((when for when, who, what in cluster.events if who.startswith("etcd-") and what == "deleted"), default=float("inf"))
    for node in sorted(nodes):
        happened = [(container, "preStop is done" if what.startswith(UNTOLD) and when >= without_etcd else what)
                    for when, container, what in w.life(cluster, node)]
        while happened:
            one, happened = happened[:len(LIFE)], happened[len(LIFE):]
            if one != LIFE:
                yield f"{node} lived {one}"
                break


def times(cluster, node):
    """When things happened, of each of its lives."""
    one = {}
    for when, container, what in w.life(cluster, node):
        one.setdefault((container, what), when)
        if what == "gone":
            yield one
            one = {}


def drains(cluster, interval):
    """A node that goes while another stays hands over before it ends: until others have scraped its
    targets twice, and between two scrapes is an interval."""
    nodes = {who for _, who, _ in cluster.events if "/" not in who and who.startswith("promster-level1")}
    all_lives = [(node, life) for node in sorted(nodes) for life in times(cluster, node)]
    seen = 0
    for node, life in all_lives:
        asked, done = life.get(("promster", "preStop")), life.get(("promster", "preStop is done"))
        if asked is None or done is None:  # lives() has said it, or etcd went first
            continue
        stayed = [other for other, its in all_lives if other != node
                  and its.get(("promster", "is up"), done) < asked and its[("", "deleted")] > done]
        seen += bool(stayed)
        print(f"{node}: its preStop hook took {done - asked:.1f} s, and {stayed or 'nobody'} stayed")
        if stayed and done - asked < interval:
            yield f"{node} handed over in {done - asked:.1f} s, too soon for two scrapes"
    if not seen:
        yield "no node handed its targets over"


def scraped(watch, longest):
    gaps = watch.gaps()
    worst = max(gaps, key=gaps.get, default=None)
    print(f"{len(gaps)} targets; the longest time without a scrape was {gaps.get(worst, 0):.1f} s")
    if len(gaps) != TARGETS:
        yield f"{len(gaps)} targets were scraped, not {TARGETS}"
    if gaps.get(worst, 0) > longest:
        yield f"{worst} was not scraped for {gaps[worst]:.1f} s, more than {longest:.0f} s"


def wrong_spells(looks):
    """How long it was wrong, each time after it was right once. looks: [(when, whether it is right)]"""
    later = itertools.dropwhile(lambda look: not look[1], looks)
    spells = [list(spell) for right, spell in itertools.groupby(later, lambda look: look[1]) if not right]
    return [spell[-1][0] - spell[0][0] for spell in spells]


def totals(watch, longest):
    """Right, and then not wrong for longer: a level looks at the one below at times of its own, so that
    a target that changes hands may be counted twice or not at all until all have looked again."""
    looks = [(when, abs(total - TOTAL) < 0.03 * TOTAL) for when, total in watch.totals]
    seen, spells = [total for _, total in watch.totals], wrong_spells(looks)
    print(f"the total at the top: {len(seen)} looks, from {min(seen, default=0):.0f} to {max(seen, default=0):.0f};",
          f"wrong after it was right: {spells} s")
    if not any(right for _, right in looks):
        yield f"the total at the top was {seen[-10:]}, never {TOTAL}"
    if max(spells, default=0) > longest:
        yield f"the total at the top was not {TOTAL} for {max(spells):.1f} s, more than {longest:.0f} s: {seen}"


def connections(source, cluster):
    """Who spoke with whom may do so. The namespace is that of the page."""
    objects = render.render(f"{source}/deploy/kubernetes/try")
    policies = m.of_kind(objects, "NetworkPolicy")
    seen = {}
    for (_, __, port), (one, other) in cluster.seen.items():
        pods = [{"ip": p.ip, "namespace": p.workload["metadata"]["namespace"], "labels": p.labels,
                 "ports": m.main_ports(p.spec)} for p in (one, other)]
        names = tuple(p.workload["metadata"]["name"] for p in (one, other))
        seen[(*names, port)] = True
        if not all(policy.allowed(policies, *pods, port, reading=r) for r in policy.READINGS):
            yield f"{names[0]} spoke with {names[1]} at {port}, which no policy allows"
    print(f"{len(seen)} kinds of connections, all allowed:", *sorted({f'{a}>{b}:{p if p < 3000 or p > 3100 else "3000+"}' for a, b, p in seen}))
    for source_name, target, port in SPEAK:
        if not any(k[0] == source_name and k[1] == target and (k[2] == port or k[2] // 100 == port // 100)
                   for k in seen):
            yield f"nobody saw {source_name} speak with {target} at {port}"


def watched(watch, interval):
    """What was seen of the nodes, where somebody looked until the end."""
    if watch.fault:
        yield f"nobody looked at the nodes any more: {watch.fault}"
        return
    yield from scraped(watch, 2 * interval + 2)
    yield from totals(watch, 3 * interval)
    reload = watch.reload
    if not reload.after:
        asked = f"in {reload.PATIENCE} s: it took its configuration at {reload.before}" if reload.pod else "at all: no node was ready"
        yield f"Prometheus was not reloaded by signal {asked}"
    if watch.health.failed:
        yield f"liveness probes failed: {watch.health.failed}"


def faults(source, cluster, watch):
    objects = render.render(f"{source}/deploy/kubernetes/try")
    interval = w.interval(m.of_kind(objects, "ConfigMap")[0]["data"])
    wrong = [*lives(cluster), *drains(cluster, interval), *watched(watch, interval), *connections(source, cluster)]
    if cluster.faults:
        wrong.append(f"pods failed: {cluster.faults}")
    return wrong
