import type { RoomName } from "../../lib/protocol/names.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { GivenRecord } from "../../lib/sealed/record_form.ts";
import { readRecord, wrapFor } from "../../lib/sealed/epoch_record.ts";
import { newStream } from "../../lib/sealed/head.ts";
import { prepareMessage, sealMessage } from "../../lib/sealed/message.ts";
import { writeSealed } from "../../lib/sealed/sealed_text.ts";
import type { RecordMaker } from "./sealed_record.ts";

/** What somebody says under an epoch that is sealed to him, whoever made it, as a text of the wire. */
export async function saidUnder(
  { id: from, askKeys }: RecordMaker,
  { room, record, id, text, at }: {
    readonly room: RoomName;
    readonly record: GivenRecord;
    readonly id: string;
    readonly text: string;
    readonly at: number;
  },
): Promise<string> {
  const read = readRecord(
    { room, author: record.author },
    record.body,
    new Verifier(),
  );
  if (!read.ok) throw new Error(read.reason);
  const { author, n, parents, kc, hash } = read.record;
  const wrap = wrapFor(read.record, from)!;
  const head = { room, author, n, parents };
  if (!await askKeys({ ask: "take_epoch", head, kc, wrap })) {
    throw new Error("it is not sealed to him");
  }
  const epoch = Uint8Array.fromHex(hash).subarray(0, 16);
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const place = { room, from, id };
  const said = prepareMessage(place, epoch, {
    ...{ head: { stream: newStream(at, salt), n: 1, at, saw: [] }, text },
  });
  const keys = await askKeys({ ask: "message_keys", kc, salts: [salt] });
  const signature = await askKeys({ ask: "sign_said", room, hash: said.hash });
  const { content } = said;
  const body = sealMessage(place, { epoch, salt }, {
    ...{ content, signature, key: keys![0]! },
  });
  return writeSealed("m", body);
}
