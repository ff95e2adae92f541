import { defined } from "../../lib/defined.ts";
import { Failure } from "../../lib/errors.ts";
import type {
  ConnectOptions,
  OutgoingDirect,
} from "../../lib/client/connection_types.ts";
import type {
  DeliveredDirect,
  DirectRef,
} from "../../lib/protocol/direct_frames.ts";
import type { RawObject } from "../../lib/protocol/frames.ts";
import { isDirectReceipt } from "../../lib/protocol/direct_receipt.ts";
import { signFrame } from "../../lib/protocol/signing.ts";
import type { PeerIdentity } from "./fast_identity.ts";

/** What of a hub its inboxes need. */
export interface InboxHub {
  readonly clock: { wall(): number };
  readonly features: ReadonlySet<string>;
  readonly said: RawObject[];
  readonly tells: (raw: RawObject, to: string) => readonly RawObject[];
}

/** What somebody said to one agent alone, until that agent has it. */
export class HubInboxes {
  /** What agents claim to be called, where the hub says so. */
  readonly names = new Map<string, string>();
  /** Whom each agent has said that it knows. */
  readonly known = new Map<string, Set<string>>();
  readonly #hub: InboxHub;
  readonly #waiting = new Map<string, RawObject[]>();
  readonly #events = new Map<string, ConnectOptions["events"]>();

  constructor(hub: InboxHub) {
    this.#hub = hub;
  }

  of(id: string): readonly RawObject[] {
    return this.#waiting.get(id) ?? [];
  }

  opened(id: string, events: ConnectOptions["events"]): void {
    this.#events.set(id, events);
    queueMicrotask(() => {
      for (const raw of this.of(id)) this.#give(raw, id);
    });
  }

  closed(id: string): void {
    this.#events.delete(id);
  }

  take(
    by: PeerIdentity,
    { id, to, text }: Pick<OutgoingDirect, "id" | "to" | "text">,
  ): RawObject {
    if (!this.#hub.features.has("direct")) throw new Failure("UNKNOWN_TYPE");
    const raw = signFrame({
      ...{ type: "direct", id, to, from: by.id },
      timestamp: this.#hub.clock.wall(),
      content: { type: "text", text },
      nonce: `nonce${this.#hub.said.length}`,
    }, by.sign);
    this.#hub.said.push(raw);
    const told = this.#hub.tells(raw, to);
    const kept = isDirectReceipt(text)
      ? this.of(to).filter((one) => !isReceiptOf(one, by.id))
      : this.of(to);
    this.#waiting.set(to, [...kept, ...told]);
    for (const one of told) this.#give(one, to);
    return raw;
  }

  knows(by: string, agents: readonly string[]): void {
    const known = this.known.get(by) ?? new Set();
    this.known.set(by, known.union(new Set(agents)));
  }

  remove(to: string, had: readonly DirectRef[]): void {
    const left = this.of(to).filter(({ from, id }) =>
      !had.some((one) => one.from === from && one.id === id)
    );
    this.#waiting.set(to, left);
  }

  /** One that was kept back comes after all. */
  again(raw: RawObject, to: string): void {
    this.#waiting.set(to, [...this.of(to), raw]);
    this.#give(raw, to);
  }

  #give(raw: RawObject, to: string): void {
    const from_name = this.names.get(String(raw.from));
    const frame = {
      ...raw as unknown as DeliveredDirect,
      ...defined({ from_name }),
    };
    this.#events.get(to)?.push({ frame, raw });
  }
}

function isReceiptOf({ from, content }: RawObject, author: string): boolean {
  return from === author &&
    isDirectReceipt((content as { readonly text: string }).text);
}
