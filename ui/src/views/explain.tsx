// Who scrapes a target, why, and what if that node dies?
import type { ComponentChildren } from "preact";
import { type ApiError, ask, type Explanation, type Health, type Nodes } from "../api";
import { useAnswer } from "../answers";
import { MemberMarks } from "../bars";
import {
  Badge,
  Bar,
  HealthBadge,
  Labels,
  MemberLink,
  Objection,
  Panel,
  PrometheusLinks,
  Table,
  TargetLink,
} from "../parts";
import { href } from "../route";
import { Ago } from "../time";
import { countText, counted, secondsText } from "../words";
import type { View } from "./view";

const healthEveryMs = 5_000;
const question = (parameters: URLSearchParams) =>
  ask("explain", { target: parameters.get("target") ?? "" });

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Names({ names }: { names: string[] }) {
  if (names.length === 0) return <>nobody</>;
  return (
    <>
      {names.map((name, i) => (
        <span key={name}>
          {i > 0 && ", "}
          <MemberLink name={name} />
        </span>
      ))}
    </>
  );
}

function Owner({ name, nodes }: { name: string; nodes: Nodes | undefined }) {
  const node = nodes?.nodes.find((one) => one.name === name);
  return (
    <div>
      <b>
        <MemberLink name={name} />
      </b>{" "}
      {node && <MemberMarks node={node} />}
      <PrometheusLinks name={name} url={node?.prometheus} />
    </div>
  );
}

function HealthFact({ health }: { health: Health }) {
  const { last_scrape, scrape_seconds } = health;
  return (
    <Fact name="Its last scrape">
      <HealthBadge health={health} />{" "}
      {last_scrape !== null && (
        <span class="note">
          <Ago time={last_scrape} />
          {scrape_seconds !== null && `, in ${secondsText(scrape_seconds)}`}
        </span>
      )}
    </Fact>
  );
}

function Facts({ told, nodes }: { told: Explanation; nodes: Nodes | undefined }) {
  return (
    <dl class="facts">
      <Fact name="Owner">
        {told.owners.map((name) => (
          <Owner key={name} name={name} nodes={nodes} />
        ))}
      </Fact>
      <Fact name="Why">{told.why}.</Fact>
      {told.owners.map((owner) => (
        <Fact key={owner} name={`If ${owner} dies`}>
          <Names names={told.without[owner] ?? []} />
        </Fact>
      ))}
      {told.health && <HealthFact health={told.health} />}
      <Fact name="Labels">
        <Labels labels={told.labels} />
      </Fact>
      <Fact name="etcd key">
        <code>{told.key}</code>
      </Fact>
      {told.also.length > 0 && (
        <Fact name="Same address">
          {told.also.map((key) => (
            <span key={key}>
              <TargetLink address={key} etcdKey={key} />{" "}
            </span>
          ))}
        </Fact>
      )}
      <Fact name="Algorithm">{told.algorithm}</Fact>
      <Fact name="At revision">{String(told.revision)}</Fact>
    </dl>
  );
}

type Score = Explanation["scores"][number];

function ScoreState({ score, told }: { score: Score; told: Explanation }) {
  if (score.owner) return <Badge tone="ok">owner</Badge>;
  if (score.member === told.next_owner) return <Badge tone="info">next owner</Badge>;
  return <>{score.targets >= told.capacity && "full"}</>;
}

function Scores({ told }: { told: Explanation }) {
  const caption =
    told.algorithm === "legacy"
      ? "How near the next point of a node on the ring is, 1 being the nearest"
      : "How much this target and a node wish for each other, 0 to 1; one may have " +
        `${counted(told.capacity, "target")} at the most`;
  return (
    <Table caption={caption} columns={["Node", "#Score", "Bar", "#Its targets", "State"]}>
      {told.scores.map((score) => (
        <tr key={score.member} class={score.owner ? "self" : undefined}>
          <th scope="row">
            <MemberLink name={score.member} />
          </th>
          <td class="num">{score.score.toFixed(4)}</td>
          <td class="wide">
            <Bar share={score.score} {...(score.owner && { tone: "ok" as const })} />
          </td>
          <td class="num">{countText(score.targets)}</td>
          <td>
            <ScoreState score={score} told={told} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Nothing({ target, error }: { target: string; error: ApiError }) {
  return (
    <>
      <p class="empty">{error.message}.</p>
      {target !== "" && (
        <p>
          <a href={href("targets", { q: target })}>search for {target}</a>
        </p>
      )}
    </>
  );
}

function ExplainView({ parameters }: { parameters: URLSearchParams }) {
  const target = parameters.get("target") ?? "";
  const { data, error } = useAnswer(question(parameters), healthEveryMs);
  const nodes = useAnswer(ask("nodes")).data;
  const shown = data?.target ?? target;
  return (
    <>
      <h1>{shown === "" ? "Who scrapes it?" : `Who scrapes ${shown}?`}</h1>
      {data && error && <Objection error={error} />}
      <Panel title="Owner">
        {data ? <Facts told={data} nodes={nodes} /> : error && <Nothing target={target} error={error} />}
      </Panel>
      {data && (
        <Panel title="Scores">
          <Scores told={data} />
        </Panel>
      )}
    </>
  );
}

export const explain: View = {
  title: "Explain",
  questions: (parameters) => [question(parameters), ask("nodes")],
  Component: ExplainView,
};
