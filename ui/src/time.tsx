// Times as people read them, which stay right while nothing else changes.
import { second } from "./clock";
import { status } from "./live";
import { useValue } from "./observable";
import { agoText, isoText, utcText } from "./words";

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

// "since this run began, 2026-11-22 23:16:46 UTC".
export function SinceStart() {
  const started = useValue(status)?.started ?? 0;
  return (
    <>
      since this run began
      {started > 0 && ", "}
      {started > 0 && <At time={started} />}
      {started > 0 && " UTC"}
    </>
  );
}
