import assert from "node:assert/strict";
import fc from "fast-check";
import { base58 } from "@scure/base";
import { findSecret } from "../../../lib/guards/secrets.ts";
import {
  Draw,
  inBase64,
  type MadeSecret,
  madeSecrets,
  ordinaryTexts,
  overLines,
  SECRET_KINDS,
} from "../../fakes/secret_corpus.ts";

const SEED = 20260101;
const made = madeSecrets(SEED, 10);

/** Share of the secrets held back when written so, and the kinds that got through. */
function held(write: (secret: MadeSecret) => string) {
  const missed = made.filter((secret) => !findSecret(write(secret), {}));
  const kinds = missed.map((secret) => secret.kind).join(", ");
  return { share: 1 - missed.length / made.length, kinds };
}

Deno.test("corpus: 200 made-up secrets of 20 kinds", () => {
  assert.equal(Object.keys(SECRET_KINDS).length, 20);
  assert.equal(made.length, 200);
});

Deno.test("findSecret: holds back at least 95 % of plain secrets", () => {
  const { share, kinds } = held((secret) => secret.text);
  assert.ok(share >= 0.95, `${share}, missed: ${kinds}`);
});

Deno.test("findSecret: holds back at least 80 % of secrets in base64", () => {
  const d = new Draw(SEED + 1);
  const { share, kinds } = held((secret) => inBase64(secret, d));
  assert.ok(share >= 0.8, `${share}, missed: ${kinds}`);
});

Deno.test("findSecret: holds back at least 80 % of secrets split over lines", () => {
  const d = new Draw(SEED + 2);
  const { share, kinds } = held((secret) => overLines(secret, d));
  assert.ok(share >= 0.8, `${share}, missed: ${kinds}`);
});

Deno.test("findSecret: holds back at most 1 % of 2,000 ordinary texts", () => {
  const wrong = ordinaryTexts(SEED, 2000)
    .flatMap(({ kind, text }) => {
      const found = findSecret(text, {});
      return found ? [`${kind}: ${found.kind}`] : [];
    });
  assert.ok(wrong.length <= 20, wrong.join("; "));
});

Deno.test("findSecret: a finding never holds any part of the secret", () => {
  for (const { secret, text } of made) {
    const shown = JSON.stringify(findSecret(text, {}));
    for (let at = 0; at + 10 <= secret.length; at++) {
      const part = secret.slice(at, at + 10);
      if (/\d/.test(part)) assert.ok(!shown.includes(part), shown);
    }
  }
});

Deno.test("findSecret: names the kind and the line and column where it begins", () => {
  const text = "one\n日本 😀 AKIAIOSFODNN7EXAMPLE";
  assert.deepEqual(findSecret(text, {}), {
    kind: "AWS access key",
    place: "line 2, column 6",
  });
});

Deno.test("findSecret: the place of a split secret is where its first part begins", () => {
  const text = "see:\r\n  gh\r\n  p_a1B2c3D4e5F6g7H8i9J0\r\n  k1L2m3N4o5P6q7R8";
  assert.deepEqual(findSecret(text, {}), {
    kind: "GitHub token",
    place: "line 2, column 3",
  });
});

Deno.test("findSecret: the place of a secret in base64 is where the base64 begins", () => {
  const text = "a\nb " + btoa("key AKIAIOSFODNN7EXAMPLE");
  assert.deepEqual(findSecret(text, {}), {
    kind: "AWS access key",
    place: "line 2, column 3, in base64",
  });
});

const keyPair = (seed: number) => {
  const d = new Draw(seed);
  const bytes = Uint8Array.from({ length: 64 }, () => d.int(256));
  return { key: base58.encode(bytes), agentId: base58.encode(bytes.slice(32)) };
};

Deno.test("findSecret: holds back this agent's own key, bare, glued, split and in base64", () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { key, agentId } = keyPair(seed);
    const cut = 1 + seed * 4;
    const texts = [
      key,
      `xyz${key}abc`,
      `here:\n${key.slice(0, cut)}\n${key.slice(cut)}\nthanks`,
      btoa(key),
      JSON.stringify({ value: key }),
    ];
    for (const text of texts) {
      const found = findSecret(text, { agentId });
      assert.equal(found?.kind, "this agent's own key", text);
    }
  }
});

Deno.test("findSecret: lets agent ids, signatures and others' 64 bytes pass", () => {
  const { key, agentId } = keyPair(7);
  const other = keyPair(8).agentId;
  for (
    const text of [
      key,
      agentId,
      `ask ${other}`,
      `from: ${other}`,
      `token: ${other.slice(0, 8)}`,
      `token: ${other}`,
      `signature: ${key}`,
    ]
  ) {
    assert.equal(findSecret(text, { agentId: other }), null, text);
  }
});

Deno.test("findSecret: holds back the local API's token, split and in base64 too", () => {
  const own = { apiToken: new Draw(3).of("abcdefghijklmnop", 43) };
  const { apiToken } = own;
  for (
    const text of [
      apiToken,
      `x${apiToken}y`,
      `${apiToken.slice(0, 9)}\n  ${apiToken.slice(9)}`,
      btoa(`token ${apiToken}`),
    ]
  ) {
    assert.equal(findSecret(text, own)?.kind, "the local API's token");
    assert.equal(findSecret(text.toUpperCase(), own), null);
  }
});

Deno.test("findSecret: an unusable id or token of its own switches only that rule off", () => {
  const own = { agentId: "0OIl", apiToken: "" };
  assert.equal(findSecret("hello there", own), null);
  assert.ok(findSecret("AKIAIOSFODNN7EXAMPLE", own));
});

Deno.test("findSecret: any text is answered, without a throw", () => {
  fc.assert(fc.property(
    fc.array(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.base64String(),
        fc.constantFrom("password=", "eyJ", "\n", '" + "', "://", "@", "\\n"),
      ),
    ),
    (parts) => {
      const found = findSecret(parts.join(""), {});
      assert.ok(found === null || /^line \d+, column \d+/.test(found.place));
    },
  ));
});

Deno.test("findSecret: a secret is found wherever it stands among words", () => {
  const words = fc.array(fc.constantFrom("the", "agent", "reads", "42", "\n"));
  fc.assert(fc.property(words, words, (before, after) => {
    const text = [
      ...before,
      "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
      ...after,
    ]
      .join(" ");
    assert.equal(findSecret(text, {})?.kind, "GitHub token");
  }));
});
