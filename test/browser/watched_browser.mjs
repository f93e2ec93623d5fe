// A browser in which nothing passes unseen: what the console says, what the content security policy
// forbids, requests that fail, and every answer of the API.
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export class WatchedBrowser {
  #objections = [];
  #recorded = 0;
  #pending = new Set();

  static async start({ executable, record }) {
    const browser = await chromium.launch({ executablePath: executable, args: flags });
    return new WatchedBrowser(browser, record);
  }

  constructor(browser, record) {
    this.browser = browser;
    mkdirSync(record, { recursive: true });
    this.record = join(record, `${process.pid}.jsonl`);
  }

  // A page in a profile of its own.
  async newPage(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1120, height: 760 }, ...options });
    if (options.javaScriptEnabled !== false) {
      await context.exposeFunction("__violated", (what) => this.#objections.push(`CSP: ${what}`));
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) =>
          window.__violated(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
        );
      });
    }
    const page = await context.newPage();
    this.#watch(page);
    return page;
  }

  #watch(page) {
    page.on("console", (message) => this.#objections.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => this.#objections.push(`error: ${error.stack}`));
    page.on("response", (response) => {
      if (response.url().includes("/api/v1/")) this.#later(this.#keep(response));
    });
  }

  #later(promise) {
    this.#pending.add(promise);
    void promise.finally(() => this.#pending.delete(promise));
  }

  // In the format of src/web/api_record_for_test.h. An answer that a page left unread has no body.
  async #keep(response) {
    const type = response.headers()["content-type"] ?? "";
    if (type.startsWith("text/event-stream")) return;
    const body = await response.text().catch(() => undefined);
    if (body === undefined) return;
    const { pathname, search } = new URL(response.url());
    const path = pathname.slice(pathname.indexOf("/api/v1/")) + search;
    const answer = { path, status: response.status(), content_type: type, body };
    appendFileSync(this.record, `${JSON.stringify(answer)}\n`);
    ++this.#recorded;
  }

  // What was objected to since the last time; those that `expected` matches are left out.
  objections(expected = /^$/) {
    return this.#objections.splice(0).filter((line) => !expected.test(line));
  }

  get recorded() {
    return this.#recorded;
  }

  async close() {
    await Promise.all(this.#pending);
    await this.browser.close();
  }
}
