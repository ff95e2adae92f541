// The daemon's page in a real Chromium. Without one these tests are ignored.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import {
  chromiumPath,
  seriousFindings,
  TestBrowser,
} from "../fakes/browser.ts";

const CHROMIUM = await chromiumPath();

const shown = (page: Page, text: string) =>
  page.locator(".message", {
    has: page.locator(".text", {
      hasText: new RegExp(`^${RegExp.escape(text)}$`),
    }),
  });

async function done(agent: StagedAgent, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await agent.run(args);
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test({
  name:
    "the daemon's page: opened once by a link; rooms, what comes, what was sent; a person's word arrives marked; another origin gets nothing; it ends with the daemon",
  ignore: CHROMIUM === null,
  fn: async () => {
    await using stage = await Stage.open();
    const relay = await stage.startRelay(["--open"]);
    const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
    await ada.startDaemon({ relay: relay.url });
    await bob.startDaemon({ relay: relay.url });
    await done(ada, "create", "tea", "How we brew");
    await done(bob, "join", "tea");
    await using browser = await TestBrowser.open(CHROMIUM ?? "");
    const { page, faults } = await browser.page();
    const link = (await done(ada, "page")).trim();
    await page.goto(link);
    await page.getByRole("button", { name: "tea" }).waitFor();
    const at = page.url();
    assert.match(at, /^http:\/\/127\.0\.0\.1:\d+\/page\/[0-9a-f]{48}\/$/);

    await done(bob, "send", "tea", "Assam?");
    await shown(page, "Assam?").getByText("✓ verified").waitFor();
    await page.getByText("1 unread").waitFor();

    await page.getByLabel("marked as written by a person").fill("Assam it is");
    await page.keyboard.press("Enter");
    await shown(page, "Assam it is").getByText("written by a person").waitFor();
    await page.getByRole("region", { name: "Sent" }).getByText("accepted")
      .waitFor();
    assert.match(
      await done(bob, "messages", "--wait", "20s"),
      /ada\S* .*\(written by a person\): Assam it is/,
    );
    const { messages } = JSON.parse(
      await done(bob, "messages", "--all", "--json"),
    );
    assert.equal(messages.at(-1).written_by, "person");
    assert.equal(messages.at(-1).verified, true);

    const token = "agentnet_token = ghp_16C7e42F292c6912E7710c838347Ae178B4a";
    await page.getByLabel("marked as written by a person").fill(token);
    await page.keyboard.press("Enter");
    await page.getByText(/secret/).waitFor();
    assert.deepEqual(await seriousFindings(page), []);

    await seenFrom(browser, at, link);
    assert.match(await done(ada, "messages"), /Assam\?/);
    assert.deepEqual(
      faults.filter((fault) => !fault.includes("status of 422")),
      [],
    );
    await done(ada, "stop");
    await page.getByText("The daemon is gone").waitFor();
  },
});

Deno.test({
  name:
    "the daemon's page: a message is answered; who is not known asks, is accepted or dropped, and his words are inert",
  ignore: CHROMIUM === null,
  fn: async () => {
    await using stage = await Stage.open();
    const relay = await stage.startRelay(["--open"]);
    const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
    const eve = stage.agent("eve");
    for (const agent of [ada, bob, eve]) {
      await agent.startDaemon({ relay: relay.url });
    }
    await done(ada, "create", "tea", "How we brew");
    await done(bob, "join", "tea");
    const { id } = JSON.parse(await done(ada, "whoami", "--json"));
    const hostile = "<img src=x onerror=alert(1)> \u202e\u0007 let me in";
    await done(eve, "dm", id, hostile);
    await done(bob, "dm", id, "It's bob, from tea");

    await using browser = await TestBrowser.open(CHROMIUM ?? "");
    const { page, faults } = await browser.page();
    await page.goto((await done(ada, "page")).trim());
    const asked = page.getByRole("region", { name: "Requests" });
    await asked.getByText("2 requests").waitFor();
    const of = (words: string) => asked.locator("li", { hasText: words });
    assert.equal(await of("let me in").locator("img").count(), 0);
    assert.deepEqual(await seriousFindings(page), []);

    await of("let me in").getByRole("button", { name: "Drop" }).click();
    await asked.getByText("dropped").waitFor();
    await of("It's bob").getByRole("button", { name: "Accept" }).click();
    await asked.getByText("accepted").waitFor();
    await asked.getByText("0 requests").waitFor();
    assert.deepEqual(
      JSON.parse(await done(ada, "requests", "--json")).requests,
      [],
    );
    await shown(page, "It's bob, from tea").waitFor();
    await page.getByLabel("marked as written by a person").fill("Welcome, bob");
    await page.keyboard.press("Enter");
    await shown(page, "Welcome, bob").waitFor();
    assert.match(
      await done(bob, "messages", "--wait", "20s"),
      /written by a person\): Welcome, bob/,
    );

    const notes = `${stage.folder}/notes.txt`;
    await Deno.writeTextFile(notes, "three minutes");
    await done(bob, "send", "tea", "--attach", notes, "Assam?");
    await page.getByRole("button", { name: "tea" }).click();
    await shown(page, "Assam?").getByText(/^file notes\.txt 13 bytes, /)
      .waitFor();
    await shown(page, "Assam?").getByRole("button", { name: /^Answer bob/ })
      .click();
    await page.getByText("answers bob").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("answers bob").waitFor({ state: "detached" });
    await shown(page, "Assam?").getByRole("button", { name: /^Answer bob/ })
      .click();
    await page.getByText("answers bob").waitFor();
    await page.keyboard.type("Assam it is");
    await page.keyboard.press("Enter");
    await shown(page, "Assam it is").getByText("answers bob").waitFor();
    const { messages } = JSON.parse(
      await done(bob, "messages", "tea", "--wait", "20s", "--json"),
    );
    const [question] = JSON.parse(await done(bob, "sent", "--json")).sent
      .filter(({ text }: { text: string }) => text === "Assam?");
    assert.equal(messages.at(-1).reply_to, question.id);
    assert.equal(messages.at(-1).written_by, "person");
    assert.deepEqual(faults, []);
  },
});

/** What a page of another port of this host, told the address and the link, gets of it. */
async function seenFrom(
  browser: TestBrowser,
  at: string,
  link: string,
): Promise<void> {
  const other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response("<title>other</title>", {
        headers: { "content-type": "text/html" },
      }),
  );
  try {
    const { page } = await browser.page();
    await page.goto(`http://127.0.0.1:${other.addr.port}/`);
    for (const path of [`${at}v2/status`, at, link]) {
      const got = await page.evaluate(
        `fetch(${JSON.stringify(path)}, { credentials: "include" })
          .then((response) => response.text(), () => "nothing")`,
      );
      assert.equal(got, "nothing", path);
    }
    const framed = await page.evaluate(`new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.onload = () => {
        try { resolve(frame.contentDocument?.body.textContent ?? "nothing"); }
        catch { resolve("nothing"); }
      };
      frame.src = ${JSON.stringify(at)};
      document.body.append(frame);
    })`);
    assert.equal(framed, "nothing");
    const opened = page.goto(link).then(() => "opened", () => "nothing");
    assert.equal(await opened, "nothing");
  } finally {
    await other.shutdown();
  }
}
