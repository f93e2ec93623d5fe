// What the server said last to each question, kept so that a view can be drawn at once, and asked
// again when the cluster changed.
import { useEffect, useState } from "preact/hooks";
import { type Answers, ApiError, apiUrl, fetchAnswer, type Question } from "./api";
import { Observable } from "./observable";
import { base } from "./route";

// Counts the changes of the cluster that were heard of; whoever shows something asks again.
export const pulse = new Observable(0);

export function beat(): void {
  pulse.set(pulse.value + 1);
}

// An answer, perhaps of an earlier time, and why there is no newer one.
export interface Kept<T> {
  data?: T;
  error?: ApiError;
}

interface Entry {
  answer: Kept<unknown>;
  time: number; // ms, of performance.now()
  pulse: number; // what was known of changes when it was asked
}

const mostKept = 40;
const kept = new Map<string, Entry>();

function keep(url: string, entry: Entry): void {
  kept.delete(url);
  kept.set(url, entry);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
}

export function lastAnswer<P extends keyof Answers>(question: Question<P>): Kept<Answers[P]> {
  return (kept.get(apiUrl(question))?.answer ?? {}) as Kept<Answers[P]>;
}

const freshMs = 1_000;

// Whether nothing can have changed since it was asked.
function isFresh(url: string): boolean {
  const entry = kept.get(url);
  return entry?.pulse === pulse.value && performance.now() - entry.time < freshMs;
}

async function answerTo(question: Question<keyof Answers>, signal: AbortSignal): Promise<Kept<unknown>> {
  try {
    return { data: await fetchAnswer(base, question, signal) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const before = lastAnswer(question).data;
    const old = error.kind === "lost" || error.kind === "unavailable";
    return old && before !== undefined ? { data: before, error } : { error };
  }
}

// Asks and keeps; never fails. An aborted question leaves what was known.
export async function refresh(question: Question<keyof Answers>, signal: AbortSignal): Promise<void> {
  const asked = pulse.value;
  try {
    const answer = await answerTo(question, signal);
    keep(apiUrl(question), { answer, time: performance.now(), pulse: asked });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

// Changes come in flurries, which are one.
const pauseMs = 100;

// Asks now, where what is kept is not fresh, after each change of the cluster, and, with `everyMs`,
// again and again, but never twice at a time; tells `heard` of each answer. Returns what ends it.
function keepAsking(question: Question<keyof Answers>, everyMs: number, heard: () => void): () => void {
  const end = new AbortController();
  let timer = 0;
  let asking = false;
  let changed = false;
  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(askNow, ms);
  };
  async function askNow(): Promise<void> {
    asking = true;
    changed = false;
    if (!document.hidden) await refresh(question, end.signal);
    asking = false;
    if (end.signal.aborted) return;
    heard();
    if (changed) later(pauseMs);
    else if (everyMs > 0) later(everyMs);
  }
  const unsubscribe = pulse.subscribe(() => {
    if (!asking && !changed) later(pauseMs);
    changed = true;
  });
  if (!isFresh(apiUrl(question))) later(0);
  else if (everyMs > 0) later(everyMs);
  return () => {
    unsubscribe();
    clearTimeout(timer);
    end.abort();
  };
}

// The newest answer. That of an earlier question is shown until the new one is answered.
export function useAnswer<P extends keyof Answers>(
  question: Question<P>,
  everyMs = 0,
): Kept<Answers[P]> {
  const url = apiUrl(question);
  const [answer, setAnswer] = useState(() => lastAnswer(question));
  useEffect(
    () => keepAsking(question, everyMs, () => setAnswer(lastAnswer(question))),
    [url, everyMs],
  );
  return kept.has(url) ? lastAnswer(question) : answer;
}
