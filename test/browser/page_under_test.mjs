// The page as a person at the keyboard sees it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// Each view, its tab's key after `g`, and its address.
export const views = [
  { name: "overview", key: "o", path: "./" },
  { name: "targets", key: "t", path: "targets" },
  { name: "balance", key: "b", path: "balance" },
  { name: "levels", key: "l", path: "levels" },
  { name: "history", key: "h", path: "history" },
  { name: "reloads", key: "r", path: "reloads" },
  { name: "settings", key: "s", path: "settings" },
];

// Until the live page has taken over, and events come.
export async function waitForLive(page) {
  await page.waitForSelector("#live.ok", { timeout: 20_000 });
}

export async function waitForView(page, name) {
  await page.waitForSelector(`main[data-view="${name}"]:not([aria-busy])`);
}

export async function goByKey(page, { name, key }) {
  await page.keyboard.press("g");
  await page.keyboard.press(key);
  await waitForView(page, name);
}

// The facts that a view states, without what changes by itself. Those of a picture are in its table.
export async function factsOf(page) {
  return page.$$eval(
    "main :is(h1, h2, caption, th, dt, .addr, .name, .said, .what, td .label, .n)",
    (all) => all.map((one) => one.textContent.replace(/\s+/g, " ").trim()),
  );
}

// REQUIRES: the live page; axe-core is run from outside, which no policy of the page forbids.
export async function findBarriers(page) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("; ")}`);
}

export async function assertNoBarriers(page, where) {
  assert.deepEqual(await findBarriers(page), [], where);
}

// The page does not move sideways; what is too wide scrolls by itself.
export async function assertFits(page, where) {
  const [wide, room] = await page.evaluate(() => [
    document.scrollingElement.scrollWidth,
    document.scrollingElement.clientWidth,
  ]);
  assert.ok(wide <= room, `${where}: ${wide} px in ${room}`);
}

export async function focusedText(page) {
  return page.evaluate(() => document.activeElement?.textContent ?? "");
}
