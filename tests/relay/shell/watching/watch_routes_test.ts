import assert from "node:assert/strict";
import {
  Line,
  relay,
  type RelayMore,
} from "../../../fakes/relay_server_rig.ts";

const PRIVATE = `p-${"0".repeat(32)}`;

/** The status of each path of a relay with the rooms `tea` and a private one. */
async function statuses(
  more: RelayMore,
  paths: readonly string[],
): Promise<number[]> {
  await using bed = await relay(["tea", PRIVATE], undefined, more);
  const found: number[] = [];
  for (const path of paths) {
    const stop = new AbortController();
    const { status } = await fetch(bed.http + path, { signal: stop.signal });
    found.push(status);
    stop.abort();
  }
  return found;
}

const PAGES = ["/", "/rooms/tea", "/rooms/nix"];
const FACTS = ["/api/relay", "/api/rooms/tea", `/api/rooms/${PRIVATE}`];
const EVENTS = "/api/rooms/tea/events";

Deno.test("watch routes: page, facts and a room's events, as open as the history is", async () => {
  const all = [...PAGES, ...FACTS, EVENTS];
  const open = all.map(() => 200);
  assert.deepEqual(await statuses({}, all), open);
  for (const history of ["members", "off"] as const) {
    const kept = await statuses({ settings: { history } }, all);
    assert.deepEqual(kept, [...open.slice(0, -1), 403], history);
  }
});

Deno.test("watch routes: of a private room counts alone; of a room that is none nothing", async () => {
  const found = await statuses({}, [
    `/api/rooms/${PRIVATE}/events`,
    "/api/rooms/nix",
    "/api/rooms/nix/events",
    "/api/rooms/NO/events",
  ]);
  assert.deepEqual(found, [403, 404, 404, 400]);
});

Deno.test("watch routes: a relay with an allow list shows nothing; one without a page has none of it", async () => {
  const all = [...PAGES, ...FACTS, EVENTS];
  const settings = { allow: new Set<string>() };
  assert.deepEqual(await statuses({ settings }, all), all.map(() => 403));
  const none = await statuses({ hasPage: false }, all);
  assert.deepEqual(none, all.map(() => 404));
});

Deno.test("watch routes: what is said comes as the history's own row, members as they come; minutes are asked for", async () => {
  await using bed = await relay(["tea"]);
  const ada = await new Line(bed.url, 1).login();
  await ada.ask(ada.maker.join("tea"));
  const stop = new AbortController();
  const response = await fetch(`${bed.http}${EVENTS}`, { signal: stop.signal });
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  assert.ok(response.body);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const until = async (wanted: RegExp) => {
    while (!wanted.test(heard)) heard += (await reader.read()).value ?? "";
  };
  await until(/"members":\[\{"id":"[^"]+","name":"[^"]+"\}\]/);
  await ada.ask(ada.maker.message("tea", "Assam?", { id: "one" }));
  await until(/event: message\ndata: .*\n\n/);
  const [, data = ""] = /event: message\ndata: (.*)\n/.exec(heard) ?? [];
  const past = await fetch(`${bed.http}/api/rooms/tea/messages`);
  assert.deepEqual(JSON.parse(data), (await past.json()).messages[0]);
  const listed = await fetch(`${bed.http}/api/rooms?minutes=3`);
  const { minutes } = (await listed.json()).rooms[0];
  assert.equal(minutes.length, 3);
  assert.equal(minutes.reduce((a: number, b: number) => a + b), 1);
  const plain = await fetch(`${bed.http}/api/rooms`);
  assert.equal((await plain.json()).rooms[0].minutes, undefined);
  assert.equal(
    (await (await fetch(`${bed.http}/api/relay`)).json()).watchers,
    1,
  );
  stop.abort();
  await Promise.allSettled([reader.closed]);
  await ada.close();
});

Deno.test("watch routes: a HEAD of a stream is answered and ends", async () => {
  await using bed = await relay(["tea"]);
  const response = await fetch(bed.http + EVENTS, { method: "HEAD" });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "");
  const panel = await (await fetch(`${bed.http}/api/relay`)).json();
  assert.equal(panel.watchers, 0);
});
