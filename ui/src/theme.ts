// Light, dark, or as the system has it. What was chosen before is shown by first.ts already.
import { Observable } from "./observable";
import { recallTheme, rememberTheme, showTheme, type Theme, themes } from "./storage";

export const theme = new Observable<Theme>(recallTheme());

export function startTheme(): void {
  theme.subscribe((next) => {
    showTheme(next);
    rememberTheme(next);
  });
}

export function nextTheme(): void {
  theme.set(themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? "auto");
}
