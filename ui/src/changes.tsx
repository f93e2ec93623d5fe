// Changes of the cluster, the newest first, as src/web/page_history.cc shows them.
import type { Change, History } from "./api";
import { MemberLink, Table } from "./parts";
import { href } from "./route";
import { At, SinceStart } from "./time";
import { countText, secondsText } from "./words";

const movesShown = 20;

function Owner({ name, nobody }: { name: string; nobody: string }) {
  return name === "" ? <>{nobody}</> : <MemberLink name={name} />;
}

function Members({ change }: { change: Change }) {
  if (change.members.length === 0) return null;
  return (
    <ul>
      {change.members.map(({ member, change: what, reason }) => (
        <li key={member + what}>
          <MemberLink name={member} /> {what}
          {reason !== "" && ` (${reason})`}
        </li>
      ))}
    </ul>
  );
}

function Moves({ change }: { change: Change }) {
  if (change.moves.length === 0) return null;
  const rest = change.moves.length - movesShown;
  const caption = `Moves${rest > 0 ? `, and ${countText(rest)} smaller ones` : ""}`;
  return (
    <Table caption={caption} columns={["From", "To", "#Targets"]}>
      {change.moves.slice(0, movesShown).map(({ from, to, targets }) => (
        <tr key={`${from} ${to}`}>
          <td>
            <Owner name={from} nobody="nobody (new)" />
          </td>
          <td>
            <Owner name={to} nobody="nobody (gone)" />
          </td>
          <td class="num">{countText(targets)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Examples({ change }: { change: Change }) {
  if (change.examples.length === 0) return null;
  return (
    <Table caption="Targets that moved, the first of them" columns={["Target", "From", "To"]}>
      {change.examples.map(({ address, from, to }) => (
        <tr key={`${address} ${to}`}>
          <th scope="row">
            <a class="addr" href={href("explain", { target: address })}>
              {address}
            </a>
          </th>
          <td>
            <Owner name={from} nobody="nobody (new)" />
          </td>
          <td>
            <Owner name={to} nobody="nobody (gone)" />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function timing({ revision, written_seconds, settled_seconds }: Change): string {
  const written =
    written_seconds === null
      ? ", not in the target file here yet"
      : `, in the target file here after ${secondsText(written_seconds)}`;
  const settled =
    settled_seconds === null
      ? ", not seen scraped so here yet."
      : `, scraped so here after ${secondsText(settled_seconds)}.`;
  return `Revision ${revision}${written}${settled}`;
}

function ChangeItem({ change }: { change: Change }) {
  return (
    <li id={`change-${change.id}`}>
      <details>
        <summary>
          <At time={change.time} />{" "}
          <span class="said">{change.summary}</span>
          <span class="note"> revision {change.revision}</span>
        </summary>
        <div class="more-of">
          <p class="note">{timing(change)}</p>
          <Members change={change} />
          <Moves change={change} />
          <Examples change={change} />
        </div>
      </details>
    </li>
  );
}

export function Changes({ history, offset }: { history: History | undefined; offset: number }) {
  if (history === undefined) return null;
  if (history.changes.length === 0) {
    return (
      <p class="empty">
        {offset === 0 ? "Nothing changed " : "There is nothing older "}
        <SinceStart />.
      </p>
    );
  }
  return (
    <ol class="log">
      {history.changes.map((change) => (
        <ChangeItem key={change.id} change={change} />
      ))}
    </ol>
  );
}
