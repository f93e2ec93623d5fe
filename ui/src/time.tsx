// Times as people read them, which stay right while nothing else changes.
import { second } from "./clock";
import { useValue } from "./observable";
import { agoText, isoText, secondsText, utcText } from "./words";

// "12 s ago"; in UTC when pointed at.
export function Ago({ time }: { time: number }) {
  const now = useValue(second);
  if (time <= 0) return <>never</>;
  return (
    <time datetime={isoText(time)} title={`${utcText(time)} UTC`}>
      {agoText(Math.max(now - time, 0))}
    </time>
  );
}

// "2026-11-22 23:16:46".
export function At({ time }: { time: number }) {
  if (time <= 0) return <>never</>;
  return <time datetime={isoText(time)}>{utcText(time)}</time>;
}

// "5 min", until then.
export function Until({ time }: { time: number }) {
  const now = useValue(second);
  return <time datetime={isoText(time)}>{secondsText(Math.max(time - now, 0))}</time>;
}
