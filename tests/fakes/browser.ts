import fs from "node:fs";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";

/** Where Debian and others put it. */
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

/** What axe says of a rule that is broken. */
interface Finding {
  readonly id: string;
  readonly help: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** A browser of a test's own: no first run, no calls home. */
const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"],
  ...["--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
];

/** Path of a Chromium on this host; null where there is none. */
export async function chromiumPath(): Promise<string | null> {
  for (const path of PATHS) {
    try {
      await Deno.stat(path);
      return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

/** A real Chromium, closed when it is disposed of. */
export class TestBrowser {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async open(path: string): Promise<TestBrowser> {
    const { chromium } = await loadPlaywright();
    return new TestBrowser(
      await chromium.launch({ executablePath: path, args: FLAGS }),
    );
  }

  /** A page of its own profile, and whatever went wrong in it. */
  async page(
    options: NonNullable<Parameters<Browser["newPage"]>[0]> = {},
  ): Promise<{ readonly page: Page; readonly faults: string[] }> {
    const page = await this.#browser.newPage(options);
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    return { page, faults };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

/** It asks at its start for a file of /proc, which may be read with all permissions alone: it is not there. */
async function loadPlaywright(): Promise<typeof import("playwright-core")> {
  const { existsSync } = fs;
  fs.existsSync = (path) =>
    !String(path).startsWith("/proc/") && existsSync(path);
  try {
    return await import("playwright-core");
  } finally {
    fs.existsSync = existsSync;
  }
}

/** What axe finds that is serious or critical, in its words. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run({ resultTypes: ["violations"] })`);
  const { violations } = found as { readonly violations: Finding[] };
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`)
    );
}
