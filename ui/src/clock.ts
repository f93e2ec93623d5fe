// The time of the server, which a browser's clock need not have, and a tick each second.
import { Observable } from "./observable";

let ahead = 0; // of our clock, seconds

// The Date header (RFC 9110, 6.6.1) is cut to seconds, so that small differences say nothing.
export function heardServerTime(date: string | null): void {
  const heard = date === null ? NaN : Date.parse(date) / 1000;
  if (Number.isNaN(heard)) return;
  const difference = heard + 0.5 - Date.now() / 1000;
  ahead = Math.abs(difference) < 2 ? 0 : difference;
}

// Unix seconds.
export function serverNow(): number {
  return Date.now() / 1000 + ahead;
}

// Unix seconds, anew each second while somebody can see it.
export const second = new Observable(serverNow());

export function startClock(): void {
  const tick = () => {
    if (!document.hidden) second.set(serverNow());
  };
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", tick);
}
