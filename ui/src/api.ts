// The API of a node (src/web/openapi.yaml), with the types of that document.
import type { components } from "./openapi";
import { heardServerTime } from "./clock";

type Schemas = components["schemas"];
export type Status = Schemas["Status"];
export type Nodes = Schemas["Nodes"];
export type Node = Schemas["Node"];
export type Balance = Schemas["Balance"];
export type Targets = Schemas["Targets"];
export type TargetRow = Schemas["TargetRow"];
export type Health = Schemas["Health"];
export type Explanation = Schemas["Explanation"];
export type Simulation = Schemas["Simulation"];
export type Levels = Schemas["Levels"];
export type Level = Levels["levels"][number];
export type LevelNode = Schemas["LevelNode"];
export type History = Schemas["History"];
export type Change = Schemas["Change"];
export type Reloads = Schemas["Reloads"];
export type Reload = Schemas["Reload"];
export type Files = Schemas["Files"];
export type Settings = Schemas["Settings"];
export type MoveCount = Schemas["MoveCount"];

// What each path answers.
export interface Answers {
  status: Status;
  nodes: Nodes;
  targets: Targets;
  explain: Explanation;
  simulate: Simulation;
  levels: Levels;
  history: History;
  reloads: Reloads;
  files: Files;
  settings: Settings;
}

export type Parameters = Record<string, string | number | boolean>;

// A question: what, and with which parameters. Those that are empty are left out.
export interface Question<P extends keyof Answers> {
  path: P;
  parameters: Parameters;
}

export function ask<P extends keyof Answers>(path: P, parameters: Parameters = {}): Question<P> {
  return { path, parameters };
}

export function apiUrl(question: Question<keyof Answers>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(question.parameters)) {
    if (value !== "") query.set(name, String(value));
  }
  const text = query.toString();
  return `api/v1/${question.path}${text === "" ? "" : `?${text}`}`;
}

// Why there is no answer, in words for the page.
export class ApiError extends Error {
  constructor(
    readonly kind: "bad_data" | "not_found" | "unavailable" | "internal" | "lost",
    message: string,
  ) {
    super(message);
  }
}

// Larger than the server's own deadlines, so that its words are heard.
const patienceMs = 15_000;

async function envelope(response: Response): Promise<unknown> {
  heardServerTime(response.headers.get("Date"));
  const type = response.headers.get("Content-Type") ?? "";
  if (!type.startsWith("application/json")) {
    throw new ApiError("lost", `the node answered ${response.status} ${response.statusText}`);
  }
  const answer = (await response.json()) as
    | { status: "success"; data: unknown }
    | Schemas["ErrorAnswer"];
  if (answer.status === "success") return answer.data;
  throw new ApiError(answer.errorType, answer.error);
}

// Fails with ApiError; with an AbortError where `signal` asked for it.
export async function fetchAnswer<P extends keyof Answers>(
  base: URL,
  question: Question<P>,
  signal: AbortSignal,
): Promise<Answers[P]> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), patienceMs);
  const giveUp = () => patience.abort();
  signal.addEventListener("abort", giveUp);
  try {
    const response = await fetch(new URL(apiUrl(question), base), {
      signal: patience.signal,
      cache: "no-store",
    });
    return (await envelope(response)) as Answers[P];
  } catch (error) {
    if (signal.aborted || error instanceof ApiError) throw error;
    throw new ApiError("lost", "the node does not answer");
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", giveUp);
  }
}
