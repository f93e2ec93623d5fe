// Numbers, times and states as the server writes them (src/web/page_words.h), so that nothing jumps
// when the live page takes over.

// How good something is; shown as a colour, a symbol and words.
export type Tone = "ok" | "warn" | "bad" | "info";

export const toneSymbol: Record<Tone, string> = { ok: "\u2713", warn: "!", bad: "\u2717", info: "\u2022" };

export function countText(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function counted(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? "" : "s"}`;
}

// A share of targets: "3.3", "2,000".
export function shareText(value: number): string {
  return value < 100 ? value.toFixed(1) : countText(Math.round(value));
}

// The fewest targets that can move: whole ones. A sum of shares may be a little more than it is.
export function fewestText(fewest: number): string {
  return countText(Math.ceil(Math.max(fewest, 0) - 1e-6));
}

function twoUnits(large: number, unit: string, small: number, part: string): string {
  return `${countText(large)} ${unit}${small === 0 ? "" : ` ${small} ${part}`}`;
}

// "80 ms", "1.1 s", "3 min 20 s", "2 h 5 min".
export function secondsText(seconds: number): string {
  if (seconds < 0.9995) return `${(Math.max(seconds, 0) * 1000).toFixed(0)} ms`;
  if (seconds < 9.95) {
    const isWhole = Math.abs(seconds - Math.round(seconds)) < 0.05;
    return `${seconds.toFixed(isWhole ? 0 : 1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const floor = Math.floor;
  if (whole < 3600) return twoUnits(floor(whole / 60), "min", whole % 60, "s");
  if (whole < 86400) return twoUnits(floor(whole / 3600), "h", floor((whole % 3600) / 60), "min");
  return twoUnits(floor(whole / 86400), "d", floor((whole % 86400) / 3600), "h");
}

// "now", "12 s ago", "3 min ago", "2 h 5 min ago": no finer than it can be read.
export function agoText(seconds: number): string {
  const whole = Math.floor(seconds);
  if (whole < 1) return "now";
  if (whole < 60) return `${whole} s ago`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ago`;
  return `${secondsText(whole - (whole % 60))} ago`;
}

// "2026-11-22 23:16:46", in UTC.
export function utcText(unixSeconds: number): string {
  return isoText(unixSeconds).slice(0, 19).replace("T", " ");
}

export function isoText(unixSeconds: number): string {
  return `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`;
}
