// What waiting costs: from a send elsewhere to the end of `messages --wait`,
// and what `ask` takes beyond the side that answers.

import { parseRoom } from "../../lib/conversation/room_name.ts";
import { checkText } from "../../lib/conversation/text_check.ts";
import type { LocalApi } from "../../lib/local_api/client.ts";
import { localApiOf, median, OPEN_RELAY, took } from "./measure.ts";
import { Stage, type StagedAgent } from "../stage.ts";
import { type BenchRow, benchRow } from "./table.ts";

const ROUNDS = 10;
const ROOM = parseRoom("bench");
/** By then a command that was started waits; it is no part of a figure. */
const STARTED_MS = 400;
/** What a poll once a second costs on average, in milliseconds. */
const POLL_MS = 500;

/** Wall times of waiting and asking between two daemons and a relay on this host. */
export async function benchWaiting(): Promise<BenchRow[]> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const [ada, bob] = [stage.agent("ada"), stage.agent("bob")];
  for (const agent of [ada, bob]) {
    await agent.online({ relay: url, flags: ["--brakes", "off"] });
  }
  const [asker, answerer] = [await localApiOf(ada), await localApiOf(bob)];
  await asker.create({ room: ROOM });
  await answerer.join({ room: ROOM });
  const waits: number[] = [];
  const asks: number[] = [];
  const starts: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    await readAll(answerer);
    waits.push(await waited(bob, asker));
    asks.push(await asked(ada, answerer));
    starts.push(await took(() => ada.run(["version"])));
  }
  const start = median(starts);
  return [
    benchRow({
      name: "messages --wait, from send to its end",
      figure: median(waits),
      unit: "ms",
      floor: "polling once a second",
      floorFigure: POLL_MS,
    }),
    benchRow({
      name: "ask, beyond the answering side",
      figure: median(asks),
      unit: "ms",
      floor: "agentnet version",
      floorFigure: start,
    }),
  ];
}

/** Milliseconds from the call that sends a message to the end of the command that waited for it elsewhere. */
async function waited(waiter: StagedAgent, sender: LocalApi): Promise<number> {
  const command = waiter.run(["messages", ROOM, "--wait", "30s"]);
  await new Promise((resolve) => setTimeout(resolve, STARTED_MS));
  const began = performance.now();
  const sending = sender.send({ room: ROOM, text: checkText("wake up") });
  const { code, stderr } = await command;
  const ended = performance.now();
  await sending;
  if (code !== 0) throw new Error(stderr);
  return ended - began;
}

/** Wall time of an `ask`, less what the other side took from hearing it to having answered. */
async function asked(asker: StagedAgent, answerer: LocalApi): Promise<number> {
  const after = await readAll(answerer);
  const began = performance.now();
  const command = asker.run(["ask", ROOM, "which one?", "--timeout", "30s"]);
  const { messages: [question] } = await answerer.messages({
    room: ROOM,
    after,
    wait_ms: 30_000,
  });
  if (question === undefined) throw new Error("no question came");
  const answering = await took(() =>
    answerer.send({
      room: ROOM,
      text: checkText("this one"),
      reply_to: question.id,
    })
  );
  const { code, stderr } = await command;
  if (code !== 0) throw new Error(stderr);
  return performance.now() - began - answering;
}

/** Marks everything read, so that only what comes next is waited for; returns the newest cursor. */
async function readAll(api: LocalApi): Promise<number> {
  for (let cursor = 0;;) {
    const { messages } = await api.messages({ after: cursor, limit: 500 });
    const last = messages.at(-1);
    if (last === undefined) return cursor;
    cursor = last.cursor;
    await api.read({ cursor });
  }
}
