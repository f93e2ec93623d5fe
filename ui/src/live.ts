// How the page hears of changes: server-sent events while they come, else a question each five
// seconds. Says at any time which of them, for everybody to see.
import type { Change, Status } from "./api";
import { ask } from "./api";
import { beat, lastAnswer, refresh } from "./answers";
import { serverNow } from "./clock";
import { Observable } from "./observable";
import { base } from "./route";

export type LiveState =
  | { kind: "starting" }
  | { kind: "live" } // events come
  | { kind: "polling" } // answers come, but no events
  | { kind: "lost"; since: number }; // nothing comes; unix seconds

export const live = new Observable<LiveState>({ kind: "starting" });
export const status = new Observable<Status | undefined>(undefined);
export const newestChange = new Observable<Change | undefined>(undefined);

const pollMs = 5_000;
const firstEventMs = 5_000; // a proxy that keeps events back is as good as none
const retryEventsMs = 30_000; // after the server refused: it has 16 readers
const silenceMs = 15_000; // three signs of life that did not come: the connection is dead

// What of a status is behind the other answers: who scrapes what, which nodes agree, and which
// configuration is in use.
function fingerprint(status: Status | undefined): string {
  if (status === undefined) return "";
  const { checksum, revision, members, targets, prometheus, draining, configuration } = status;
  const registry = status.etcd.registry.revision;
  const parts = [checksum, revision, registry, members, targets, prometheus.up, draining];
  return JSON.stringify([...parts, configuration]);
}

export function heardStatus(next: Status): void {
  const changed = fingerprint(status.value) !== fingerprint(next);
  const first = status.value === undefined;
  status.set(next);
  if (changed && !first) beat();
}

let source: EventSource | undefined;
let pollTimer = 0;
let retryTimer = 0;
let silenceTimer = 0;
let everLive = false;

async function poll(): Promise<void> {
  clearTimeout(pollTimer);
  const question = ask("status");
  await refresh(question, new AbortController().signal);
  const { data, error } = lastAnswer(question);
  if (live.value.kind === "live") return;
  if (data !== undefined && error === undefined) {
    heardStatus(data);
    live.set({ kind: "polling" });
    beat();
  } else if (live.value.kind !== "lost") {
    live.set({ kind: "lost", since: serverNow() });
  }
  if (!document.hidden) pollTimer = setTimeout(poll, pollMs);
}

function isLive(): void {
  clearTimeout(pollTimer);
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(silent, silenceMs);
  const { kind } = live.value;
  const missed = kind === "lost" || kind === "polling" || (kind === "starting" && everLive);
  everLive = true;
  live.set({ kind: "live" });
  if (missed) beat();
}

function stopListening(): void {
  source?.close();
  source = undefined;
  clearTimeout(retryTimer);
  clearTimeout(pollTimer);
  clearTimeout(silenceTimer);
}

function silent(): void {
  live.set({ kind: "lost", since: serverNow() });
  listen();
}

// EventSource comes back by itself after a broken connection, but not after an answer that is no
// stream. Until it does, poll() finds out whether the node is there.
function broken(events: EventSource): void {
  if (live.value.kind === "live") live.set({ kind: "lost", since: serverNow() });
  clearTimeout(silenceTimer);
  clearTimeout(pollTimer);
  pollTimer = setTimeout(poll, live.value.kind === "starting" ? 0 : 1_000);
  if (events.readyState !== EventSource.CLOSED) return;
  clearTimeout(retryTimer);
  retryTimer = setTimeout(listen, retryEventsMs);
}

function listen(): void {
  stopListening();
  const events = new EventSource(new URL("api/v1/events", base));
  source = events;
  pollTimer = setTimeout(poll, firstEventMs);
  let news = false; // at first the server says its last change again, then how it is
  events.addEventListener("status", (event) => {
    news = true;
    isLive();
    heardStatus(JSON.parse(event.data) as Status);
  });
  events.addEventListener("change", (event) => {
    isLive();
    if (!news) return;
    newestChange.set(JSON.parse(event.data) as Change);
    beat();
  });
  events.addEventListener("error", () => {
    news = false;
    broken(events);
  });
}

// A page that nobody sees leaves its place to others: a browser has six connections to a server,
// and the server sixteen readers.
export function startLive(): void {
  if (!document.hidden) listen();
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return listen();
    stopListening();
    if (live.value.kind === "live") live.set({ kind: "starting" });
  });
}
