// What the live page adds to the header: whether it is live, the theme, the keys.
import { useEffect, useRef, useState } from "preact/hooks";
import { second } from "./clock";
import { keysOn, viewKeys } from "./keys";
import { live, type LiveState, newestChange } from "./live";
import { Observable, useValue } from "./observable";
import { nextTheme, theme } from "./theme";
import { agoText } from "./words";

export const helpOpen = new Observable(false);

function liveWords(state: LiveState, now: number): [symbol: string, words: string] {
  switch (state.kind) {
    case "starting":
      return ["\u25cb", "connecting"];
    case "live":
      return ["\u25cf", "live"];
    case "polling":
      return ["\u25d0", "asks each 5 s"];
    case "lost":
      return ["\u25cb", `reconnecting, lost ${agoText(now - state.since)}`];
  }
}

const tones = { starting: "info", live: "ok", polling: "warn", lost: "bad" } as const;

function Live() {
  const state = useValue(live);
  const now = useValue(second);
  const [symbol, words] = liveWords(state, now);
  return (
    <span id="live" class={`mark ${tones[state.kind]}`}>
      <span class="sym" aria-hidden="true">
        {symbol}
      </span>{" "}
      {words}
    </span>
  );
}

// Heard by screen readers: changes of the cluster, and whether the page is live.
function Announcer() {
  const [words, setWords] = useState("");
  useEffect(() => newestChange.subscribe((change) => change && setWords(change.summary)), []);
  useEffect(
    () =>
      live.subscribe((state) => {
        if (state.kind === "lost") setWords("The connection to the node is lost.");
        if (state.kind === "live" && words.startsWith("The connection")) setWords("Live again.");
      }),
    [words],
  );
  return (
    <span class="sr" role="status" aria-live="polite">
      {words}
    </span>
  );
}

const keyRows: [keys: string, does: string][] = [
  ["/", "search targets"],
  ["j  k", "next row, row before"],
  ["Enter", "open the row"],
  ["Esc", "leave the field, close this"],
  ["?", "this help"],
  ...viewKeys.map(([key, , title], i): [string, string] => [`g ${key}  ${i + 1}`, title]),
];

function Keys({ text }: { text: string }) {
  return (
    <>
      {text.split("  ").map((keys, i) => (
        <span key={keys}>
          {i > 0 && " or "}
          {keys.split(" ").map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      ))}
    </>
  );
}

function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = useValue(helpOpen);
  const on = useValue(keysOn);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="help-title" onClose={() => helpOpen.set(false)}>
      <h2 id="help-title">Keys</h2>
      <table>
        <tbody>
          {keyRows.map(([keys, does]) => (
            <tr key={keys}>
              <th scope="row">
                <Keys text={keys} />
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <label>
          <input type="checkbox" checked={on} onChange={() => keysOn.set(!on)} /> keys of one letter
        </label>
      </p>
      <form method="dialog">
        <button>Close</button>
      </form>
    </dialog>
  );
}

const themeSymbols = { auto: "\u25d0", dark: "\u25cf", light: "\u25cb" };

export function Tools() {
  const chosen = useValue(theme);
  return (
    <>
      <button type="button" onClick={() => helpOpen.set(true)} aria-label="Keys" title="Keys">
        ?
      </button>
      <button type="button" onClick={nextTheme} aria-label={`Theme: ${chosen}`} title={`Theme: ${chosen}`}>
        <span aria-hidden="true">{themeSymbols[chosen]}</span> {chosen}
      </button>
      <Live />
      <Announcer />
      <Help />
    </>
  );
}
