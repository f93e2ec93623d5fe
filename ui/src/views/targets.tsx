// Who scrapes what?
import { useRef } from "preact/hooks";
import { ask, type Health, type Nodes, type Parameters, type TargetRow, type Targets } from "../api";
import { useAnswer } from "../answers";
import { serverNow } from "../clock";
import { Fields, Input, Select } from "../fields";
import { status } from "../live";
import { useValue } from "../observable";
import { Badge, HealthBadge, Labels, MemberLink, Objection, Panel, Table, TargetLink } from "../parts";
import { href } from "../route";
import { Ago } from "../time";
import { countText, counted, secondsText } from "../words";
import type { View } from "./view";

const perPage = 50;
const healthEveryMs = 5_000;
const byHealth = ["up", "down", "unknown"];

const states: [value: string, title: string][] = [
  ["", "any state"],
  ["down", "down"],
  ["up", "up"],
  ["unknown", "not known"],
  ["moving", "changing hands here"],
  ["held", "held here"],
  ["rejected", "rejected"],
];

function wanted(parameters: URLSearchParams): Parameters {
  const text = (name: string) => parameters.get(name) ?? "";
  const offset = Math.max(Number(parameters.get("offset")) || 0, 0);
  return { q: text("q"), owner: text("owner"), state: text("state"), limit: perPage, offset };
}

const rowsOf = (parameters: URLSearchParams) => ask("targets", wanted(parameters));
const healthOf = (parameters: URLSearchParams) => ask("targets", { ...wanted(parameters), health: true });

function FilterForm({ parameters, nodes }: { parameters: URLSearchParams; nodes: Nodes | undefined }) {
  const { q, owner, state } = wanted(parameters);
  const names = nodes?.nodes.map(({ name }): [string, string] => [name, name]) ?? [];
  return (
    <Fields action="targets">
      <Input
        name="q"
        title="Words, all of which are in address, key, labels or owner"
        type="search"
        value={String(q)}
        long
      />
      <Select name="owner" title="Owner" value={String(owner)} options={[["", "any owner"], ...names]} />
      <Select name="state" title="State" value={String(state)} options={states} />
      <button>Show</button>
    </Fields>
  );
}

function State({ row, health }: { row: TargetRow; health: Health | undefined }) {
  return (
    <>
      {row.state === "moving" && <Badge tone="info">changes hands</Badge>}
      {row.state === "held" && <Badge tone="warn">held</Badge>}
      {row.state === "rejected" && <Badge tone="bad">rejected</Badge>}
      {row.state !== "assigned" && " "}
      {row.state !== "moving" && row.reason}
      {health && <HealthBadge health={health} />}
    </>
  );
}

// Whose a target was before it moved while somebody looked.
interface Seen {
  owners: string;
  was?: string[];
  at: number;
}

function useSeen(rows: TargetRow[]): Map<string, Seen> {
  const seen = useRef(new Map<string, Seen>()).current;
  const shown = new Set(rows.map(({ key }) => key));
  for (const key of seen.keys()) if (!shown.has(key)) seen.delete(key);
  for (const { key, owners } of rows) {
    const now = owners.join(" ");
    const before = seen.get(key);
    if (before?.owners === now) continue;
    seen.set(key, {
      owners: now,
      at: serverNow(),
      ...(before && { was: before.owners.split(" ").filter((name) => !owners.includes(name)) }),
    });
  }
  return seen;
}

function Row({ row, health, seen }: { row: TargetRow; health: Health | undefined; seen: Seen | undefined }) {
  const explained = row.state === "assigned" || row.state === "moving";
  return (
    <tr>
      <th scope="row">
        {explained ? (
          <TargetLink address={row.address} etcdKey={row.key} />
        ) : (
          <span class="addr">{row.state === "rejected" ? row.key : row.address}</span>
        )}
      </th>
      <td>
        <Labels labels={row.labels} />
      </td>
      <td>
        {row.owners.map((owner) => (
          <span key={owner}>
            <MemberLink name={owner} />{" "}
          </span>
        ))}
        {seen?.was && seen.was.length > 0 && (
          <span class="note">
            was {seen.was.join(", ")}, <Ago time={seen.at} />
          </span>
        )}
      </td>
      <td>
        <State row={row} health={health} />
      </td>
    </tr>
  );
}

function Pager({ parameters, page }: { parameters: URLSearchParams; page: Targets }) {
  const last = page.offset + page.targets.length;
  const { q, owner, state } = wanted(parameters);
  const at = (offset: number) =>
    href("targets", { offset: String(offset), q: String(q), owner: String(owner), state: String(state) });
  return (
    <nav class="pager" aria-label="Pages">
      {page.offset > 0 && (
        <a rel="prev" href={at(Math.max(page.offset - perPage, 0))}>
          {"\u2190"} before
        </a>
      )}
      <span>
        {countText(page.offset + 1)}
        {"\u2013"}
        {countText(last)} of {countText(page.total)}
      </span>
      {last < page.total && (
        <a rel="next" href={at(last)}>
          next {"\u2192"}
        </a>
      )}
    </nav>
  );
}

function NotAsked({ page }: { page: Targets | undefined }) {
  if (!page || page.not_asked.length === 0) return null;
  return (
    <>
      <p class="note">Did not say how its targets are:</p>
      <ul>
        {page.not_asked.map(({ owner, reason }) => (
          <li key={owner}>
            {owner}: {reason}
          </li>
        ))}
      </ul>
    </>
  );
}

function List({ parameters, page }: { parameters: URLSearchParams; page: Targets }) {
  const asked = useAnswer(healthOf(parameters), healthEveryMs).data;
  const discovered = useValue(status)?.targets.discovered ?? page.total;
  const seen = useSeen(page.targets);
  const known = new Map(asked?.targets.map((row) => [row.key, row.health]));
  if (page.targets.length === 0) {
    return (
      <>
        <p class="empty">Nothing to show: {page.empty_because}.</p>
        <NotAsked page={asked} />
      </>
    );
  }
  return (
    <>
      <Table
        caption={`${countText(page.total)} found; etcd lists ${counted(discovered, "target")}, by etcd key`}
        columns={["Target", "Labels", "Owner", "State"]}
      >
        {page.targets.map((row) => (
          <Row
            key={row.key}
            row={row}
            health={known.get(row.key) ?? row.health ?? undefined}
            seen={seen.get(row.key)}
          />
        ))}
      </Table>
      <Pager parameters={parameters} page={page} />
      <NotAsked page={asked} />
    </>
  );
}

function figuresOf({ revision, search_seconds }: Targets): [string, string][] {
  return [
    ["revision", String(revision)],
    ["found in", secondsText(search_seconds)],
  ];
}

function TargetsView({ parameters }: { parameters: URLSearchParams }) {
  const often = byHealth.includes(parameters.get("state") ?? "") ? healthEveryMs : 0;
  const { data, error } = useAnswer(rowsOf(parameters), often);
  const nodes = useAnswer(ask("nodes")).data;
  return (
    <>
      <h1>Who scrapes what?</h1>
      {error && <Objection error={error} />}
      <Panel title="Targets" figures={data && figuresOf(data)}>
        <FilterForm parameters={parameters} nodes={nodes} />
        {data && <List parameters={parameters} page={data} />}
      </Panel>
    </>
  );
}

export const targets: View = {
  title: "Targets",
  questions: (parameters) => [rowsOf(parameters), ask("nodes")],
  hopes: (parameters) => [healthOf(parameters)],
  Component: TargetsView,
};
