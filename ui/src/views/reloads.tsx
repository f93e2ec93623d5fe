// Which configuration is in use?
import { ask, type Reload } from "../api";
import { useAnswer } from "../answers";
import { Badge, Objection, Panel } from "../parts";
import { At, SinceStart } from "../time";
import { countText, secondsText, type Tone } from "../words";
import type { View } from "./view";

const question = ask("reloads");

function toneOf({ result }: Reload): Tone {
  if (result === "accepted") return "ok";
  return result === "pending" ? "warn" : "bad";
}

function Diff({ diff }: { diff: string }) {
  if (diff === "") return <p class="empty">No difference to what was in use.</p>;
  const kinds: Record<string, string> = { "+": "add", "-": "del" };
  return (
    <>
      <h3>Difference to what was in use</h3>
      <pre class="diff" tabindex={0} aria-label="Difference">
        {diff.trimEnd().split("\n").map((line, i) => (
          <span key={i} class={kinds[line.charAt(0)]}>
            {`${line}\n`}
          </span>
        ))}
      </pre>
    </>
  );
}

function ReloadItem({ reload, open }: { reload: Reload; open: boolean }) {
  const { id, time, result, who, words, files_written, reloaded, took_seconds, diff } = reload;
  const files = files_written.length > 0 ? `${files_written.join(", ")} written` : "no file changed";
  return (
    <li id={`reload-${id}`}>
      <details open={open}>
        <summary>
          <At time={time} />{" "}
          <Badge tone={toneOf(reload)}>{result + (who === "" ? "" : ` by ${who}`)}</Badge>{" "}
          <span class="said">{files}</span>
          <span class="note">
            {reloaded ? ", reloaded" : ", not reloaded"} in {secondsText(took_seconds)}
          </span>
        </summary>
        <div class="more-of">
          {words !== "" && (
            <>
              <h3>The words of {who || "promster"}</h3>
              <pre class="words">{words.trimEnd()}</pre>
            </>
          )}
          <Diff diff={diff} />
        </div>
      </details>
    </li>
  );
}

function ReloadsView() {
  const { data, error } = useAnswer(question);
  const all = data?.reloads ?? [];
  return (
    <>
      <h1>Which configuration is in use?</h1>
      {error && <Objection error={error} />}
      <Panel
        title="Reloads, the newest first"
        figures={[
          ["reloads", countText(all.length)],
          ["times", "UTC"],
        ]}
      >
        {all.length === 0 ? (
          <p class="empty">
            Prometheus was given no configuration <SinceStart />. Targets never cause a reload.
          </p>
        ) : (
          <ol class="log">
            {all.map((reload, i) => (
              <ReloadItem key={reload.id} reload={reload} open={i === 0 && toneOf(reload) === "bad"} />
            ))}
          </ol>
        )}
      </Panel>
    </>
  );
}

export const reloads: View = {
  title: "Reloads",
  questions: () => [question],
  Component: ReloadsView,
};
