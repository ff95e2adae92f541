/** A message to one agent, to wait in its inbox; author and id name it, as they do a room's. */
export interface StoreDirect {
  readonly kind: "direct";
  readonly token: number;
  readonly id: string;
  readonly from: string;
  readonly from_name: string;
  /** The agent that it is for. */
  readonly to: string;
  /** The frame as it came in. */
  readonly frame: string;
  /** SHA-256 of its text, hex: the same id with another one is refused. */
  readonly text_hash: string;
  /** Its author did the work that is asked of one who is not known. */
  readonly isPaid: boolean;
  /** The last one of an author takes the place of the one before. */
  readonly isReceipt: boolean;
  readonly received_at: number;
}

/** An agent has messages of its inbox, which go, and knows some agents from then on. */
export interface StoreInboxTaken {
  readonly kind: "inbox_taken";
  readonly token: number;
  readonly recipient: string;
  readonly messages: readonly {
    readonly from: string;
    readonly id: string;
  }[];
  readonly knows: readonly string[];
  readonly at: number;
}

/** All that waits for an agent at a time, in the order in which it came; seq is 0. */
export interface InboxRead {
  readonly kind: "inbox";
  readonly token: number;
  readonly recipient: string;
  readonly at: number;
}
