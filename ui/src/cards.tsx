// The six facts that are looked at first, as src/web/page_cards.cc says them.
import type { ComponentChildren } from "preact";
import type { Nodes, Status } from "./api";
import { PrometheusLinks, Symbol } from "./parts";
import { leaseRunsOut } from "./problems";
import { Ago } from "./time";
import { countText, counted, secondsText, type Tone } from "./words";

interface CardProps {
  title: string;
  tone: Tone;
  state: string;
  children?: ComponentChildren;
}

function Card({ title, tone, state, children }: CardProps) {
  return (
    <li class={`card ${tone}`}>
      <h2>{title}</h2>
      <p class="state">
        <Symbol tone={tone} />
        {state}
      </p>
      {children && <p class="note">{children}</p>}
    </li>
  );
}

function LeaseCard(status: Status) {
  const { service, registration } = status;
  const { registered, withdrawn, reason, lease_ttl, lease_remaining } = registration;
  if (service === "") {
    return (
      <Card title="Registration" tone="info" state="no registry is set">
        this node scrapes every target
      </Card>
    );
  }
  if (!registered) {
    const state = withdrawn ? "withdrawn" : "not registered";
    return (
      <Card title="Registration" tone={withdrawn ? "warn" : "bad"} state={state}>
        {reason}
      </Card>
    );
  }
  return (
    <Card title="Registration" tone={leaseRunsOut(status) ? "warn" : "ok"} state="registered">
      lease: {lease_remaining.toFixed(0)} s of {secondsText(lease_ttl)} left
    </Card>
  );
}

function sourceWords(name: string, source: Status["etcd"]["registry"]): string[] {
  if (!source.enabled) return [];
  if (source.up) return [`${name}: revision ${source.revision}`];
  return [`${name}: ${source.synced ? "not watched" : "not listed yet"}`];
}

function EtcdCard({ etcd: { registry, scrape } }: Status) {
  const up = scrape.up && (registry.up || !registry.enabled);
  const synced = scrape.synced && (registry.synced || !registry.enabled);
  const state = up ? "watched" : synced ? "lost; the last state stays in use" : "not listed yet";
  return (
    <Card title="etcd" tone={up ? "ok" : synced ? "warn" : "bad"} state={state}>
      {[...sourceWords("registry", registry), ...sourceWords("targets", scrape)].join(", ")}
    </Card>
  );
}

function PrometheusCard({ prometheus: { up, version, reason, url }, node }: Status) {
  return (
    <Card title="Prometheus" tone={up ? "ok" : "bad"} state={up ? `up, ${version}` : "not ready"}>
      {up ? "" : `${reason} `}
      <PrometheusLinks name={node} url={url} />
    </Card>
  );
}

// Nobody can say who agrees while the registry is not watched.
function agreement({ sharding, etcd }: Status, differ: number): string {
  if (!sharding) return "this node scrapes every target";
  if (!etcd.registry.up) return "as they were last known";
  return differ === 0 ? "agree who scrapes what" : `${counted(differ, "node")} not at the same ring yet`;
}

function NodesCard({ status, nodes }: { status: Status; nodes: Nodes }) {
  const { members, etcd } = status;
  const differ = nodes.nodes.filter((node) => node.agrees === false).length;
  const kept = members.kept.length;
  const notes = [
    agreement(status, differ),
    ...(members.draining > 0 ? [`${countText(members.draining)} draining`] : []),
    ...(kept > 0 ? [`${countText(kept)} kept`] : []),
  ];
  const lost = etcd.registry.enabled && !etcd.registry.up;
  const odd = lost || differ + members.draining + kept > 0;
  const tone = odd ? "warn" : members.total === 0 ? "info" : "ok";
  return (
    <Card title="Nodes" tone={tone} state={counted(members.total, "node")}>
      {notes.join(", ")}
    </Card>
  );
}

function TargetsCard({ targets, etcd }: Status) {
  const rejected = targets.rejected.total;
  const notes = [
    `${countText(targets.assigned)} of them here`,
    ...(rejected > 0 ? [`${countText(rejected)} rejected`] : []),
    ...(targets.held > 0 ? [`${countText(targets.held)} held`] : []),
  ];
  const odd = rejected + targets.held > 0 || targets.discovered === 0;
  return (
    <Card
      title="Targets"
      tone={!etcd.scrape.synced ? "bad" : odd ? "warn" : "ok"}
      state={counted(targets.discovered, "target")}
    >
      {notes.join(", ")} <a href="targets?state=down">which are down?</a>
    </Card>
  );
}

function ConfigurationCard({ configuration }: Status) {
  const { in_use, last_accepted, pending, refused_by } = configuration;
  const last = last_accepted ? (
    <>
      accepted <Ago time={last_accepted} />
    </>
  ) : (
    "never accepted in this run"
  );
  if (refused_by !== "") {
    return (
      <Card title="Configuration" tone="bad" state={`refused by ${refused_by}`}>
        {last}
      </Card>
    );
  }
  if (!in_use) {
    return (
      <Card title="Configuration" tone="warn" state="not loaded yet">
        {pending}
      </Card>
    );
  }
  return (
    <Card title="Configuration" tone="ok" state="in use">
      {last}
    </Card>
  );
}

export function Cards({ status, nodes }: { status: Status; nodes: Nodes }) {
  return (
    <ul class="cards">
      <LeaseCard {...status} />
      <EtcdCard {...status} />
      <PrometheusCard {...status} />
      <NodesCard status={status} nodes={nodes} />
      <TargetsCard {...status} />
      <ConfigurationCard {...status} />
    </ul>
  );
}
