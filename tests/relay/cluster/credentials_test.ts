import assert from "node:assert/strict";
import { parseCredentials } from "../../../relay/cluster/credentials.ts";

const seed = `SU${"A".repeat(56)}`;
const creds = `-----BEGIN NATS USER JWT-----
eyJ0
------END NATS USER JWT------
-----BEGIN USER NKEY SEED-----
${seed}
------END USER NKEY SEED------
`;

Deno.test("parseCredentials: a .creds file, a seed, and user:password are each known", () => {
  assert.deepEqual(parseCredentials(creds, "f"), {
    kind: "creds",
    text: creds,
  });
  assert.deepEqual(parseCredentials(`${seed}\n`, "f"), { kind: "nkey", seed });
  assert.deepEqual(parseCredentials("relay:a:b c".slice(0, 9) + "\n", "f"), {
    kind: "password",
    user: "relay",
    password: "a:b",
  });
});

Deno.test("parseCredentials: anything else is refused without a word of it", () => {
  for (const text of ["", "secretword", "two words:x y", `${seed}A`]) {
    assert.throws(
      () => parseCredentials(text, "/etc/x"),
      (error: Error) =>
        error.message.includes("/etc/x") &&
        (text === "" || !error.message.includes(text)),
    );
  }
});
