// Light, dark, or as the system has it; remembered by the browser.
import { Observable } from "./observable";

export type Theme = "auto" | "dark" | "light";
const order: Theme[] = ["auto", "dark", "light"];
export const themeKey = "promster-theme";

// Storage may be forbidden; then nothing is remembered.
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

function show(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

const recalled = order.find((theme) => theme === recall(themeKey)) ?? "auto";
export const theme = new Observable<Theme>(recalled);

export function startTheme(): void {
  show(theme.value);
  theme.subscribe((next) => {
    show(next);
    remember(themeKey, next);
  });
}

export function nextTheme(): void {
  theme.set(order[(order.indexOf(theme.value) + 1) % order.length] ?? "auto");
}
