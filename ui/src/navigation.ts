// Links and forms of the page lead to its views without loading a document, and work without us.
import { lastAnswer, refresh } from "./answers";
import { status } from "./live";
import { base, parseRoute, route, type Route } from "./route";
import { views } from "./views";

// A view is shown when its answers are there, so that none is seen empty; slow ones are not waited
// for, as long as something can be shown.
const patienceMs = 400;

let leaving = new AbortController();

async function load(next: Route): Promise<boolean> {
  leaving.abort(); // of a view that nobody waits for any more
  const mine = (leaving = new AbortController());
  const main = document.getElementById("app");
  main?.setAttribute("aria-busy", "true");
  const asked = views[next.view].questions(next.parameters);
  const answered = Promise.all(asked.map((question) => refresh(question, mine.signal)));
  const shown = asked.every((question) => lastAnswer(question).data !== undefined);
  const patience = new Promise((done) => shown && setTimeout(done, patienceMs));
  await Promise.race([answered, patience]);
  if (mine.signal.aborted) return false;
  main?.removeAttribute("aria-busy");
  return true;
}

export function titleOf(next: Route): string {
  const of = status.value ? [`${status.value.service} ${status.value.node}`.trim()] : [];
  return [views[next.view].title, ...of, "promster"].join(" \u00b7 ");
}

function markTab({ view }: Route): void {
  const tab = view === "explain" ? "targets" : view;
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".tabs a")) {
    const here = parseRoute(new URL(link.href))?.view === tab;
    if (here) link.setAttribute("aria-current", view === tab ? "page" : "true");
    else link.removeAttribute("aria-current");
  }
}

async function show(next: Route): Promise<boolean> {
  if (!(await load(next))) return false;
  document.title = titleOf(next);
  document.getElementById("app")?.setAttribute("data-view", next.view);
  markTab(next);
  route.set(next);
  return true;
}

export interface Manner {
  replace?: boolean; // the entry of the history
  keepFocus?: boolean; // and the place on the page
}

let typing = 0; // the timer of a search that was typed but not asked yet

// Goes where a link of ours leads; elsewhere as every link does.
export async function navigate(to: string | URL, manner: Manner = {}): Promise<void> {
  clearTimeout(typing); // or it would lead away again
  const url = new URL(to, base);
  const next = parseRoute(url);
  if (next === undefined) return location.assign(url);
  if (manner.replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  if (!(await show(next)) || manner.keepFocus) return;
  document.getElementById("app")?.focus({ preventScroll: true });
  if (url.hash === "") scrollTo(0, 0);
  else document.getElementById(url.hash.slice(1))?.scrollIntoView();
}

function followLink(event: MouseEvent): void {
  const other = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (other || event.defaultPrevented || !link?.href || link.target !== "") return;
  const url = new URL(link.href);
  const samePlace = url.pathname === location.pathname && url.search === location.search;
  if ((samePlace && url.hash !== "") || parseRoute(url) === undefined) return;
  event.preventDefault();
  void navigate(url);
}

// The address that a GET form leads to, without what was left empty.
function formUrl(form: HTMLFormElement): URL {
  const url = new URL(form.getAttribute("action") ?? location.pathname, base);
  url.search = "";
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") url.searchParams.set(name, value.trim());
  }
  return url;
}

function followForm(event: SubmitEvent): void {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "get") return;
  const url = formUrl(form);
  if (parseRoute(url) === undefined) return;
  event.preventDefault();
  void navigate(url, { keepFocus: form.role !== "search" });
}

const typingMs = 150;

// Search as you type: the list of targets follows each field that holds its words.
function followTyping(): void {
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.name !== "q") return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      if (field.form === null) return;
      const replace = route.value.view === "targets";
      void navigate(formUrl(field.form), { replace, keepFocus: true });
    }, typingMs);
  });
  document.addEventListener("submit", () => clearTimeout(typing));
  const search = document.querySelector<HTMLInputElement>("#search");
  route.subscribe(({ view, parameters }) => {
    if (search === null || document.activeElement === search) return;
    search.value = view === "targets" ? (parameters.get("q") ?? "") : "";
  });
}

export function startNavigation(): void {
  document.addEventListener("click", followLink);
  document.addEventListener("submit", followForm);
  followTyping();
  addEventListener("popstate", () => {
    const next = parseRoute(new URL(location.href));
    if (next) void show(next);
  });
}

// The view that the server rendered, once its answers are there.
export async function startView(): Promise<void> {
  const { view, parameters } = route.value;
  const loaded = load(route.value); // first, since it ends what was asked before it
  const hopes = views[view].hopes?.(parameters) ?? [];
  const hoped = Promise.all(hopes.map((question) => refresh(question, leaving.signal)));
  const patience = new Promise((done) => setTimeout(done, patienceMs));
  await Promise.all([loaded, Promise.race([hoped, patience])]);
}
