import assert from "node:assert/strict";
import { localApiOf, OPEN_RELAY } from "../../scripts/bench/measure.ts";
import { Stage, type StagedAgent } from "../../scripts/stage.ts";
import { parseRoom } from "../../lib/conversation/room_name.ts";
import { checkText } from "../../lib/conversation/text_check.ts";
import { type ReadingCost, readingCost } from "./reading_cost.ts";

/** What each way to read a busy room costs. */
export interface BusyRoom {
  /** 47 short messages of two agents. */
  readonly short: ReadingCost;
  /** Their texts alone, a line each. */
  readonly texts: ReadingCost;
  /** Six texts of 32 KB. */
  readonly long: ReadingCost;
  /** What 250 messages come to. */
  readonly digest: ReadingCost;
}

const ROOM = parseRoom("lab");

/** Two agents speak, a third one reads. */
export async function busyRoom(): Promise<BusyRoom> {
  await using stage = await Stage.open();
  const { url } = await stage.startRelay(OPEN_RELAY);
  const agents = ["ada", "bob", "carol"].map((name) => stage.agent(name));
  const flags = ["--brakes", "off"];
  await Promise.all(agents.map((one) => one.online({ relay: url, flags })));
  const [ada, bob, carol] = agents as [StagedAgent, StagedAgent, StagedAgent];
  await ada.run(["create", ROOM]);
  await Promise.all([bob, carol].map((one) => one.run(["join", ROOM])));
  const speakers = await Promise.all([ada, bob].map(localApiOf));
  const say = async (texts: readonly string[]) => {
    for (const [at, text] of texts.entries()) {
      const sent = await speakers[at % 2]?.send({
        ...{ room: ROOM, text: checkText(text) },
      });
      assert.equal(sent?.status, "accepted");
    }
  };
  const read = async (...args: string[]) => {
    const { code, stdout, stderr } = await carol.run(["messages", ...args]);
    assert.equal(code, 0, stderr);
    return readingCost(stdout);
  };
  const texts = shortTexts(47);
  await say(texts);
  const short = await read();
  await say(Array.from({ length: 6 }, () => "word ".repeat(6_500).trim()));
  const long = await read();
  await say(shortTexts(250));
  const digest = await read("--digest");
  return { short, texts: readingCost(texts.join("\n")), long, digest };
}

/** Short things that agents say to each other. */
function shortTexts(count: number): string[] {
  return Array.from({ length: count }, (_, at) => {
    if (at % 40 === 7) return `@carol can you look at step ${at}?`;
    return at % 3 === 0
      ? `Step ${at} is done, ${at * 7} tests pass.`
      : `I take step ${at + 1} next, unless you do.`;
  });
}
