import assert from "node:assert/strict";
import { Verifier } from "../../../lib/protocol/verifying.ts";
import { sandboxed } from "../../../lib/sandbox.ts";
import type { CheckResult } from "../../../relay/checks/check_messages.ts";
import { checkMemberFrame } from "../../../relay/checks/member_frame.ts";
import { agent, goodFrames } from "../../fakes/agents.ts";

Deno.test("check_worker: without any permission it finds of each frame, in order, what this thread does, and ends when asked", async () => {
  const worker = new Worker(
    new URL("../../../relay/checks/check_worker.ts", import.meta.url),
    sandboxed("checks", { net: false, read: false, write: false, env: false }),
  );
  try {
    const ended = Promise.withResolvers<void>();
    worker.onmessage = ({ data }) => {
      if (data.type === "sandbox.stop") ended.resolve();
    };
    const { port1, port2: port } = new MessageChannel();
    worker.postMessage({ type: "init", port }, [port]);
    const by = agent(1);
    const texts = [...goodFrames(by), "{}", "no frame"];
    const answered = Promise.withResolvers<readonly CheckResult[]>();
    port1.onmessage = ({ data }) => answered.resolve(data);
    port1.postMessage(texts.map((text) => ({ agent: by.id, text })));
    const results = await answered.promise;
    assert.deepEqual(
      results.map(({ checked }) => checked),
      texts.map((text) => checkMemberFrame(text, by.id, new Verifier())),
    );
    assert.ok(results.every(({ ms }) => ms >= 0));
    worker.postMessage({ type: "sandbox.stop" });
    await ended.promise;
    port1.close();
  } finally {
    worker.terminate();
  }
});
