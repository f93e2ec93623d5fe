// Is it fine? Who has how much, what happened last.
import { ask, type Levels, type Nodes, type Status, type TargetRow } from "../api";
import { useAnswer } from "../answers";
import { BalancePanel } from "../bars";
import { Cards } from "../cards";
import { Changes } from "../changes";
import { status as liveStatus } from "../live";
import { useValue } from "../observable";
import { MemberLink, Objection, Panel, Symbol, Table } from "../parts";
import { LevelsPicture } from "../picture";
import { findProblems, type Problem, Problems } from "../problems";
import { At } from "../time";
import { counted, type Tone } from "../words";
import type { View } from "./view";

const changesShown = 5;
const heldShown = 5;
const asked = {
  status: ask("status"),
  nodes: ask("nodes"),
  history: ask("history", { limit: changesShown }),
  levels: ask("levels"),
  held: ask("targets", { state: "held", limit: heldShown }),
  targets: ask("targets", { limit: 1 }), // which says why there is none
};

function verdictWords(status: Status, problems: Problem[]): [Tone, string] {
  const count = (tone: Tone) => problems.filter((problem) => problem.tone === tone).length;
  const [bad, odd] = [count("bad"), count("warn")];
  if (bad > 0) return ["bad", `${status.ready ? "Not well" : "Not ready"}: ${counted(bad, "problem")}`];
  if (odd > 0) return ["warn", `It works; ${counted(odd, "thing")} ${odd === 1 ? "needs" : "need"} a look`];
  const targets = counted(status.targets.discovered, "target");
  const nodes = counted(status.members.total, "node");
  return [
    "ok",
    status.sharding
      ? `All is well: ${nodes} ${status.members.total === 1 ? "shares" : "share"} ${targets}`
      : `All is well: ${targets}, all scraped by this node`,
  ];
}

function Verdict({ status, problems }: { status: Status; problems: Problem[] }) {
  const [tone, words] = verdictWords(status, problems);
  return (
    <h1 class={`verdict ${tone}`}>
      <Symbol tone={tone} />
      {words}
    </h1>
  );
}

function Before({ time }: { time: number }) {
  return (
    <>
      until <At time={time} />
    </>
  );
}

function HeldRows({ targets }: { targets: TargetRow[] }) {
  return (
    <>
      {targets.map(({ key, address, held }) => (
        <tr key={key}>
          <th scope="row">
            <span class="addr">{address}</span>
          </th>
          <td>{held && <At time={held.since} />}</td>
          <td>{held && (held.until ? <Before time={held.until} /> : "without end")}</td>
          <td>{held && `down in ${held.down_scrapes} of 3 scrapes`}</td>
        </tr>
      ))}
    </>
  );
}

function HeldBack({ status }: { status: Status }) {
  const { kept } = status.members;
  if (status.targets.held > 0) return <HeldTargets status={status} />;
  return kept.length > 0 ? <HeldPanel status={status} targets={[]} /> : null;
}

// Nothing before the answer: a table without its rows would say that nothing is held.
function HeldTargets({ status }: { status: Status }) {
  const { data } = useAnswer(asked.held);
  return data ? <HeldPanel status={status} targets={data.targets} /> : null;
}

function HeldPanel({ status, targets }: { status: Status; targets: TargetRow[] }) {
  const { held } = status.targets;
  const { kept } = status.members;
  return (
    <Panel title="Held back" id="held">
      <Table
        caption="Gone from etcd, but not let go (times in UTC)"
        columns={["What", "Since", "At the longest", "Waits for"]}
      >
        {kept.map(({ name, since, until }) => (
          <tr key={name}>
            <th scope="row">
              <MemberLink name={name} />
            </th>
            <td>
              <At time={since} />
            </td>
            <td>
              <Before time={until} />
            </td>
            <td>that it does not answer</td>
          </tr>
        ))}
        <HeldRows targets={targets} />
      </Table>
      {held > heldShown && (
        <p>
          <a href="targets?state=held">all {counted(held, "held target")}</a>
        </p>
      )}
      {held > 0 && (
        <p class="note">
          These are this node's own; other nodes hold theirs. To let them go at once where they are gone
          indeed: <code>promster confirm</code> on each node that holds some.
        </p>
      )}
    </Panel>
  );
}

// What is known where etcd was not asked, or did not answer: this level.
function ownLevel({ service }: Status, { nodes, revision }: Nodes): Levels {
  return {
    revision,
    sources: [],
    loops: [],
    levels: [{ service: service || "this node", depth: 1, self: true, scrapes: [], feeds: [], nodes }],
  };
}

// Nothing before the answer: this level alone would look like all there is.
function LevelsPanel({ status, nodes }: { status: Status; nodes: Nodes }) {
  const { data, error } = useAnswer(asked.levels);
  if (data === undefined && error === undefined) return null;
  const levels = data && data.levels.length > 0 ? data : ownLevel(status, nodes);
  return (
    <Panel title="Levels" id="levels" more={["levels", "all levels"]}>
      <LevelsPicture levels={levels} />
    </Panel>
  );
}

function Overview() {
  const first = useAnswer(asked.status);
  const status = useValue(liveStatus) ?? first.data;
  const nodes = useAnswer(asked.nodes);
  const history = useAnswer(asked.history);
  const targets = useAnswer(asked.targets);
  if (status === undefined || nodes.data === undefined) {
    const error = first.error ?? nodes.error;
    return error ? <Objection error={error} /> : null;
  }
  const problems = findProblems(status, nodes.data, targets.data?.empty_because);
  return (
    <>
      <Verdict status={status} problems={problems} />
      <Problems problems={problems} />
      <Cards status={status} nodes={nodes.data} />
      <HeldBack status={status} />
      <BalancePanel nodes={nodes.data} status={status} />
      <LevelsPanel status={status} nodes={nodes.data} />
      <Panel title="History" id="history" more={["history", "all changes"]}>
        <Changes history={history.data} offset={0} />
      </Panel>
    </>
  );
}

export const overview: View = {
  title: "Overview",
  questions: () => [asked.status, asked.nodes, asked.history],
  hopes: () => [asked.levels, asked.targets, asked.held],
  Component: Overview,
};
