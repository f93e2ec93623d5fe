// What would move if nodes came or went, as src/web/page_what_if.cc shows it.
import { ask, type MoveCount, type Nodes, type Simulation } from "./api";
import { useAnswer } from "./answers";
import { Fields, Input } from "./fields";
import { Badge, Bar, Objection, Panel, Table } from "./parts";
import { countText, counted, fewestText, shareText } from "./words";

const movesShown = 30;

export interface WhatIfForm {
  add: string;
  remove: string;
}

export function whatIfOf(parameters: URLSearchParams): WhatIfForm {
  return {
    add: (parameters.get("add") ?? "").trim(),
    remove: (parameters.get("remove") ?? "").trim(),
  };
}

export const isAsked = ({ add, remove }: WhatIfForm) => add !== "" || remove !== "";

// The API takes names with commas between, people put spaces there.
const listed = (names: string) => names.split(/[\s,]+/).filter(Boolean).join(",");

export function simulation({ add, remove }: WhatIfForm) {
  return ask("simulate", { add: listed(add), remove: listed(remove) });
}

function changeText(before: number, after: number): string {
  if (before === after) return "0";
  return after > before ? `+${countText(after - before)}` : `\u2212${countText(before - after)}`;
}

const loadsOf = (side: Simulation["before"]) =>
  new Map(side.nodes.map(({ name, targets }) => [name, targets]));

function LoadsTable({ answer }: { answer: Simulation }) {
  const [before, after] = [loadsOf(answer.before), loadsOf(answer.after)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  const scale = Math.max(answer.before.balance.most, answer.after.balance.most, 1);
  const side = (loads: Map<string, number>, name: string) => {
    const load = loads.get(name);
    return load === undefined ? "\u2013" : countText(load);
  };
  return (
    <Table
      caption="Targets a node before and after; bars and fair share as they would be"
      columns={["Node", "#Before", "#After", "#Change", "Bar", "State"]}
    >
      {names.map((name) => (
        <tr key={name}>
          <th scope="row">
            <span class="name">{name}</span>
          </th>
          <td class="num">{side(before, name)}</td>
          <td class="num">{side(after, name)}</td>
          <td class="num">{changeText(before.get(name) ?? 0, after.get(name) ?? 0)}</td>
          <td class="wide">
            <Bar share={(after.get(name) ?? 0) / scale} line={answer.after.balance.fair / scale} />
          </td>
          <td>
            {!before.has(name) && <Badge tone="info">comes</Badge>}
            {!after.has(name) && <Badge tone="info">goes</Badge>}
          </td>
        </tr>
      ))}
    </Table>
  );
}

function MovesTable({ moves }: { moves: MoveCount[] }) {
  if (moves.length === 0) return <p class="empty">No target would change hands.</p>;
  const shown =
    moves.length > movesShown
      ? `The largest ${counted(movesShown, "move")} of ${countText(moves.length)}`
      : "Moves";
  return (
    <Table caption={`${shown}, from whom to whom`} columns={["From", "To", "#Targets"]}>
      {moves.slice(0, movesShown).map(({ from, to, targets }) => (
        <tr key={`${from} ${to}`}>
          <td>{from}</td>
          <td>{to}</td>
          <td class="num">{countText(targets)}</td>
        </tr>
      ))}
    </Table>
  );
}

function figuresOf(answer: Simulation): [string, string][] {
  const [before, after] = [answer.before.balance, answer.after.balance];
  const part = answer.targets === 0 ? 0 : (answer.moved / answer.targets) * 100;
  const both = (a: string, b: string) => `${a} \u2192 ${b}`;
  return [
    [
      "targets that move",
      `${countText(answer.moved)} (${part.toFixed(1)} %); the fewest possible: ${fewestText(answer.fewest)}`,
    ],
    ["fair share", both(shareText(before.fair), shareText(after.fair))],
    ["most", both(countText(before.most), countText(after.most))],
    ["least", both(countText(before.least), countText(after.least))],
    ["most / mean", both(before.max_over_mean.toFixed(2), after.max_over_mean.toFixed(2))],
  ];
}

function Outcome({ form }: { form: WhatIfForm }) {
  const { data, error } = useAnswer(simulation(form));
  if (error) return <Objection error={error} />;
  if (!data) return null;
  return (
    <>
      <dl class="figures">
        {figuresOf(data).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="pair">
        <div>
          <LoadsTable answer={data} />
        </div>
        <div>
          <MovesTable moves={data.moves} />
        </div>
      </div>
    </>
  );
}

export function WhatIf({ form, nodes }: { form: WhatIfForm; nodes: Nodes }) {
  return (
    <Panel title="What if nodes came or went?" id="what-if">
      <Fields action="balance">
        <Input name="add" title="Nodes that come: how many, or names" value={form.add} placeholder="1" />
        <Input
          name="remove"
          title="Nodes that go: names, with commas between"
          value={form.remove}
          placeholder="10.0.0.2:9090"
          list="nodes"
          long
        />
        <datalist id="nodes">
          {nodes.nodes.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <button>What if?</button>
      </Fields>
      {isAsked(form) ? <Outcome form={form} /> : <p class="note">Only computed; nothing changes.</p>}
    </Panel>
  );
}
