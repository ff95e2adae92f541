import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { TakenFile } from "../../../../lib/local_api/types/files.ts";
import { KEPT_PARTS } from "../../../../daemon/mailbox/file_parts.ts";
import { joined } from "../../../../lib/protocol/byte_layout.ts";
import { FEATURES } from "../../../../lib/protocol/frames.ts";
import {
  isFilePart,
  partCount,
  PARTS,
  readFilePart,
  writeFilePart,
} from "../../../../lib/sealed/file_part.ts";
import { readSealed, writeSealed } from "../../../../lib/sealed/sealed_text.ts";
import { SealedAgent, vaultOf, waitFor } from "../../../fakes/sealed_agent.ts";
import { SealedHub } from "../../../fakes/sealed_hub.ts";
import { fileOf, take } from "../../../fakes/taken_file.ts";

/** A Go relay, and ours with files taken away. */
const RELAYS = [[], FEATURES.filter((one) => one !== "blobs")];

/** Sends a file with a message "look". */
async function send(
  by: SealedAgent,
  bytes: Uint8Array,
  room = "vault",
): Promise<TakenFile> {
  const taking = take(by.session.fileApi, bytes, { room, name: "secretname" });
  await by.hub.goOn(2_000 * partCount(bytes.length));
  const taken = await waitFor(by.hub, taking);
  const { upload: attach } = taken;
  await waitFor(by.hub, by.session.send({ room, text: "look", attach }));
  return taken;
}

async function get(who: SealedAgent, text = "look"): Promise<Uint8Array> {
  const message = (await who.all()).findLast((one) => one.text === text);
  const id = message?.short_id ?? "";
  const { signal } = new AbortController();
  const giving = Array.fromAsync(who.session.fileApi.give({ id }, signal));
  return joined(...await waitFor(who.hub, giving));
}

const textOf = (raw: unknown) =>
  (raw as { content: { text: string } }).content.text;

function partsSaid(hub: SealedHub): string[] {
  return hub.said.map(textOf).filter(isFilePart);
}

async function pair(features: readonly typeof FEATURES[number][]) {
  const hub = new SealedHub(features);
  const ada = await SealedAgent.make(hub, { number: 1, name: "ada" });
  const bob = await SealedAgent.make(hub, { number: 2, name: "bob" });
  return { hub, ada, bob };
}

for (const features of RELAYS) {
  Deno.test(`a file goes in parts in a private room, before its message, which alone is shown (${features.length} features)`, async () => {
    const { hub, ada, bob } = await pair(features);
    using _ = hub;
    await vaultOf(hub, [ada, bob]);
    const bytes = fileOf(200_000);
    const taken = await send(ada, bytes);
    await bob.hears("look");
    const texts = partsSaid(hub);
    strictEqual(texts.length, partCount(200_000));
    ok(!isFilePart(textOf(hub.said.at(-1))));
    deepStrictEqual(await bob.texts("vault"), ["look"]);
    deepStrictEqual(await bob.gaps("vault"), []);
    deepStrictEqual(await get(bob), bytes);
    deepStrictEqual(await get(ada), bytes);
    const [message] = await bob.all("vault");
    deepStrictEqual(message?.file, {
      ...{ name: "secretname", size: 200_000, sha256: taken.sha256 },
      until: taken.until,
    });
    const all = JSON.stringify(hub.said);
    ok(!all.includes("secretname") && !all.includes(taken.sha256));
    strictEqual(hub.blobs.puts.length, 0);
    await hub.clock.advance(2 * KEPT_PARTS.unnamedMs);
    deepStrictEqual(await get(bob), bytes);
    deepStrictEqual(await get(ada), bytes);
    await hub.clock.advance(KEPT_PARTS.keptMs);
    await rejects(get(bob), { code: "FILE_PARTS", message: /^0 of/ });
    strictEqual(bob.session.status().forged, 0);
  });
}

Deno.test("parts go 30 a minute at most, whatever files there are, and the rest of a relay's bound is for messages", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  await vaultOf(hub, [ada, bob]);
  const began = hub.clock.wall();
  const both = Promise.all(
    [0, 1].map(() =>
      take(ada.session.fileApi, fileOf(150_000), { room: "vault" })
    ),
  );
  await waitFor(hub, both);
  const times = hub.said.filter((raw) => isFilePart(textOf(raw)))
    .map(({ timestamp }) => Number(timestamp) - began);
  strictEqual(times.length, 2 * partCount(150_000));
  ok(times.every((at, n) => n === 0 || at - times[n - 1]! >= 2_000));
});

Deno.test("1 MB goes in parts, and a byte more is refused with the bound; in a public room none goes", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  await vaultOf(hub, [ada, bob]);
  const bytes = fileOf(PARTS.fileBytes);
  await send(ada, bytes);
  await bob.hears("look");
  deepStrictEqual(await get(bob), bytes);
  await rejects(
    take(ada.session.fileApi, fileOf(PARTS.fileBytes + 1), { room: "vault" }),
    { code: "BLOB_TOO_BIG", message: /1048577 bytes.*1 MB/ },
  );
  await waitFor(hub, ada.session.create({ room: "tea" }));
  await rejects(take(ada.session.fileApi, fileOf(1), { room: "tea" }), {
    code: "BLOB_OFF",
    fix: /1 MB/,
  });
});

Deno.test("a part that did not come is told, with how many are here, and it can be sent again", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  await vaultOf(hub, [ada, bob]);
  let n = 0;
  hub.tells = (raw) => isFilePart(textOf(raw)) && n++ === 1 ? [] : [raw];
  await send(ada, fileOf(120_000));
  await bob.hears("look");
  const of = partCount(120_000);
  await rejects(get(bob), {
    code: "FILE_PARTS",
    message: `${of - 1} of the file's ${of} parts are here`,
  });
  hub.tells = (raw) => [raw];
  // Sent again it is another file, sealed anew.
  await send(ada, fileOf(120_000));
  await hub.goOn(1_000);
  deepStrictEqual(await get(bob), fileOf(120_000));
});

Deno.test("parts of who is no member, or that can't be read, are refused; a member's under another's name are his own", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  const eve = await SealedAgent.make(hub, { number: 3, name: "eve" });
  const wire = await vaultOf(hub, [ada, bob]);
  hub.tells = (raw) => isFilePart(textOf(raw)) ? [] : [raw];
  await send(ada, fileOf(60_000));
  await bob.hears("look");
  hub.tells = (raw) => [raw];
  const texts = partsSaid(hub);
  strictEqual(texts.length, 2);
  for (const [n, text] of texts.entries()) {
    hub.say(eve.identity, { room: wire, id: `e${n}`, text });
  }
  await hub.goOn(1_000);
  strictEqual(bob.session.status().forged, 2);
  hub.say(ada.identity, {
    ...{ room: wire, id: "bad" },
    text: writeSealed("f", Uint8Array.of(1, 2, 3)),
  });
  await hub.goOn(1_000);
  strictEqual(bob.session.status().forged, 3);
  await rejects(get(bob), { code: "FILE_PARTS", message: /^0 of/ });
  for (const [n, text] of texts.entries()) {
    hub.say(ada.identity, { room: wire, id: `a${n}`, text });
  }
  await hub.goOn(1_000);
  deepStrictEqual(await get(bob), fileOf(60_000));
});

Deno.test("altered parts are never given: the whole is checked when it is here", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  const wire = await vaultOf(hub, [ada, bob]);
  hub.tells = (raw) => isFilePart(textOf(raw)) ? [] : [raw];
  await send(ada, fileOf(60_000));
  await bob.hears("look");
  for (const [n, text] of partsSaid(hub).entries()) {
    const sealed = readSealed(text);
    const part = sealed.is === "sealed" ? readFilePart(sealed.body) : null;
    ok(part);
    const bytes = part.bytes.slice();
    bytes[9]! ^= 1;
    const altered = writeSealed("f", writeFilePart({ ...part, bytes }));
    hub.tells = (raw) => [raw];
    hub.say(ada.identity, { room: wire, id: `x${n}`, text: altered });
  }
  await hub.goOn(1_000);
  await rejects(get(bob), { code: "FILE_PARTS", message: /^0 of/ });
});

Deno.test("a daemon that is killed while parts go or come begins where nothing is half", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  await vaultOf(hub, [ada, bob]);
  const bytes = fileOf(250_000);
  const steps = take(ada.session.fileApi, bytes, { room: "vault" });
  await hub.until(() => partsSaid(hub).length === 2);
  await bob.restart();
  await hub.goOn(4_000);
  await waitFor(hub, steps);
  const { upload: attach } = await steps;
  await waitFor(hub, ada.session.send({ room: "vault", text: "look", attach }));
  await bob.hears("look");
  await hub.goOn(3_000);
  deepStrictEqual(await get(bob), bytes);
});

Deno.test("in a talk a file goes in parts in the pair's room once the other is there", async () => {
  const { hub, ada, bob } = await pair([]);
  using _ = hub;
  ada.session.pin({ agent: bob.id, name: "bob" });
  bob.session.pin({ agent: ada.id, name: "ada" });
  const bytes = fileOf(100_000);
  const taken = await waitFor(
    hub,
    take(ada.session.fileApi, bytes, { room: "@bob" }),
  );
  strictEqual(taken.until, undefined);
  const { upload: attach } = taken;
  await waitFor(
    hub,
    ada.session.send({ room: "@bob", text: "look", attach }),
  );
  await bob.hears("look");
  strictEqual(partsSaid(hub).length, partCount(100_000));
  deepStrictEqual(await bob.texts(), ["look"]);
  deepStrictEqual(await get(bob), bytes);
});

Deno.test("where a relay keeps messages to one agent, but no files, none goes in a talk", async () => {
  const { hub, ada, bob } = await pair(RELAYS[1]!);
  using _ = hub;
  ada.session.pin({ agent: bob.id, name: "bob" });
  await rejects(take(ada.session.fileApi, fileOf(1), { room: "@bob" }), {
    code: "BLOB_OFF",
  });
});
