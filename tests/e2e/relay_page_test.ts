// The relay's page in a real Chromium. Without one these tests are ignored.

import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "playwright-core";
import { Stage, type StagedRelay } from "../../scripts/stage.ts";
import {
  chromiumPath,
  seriousFindings,
  TestBrowser,
} from "../fakes/browser.ts";
import { HOSTILE_MARKUP } from "../fakes/hostile_markup.ts";
import { HOSTILE_TEXTS } from "../fakes/hostile_text.ts";
import { Talker } from "../fakes/talkers.ts";

const CHROMIUM = await chromiumPath();
const ROOM = "tea";

const httpOf = ({ url }: StagedRelay) =>
  url.replace("ws:", "http:").replace(/\/v1\/ws$/, "");

interface Bed {
  readonly stage: Stage;
  readonly relay: StagedRelay;
  readonly browser: TestBrowser;
  readonly ada: Talker;
}

/** A relay, a browser, and ada, who has made a room. */
function test(name: string, run: (bed: Bed) => Promise<void>): void {
  Deno.test({
    name: `the relay's page: ${name}`,
    ignore: CHROMIUM === null,
    fn: async () => {
      await using stage = await Stage.open();
      const relay = await stage.startRelay(["--open"], {
        port: stage.port(),
      });
      const [browser, ada] = await Promise.all([
        TestBrowser.open(CHROMIUM ?? ""),
        talker(relay, 1, "ada"),
      ]);
      await using _closed = browser;
      await run({ stage, relay, browser, ada });
    },
  });
}

const talker = (relay: StagedRelay, number: number, name: string) =>
  Talker.open(relay.url, { number, name, room: ROOM, make: number === 1 });

/** The page of the room, once it is live. */
async function watch({ relay, browser }: Bed, options = {}) {
  const { page, faults } = await browser.page(options);
  await page.goto(`${httpOf(relay)}/rooms/${ROOM}`);
  await page.getByText("live", { exact: true }).waitFor();
  return { page, faults };
}

/** The message of just this text. */
const shown = (page: Page, text: string) =>
  page.locator(".message", {
    has: page.locator(".text", {
      hasText: new RegExp(`^${RegExp.escape(text)}$`),
    }),
  });

if (CHROMIUM === null) {
  Deno.test({
    name: "the relay's page: no chromium on this host, so nothing was tried",
    ignore: true,
    fn: () => {},
  });
}

test("the list leads to a room, where a live message comes within a second, verified, from who is there", async (bed) => {
  const { browser, relay, ada } = bed;
  const { page, faults } = await browser.page();
  await page.goto(httpOf(relay));
  await page.getByRole("link", { name: ROOM, exact: true }).click();
  await page.getByText("live", { exact: true }).waitFor();
  await page.getByText("1 agent here").waitFor();
  const took: number[] = [];
  for (let i = 0; i < 5; i++) {
    const said = ada.say(`live ${i}`);
    const began = performance.now();
    await shown(page, `live ${i}`).waitFor();
    took.push(performance.now() - began);
    await said;
  }
  assert.ok(Math.min(...took) < 1_000, `${took}`);
  await shown(page, "live 4").getByText("✓ verified").waitFor();
  const bob = await talker(relay, 2, "bob");
  await page.getByText("2 agents here").waitFor();
  const id = await ada.say("Which one?");
  await bob.say("That one.", { reply_to: id, written_by: "person" });
  await shown(page, "That one.").getByText("written by a person").waitFor();
  await shown(page, "Which one?").getByRole("button", { name: "1 answer" })
    .click();
  await page.getByRole("button", { name: "All messages" }).waitFor();
  assert.equal(await page.locator(".message").count(), 2);
  assert.deepEqual(faults, []);
});

test("a relay that is started anew leaves no gap; what was changed on its disk is flagged", async (bed) => {
  const { stage, relay, ada } = bed;
  for (let i = 0; i < 5; i++) await ada.say(`before ${i}`);
  const { page } = await watch(bed);
  await shown(page, "before 4").waitFor();
  await relay.process.end();
  forge(`${stage.folder}/relay/relay.db`);
  const port = Number(new URL(relay.url).port);
  const again = await stage.startRelay(["--open"], { port });
  const bob = await talker(again, 2, "bob");
  for (let i = 0; i < 5; i++) await bob.say(`after ${i}`);
  await shown(page, "after 4").waitFor();
  await page.getByText("live", { exact: true }).waitFor();
  const texts = await page.locator(".message .text").allTextContents();
  assert.deepEqual(texts, [
    ...[0, 1, 2, 3, 4].map((i) => `before ${i}`),
    ...[0, 1, 2, 3, 4].map((i) => `after ${i}`),
  ]);
  await page.reload();
  await shown(page, "forged 2").getByText("not verified").waitFor();
  await shown(page, "before 3").getByText("✓ verified").waitFor();
});

/** Changes a text as whoever has the disk can. */
function forge(path: string): void {
  using database = new DatabaseSync(path);
  const change = database.prepare(
    "UPDATE messages SET frame = replace(frame, 'before 2', 'forged 2')",
  );
  change.run();
}

test("over 500 hostile texts are text: nothing runs, loads or moves", async (bed) => {
  const { ada, relay } = bed;
  const texts = [
    ...HOSTILE_MARKUP,
    ...HOSTILE_TEXTS.map(({ text }) => text),
  ].filter((text) => text.trim() !== "" && text.isWellFormed());
  assert.ok(texts.length >= 500, `${texts.length}`);
  await Talker.open(relay.url, {
    ...{ number: 3, room: ROOM },
    name: "<img src=x onerror=fired()>",
  });
  const { page, faults } = await watch(bed, {
    viewport: { width: 360, height: 2_400 },
  });
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(httpOf(relay))) foreign.push(request.url());
  });
  const before = await frameOf(page);
  for (const text of texts) await ada.say(text);
  await ada.say("the end");
  await shown(page, "the end").waitFor();
  const { seen, broken } = await walk(page);
  assert.equal(seen, texts.length + 1);
  assert.deepEqual(broken, []);
  assert.deepEqual(await frameOf(page), before);
  const inside = await page.evaluate(
    `document.querySelectorAll(".rows :is(script,img,style,link,iframe,a,form,input,video,base,meta,h1,marquee)").length`,
  );
  assert.equal(inside, 0);
  assert.equal(await page.evaluate(`typeof fired`), "undefined");
  assert.deepEqual([...faults, ...foreign], []);
});

/** Scrolls a log from its start to its end: how many rows came by, and what in them was wider than it may be. */
const walk = (page: Page) =>
  page.evaluate<{ seen: number; broken: string[] }>(`(async () => {
    const log = document.querySelector(".log");
    const seen = new Set();
    const broken = [];
    const drawn = () => new Promise((done) =>
      requestAnimationFrame(() => requestAnimationFrame(done)));
    log.scrollTop = 0;
    await drawn();
    for (let isAtEnd = false; !isAtEnd;) {
      await drawn();
      for (const row of document.querySelectorAll(".row")) {
        seen.add(row.ariaPosInSet);
        if (row.scrollWidth > row.clientWidth) broken.push(row.textContent);
      }
      if (document.documentElement.scrollWidth > innerWidth) broken.push("");
      isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 1;
      log.scrollBy(0, 0.8 * log.clientHeight);
    }
    return { seen: seen.size, broken };
  })()`);

test("a name that does not fit shows that it goes on, wherever its first word ends", async (bed) => {
  const name =
    "ada, who is not the ada of this room, whatever you may read here";
  const other = await talker(bed.relay, 3, name);
  await other.say("hello");
  const { page } = await watch(bed, { viewport: { width: 320, height: 640 } });
  const cut = shown(page, "hello").locator(".name");
  assert.equal(await cut.textContent(), name);
  const drawn = await page.evaluate<[boolean, string, boolean]>(`(() => {
    const name = [...document.querySelectorAll(".message .name")].at(-1);
    const { textOverflow, whiteSpace } = getComputedStyle(name);
    return [
      name.scrollWidth > name.clientWidth,
      textOverflow + " " + whiteSpace,
      document.documentElement.scrollWidth > innerWidth,
    ];
  })()`);
  assert.deepEqual(drawn, [true, "ellipsis nowrap", false]);
  const title = await shown(page, "hello").locator(".author").getAttribute(
    "title",
  );
  assert.ok(title?.endsWith(name), title ?? "");
});

/** Where the parts of the page stand. */
const frameOf = (page: Page) =>
  page.evaluate(
    `[...document.querySelectorAll(".top, .top h1, main, aside")].map((part) => JSON.stringify(part.getBoundingClientRect()))`,
  );

test("a walk by keyboard: search, a room, its messages, a thread and back", async (bed) => {
  const { browser, relay, ada } = bed;
  const id = await ada.say("A question");
  await ada.say("An answer", { reply_to: id });
  const { page } = await browser.page();
  await page.goto(httpOf(relay));
  await page.getByRole("link", { name: ROOM, exact: true }).waitFor();
  await reach(page, "searchbox");
  await page.keyboard.type(ROOM);
  await reach(page, `link ${ROOM}`);
  await page.keyboard.press("Enter");
  await shown(page, "A question").waitFor();
  await reach(page, "log");
  await page.keyboard.press("PageUp");
  await reach(page, "button 1 answer");
  await page.keyboard.press("Enter");
  await reach(page, "button ← All messages");
  await page.keyboard.press("Enter");
  await page.getByRole("log").waitFor();
  await reach(page, "link ← Rooms");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Rooms" }).waitFor();
});

/** Presses Tab until what is wanted, a role and a name, has the focus. */
async function reach(page: Page, wanted: string): Promise<void> {
  const passed: string[] = [];
  for (let i = 0; i < 40; i++) {
    const here = await page.evaluate(`(() => {
      const at = document.activeElement;
      const roles = { A: "link", BUTTON: "button", INPUT: "searchbox" };
      const role = at.getAttribute("role") ?? roles[at.tagName] ?? "";
      return role + (roles[at.tagName] && role !== "searchbox" ? " " + at.textContent : "");
    })()`);
    if (here === wanted) return;
    passed.push(String(here));
    await page.keyboard.press("Tab");
  }
  assert.fail(`${wanted} was not reached: ${passed.join(", ")}`);
}

test("axe finds nothing serious, in both themes, on list and room", async (bed) => {
  const { ada, relay, browser } = bed;
  const id = await ada.say("A question");
  await ada.say("An answer", { reply_to: id, written_by: "person" });
  const { page } = await browser.page();
  const inBothThemes = async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await seriousFindings(page), []);
    }
  };
  await page.goto(httpOf(relay));
  await page.getByRole("link", { name: ROOM, exact: true }).waitFor();
  await inBothThemes();
  await page.goto(`${httpOf(relay)}/rooms/${ROOM}`);
  await shown(page, "An answer").getByText("✓ verified").waitFor();
  await inBothThemes();
});
