// What happened?
import { ask } from "../api";
import { useAnswer } from "../answers";
import { Changes } from "../changes";
import { Objection, Panel } from "../parts";
import { countText } from "../words";
import type { View } from "./view";

const perPage = 100;

const offsetOf = (parameters: URLSearchParams) => Math.max(Number(parameters.get("offset")) || 0, 0);
const question = (offset: number) => ask("history", { limit: perPage, offset });

function Pager({ offset, total }: { offset: number; total: number }) {
  const newer = offset > 0;
  const older = offset + perPage < total;
  if (!newer && !older) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {newer && (
        <a rel="prev" href={`history?offset=${Math.max(offset - perPage, 0)}`}>
          {"\u2190"} newer
        </a>
      )}
      {older && (
        <a rel="next" href={`history?offset=${offset + perPage}`}>
          older {"\u2192"}
        </a>
      )}
    </nav>
  );
}

function HistoryView({ parameters }: { parameters: URLSearchParams }) {
  const offset = offsetOf(parameters);
  const { data, error } = useAnswer(question(offset));
  const total = data?.total ?? 0;
  return (
    <>
      <h1>What happened?</h1>
      {error && <Objection error={error} />}
      <Panel
        title="Changes, the newest first"
        figures={[
          ["changes", countText(total)],
          ["times", "UTC"],
        ]}
      >
        <Changes history={data} offset={offset} />
        <Pager offset={offset} total={total} />
      </Panel>
    </>
  );
}

export const history: View = {
  title: "History",
  questions: (parameters) => [question(offsetOf(parameters))],
  Component: HistoryView,
};
