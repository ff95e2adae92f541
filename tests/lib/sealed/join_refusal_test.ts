import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { joined } from "../../../lib/protocol/byte_layout.ts";
import { INVITATION_ENDS } from "../../../lib/protocol/invitation_ends.ts";
import { field } from "../../../lib/sealed/labelled_bytes.ts";
import {
  askHash,
  parseRefusal,
  refusalContent,
} from "../../../lib/sealed/join_refusal.ts";

const ask = askHash(Uint8Array.of(1, 2, 3));
const head = (value: unknown) =>
  field(new TextEncoder().encode(JSON.stringify(value)));

Deno.test("parseRefusal reads what refusalContent wrote, and passes over what a newer program adds", () => {
  for (const reason of INVITATION_ENDS) {
    const refusal = { ask, reason };
    deepStrictEqual(parseRefusal(refusalContent(refusal)), refusal);
  }
  const more = head({ ask, no: "ended", more: 1 });
  deepStrictEqual(parseRefusal(more), { ask, reason: "ended" });
});

Deno.test("parseRefusal takes nothing else: other reasons, other hashes, more behind it, no JSON", () => {
  const others = [
    head({ ask, no: "never" }),
    head({ ask: ask.slice(2), no: "ended" }),
    head({ ask: ask.toUpperCase(), no: "ended" }),
    head({ ask: 1, no: "ended" }),
    head({ at: 1, got: {} }),
    head([]),
    field("{"),
    joined(refusalContent({ ask, reason: "ended" }), Uint8Array.of(0)),
    new Uint8Array(0),
    Uint8Array.of(255),
  ];
  for (const content of others) strictEqual(parseRefusal(content), null);
});
