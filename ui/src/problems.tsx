// What a node has to say, the worst first, as src/web/page_problems.cc says it.
import type { Nodes, Status } from "./api";
import { ProblemItem } from "./parts";
import { counted, secondsText, type Tone } from "./words";

export interface Problem {
  tone: Tone;
  what: string;
  mend: string;
  more?: [url: string, text: string];
}

// How lines of /-/ready start, and what mends them.
const mends: [start: string, mend: string][] = [
  ["drained; waits to be stopped", "a restart brings it back into the cluster"],
  ["the members were not listed yet", "try: promster check, which says whether etcd at --registry.etcd-url answers"],
  ["the targets were not listed yet", "try: promster check, which says whether etcd at --scrape.etcd-url answers"],
  ["the target file is not written yet", "it is written as soon as targets and nodes are listed"],
  [
    "the configuration is not in use",
    "Prometheus goes on with the last one that it accepted; try: mend what it names and restart, or SIGHUP to have it tried again",
  ],
  ["the configuration is not loaded yet", "it is tried again until Prometheus takes it"],
  ["Prometheus is not ready", "try: the log of Prometheus, and whether --prometheus.url is it"],
  [
    "not registered in etcd",
    "what it scrapes goes on being scraped; try: promster check, and the rights of its etcd user",
  ],
  ["another promster (", "try: --registry.advertise-address, another one for each node"],
  [
    "the registry is not watched",
    "the nodes known last stay in use, and nothing moves; try: etcdctl endpoint health",
  ],
  [
    "the targets are not watched",
    "the targets known last go on being scraped; try: etcdctl endpoint health",
  ],
  ["starting", "this takes a second or two"],
];

const mendOf = (line: string) => mends.find(([start]) => line.startsWith(start))?.[1] ?? "";

const toldElsewhere = (line: string) =>
  line.startsWith("the key of ") || line.includes("too suddenly to believe it");

function fromLines(lines: string[], tone: Tone): Problem[] {
  return lines
    .filter((line) => !toldElsewhere(line))
    .map((line) => ({
      tone,
      what: line,
      mend: mendOf(line),
      ...(line.startsWith("the configuration") && {
        more: ["reloads", "its words, and the difference"] as [string, string],
      }),
    }));
}

function ofFile({ configuration, missing }: Status): Problem[] {
  const why = configuration.file_failure;
  if (why === "" || missing.some((line) => line.includes(why))) return [];
  return [{ tone: "bad", what: why, mend: "try: room and rights of --prometheus.config-dir" }];
}

const mostNamed = 5;

function someOf(names: string[]): string {
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : "";
  return names.slice(0, mostNamed).join(", ") + more;
}

// `why` is the server's: it knows where the targets are to be.
function ofNoTargets({ targets, etcd }: Status, why: string | undefined): Problem[] {
  if (targets.discovered > 0 || !etcd.scrape.synced) return [];
  return [
    {
      tone: "warn",
      what: `no targets${why ? `: ${why}` : ""}`,
      mend:
        "each appears as soon as it is registered; " +
        "try: etcdctl get --prefix --keys-only, and whether --scrape.etcd-path is it",
    },
  ];
}

// Whether so little is left that renewals must have failed.
export function leaseRunsOut({ registration }: Status): boolean {
  const { registered, lease_remaining, lease_ttl } = registration;
  return registered && lease_remaining < 0.4 * lease_ttl;
}

function ofLease(status: Status): Problem[] {
  if (!leaseRunsOut(status)) return [];
  const { lease_remaining, lease_ttl } = status.registration;
  return [
    {
      tone: "warn",
      what: `the lease is not renewed: ${secondsText(lease_remaining)} of ${secondsText(lease_ttl)} left`,
      mend: "at its end the registration of this node is gone; try: etcdctl endpoint health",
    },
  ];
}

function ofOthersDraining({ nodes }: Nodes): Problem[] {
  const names = nodes.filter(({ state, self }) => state === "draining" && !self).map(({ name }) => name);
  if (names.length === 0) return [];
  const [drain, their, they] =
    names.length === 1 ? ["drains", "its", "it leaves"] : ["drain", "their", "they leave"];
  return [
    {
      tone: "warn",
      what: `${someOf(names)} ${drain}: the other nodes take over ${their} targets`,
      mend: `${they} when everything is handed over`,
    },
  ];
}

function ofDiffering({ nodes }: Nodes): Problem[] {
  const differ = nodes.filter((node) => node.agrees === false).length;
  if (differ === 0) return [];
  return [
    {
      tone: "warn",
      what: `${counted(differ, "node")} ${differ === 1 ? "is" : "are"} not at the same ring as this one yet`,
      mend: "usual for seconds after a change; try, where it stays so: their pages",
      more: ["levels", "where they are"],
    },
  ];
}

function ofHeld({ targets }: Status): Problem[] {
  if (targets.held === 0) return [];
  const are = targets.held === 1 ? " is" : " are";
  return [
    {
      tone: "warn",
      what: `${counted(targets.held, "target")}${are} gone from etcd, too suddenly to believe it: scraped on`,
      mend:
        "held here until Prometheus finds them down three times in a row, or their time is over; " +
        "other nodes hold theirs; try, where they are gone indeed: promster confirm on each node " +
        "that holds some",
      more: ["targets?state=held", "all that are held"],
    },
  ];
}

function ofKept({ members }: Status): Problem[] {
  const kept = members.kept.length;
  if (kept === 0) return [];
  const they = kept === 1 ? "it answers: it keeps its share" : "they answer: they keep their shares";
  return [
    {
      tone: "warn",
      what: `the key of ${someOf(members.kept.map(({ name }) => name))} is gone, but ${they}`,
      mend:
        "until it does not answer any more, or its time is over; " +
        "try: is etcd slower than the lease (--registry.ttl) is long?",
    },
  ];
}

const mostRejected = 3;

function ofRejected({ targets }: Status): Problem[] {
  const { total, examples } = targets.rejected;
  const shown = examples.slice(0, mostRejected);
  const found: Problem[] = shown.map(({ key, reason }) => ({
    tone: "warn",
    what: `a key of etcd is rejected: ${key}`,
    mend: reason,
  }));
  if (total > shown.length) {
    found.push({
      tone: "warn",
      what: `${counted(total, "key")} of etcd are rejected in all`,
      mend: "they are not scraped; no other target suffers from them",
      more: ["targets?state=rejected", "which, and why"],
    });
  }
  return found;
}

function ofDraining({ draining, handed_over, registration }: Status): Problem[] {
  if (!draining || !registration.registered) return [];
  const what = handed_over
    ? "this node drains: everything is handed over, it leaves now"
    : "this node drains: its siblings take over its targets";
  return [{ tone: "warn", what, mend: "a second SIGTERM stops it at once" }];
}

function ofMoving({ targets }: Status): Problem[] {
  if (targets.moving === 0) return [];
  const change = targets.moving === 1 ? "changes" : "change";
  return [
    {
      tone: "info",
      what: `${counted(targets.moving, "target")} ${change} hands here: scraped by both, counted once`,
      mend: "until the new owner has scraped what it gets",
      more: ["targets?state=moving", "which"],
    },
  ];
}

function ofLegacy({ algorithm }: Status, { nodes }: Nodes): Problem[] {
  if (algorithm !== "legacy") return [];
  const legacy = nodes.filter(({ algorithm, state }) => algorithm !== "bounded-1" && state !== "kept").length;
  return [
    {
      tone: "info",
      what: `the legacy ring is in use: ${counted(legacy, "node")} did not name the bounded algorithm`,
      mend: "all nodes change over together once every one is upgraded",
    },
  ];
}

const rank = { bad: 0, warn: 1, info: 2, ok: 3 };

export function findProblems(status: Status, nodes: Nodes, noTargets?: string): Problem[] {
  return [
    ...fromLines(status.missing, "bad"),
    ...ofFile(status),
    ...fromLines(status.degraded, "warn"),
    ...ofNoTargets(status, noTargets),
    ...ofLease(status),
    ...ofOthersDraining(nodes),
    ...ofDiffering(nodes),
    ...ofHeld(status),
    ...ofKept(status),
    ...ofRejected(status),
    ...ofDraining(status),
    ...ofMoving(status),
    ...ofLegacy(status, nodes),
  ].sort((a, b) => rank[a.tone] - rank[b.tone]);
}

export function Problems({ problems }: { problems: Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems" aria-label="Problems">
      {problems.map(({ tone, what, mend, more }) => (
        <ProblemItem key={what} tone={tone} what={what}>
          {mend}
          {mend !== "" && more && " \u00b7 "}
          {more && <a href={more[0]}>{more[1]}</a>}
        </ProblemItem>
      ))}
    </ul>
  );
}
