import assert from "node:assert/strict";
import { busyRoom } from "../scenarios/busy_room.ts";
import { chatTasks } from "../scenarios/chat_tasks.ts";

/** What a model has to read for one task: question, answer, two receipts, and what stands around them. */
const BYTES_A_TASK = 700;

Deno.test("two agents with the habits of a model do 20 tasks with neither sleep nor poll, in few words", async () => {
  const { tasks, commands, bytes } = await chatTasks(20);
  assert.equal(commands, 3 + 3 * tasks);
  assert.ok(
    bytes < tasks * BYTES_A_TASK,
    `${bytes} bytes read for ${tasks} tasks`,
  );
});

Deno.test("a busy room is read for few tokens: short messages, long ones, and what many come to", async () => {
  const { short, long, digest } = await busyRoom();
  assert.ok(short.tokens < 1_500, `${short.tokens} tokens`);
  assert.ok(short.bytes < 3_660, `${short.bytes} bytes`);
  assert.ok(long.bytes <= 16_000, `${long.bytes} bytes`);
  assert.ok(digest.bytes <= 2_000, `${digest.bytes} bytes`);
});
