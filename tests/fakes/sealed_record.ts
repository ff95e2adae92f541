import { joined } from "../../lib/protocol/byte_layout.ts";
import type { RoomName } from "../../lib/protocol/names.ts";
import {
  type GivenRecord,
  MOST_PARENTS,
} from "../../lib/sealed/record_form.ts";
import { readRecord, unsignedRecord } from "../../lib/sealed/epoch_record.ts";
import { Verifier } from "../../lib/protocol/verifying.ts";
import type { EpochState } from "../../lib/sealed/epoch_state.ts";
import type { AskKeys } from "../../lib/sealed/key_questions.ts";
import { roomName } from "./plain.ts";

/** Whose keys make it. */
export interface RecordMaker {
  readonly id: string;
  readonly askKeys: AskKeys;
}

/** An epoch of one's own, made with one's keys, whatever it says. */
export async function recordOf(
  { id, askKeys }: RecordMaker,
  { room, parents = [], state = {}, ids }: {
    readonly room: RoomName;
    readonly parents?: readonly GivenRecord[];
    /** Its members. */
    readonly ids: readonly string[];
    readonly state?: Partial<EpochState>;
  },
): Promise<GivenRecord & { readonly hash: string; readonly kc: string }> {
  const epoch = await askKeys({ ask: "new_epoch", room, parents, ids });
  const salt = new Uint8Array(32);
  const { kc, wraps, back } = epoch;
  const keys = await askKeys({ ask: "message_keys", kc, salts: [salt] });
  const known = parents.slice(0, MOST_PARENTS).map(({ author, body }) => {
    const read = readRecord({ room, author }, body, new Verifier());
    if (!read.ok) throw new Error(read.reason);
    return read.record;
  });
  const n = Math.max(-1, ...known.map(({ n }) => n)) + 1;
  const { body, hash } = unsignedRecord({
    head: { room, author: id, n, parents: known.map(({ hash }) => hash) },
    ...{ wraps, salt, kc: Uint8Array.fromHex(kc), stateKey: keys![0]! },
    state: {
      ...{ title: roomName("vault"), members: ids, admins: [id] },
      ...{ invites: [], back, ...state },
    },
  });
  const signature = await askKeys({ ask: "sign_epoch", room, body });
  const whole = joined(body, signature);
  return { author: id, body: whole, hash: hash.toHex(), kc };
}
