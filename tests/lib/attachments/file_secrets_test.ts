import { doesNotThrow, strictEqual, throws } from "node:assert/strict";
import { FileSecrets } from "../../../lib/attachments/file_secrets.ts";
import { Failure } from "../../../lib/errors.ts";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { Draw } from "../../fakes/secret_corpus.ts";
import { findSecret } from "../../../lib/guards/secrets.ts";

const TOKEN = "ghp_" + "R7kQ2mZx9LwT4vBn8JcY6sHd1FgA3pKe5UaX";
const BASE58 = "MASi45ub7Qe4ZE36UT5G6cU4ud8Fhhe4deS4F3cw9KTA" +
  "b8dLcukC7edhDQ7cn5d4gEYkbUrMWeWQLGsCmrG6dLaY";
const PEM = "-----BEGIN OPENSSH " + "PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA" +
  "AAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQyNTUxOQ\n";
const own = { apiToken: "a-long-enough-token-of-the-test" };
const utf8 = (text: string) => new TextEncoder().encode(text);

function look(
  content: Uint8Array,
  { name = "notes.txt", piece = 10_000 } = {},
): void {
  const secrets = new FileSecrets([name], own);
  for (let at = 0; at < content.length; at += piece) {
    secrets.push(content.subarray(at, at + piece));
  }
  secrets.end();
}

function utf16(text: string): Uint8Array {
  const units = Uint16Array.from(
    `\ufeff${text}`,
    (one) => one.charCodeAt(0),
  );
  return new Uint8Array(units.buffer);
}

function isHeld(error: unknown): boolean {
  return error instanceof Failure && error.code === "SECRET_HELD_BACK" &&
    !error.message.includes(TOKEN);
}

Deno.test("FileSecrets: a secret is found wherever it stands, across pieces and windows", () => {
  const filler = "a line of no interest\n";
  for (const before of [0, 3, 2_970, 3_000, 60_000, 250_000]) {
    const text = filler.repeat(before) + `token: ${TOKEN}\n` + filler;
    for (const piece of [777, 65_536]) {
      throws(() => look(utf8(text), { piece }), isHeld, `${before}`);
    }
  }
});

Deno.test("FileSecrets: at the seam of two windows too, at each place of it", () => {
  for (let before = 61_400; before < 61_500; before += 7) {
    const text = "x".repeat(before) + ` ${TOKEN} ` + "y".repeat(70_000);
    throws(() => look(utf8(text)), isHeld, `${before}`);
  }
});

Deno.test("FileSecrets: keys inside of what is no text, and in UTF-16", () => {
  const binary = new Uint8Array(100_000);
  binary.set(utf8(PEM), 70_000);
  throws(() => look(binary, { name: "disk.img" }), isHeld);
  throws(() => look(utf16(`x ${TOKEN}`)), isHeld);
  const codes = [...`x ${TOKEN} y`].map((one) => one.charCodeAt(0));
  for (const units of [Uint16Array.from(codes), Uint32Array.from(codes)]) {
    const little = new Uint8Array(units.buffer);
    throws(() => look(little), isHeld, "without a mark");
    throws(() => look(Uint8Array.of(0, ...little)), isHeld, "other order");
  }
  const token = utf8(own.apiToken);
  throws(() => look(Uint8Array.of(0, ...token, 0)), isHeld);
});

Deno.test("FileSecrets: another agent's key file is known by its shape, in what is no text and far behind too", () => {
  const key = `{"private_key":"${BASE58}"}`;
  const far = new Uint8Array(5_000_000).fill(0x20);
  far.set(utf8(key), far.length - 200);
  for (const content of [utf8(key), Uint8Array.of(0, ...utf8(key)), far]) {
    throws(() => look(content, { name: "copy.json" }), isHeld);
  }
});

Deno.test("FileSecrets: a name is looked at, whatever stands in the file", () => {
  throws(() => look(utf8("hello"), { name: ".env" }), isHeld);
  throws(() => look(utf8("hello"), { name: `x ${TOKEN}.txt` }), isHeld);
});

Deno.test("FileSecrets: what holds none passes", () => {
  const bytes = new Uint8Array(300_000);
  for (let at = 0; at < bytes.length; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, at + 65_536));
  }
  bytes[0] = 0;
  for (
    const content of [
      new Uint8Array(),
      utf8("hello"),
      utf8("Grüße ".repeat(20_000)),
      utf16("hello"),
      bytes,
    ]
  ) doesNotThrow(() => look(content));
});

Deno.test("FileSecrets: says which file, and where", () => {
  try {
    look(utf8(`a\nb ${TOKEN}`));
    throw new Error("it passed");
  } catch (error) {
    strictEqual(
      (error as Failure).message,
      "held back: the file looks like it holds a secret (GitHub token, notes.txt, line 2, column 3)",
    );
  }
});

Deno.test("FileSecrets: in whatever pieces a file comes, and across every seam of its windows, what is held is what one holds who reads it whole", () => {
  const draw = new Draw(7);
  const below = (bound: number) => draw.int(bound);
  const words = ["tea", "Grüße", "a = b", "line\n", "🫖", "0123", "{}", "\t"];
  const filler = (bytes: number) => {
    let text = "";
    while (text.length < bytes) text += words[below(words.length)] + " ";
    return text;
  };
  for (let round = 0; round < 32; round++) {
    const secret = [` ${TOKEN} `, PEM, ` ${own.apiToken} `, ""][round % 4]!;
    // At the end of the first window, or anywhere.
    const at = round % 8 < 4 ? 65_536 - 1 - below(40) : below(200_000);
    const content = joined(
      utf8(filler(at)).subarray(0, at),
      utf8(secret + filler(below(90_000))),
    );
    const whole = findSecret(new TextDecoder().decode(content), own);
    const message = `round ${round}, ${content.length} bytes`;
    // Cut by a window's end it may be called another kind first.
    const passes = () => lookInPieces(content, below);
    strictEqual(whole === null, secret === "", message);
    if (whole === null) doesNotThrow(passes, message);
    else throws(passes, isHeld, message);
  }
});

function lookInPieces(
  content: Uint8Array,
  below: (bound: number) => number,
): void {
  const secrets = new FileSecrets(["notes.txt"], own);
  for (let at = 0; at < content.length;) {
    const length = 1 + below(below(2) === 0 ? 5_000 : 150_000);
    secrets.push(content.subarray(at, at + length));
    at += length;
  }
  secrets.end();
}
