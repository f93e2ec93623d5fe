// The page by keyboard alone. Keys of one letter can be switched off (WCAG 2.1.4), and do nothing
// where text is typed.
import { Observable } from "./observable";
import { href, type ViewName } from "./route";
import { recall, remember } from "./storage";

const storageKey = "promster-keys";
export const keysOn = new Observable(recall(storageKey) !== "off");
keysOn.subscribe((on) => remember(storageKey, on ? "on" : "off"));

// After `g`; the digits 1 to 7 go to the same views.
export const viewKeys: [key: string, view: ViewName, title: string][] = [
  ["o", "overview", "Overview"],
  ["t", "targets", "Targets"],
  ["b", "balance", "Balance"],
  ["l", "levels", "Levels"],
  ["h", "history", "History"],
  ["r", "reloads", "Reloads"],
  ["s", "settings", "Settings"],
];

export interface KeyActions {
  navigate(url: string): void;
  help(): void;
}

const afterG = 1_500; // ms in which the second key has to come

function isTyped(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, select, textarea");
}

// What stands for each row: the first link or summary of it.
function rows(): HTMLElement[] {
  const inRows = "tbody tr, .bars > li, .log > li";
  return [...document.querySelectorAll<HTMLElement>(`main :is(${inRows})`)].flatMap((row) => {
    const first = row.querySelector<HTMLElement>("a[href], summary");
    return first && first.getClientRects().length > 0 ? [first] : [];
  });
}

function step(by: 1 | -1): void {
  const all = rows();
  const row = document.activeElement?.closest("tr, .bars > li, .log > li");
  const here = all.findIndex((item) => row?.contains(item));
  const next = here < 0 ? (by > 0 ? 0 : all.length - 1) : here + by;
  all[next]?.focus();
  all[next]?.scrollIntoView({ block: "nearest" });
}

function search(): void {
  const field = document.querySelector<HTMLInputElement>("#search");
  field?.focus();
  field?.select();
}

export function startKeys(actions: KeyActions): void {
  let wentAt = -Infinity;
  const single: Record<string, () => void> = {
    "/": search,
    "?": actions.help,
    j: () => step(1),
    k: () => step(-1),
    g: () => (wentAt = performance.now()),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isTyped(event.target)) (event.target as HTMLElement).blur();
    if (event.ctrlKey || event.metaKey || event.altKey || isTyped(event.target)) return;
    if (!keysOn.value || document.querySelector("dialog[open]")) return;
    const waited = performance.now() - wentAt < afterG;
    wentAt = -Infinity;
    const named = viewKeys.find(
      ([key], i) => (waited && event.key === key) || event.key === String(i + 1),
    );
    const act = named ? () => actions.navigate(href(named[1])) : single[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
