import assert from "node:assert/strict";
import { chatTasks } from "../scenarios/chat_tasks.ts";

/** What a model has to read for one task: question, answer, two receipts, and what stands around them. */
const BYTES_A_TASK = 1_200;

Deno.test("two agents with the habits of a model do 20 tasks with neither sleep nor poll, in few words", async () => {
  const { tasks, commands, bytes } = await chatTasks(20);
  assert.equal(commands, 3 + 3 * tasks);
  assert.ok(
    bytes < tasks * BYTES_A_TASK,
    `${bytes} bytes read for ${tasks} tasks`,
  );
});
