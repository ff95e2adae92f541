import { type Browser, chromium, type Page } from "playwright-core";

/** Where Debian and others put it. */
const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];

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
