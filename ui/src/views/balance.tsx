// Is it balanced? And what if nodes came or went?
import { ask, type Node, type Nodes, type Status } from "../api";
import { useAnswer } from "../answers";
import { figuresOf, MemberMarks, NoNodes, type Shares, sharesOf } from "../bars";
import { status as liveStatus } from "../live";
import { useValue } from "../observable";
import { Bar, MemberLink, Objection, Panel, PrometheusLinks, Table } from "../parts";
import { countText } from "../words";
import { isAsked, simulation, WhatIf, type WhatIfForm, whatIfOf } from "../what_if";
import type { View } from "./view";

const asked = { status: ask("status"), nodes: ask("nodes") };

function MemberRow({ node, shares }: { node: Node; shares: Shares }) {
  const { fair } = shares.balance;
  const ofFair = fair > 0 ? (node.targets / fair) * 100 : 0;
  return (
    <tr class={node.self ? "self" : undefined}>
      <th scope="row">
        <MemberLink name={node.name} />
      </th>
      <td class="num">{countText(node.targets)}</td>
      <td class="num">{ofFair.toFixed(0)} %</td>
      <td class="wide">
        <Bar share={node.targets / shares.scale} line={fair / shares.scale} />
      </td>
      <td>
        <MemberMarks node={node} />
      </td>
      <td>
        <PrometheusLinks name={node.name} url={node.prometheus} />
      </td>
    </tr>
  );
}

interface MembersProps {
  shares: Shares;
  revision: number;
  more?: [url: string, text: string];
}

function Members({ shares, revision, more }: MembersProps) {
  return (
    <Panel title="Balance" id="balance" figures={figuresOf(shares)} more={more}>
      <Table
        caption={`Targets a node at revision ${revision}; the dashed line is the fair share`}
        columns={["Node", "#Targets", "#Of fair share", "Bar", "State", "Prometheus"]}
      >
        {shares.nodes.map((node) => (
          <MemberRow key={node.name} node={node} shares={shares} />
        ))}
      </Table>
    </Panel>
  );
}

// What was asked for comes first.
function NowAndThen({ nodes, status, form }: { nodes: Nodes; status: Status; form: WhatIfForm }) {
  if (nodes.nodes.length === 0) return <NoNodes nodes={nodes} />;
  const asked = isAsked(form);
  const now = (
    <Members
      key="now"
      shares={sharesOf(nodes, status)}
      revision={status.revision}
      more={asked ? undefined : ["#what-if", "what if\u2026"]}
    />
  );
  const then = <WhatIf key="then" form={form} nodes={nodes} />;
  return <>{asked ? [then, now] : [now, then]}</>;
}

function BalanceView({ parameters }: { parameters: URLSearchParams }) {
  const first = useAnswer(asked.status);
  const status = useValue(liveStatus) ?? first.data;
  const { data, error } = useAnswer(asked.nodes);
  return (
    <>
      <h1>Is it balanced?</h1>
      {error && <Objection error={error} />}
      {status && data && <NowAndThen nodes={data} status={status} form={whatIfOf(parameters)} />}
    </>
  );
}

export const balance: View = {
  title: "Balance",
  questions: (parameters) => {
    const form = whatIfOf(parameters);
    return [asked.status, asked.nodes, ...(isAsked(form) ? [simulation(form)] : [])];
  },
  Component: BalanceView,
};
