// Which view the address names. Every view is a document of the server at the same address, one
// segment below the route prefix, so that relative links hold everywhere.
import { Observable } from "./observable";

export const viewNames = [
  "overview",
  "targets",
  "explain",
  "balance",
  "levels",
  "history",
  "reloads",
  "settings",
] as const;
export type ViewName = (typeof viewNames)[number];

export interface Route {
  view: ViewName;
  parameters: URLSearchParams;
}

// Where relative links start: "/", or the route prefix.
export const base = new URL("./", location.href);
base.search = base.hash = "";

export function href(view: ViewName, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== "") query.set(name, value);
  }
  const text = query.toString();
  return (view === "overview" ? "./" : view) + (text === "" ? "" : `?${text}`);
}

// Nothing where the address is no view of ours.
export function parseRoute(url: URL): Route | undefined {
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return undefined;
  const name = url.pathname.slice(base.pathname.length) || "overview";
  const view = viewNames.find((known) => known === name);
  return view && { view, parameters: url.searchParams };
}

export const route = new Observable<Route>(
  parseRoute(new URL(location.href)) ?? { view: "overview", parameters: new URLSearchParams() },
);
