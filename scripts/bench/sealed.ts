// What a private room costs by its members: a change of its key for who makes it and for each who takes it, a message
// sealed and opened, and the bytes of both on the wire.

import { Keyring } from "../../daemon/keeper/room_keys/keyring.ts";
import { Identity } from "../../lib/protocol/identity.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import { joined } from "../../lib/protocol/byte_layout.ts";
import {
  openState,
  readRecord,
  unsignedRecord,
  wrapFor,
} from "../../lib/sealed/epoch_record.ts";
import { newStream } from "../../lib/sealed/head.ts";
import {
  openMessage,
  prepareMessage,
  readMessage,
  sealMessage,
} from "../../lib/sealed/message.ts";
import { privateWire, writeSealed } from "../../lib/sealed/sealed_text.ts";
import type {
  KeyAnswers,
  KeyAsk,
  QuestionOf,
} from "../../lib/sealed/key_questions.ts";
import { parseRoom } from "../../lib/conversation/room_name.ts";
import { DyingFiles } from "../../tests/fakes/dying_files.ts";
import { median, took } from "./measure.ts";
import { type BenchRow, benchRow } from "./table.ts";

const SIZES = [3, 50, 100, 250] as const;
const ROUNDS = 5;
const TEXT = "x".repeat(400);
const ROOM = privateWire(new Uint8Array(16).fill(7));
interface Member {
  readonly identity: Identity;
  readonly ask: <Ask extends KeyAsk>(
    question: QuestionOf<Ask>,
  ) => Promise<KeyAnswers[Ask]>;
}

async function member(number: number): Promise<Member> {
  const seed = new Uint8Array(32);
  new DataView(seed.buffer).setUint32(0, number + 1);
  const identity = await Identity.fromSeed(seed);
  const keyring = await Keyring.open({
    ...{ id: identity.id, sign: identity.sign, path: "/room.keys" },
    agreementSecret: () => identity.agreementSecret(),
    files: new DyingFiles(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
  });
  return {
    identity,
    ask: async (question) => await keyring.answer(question) as never,
  };
}

/** Each figure of a private room beside the same with three members, or beside a public room's. */
export async function benchSealed(): Promise<BenchRow[]> {
  const figures = [];
  for (const size of SIZES) figures.push(await figuresOf(size));
  const [least] = figures as [Figures];
  const rows = figures.flatMap((one) => [
    benchRow({
      ...{ name: `new key, ${one.size} members, who makes it`, unit: "ms" },
      ...{ figure: one.makeMs, floor: "3 members", floorFigure: least.makeMs },
    }),
    benchRow({
      ...{ name: `new key, ${one.size} members, each other`, unit: "ms" },
      ...{ figure: one.takeMs, floor: "3 members", floorFigure: least.takeMs },
    }),
    benchRow({
      ...{ name: `new key, ${one.size} members, on the wire`, unit: "KB" },
      figure: one.recordBytes / 1024,
      floor: "3 members",
      floorFigure: least.recordBytes / 1024,
    }),
  ]);
  const { sealMs, openMs, messageBytes, frameMs } = least;
  return [
    ...rows,
    benchRow({
      ...{ name: "seal a message of 400 bytes", unit: "ms", figure: sealMs },
      ...{ floor: "sign its frame", floorFigure: frameMs },
    }),
    benchRow({
      ...{ name: "open it", unit: "ms", figure: openMs },
      ...{ floor: "sign its frame", floorFigure: frameMs },
    }),
    benchRow({
      ...{ name: "its text on the wire", unit: "bytes", figure: messageBytes },
      ...{ floor: "in a public room", floorFigure: TEXT.length },
    }),
  ];
}

interface Figures {
  readonly size: number;
  readonly makeMs: number;
  readonly takeMs: number;
  readonly recordBytes: number;
  readonly sealMs: number;
  readonly openMs: number;
  readonly messageBytes: number;
  readonly frameMs: number;
}

async function figuresOf(size: number): Promise<Figures> {
  const verifier = new Verifier();
  const [ada, bob] = [await member(0), await member(1)];
  const others = Array.from({ length: size - 2 }, async (_, at) => {
    const seed = new Uint8Array(32);
    new DataView(seed.buffer).setUint32(0, at + 3);
    return (await Identity.fromSeed(seed)).id;
  });
  const ids = [ada.identity.id, bob.identity.id, ...await Promise.all(others)];
  const [makes, takes, seals, opens, frames]: number[][] = [[], [], [], [], []];
  let recordBytes = 0;
  let messageBytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let made!: Awaited<ReturnType<typeof makeRecord>>;
    makes!.push(
      await took(async () => {
        made = await makeRecord(ada, ids);
      }),
    );
    recordBytes = writeSealed("e", made.body).length;
    takes!.push(await took(() => takeRecord(bob, made, verifier)));
    const place = { room: ROOM, from: ada.identity.id, id: `m${round}` };
    const epoch = Uint8Array.fromHex(made.hash).subarray(0, 16);
    const salt = crypto.getRandomValues(new Uint8Array(32));
    const salts = [salt];
    let body = new Uint8Array() as Uint8Array;
    seals!.push(
      await took(async () => {
        const stream = newStream(1, new Uint8Array(8));
        const head = { stream, n: 1, at: 1, saw: [] };
        const said = prepareMessage(place, epoch, { head, text: TEXT });
        const { content, hash } = said;
        const [keys, signature] = await Promise.all([
          ada.ask({ ask: "message_keys", kc: made.kc, salts }),
          ada.ask({ ask: "sign_said", room: ROOM, hash }),
        ]);
        const key = keys![0]!;
        body = sealMessage(place, { epoch, salt }, { content, signature, key });
      }),
    );
    messageBytes = writeSealed("m", body).length;
    opens!.push(
      await took(async () => {
        const start = readMessage(body)!;
        const keys = await bob.ask({ ask: "message_keys", kc: made.kc, salts });
        const key = keys![0]!;
        const opened = openMessage(place, start, { key, verifier });
        if (!opened.ok) throw new Error(opened.reason);
      }),
    );
    const bytes = new TextEncoder().encode(TEXT);
    frames!.push(await took(() => ada.identity.sign(bytes)));
  }
  return {
    ...{ size, recordBytes, messageBytes },
    ...{ makeMs: median(makes!), takeMs: median(takes!) },
    ...{ sealMs: median(seals!), openMs: median(opens!) },
    frameMs: median(frames!),
  };
}

async function makeRecord({ identity, ask }: Member, ids: readonly string[]) {
  const head = { room: ROOM, n: 0, parents: [] };
  const epoch = await ask({
    ...{ ask: "new_epoch", room: ROOM, parents: [], ids },
  });
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const { kc, wraps } = epoch;
  const keys = await ask({ ask: "message_keys", kc, salts: [salt] });
  const { body, hash } = unsignedRecord({
    ...{ head: { ...head, author: identity.id }, wraps, salt },
    ...{ kc: Uint8Array.fromHex(kc), stateKey: keys![0]! },
    state: {
      ...{ title: parseRoom("vault"), members: ids, invites: [] },
      admins: [identity.id],
    },
  });
  const signature = await ask({ ask: "sign_epoch", room: ROOM, body });
  const author = identity.id;
  return { author, kc, hash: hash.toHex(), body: joined(body, signature) };
}

async function takeRecord(
  { identity, ask }: Member,
  { author, body }: { readonly author: string; readonly body: Uint8Array },
  verifier: Verifier,
): Promise<void> {
  const read = readRecord({ room: ROOM, author }, body, verifier);
  if (!read.ok) throw new Error(read.reason);
  const { record } = read;
  const { n, parents, kc } = record;
  const wrap = wrapFor(record, identity.id)!;
  const head = { room: ROOM, author, n, parents };
  await ask({ ask: "take_epoch", head, kc, wrap });
  const keys = await ask({ ask: "message_keys", kc, salts: [record.salt] });
  if (openState(record, keys![0]!) === null) throw new Error("no state");
}
