import { readFileSync } from "node:fs";

// The processes that a process of one thread has started (proc(5)).
function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.split(" ").filter(Boolean).map(Number);
}

// Ends a process and its children as a crash of their machine would: nobody says farewell.
export function crash(pid) {
  process.kill(pid, "SIGSTOP");
  const children = childrenOf(pid);
  for (const child of children) process.kill(child, "SIGKILL");
  process.kill(pid, "SIGKILL");
}
