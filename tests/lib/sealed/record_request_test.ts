import { strictEqual } from "node:assert/strict";
import {
  isRecordSayable,
  writeRecordAgain,
} from "../../../lib/sealed/record_request.ts";
import {
  MOST_SEALED_BYTES,
  sealedLength,
  writeSealed,
} from "../../../lib/sealed/sealed_text.ts";
import { agent } from "../../fakes/agents.ts";

Deno.test("sealedLength: as long as it is written", () => {
  for (let bytes = 0; bytes < 10; bytes++) {
    const text = writeSealed("r", new Uint8Array(bytes));
    strictEqual(sealedLength("r", bytes), text.length);
  }
});

Deno.test("isRecordSayable: up to where it fits into a text again, with its signature", () => {
  const again = (unsigned: number) =>
    writeSealed(
      "r",
      writeRecordAgain(agent(1).id, new Uint8Array(unsigned + 64)),
    ).length;
  const most = Array.from({ length: 200 }, (_, at) => 48_500 + at)
    .findLast((unsigned) => again(unsigned) <= MOST_SEALED_BYTES)!;
  strictEqual(again(most + 1) > MOST_SEALED_BYTES, true);
  strictEqual(isRecordSayable(new Uint8Array(most)), true);
  strictEqual(isRecordSayable(new Uint8Array(most + 1)), false);
});
