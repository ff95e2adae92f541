import assert from "node:assert/strict";
import type { SendRequest } from "../../../lib/local_api/types/sends.ts";
import { OWN_ID, someSend } from "../../fakes/api_values.ts";
import { CliRig } from "../../fakes/cli_rig.ts";

/** A daemon that takes every text. */
function takingRig(): CliRig {
  return new CliRig({
    "POST send": () => someSend(),
    "GET identity": () => ({ id: OWN_ID, name: "ada" }),
  });
}

const sentBy = (rig: CliRig) =>
  rig.calls.filter((call) => call.route === "POST send")
    .map((call) => call.body as SendRequest);

Deno.test("readBody: standard input and files keep each byte, a last line end too, but byte order marks at the start, as the command line does", async () => {
  const text = "a\r\n\tb 漢字 😀 <&> \u2028 \u0000\ufeff\n\n";
  for (
    const [content, sent] of [
      [text, text],
      [`\ufeff${text}`, text],
      [`\ufeff\ufeff\ufeff${text}`, text],
    ] as const
  ) {
    const rig = takingRig();
    rig.stdin = new TextEncoder().encode(content);
    rig.files.set("note.txt", content);
    await rig.run("send", "tea", "-");
    await rig.run("send", "tea", "--file", "note.txt");
    await rig.run("send", "tea", "--file", "-");
    await rig.run("send", "tea", content);
    assert.deepEqual(
      sentBy(rig).map((one) => one.text),
      [sent, sent, sent, sent],
    );
  }
});

Deno.test("readBody: a byte order mark takes no room of a text, and alone is an empty one", async () => {
  const rig = takingRig();
  rig.stdin = new TextEncoder().encode("\ufeff\ufeff" + "a".repeat(32_768));
  assert.equal((await rig.run("send", "tea", "-")).code, 0);
  rig.stdin = new TextEncoder().encode("\ufeff");
  const { code, stderr } = await rig.run("send", "tea", "-");
  assert.equal(code, 2);
  assert.match(stderr, /text is empty/);
});

Deno.test("readBody: input that the wire can't carry is refused before anything is sent", async () => {
  const table: [bytes: Uint8Array, says: RegExp][] = [
    [new Uint8Array(), /text is empty/],
    [new TextEncoder().encode(" \n"), /text is empty/],
    // As JSON each of them takes six bytes.
    [new Uint8Array(20_000).fill(1), /120002 bytes, more than 64512/],
    [Uint8Array.of(0x61, 0xff), /not UTF-8/],
    [Uint8Array.of(0xed, 0xa0, 0x80), /not UTF-8/],
    // UTF-16 with its mark, as Windows writes it.
    [Uint8Array.of(0xff, 0xfe, 0x61, 0x00), /not UTF-8/],
    [Uint8Array.of(0xef, 0xbb, 0x61), /not UTF-8/],
    [new Uint8Array(32_769).fill(0x61), /32769 bytes, more than 32768/],
    [new TextEncoder().encode("a\bb"), /backspace/],
    [new TextEncoder().encode("a\fb"), /form feed/],
  ];
  for (const [bytes, says] of table) {
    const rig = takingRig();
    rig.stdin = bytes;
    const { code, stdout, stderr } = await rig.run("send", "tea", "-");
    assert.deepEqual([code, stdout], [2, ""], `${says}`);
    assert.match(stderr, says);
    assert.deepEqual(rig.calls, []);
  }
});

Deno.test("readBody: 32 KB go, a file that is not there is 2", async () => {
  const rig = takingRig();
  rig.stdin = new Uint8Array(32_768).fill(0x61);
  assert.equal((await rig.run("send", "tea", "-")).code, 0);
  const { code, stderr } = await rig.run("send", "tea", "--file", "gone");
  assert.equal(code, 2);
  assert.match(stderr, /gone/);
});
