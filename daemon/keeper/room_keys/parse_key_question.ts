import { isAgentId } from "../../../lib/protocol/agent_id.ts";
import type { RoomName } from "../../../lib/protocol/names.ts";
import {
  type GivenRecord,
  MOST_MEMBERS,
  MOST_PARENTS,
  type Wrap,
} from "../../../lib/sealed/record_form.ts";
import type { BackKey } from "../../../lib/sealed/epoch_state.ts";
import {
  type KeyQuestion,
  MOST_SALTS,
} from "../../../lib/sealed/key_questions.ts";
import {
  isPrivateWire,
  MOST_SEALED_BYTES,
} from "../../../lib/sealed/sealed_text.ts";
import { isCount, isWords, type Words } from "../../../lib/worker_words.ts";

/** A reader for each question: a new one is a compile error until it stands here. */
const READERS: {
  readonly [Ask in KeyQuestion["ask"]]: (
    words: Words,
  ) => Extract<KeyQuestion, { readonly ask: Ask }> | null;
} = {
  new_epoch({ room, parents, ids }) {
    const to = listOf(ids, MOST_MEMBERS, agentOf);
    const records = listOf(parents, MOST_PARENTS, recordOf);
    if (!isRoom(room) || to === null || records === null || to.length === 0) {
      return null;
    }
    return { ask: "new_epoch", room, parents: records, ids: to };
  },
  sign_epoch({ room, body }) {
    const bytes = bytesUpTo(body, MOST_SEALED_BYTES);
    if (!isRoom(room) || bytes === null) return null;
    return { ask: "sign_epoch", room, body: bytes };
  },
  take_epoch(words) {
    const sealed = sealedOf(words);
    return sealed === null ? null : { ask: "take_epoch", ...sealed };
  },
  look_into({ salts, ...words }) {
    const sealed = sealedOf(words);
    const list = saltsOf(salts);
    if (sealed === null || list === null) return null;
    return { ask: "look_into", ...sealed, salts: list };
  },
  take_back({ room, under, back }) {
    const above = hashOf(under);
    const key = backOf(back);
    if (!isRoom(room) || above === null || key === null) return null;
    return { ask: "take_back", room, under: above, back: key };
  },
  message_keys({ kc, salts }) {
    const key = hashOf(kc);
    const list = saltsOf(salts);
    if (key === null || list === null) return null;
    return { ask: "message_keys", kc: key, salts: list };
  },
  pair: ({ id }) =>
    typeof id === "string" && isAgentId(id) ? { ask: "pair", id } : null,
  sign_said({ room, hash }) {
    const bytes = bytesOf(hash, 32);
    if (!isRoom(room) || bytes === null) return null;
    return { ask: "sign_said", room, hash: bytes };
  },
};

/**
 * Reads what the session worker asks of the keys. It is not believed: whatever it asks is of one of these forms, or not
 * answered.
 */
export function parseKeyQuestion(words: unknown): KeyQuestion | null {
  if (!isWords(words) || typeof words.ask !== "string") return null;
  return Object.hasOwn(READERS, words.ask)
    ? READERS[words.ask as KeyQuestion["ask"]](words)
    : null;
}

/** A key that is sealed to this agent, and of what. */
function sealedOf({ head, kc, wrap }: Words) {
  const of = headOf(head);
  const author = agentOf(isWords(head) ? head.author : undefined);
  const key = hashOf(kc);
  const sealed = wrapOf(wrap);
  if (of === null || author === null || key === null || sealed === null) {
    return null;
  }
  return { head: { ...of, author }, kc: key, wrap: sealed };
}

function saltsOf(value: unknown): Uint8Array[] | null {
  return listOf(value, MOST_SALTS, (salt) => bytesOf(salt, 32));
}

function recordOf(value: unknown): GivenRecord | null {
  if (!isWords(value)) return null;
  const author = agentOf(value.author);
  const body = bytesUpTo(value.body, MOST_SEALED_BYTES);
  return author === null || body === null ? null : { author, body };
}

function headOf(value: unknown) {
  if (!isWords(value)) return null;
  const { room, n, parents } = value;
  const hashes = listOf(parents, MOST_PARENTS, hashOf);
  return isRoom(room) && isCount(n) && hashes !== null
    ? { room, n, parents: hashes }
    : null;
}

function wrapOf(value: unknown): Wrap | null {
  if (!isWords(value)) return null;
  const hint = bytesOf(value.hint, 8);
  const enc = bytesOf(value.enc, 32);
  const ct = bytesOf(value.ct, 48);
  return hint && enc && ct ? { hint, enc, ct } : null;
}

function backOf(value: unknown): BackKey | null {
  if (!isWords(value)) return null;
  const kc = bytesOf(value.kc, 32);
  const sealed = bytesOf(value.sealed, 48);
  return kc && sealed ? { kc, sealed } : null;
}

/** Null where one of them is none, or there are too many: a list without end is not walked. */
function listOf<Item>(
  value: unknown,
  most: number,
  itemOf: (item: unknown) => Item | null,
): Item[] | null {
  if (!Array.isArray(value) || value.length > most) return null;
  const items = Array.from(value, itemOf);
  return items.includes(null) ? null : items as Item[];
}

function bytesOf(value: unknown, length: number): Uint8Array | null {
  return value instanceof Uint8Array && value.length === length
    ? value.slice()
    : null;
}

function bytesUpTo(value: unknown, most: number): Uint8Array | null {
  return value instanceof Uint8Array && value.length <= most
    ? value.slice()
    : null;
}

function agentOf(value: unknown): string | null {
  return typeof value === "string" && isAgentId(value) ? value : null;
}

function hashOf(value: unknown): string | null {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value)
    ? value
    : null;
}

function isRoom(value: unknown): value is RoomName {
  return typeof value === "string" && isPrivateWire(value);
}
