// Who scrapes whom?
import { ask, type Level, type LevelNode, type Levels } from "../api";
import { useAnswer } from "../answers";
import { status } from "../live";
import { useValue } from "../observable";
import { Badge, Objection, Panel, PrometheusLinks, Symbol, Table } from "../parts";
import { LevelsPicture, nodeLook } from "../picture";
import { countText } from "../words";
import type { View } from "./view";

const question = ask("levels");
const slowly = 10_000; // ms; it is read from etcd each time

function Loops({ loops }: { loops: string[] }) {
  if (loops.length === 0) return null;
  return (
    <ul class="problems" aria-label="Problems">
      {loops.map((loop) => (
        <li key={loop} class="bad">
          <Symbol tone="bad" />
          <div>
            <p class="what">{loop}</p>
            <p class="mend">
              a loop counts everything again and again; try: another --scrape.etcd-path
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}

const legend = [
  ["ok", "\u2713", "active"],
  ["warn", "D", "draining"],
  ["warn", "K", "kept"],
  ["bad", "\u2717", "down"],
  ["info", "L", "other algorithm"],
];

function Legend() {
  return (
    <p class="legend note">
      {legend.map(([tone, glyph, word]) => (
        <span key={word} class={tone}>
          <b class="sym">{glyph}</b> {word}
        </span>
      ))}
    </p>
  );
}

const namesOr = (names: string[], none: string) => names.join(", ") || none;

function InWords({ levels }: { levels: Levels }) {
  return (
    <Table
      caption="Who scrapes whom"
      columns={["#Level", "What", "#Nodes or targets", "Scrapes", "Scraped by"]}
    >
      {levels.sources.map(({ prefix, targets, feeds }) => (
        <tr key={prefix}>
          <td class="num">0</td>
          <th scope="row">{prefix}</th>
          <td class="num">{targets === null ? "not known" : countText(targets)}</td>
          <td></td>
          <td>{namesOr(feeds, "nobody")}</td>
        </tr>
      ))}
      {levels.levels.map(({ service, depth, nodes, scrapes, feeds }) => (
        <tr key={service}>
          <td class="num">{depth}</td>
          <th scope="row">{service}</th>
          <td class="num">{countText(nodes.length)}</td>
          <td>{namesOr(scrapes, "not said (an original promster)")}</td>
          <td>{namesOr(feeds, "nobody: the top")}</td>
        </tr>
      ))}
    </Table>
  );
}

function NodeRow({ level, node, self }: { level: Level; node: LevelNode; self: boolean }) {
  const { tone, word } = nodeLook(node);
  return (
    <tr class={self ? "self" : undefined}>
      <td>{level.service}</td>
      <th scope="row">
        {/^https?:\/\//.test(node.web) ? (
          <a class="name" href={node.web}>
            {node.name}
          </a>
        ) : (
          <span class="name">{node.name}</span>
        )}
      </th>
      <td>
        <Badge tone={tone}>{word}</Badge>
      </td>
      <td>{node.version}</td>
      <td>
        <PrometheusLinks name={node.name} url={node.prometheus} />
      </td>
    </tr>
  );
}

function AllNodes({ levels }: { levels: Levels }) {
  const self = useValue(status)?.node;
  return (
    <Table caption="Nodes of all levels" columns={["Level", "Node", "State", "Version", "Prometheus"]}>
      {levels.levels.flatMap((level) =>
        level.nodes.map((node) => (
          <NodeRow
            key={`${level.service} ${node.name}`}
            level={level}
            node={node}
            self={level.self && node.name === self}
          />
        )),
      )}
    </Table>
  );
}

function All({ levels }: { levels: Levels }) {
  const revision = String(levels.revision);
  if (levels.levels.length === 0) {
    return (
      <Panel title="Levels">
        <p class="empty">{levels.empty_because ?? `No nodes in the registry at revision ${revision}.`}</p>
      </Panel>
    );
  }
  return (
    <>
      <Loops loops={levels.loops} />
      <Panel
        title="Levels"
        id="levels"
        figures={[
          ["levels", countText(levels.levels.length)],
          ["revision", revision],
        ]}
      >
        <LevelsPicture levels={levels} />
        <Legend />
      </Panel>
      <Panel title="Levels, in words">
        <InWords levels={levels} />
      </Panel>
      <Panel title="Nodes">
        <AllNodes levels={levels} />
      </Panel>
    </>
  );
}

function LevelsView() {
  const { data, error } = useAnswer(question, slowly);
  return (
    <>
      <h1>Who scrapes whom?</h1>
      {error && <Objection error={error} />}
      {data && <All levels={data} />}
    </>
  );
}

export const levels: View = {
  title: "Levels",
  questions: () => [question],
  Component: LevelsView,
};
