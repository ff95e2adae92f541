// What a model has to read, in tokens and bytes: a busy room, and twenty tasks
// between two agents.

import { busyRoom } from "../../tests/scenarios/busy_room.ts";
import { chatTasks } from "../../tests/scenarios/chat_tasks.ts";
import { type BenchRow, benchRow } from "./table.ts";

const TASKS = 20;
/** Six texts of 32 KB. */
const LONG_BYTES = 6 * 32_499;

/** Each way to read beside what it is made of. */
export async function benchReading(): Promise<BenchRow[]> {
  const { short, texts, long, digest } = await busyRoom();
  const chat = await chatTasks(TASKS);
  const row = (name: string, unit: string, [figure, floor, floorFigure]: [
    number,
    string,
    number,
  ]) => benchRow({ name, unit, figure, floor, floorFigure });
  return [
    row("47 short messages", "tokens", [
      ...[short.tokens, "their texts alone", texts.tokens] as const,
    ]),
    row("47 short messages", "bytes", [
      ...[short.bytes, "their texts alone", texts.bytes] as const,
    ]),
    row("six texts of 32 KB", "bytes", [long.bytes, "the texts", LONG_BYTES]),
    row("digest of 250 messages", "tokens", [
      ...[digest.tokens, "47 messages, as shown", short.tokens] as const,
    ]),
    row(`${TASKS} chat tasks`, "tokens", [
      ...[chat.tokens, "47 messages, as shown", short.tokens] as const,
    ]),
  ];
}
