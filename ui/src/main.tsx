// Takes over the page that the server rendered: the same view, then live.
import { render } from "preact";
import { ask } from "./api";
import { lastAnswer, refresh } from "./answers";
import { startClock } from "./clock";
import { startKeys } from "./keys";
import { heardStatus, live, startLive } from "./live";
import { navigate, startNavigation, startView } from "./navigation";
import { useValue } from "./observable";
import { ProblemItem } from "./parts";
import { route } from "./route";
import { startTheme } from "./theme";
import { Ago } from "./time";
import { helpOpen, Tools } from "./tools";
import { views } from "./views";

// What is shown is old when the node is not heard.
function Silence() {
  const state = useValue(live);
  if (state.kind !== "lost") return null;
  return (
    <ul class="problems" aria-label="Connection">
      <ProblemItem tone="bad" what="This node does not answer: what is shown is how it was before.">
        lost <Ago time={state.since} />; it is asked again and again
      </ProblemItem>
    </ul>
  );
}

function App() {
  const { view, parameters } = useValue(route);
  const { Component } = views[view];
  return (
    <>
      <Silence />
      <Component key={view} parameters={parameters} />
    </>
  );
}

// What is drawn before the first answer is the server's.
async function firstStatus(): Promise<void> {
  const question = ask("status");
  await refresh(question, new AbortController().signal);
  const { data } = lastAnswer(question);
  if (data) heardStatus(data);
}

async function start(main: HTMLElement, tools: HTMLElement): Promise<void> {
  startTheme();
  startClock();
  render(<Tools />, tools);
  startKeys({ navigate: (url) => void navigate(url), help: () => helpOpen.set(true) });
  startNavigation();
  await Promise.all([firstStatus(), startView()]);
  render(<App />, main);
  startLive();
}

const main = document.getElementById("app");
const tools = document.getElementById("tools");
if (main && tools) void start(main, tools);
