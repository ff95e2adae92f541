import assert from "node:assert/strict";
import { awaitReply } from "../../../lib/conversation/await_reply.ts";
import type { LocalApi } from "../../../lib/local_api/client.ts";
import type { MessagesQuery } from "../../../lib/local_api/types.ts";
import { someMessage, somePage } from "../../fakes/api_values.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { roomName } from "../../fakes/plain.ts";

for (const exact of [true, false]) {
  Deno.test(`awaitReply: where one is named, nobody else's answer counts (marks: ${exact})`, async () => {
    const answers = ["ada", "bob"].map((from_name, i) =>
      someMessage({ cursor: i + 1, from_name, text: from_name, reply_to: "q" })
    );
    const api = {
      messages: ({ from }: MessagesQuery = {}) =>
        Promise.resolve(somePage(
          answers.filter(({ from_name }) =>
            from === undefined || from_name === from
          ),
        )),
    } as Pick<LocalApi, "messages">;
    const question = {
      ...{ room: roomName("tea"), id: "q", after: 0, exact, timeoutMs: 1_000 },
    };
    const ask = async (from?: string) => {
      const named = from === undefined ? question : { ...question, from };
      const { reply } = await awaitReply(
        { clock: new FakeClock() },
        api,
        named,
      );
      return reply?.text;
    };
    assert.deepEqual([await ask(), await ask("bob")], ["ada", "bob"]);
  });
}
