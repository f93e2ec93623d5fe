// The page of a real node in a real browser. The argument is JSON:
//   nodes     of one level: [{name, url, pid}]; they share the targets
//   etcd_pid  which is ended for the bad day
//   browser   the program to run
//   pictures  where a picture of each view is put
//   record    where the answers of the API are put, as src/web/api_record_for_test.h says
//   target    one that is up, and is followed; up: how many are
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  assertFits,
  assertNoBarriers,
  factsOf,
  focusedText,
  goByKey,
  views,
  waitForLive,
  waitForView,
} from "./page_under_test.mjs";
import { crash } from "./crash.mjs";
import { startPrefixProxy } from "./prefix_proxy.mjs";
import { story } from "./story.mjs";
import { WatchedBrowser } from "./watched_browser.mjs";

const setup = JSON.parse(process.argv[2]);
const home = setup.nodes[0];
mkdirSync(setup.pictures, { recursive: true });
const browser = await WatchedBrowser.start({ executable: setup.browser, record: setup.record });
const { step, tell } = story();

const picture = (page, name) => page.screenshot({ path: join(setup.pictures, `${name}.png`) });
const addressOf = (path) => new URL(path, `${home.url}/`).href;
const apiOf = async (url, path) => (await (await fetch(`${url}/api/v1/${path}`)).json()).data;
const waitUntil = async (what, check) => {
  for (let i = 0; i < 300; ++i) {
    if (await check()) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  assert.fail(what);
};
const nothingObjected = () => assert.deepEqual(browser.objections(), []);

let page; // the one that the story is told of
let target; // the one that is followed

step("the nodes agree, and scrape", async () => {
  await waitUntil("not all nodes agree", async () => {
    const { nodes } = await apiOf(home.url, "nodes");
    return nodes.length === setup.nodes.length && nodes.every((node) => node.agrees);
  });
  await waitUntil("not all targets are up", async () => {
    const up = await apiOf(home.url, "targets?state=up&limit=1");
    return up.total >= setup.up;
  });
  await waitUntil("something changes hands", async () => {
    const states = await Promise.all(setup.nodes.map(({ url }) => apiOf(url, "status")));
    return states.every(({ targets }) => targets.moving === 0);
  });
});

const firstPaint = (shown) =>
  shown.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime);

// Nothing is cached: each page has a context of its own. The browser is warm, as a person's is.
async function medianFirstPaint(times) {
  const paints = [];
  for (let i = 0; i < times; i += 1) {
    const other = await browser.newPage();
    await other.goto(addressOf("./"), { waitUntil: "load" });
    await waitForLive(other);
    paints.push(await firstPaint(other));
    await other.context().close();
  }
  return paints.sort((a, b) => a - b)[Math.floor(times / 2)];
}

step("the first view is there before the script, small, and live at once", async () => {
  page = await browser.newPage();
  const wire = await page.context().newCDPSession(page);
  await wire.send("Network.enable");
  let bytes = 0;
  wire.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(addressOf("./"), { waitUntil: "load" });
  const files = bytes;
  await waitForLive(page);
  const cold = await firstPaint(page);
  const warm = await medianFirstPaint(9);
  console.log(
    `  ${files} bytes with headers and first answers; first content after ${cold.toFixed(0)} ms in a browser ` +
      `that has just started, then after ${warm.toFixed(0)} ms (median of 9, nothing cached)`,
  );
  const sizes = await page.evaluate(() =>
    ["navigation", "resource"]
      .flatMap((kind) => performance.getEntriesByType(kind))
      .filter(({ name }) => !name.includes("/api/v1/"))
      .map(({ name, encodedBodySize }) => [name, encodedBodySize]),
  );
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.log(`  ${total} bytes: ${sizes.map(([name, size]) => `${new URL(name).pathname} ${size}`).join(", ")}`);
  assert.ok(total > 5_000 && total <= 40_960, `${total} bytes of page`);
  nothingObjected();
});

step("what the live page asks first is answered, and nothing old is news", async () => {
  for (const path of ["./", "targets"]) {
    const other = await browser.newPage();
    const ended = [];
    other.on("requestfailed", (request) => ended.push(request.url()));
    await other.goto(addressOf(path));
    await waitForLive(other);
    assert.deepEqual(ended, [], path);
    assert.equal(await other.locator("#tools [role=status]").textContent(), "", path);
    await other.context().close();
  }
  nothingObjected();
});

step("a reload is shown as it happens", async () => {
  const other = await browser.newPage();
  await other.goto(addressOf("reloads"));
  await waitForLive(other);
  const entries = other.locator(".log > li");
  const before = await entries.count();
  process.kill(home.pid, "SIGHUP");
  await entries.nth(before).waitFor({ timeout: 30_000 });
  await other.context().close();
  nothingObjected();
});

step("without JavaScript each view has the same facts", async () => {
  const plain = await browser.newPage({ javaScriptEnabled: false });
  for (const { name, path } of [...views, { name: "explain", path: `explain?target=${setup.target}` }]) {
    await page.goto(addressOf(path));
    await waitForLive(page);
    await waitForView(page, name);
    // The live page asks for its parts one by one, and what is shown changes: both are asked until they agree.
    let live, still;
    const agree = async () => {
      await plain.goto(addressOf(path));
      [live, still] = [await factsOf(page), await factsOf(plain)];
      return isDeepStrictEqual(live, still);
    };
    await waitUntil("", agree).catch(() => assert.deepEqual(live, still, name));
  }
  await plain.context().close();
  nothingObjected();
});

step("each view fits a narrow screen, light and dark, without barriers", async () => {
  for (const colorScheme of ["light", "dark"]) {
    const other = await browser.newPage({ colorScheme });
    for (const { name, path } of [...views, { name: "explain", path: `explain?target=${setup.target}` }]) {
      await other.setViewportSize({ width: 1120, height: 760 });
      await other.goto(addressOf(path));
      await waitForLive(other);
      await waitForView(other, name);
      await assertNoBarriers(other, `${name}, ${colorScheme}`);
      await picture(other, `${name}-${colorScheme}`);
      await other.setViewportSize({ width: 320, height: 700 });
      await assertFits(other, `${name} on 320 px`);
      await picture(other, `${name}-${colorScheme}-narrow`);
    }
    await other.context().close();
  }
  nothingObjected();
});

step("by keyboard: help, and each view", async () => {
  await page.goto(addressOf("./"));
  await waitForLive(page);
  await page.keyboard.press("?");
  await page.waitForSelector("dialog[open]");
  await assertNoBarriers(page, "help");
  await picture(page, "help");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog:not([open])", { state: "attached" });
  await page.evaluate(() => (window.sameDocument = true));
  for (const [i, view] of views.entries()) {
    await goByKey(page, view);
    assert.equal(await page.locator(".tabs a[aria-current]").textContent(), await page.locator(`.tabs li:nth-child(${i + 1}) a`).textContent());
    assert.match(await page.title(), new RegExp(view.name === "overview" ? "Overview" : view.name, "i"));
    assert.equal(new URL(page.url()).pathname, new URL(addressOf(view.path)).pathname);
  }
  await page.keyboard.press("1");
  await waitForView(page, "overview");
  await page.goBack();
  await waitForView(page, "settings");
  assert.equal(await page.evaluate(() => window.sameDocument), true, "no document was loaded");
  nothingObjected();
});

step("by keyboard: search a target, and follow it to its owner", async () => {
  await page.keyboard.press("1");
  await waitForView(page, "overview");
  await page.keyboard.press("/");
  await page.keyboard.type(setup.target, { delay: 20 });
  await waitForView(page, "targets");
  const row = page.locator("tbody tr");
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  assert.equal(await row.locator("th .addr").textContent(), setup.target);
  await row.locator(".badge.ok").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement?.id), "search", "typing goes on");
  await picture(page, "search");
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  assert.equal(await focusedText(page), setup.target);
  await page.keyboard.press("Enter");
  await waitForView(page, "explain");
  const owner = page.locator("dl.facts dd .name").first();
  target = { address: setup.target, owner: await owner.textContent() };
  const told = await apiOf(home.url, `explain?target=${target.address}`);
  assert.equal(target.owner, told.owner);
  target.heir = told.without[told.owner][0];
  assert.equal(await page.locator("dl.facts div:nth-child(3) dd").textContent(), target.heir);
  await owner.focus();
  await page.keyboard.press("Enter");
  await waitForView(page, "targets");
  await page.waitForFunction((name) => location.search === `?owner=${encodeURIComponent(name)}`, target.owner);
  const shown = await page.locator("tbody th .addr").allTextContents();
  assert.ok(shown.includes(target.address), `${target.address} in ${shown}`);
  nothingObjected();
});

step("by keyboard: what if", async () => {
  await goByKey(page, views[2]);
  await page.locator("input[name=add]").focus();
  await page.keyboard.type("1");
  await page.keyboard.press("Enter");
  await page.locator("#what-if .badge", { hasText: "comes" }).waitFor();
  const answer = await apiOf(home.url, "simulate?add=1");
  assert.match(await page.locator("#what-if .figures").textContent(), new RegExp(`targets that move${answer.moved} `));
  assert.equal(new URL(page.url()).search, "?add=1");
  await assertNoBarriers(page, "what if");
  await picture(page, "what-if");
  nothingObjected();
});

step("dark, light, and remembered", async () => {
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const button = page.getByRole("button", { name: "Theme" });
  const light = await ground();
  await button.focus();
  await page.keyboard.press("Enter");
  const dark = await ground();
  assert.notEqual(dark, light);
  const script = /app-[0-9a-f]+[.]js$/;
  await page.route(script, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.reload();
  assert.equal(await ground(), dark, "before the live page has begun");
  await page.unroute(script);
  await page.reload();
  await waitForLive(page);
  assert.equal(await ground(), dark);
  await button.press("Enter");
  assert.equal(await ground(), light);
  await button.press("Enter");
  assert.match(await button.textContent(), /auto/);
  nothingObjected();
});

step("behind a proxy with a prefix", async () => {
  const proxy = await startPrefixProxy("/watch/promster/", home.url);
  const other = await browser.newPage();
  await other.goto(`${proxy.url}balance`);
  await waitForLive(other);
  for (const view of views) {
    await goByKey(other, view);
    assert.equal(other.url(), new URL(view.path, proxy.url).href);
  }
  await other.context().close();
  proxy.close();
  nothingObjected();
});

step("with sixteen readers, one more asks instead", async () => {
  const readers = Array.from({ length: 16 }, () => new AbortController());
  await Promise.all(
    readers.map(({ signal }) => fetch(`${setup.nodes[1].url}/api/v1/events`, { signal })),
  );
  const other = await browser.newPage();
  await other.goto(setup.nodes[1].url);
  await other.locator("#live.warn", { hasText: "asks each 5 s" }).waitFor();
  await other.waitForResponse((response) => response.url().endsWith("/api/v1/status"));
  await other.context().close();
  for (const reader of readers) reader.abort();
  nothingObjected();
});

step("the owner dies, and the row moves without a reload", async () => {
  // The page is of a node that lives on.
  const owner = setup.nodes.find(({ name }) => name === target.owner);
  const witness = setup.nodes.find(({ name }) => name !== target.owner);
  await page.goto(`${witness.url}/targets?q=${target.address}`);
  await waitForLive(page);
  const ownerCell = page.locator("tbody tr td:nth-child(3) .name");
  assert.equal(await ownerCell.textContent(), target.owner);
  await page.evaluate(() => (window.sameDocument = true));
  crash(owner.pid);
  await page.waitForFunction(
    (name) => document.querySelector("tbody tr td:nth-child(3) .name")?.textContent === name,
    target.heir,
    { timeout: 60_000 },
  );
  assert.equal(await page.evaluate(() => window.sameDocument), true, "it is still the same document");
  await page.locator("tbody tr td:nth-child(3) .note", { hasText: `was ${target.owner}` }).waitFor();
  await picture(page, "moved");
  await goByKey(page, views[4]);
  const left = `${target.owner} left (lease expired`;
  await page.locator(".log .said", { hasText: left }).waitFor();
  do await page.keyboard.press("j");
  while (!(await focusedText(page)).includes(left));
  await page.keyboard.press("Enter");
  await page.locator(".log details[open] table").first().waitFor();
  await picture(page, "history-open");
  assert.equal(await page.evaluate(() => window.sameDocument), true);
  nothingObjected();
});

step("a bad day: etcd is gone", async () => {
  const witness = setup.nodes.find(({ name }) => name !== target.owner);
  await goByKey(page, views[0]);
  // Without etcd nobody could say that a hand-over is done.
  await page.locator(".problems .info").waitFor({ state: "detached", timeout: 60_000 });
  process.kill(setup.etcd_pid, "SIGKILL");
  await page.locator(".problems .what", { hasText: "not watched" }).first().waitFor({ timeout: 60_000 });
  await page.locator(".problems .info").waitFor({ state: "detached", timeout: 30_000 });
  // The reason changes as it tries again, so the two are asked until both have the same one.
  const plain = await browser.newPage({ javaScriptEnabled: false });
  const problems = (of) => of.locator(".problems p").allTextContents();
  await waitUntil("the live page says other problems than the one without JavaScript", async () => {
    await plain.goto(witness.url);
    return isDeepStrictEqual(await problems(page), await problems(plain));
  });
  await plain.context().close();
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await assertNoBarriers(page, `bad day, ${colorScheme}`);
    await picture(page, `bad-day-${colorScheme}`);
  }
  await page.setViewportSize({ width: 320, height: 700 });
  await assertFits(page, "bad day on 320 px");
  await picture(page, "bad-day-narrow");
  crash(witness.pid);
  await page.locator("#live.bad", { hasText: "reconnecting" }).waitFor({ timeout: 30_000 });
  await page.locator("main .problems .what", { hasText: "does not answer" }).waitFor();
  await picture(page, "lost");
  // A browser says by itself what it could not load.
  assert.deepEqual(browser.objections(/Failed to load resource|ERR_|net::/), []);
});

const failed = await tell(() => picture(page, "failed"));
await browser.close();
assert.ok(failed || browser.recorded > 50, `${browser.recorded} answers recorded`);
process.exitCode = failed;
