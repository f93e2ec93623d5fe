// Is it balanced? And what if nodes came or went?
import { ask, type Node } from "../api";
import { useAnswer } from "../answers";
import { figuresOf, MemberMarks, type Shares, sharesOf, whyNoShares } from "../bars";
import { status as liveStatus } from "../live";
import { useValue } from "../observable";
import { Bar, MemberLink, Objection, Panel, PrometheusLinks, Table } from "../parts";
import { countText } from "../words";
import { isAsked, simulation, WhatIf, whatIfOf } from "../what_if";
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

function Members({ shares, revision }: { shares: Shares; revision: number }) {
  const caption =
    `Targets a node at revision ${revision}; the dashed line is the fair share` +
    (shares.bounded ? ", a full bar what one may have" : "");
  return (
    <Panel title="Balance" id="balance" figures={figuresOf(shares)}>
      <Table
        caption={caption}
        columns={["Node", "#Targets", "#Of fair share", "", "State", "Prometheus"]}
      >
        {shares.nodes.map((node) => (
          <MemberRow key={node.name} node={node} shares={shares} />
        ))}
      </Table>
    </Panel>
  );
}

function BalanceView({ parameters }: { parameters: URLSearchParams }) {
  const first = useAnswer(asked.status);
  const status = useValue(liveStatus) ?? first.data;
  const { data, error } = useAnswer(asked.nodes);
  const form = whatIfOf(parameters);
  if (!status || !data) {
    return (
      <>
        <h1>Is it balanced?</h1>
        {error && <Objection error={error} />}
      </>
    );
  }
  const why = whyNoShares(data, status);
  const now = <Members key="now" shares={sharesOf(data, status)} revision={status.revision} />;
  const then = <WhatIf key="then" form={form} nodes={data} />;
  return (
    <>
      <h1>Is it balanced?</h1>
      {why === "" ? (
        isAsked(form) ? (
          [then, now]
        ) : (
          [now, then]
        )
      ) : (
        <Panel title="Balance">
          <p class="empty">{why}</p>
        </Panel>
      )}
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
