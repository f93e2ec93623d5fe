// What views are put together from; the markup is that of src/web/page_parts.cc, for which
// ui/style.css is written.
import type { ComponentChildren } from "preact";
import type { ApiError, Health } from "./api";
import { href } from "./route";
import { type Tone, toneSymbol } from "./words";

export function Symbol({ tone }: { tone: Tone }) {
  return (
    <>
      <span class="sym" aria-hidden="true">
        {toneSymbol[tone]}
      </span>{" "}
    </>
  );
}

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`badge ${tone}`}>
      <Symbol tone={tone} />
      {children}
    </span>
  );
}

interface PanelProps {
  title: string;
  id?: string;
  figures?: [string, string][];
  more?: [url: string, text: string];
  children: ComponentChildren;
}

export function Panel({ title, id, figures = [], more, children }: PanelProps) {
  return (
    <section class="panel" id={id}>
      <div class="head">
        <h2>{title}</h2>
        {figures.length > 0 && (
          <dl class="figures">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {more && (
          <a class="more" href={more[0]}>
            {more[1]}
          </a>
        )}
      </div>
      {children}
    </section>
  );
}

interface TableProps {
  caption: string;
  columns: string[]; // one that starts with "#" has numbers
  children: ComponentChildren;
}

export function Table({ caption, columns, children }: TableProps) {
  return (
    <div class="scroll" role="region" tabindex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" class={column.startsWith("#") ? "num" : undefined}>
                {column.replace(/^#/, "")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function percent(share: number): string {
  return `${(Math.min(Math.max(share, 0), 1) * 100).toFixed(1)}%`;
}

// A bar of `share` of the width (0 to 1), with a dashed line at `line`.
export function Bar({ share, line, tone }: { share: number; line?: number; tone?: Tone }) {
  const at = line === undefined ? undefined : percent(line);
  return (
    <svg class="bar" aria-hidden="true">
      <rect class="back" width="100%" height="14" />
      <rect class={tone ? `fill ${tone}` : "fill"} width={percent(share)} height="14" />
      {at && <line class="fair" x1={at} x2={at} y2="14" />}
    </svg>
  );
}

export function MemberLink({ name }: { name: string }) {
  return (
    <a class="name" href={href("targets", { owner: name })}>
      {name}
    </a>
  );
}

export function TargetLink({ address, etcdKey }: { address: string; etcdKey: string }) {
  return (
    <a class="addr" href={href("explain", { target: etcdKey })}>
      {address}
    </a>
  );
}

// Debian's package of Prometheus has the classic page only.
export function PrometheusLinks({ name, url }: { name: string; url?: string }) {
  const base = (url || `http://${name}`).replace(/\/$/, "");
  return (
    <>
      <a href={`${base}/targets`} aria-label={`targets of the Prometheus of ${name}`}>
        targets
      </a>{" "}
      <a href={`${base}/classic/targets`} aria-label={`classic targets of the Prometheus of ${name}`}>
        classic
      </a>
    </>
  );
}

export function Labels({ labels }: { labels: Record<string, string> }) {
  return (
    <span class="labels">
      {Object.entries(labels).map(([name, value]) => (
        <span key={name} class="label">
          {name}=<b>{value}</b>{" "}
        </span>
      ))}
    </span>
  );
}

const said = { bad: "Problem: ", warn: "To look at: ", info: "To know: ", ok: "" };

interface ProblemItemProps {
  tone: Tone;
  what: string;
  children?: ComponentChildren; // the mend
}

export function ProblemItem({ tone, what, children }: ProblemItemProps) {
  return (
    <li class={tone}>
      <Symbol tone={tone} />
      <div>
        <p class="what">
          <span class="sr">{said[tone]}</span>
          {what}
        </p>
        {children && <p class="mend">{children}</p>}
      </div>
    </li>
  );
}

// Why there is no answer, or only an old one.
export function Objection({ error }: { error: ApiError }) {
  const wrongQuestion = error.kind === "not_found" || error.kind === "bad_data";
  const [what, ...mends] = error.message.split("; try: ");
  return (
    <ul class="problems" aria-label="Problems">
      <ProblemItem tone={wrongQuestion ? "warn" : "bad"} what={what ?? ""}>
        {mends.length > 0 && `try: ${mends.join("; try: ")}`}
      </ProblemItem>
    </ul>
  );
}

export function HealthBadge({ health }: { health: Health }) {
  if (health.state === "up") return <Badge tone="ok">up</Badge>;
  const down = health.state === "down";
  return (
    <>
      <Badge tone={down ? "bad" : "info"}>{down ? "down" : "not known"}</Badge> {health.error}
    </>
  );
}
