// What a browser remembers of this page. It may be forbidden to; then nothing is remembered.
export const themes = ["auto", "dark", "light"] as const;
export type Theme = (typeof themes)[number];

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

const themeKey = "promster-theme";

export function recallTheme(): Theme {
  return themes.find((theme) => theme === recall(themeKey)) ?? "auto";
}

export function rememberTheme(theme: Theme): void {
  remember(themeKey, theme);
}

export function showTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
