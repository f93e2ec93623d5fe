// What each node owns, as src/web/page_balance.cc shows it.
import type { Balance, Node, Nodes, Status } from "./api";
import { Badge, Bar, MemberLink, Panel } from "./parts";
import { countText, shareText } from "./words";

// Who has a share: with the legacy ring nothing bounds it.
export interface Shares {
  nodes: Node[];
  balance: Balance;
  scale: number; // of the longest bar
  bounded: boolean;
}

export function sharesOf({ nodes, balance }: Nodes, status: Status): Shares {
  const bounded = status.algorithm === "bounded" && balance.capacity > 0;
  const scale = Math.max(balance.most, bounded ? balance.capacity : 0, 1);
  return { nodes, balance, scale, bounded };
}

export function figuresOf({ balance, bounded }: Shares): [string, string][] {
  return [
    ["fair share", shareText(balance.fair)],
    ["most", countText(balance.most)],
    ["least", countText(balance.least)],
    ["most / mean", balance.max_over_mean.toFixed(2)],
    ...(bounded ? [["capacity", countText(balance.capacity)] as [string, string]] : []),
  ];
}

// What a node is beside active.
export function MemberMarks({ node }: { node: Node }) {
  const odd = node.algorithm !== "bounded-1" && node.state !== "kept";
  return (
    <>
      {node.self && <Badge tone="info">this node</Badge>}
      {node.self && " "}
      {node.state !== "active" && <Badge tone="warn">{node.state}</Badge>}
      {node.state !== "active" && " "}
      {odd && <Badge tone="info">{node.algorithm || "legacy ring"}</Badge>}
      {odd && " "}
    </>
  );
}

export const isMarked = (node: Node) =>
  node.self || node.state !== "active" || node.algorithm !== "bounded-1";

function NodeBar({ node, shares }: { node: Node; shares: Shares }) {
  const { scale, balance } = shares;
  return (
    <li class={node.self ? "self" : undefined}>
      <MemberLink name={node.name} />
      <Bar share={node.targets / scale} line={balance.fair / scale} />
      <span class="n">{countText(node.targets)}</span>
      {isMarked(node) && (
        <span class="mark">
          <MemberMarks node={node} />
        </span>
      )}
    </li>
  );
}

export function NoNodes({ nodes }: { nodes: Nodes }) {
  return (
    <Panel title="Balance" id="balance">
      <p class="empty">{nodes.empty_because}</p>
    </Panel>
  );
}

export function BalancePanel({ nodes, status }: { nodes: Nodes; status: Status }) {
  if (nodes.nodes.length === 0) return <NoNodes nodes={nodes} />;
  const shares = sharesOf(nodes, status);
  return (
    <Panel title="Balance" id="balance" figures={figuresOf(shares)} more={["balance", "what if\u2026"]}>
      <ol class="bars">
        {nodes.nodes.map((node) => (
          <NodeBar key={node.name} node={node} shares={shares} />
        ))}
      </ol>
    </Panel>
  );
}
