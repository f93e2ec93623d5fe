// What the server said last to each question, kept so that a view can be drawn at once, and asked
// again when the cluster changed.
import { useEffect, useState } from "preact/hooks";
import { type Answers, ApiError, apiUrl, fetchAnswer, type Question } from "./api";
import { Observable, useValue } from "./observable";
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

const mostKept = 40;
const kept = new Map<string, Kept<unknown>>();

function keep(url: string, answer: Kept<unknown>): void {
  kept.delete(url);
  kept.set(url, answer);
  for (const oldest of kept.keys()) {
    if (kept.size <= mostKept) break;
    kept.delete(oldest);
  }
}

export function lastAnswer<P extends keyof Answers>(question: Question<P>): Kept<Answers[P]> {
  return (kept.get(apiUrl(question)) ?? {}) as Kept<Answers[P]>;
}

// Asks and keeps; never fails. An aborted question leaves what was known.
export async function refresh<P extends keyof Answers>(
  question: Question<P>,
  signal: AbortSignal,
): Promise<void> {
  const url = apiUrl(question);
  try {
    keep(url, { data: await fetchAnswer(base, question, signal) });
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError)) return;
    const before = kept.get(url)?.data;
    const stale = error.kind === "lost" || error.kind === "unavailable";
    keep(url, stale && before !== undefined ? { data: before, error } : { error });
  }
}

// Who asks at short intervals keeps nobody from answering: after an answer there is a pause.
const pauseMs = 250;

// The newest answer; asked when the question is another, when the cluster changes, and, with
// `everyMs`, again and again. `kept` of an earlier question is shown until the new one is answered.
export function useAnswer<P extends keyof Answers>(
  question: Question<P>,
  everyMs = 0,
): Kept<Answers[P]> {
  const url = apiUrl(question);
  const count = useValue(pulse);
  const [answer, setAnswer] = useState(() => lastAnswer(question));
  useEffect(() => {
    const abort = new AbortController();
    let timer = 0;
    const again = async () => {
      if (!document.hidden) await refresh(question, abort.signal);
      if (abort.signal.aborted) return;
      setAnswer(lastAnswer(question));
      if (everyMs > 0) timer = setTimeout(again, everyMs);
    };
    timer = setTimeout(again, kept.has(url) && count > 0 ? pauseMs : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [url, count, everyMs]);
  return kept.has(url) ? lastAnswer(question) : answer;
}
