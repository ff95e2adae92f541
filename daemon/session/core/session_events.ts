/** What can happen to a room. */
export type RoomEvent =
  /** There is a connection, or there is none any more. */
  | { readonly type: "connected" }
  | { readonly type: "disconnected" }
  /** Its turn to be entered has come: the relay is asked. */
  | { readonly type: "asked" }
  /** The relay has us in it. `fresh`: for the first time, so that nothing was missed before. */
  | { readonly type: "entered"; readonly fresh: boolean }
  /** The relay does not let us in now; it is asked again. */
  | {
    readonly type: "refused";
    /** In words, for status. */
    readonly reason: string;
    readonly ms: number;
    /** Whether the other rooms would be refused as well, and wait too. */
    readonly forAll: boolean;
  }
  /** The relay knows no such room. */
  | { readonly type: "not_found" }
  /** A pause is over. */
  | { readonly type: "entry_due" }
  | { readonly type: "fetch_due" }
  /** What waits in a paused room has waited long enough. */
  | { readonly type: "waited_enough" }
  /** All that the relay has of its past is in the mailbox. */
  | { readonly type: "fetched" }
  /** So many pages of its past were fetched that the rest has to wait. */
  | { readonly type: "fetch_paced"; readonly ms: number }
  /** Its past is not to be had: now, ever, or since the relay does not have us in it. */
  | {
    readonly type: "fetch_failed";
    readonly trouble: "passing" | "final" | "outside";
    readonly ms: number;
    /** Whether what waits may be let go, with a gap before it, when it has waited long. */
    readonly mayGiveUp: boolean;
  }
  /** All that waited is in the mailbox; `rest` where something has come to wait since. */
  | { readonly type: "released"; readonly rest: boolean }
  /** What waits shows that more was missed than was fetched. */
  | { readonly type: "hole" }
  /** The mailbox could not be written; what was to be written waits. */
  | { readonly type: "unwritten" }
  /** A live message; `misses` where it shows that others are missing before it. */
  | { readonly type: "message"; readonly misses: boolean }
  /** Frames went by unread, messages of this room among them perhaps. */
  | { readonly type: "overrun" }
  /** The relay closed it, or says that it did. */
  | { readonly type: "closed"; readonly reason: string }
  /** The relay does not have us in it after all. */
  | { readonly type: "outside" }
  /** All that waited in a room that is no more, or is left, is in the mailbox. */
  | { readonly type: "rest_taken" }
  /** It is to be left; then each step of that, or that it was not left after all. */
  | { readonly type: "leave_asked" }
  | { readonly type: "left_at_relay" }
  | { readonly type: "left" }
  | { readonly type: "stays" };

/** What is to be done with a room. */
export type RoomEffect =
  /** Ask the relay to have us in it, when its turn comes: asked, then entered, refused or not_found. */
  | { readonly do: "enter" }
  | {
    readonly do: "enter_later";
    readonly ms: number;
    readonly forAll: boolean;
  }
  /** It is no more: look for it again after a pause that grows. */
  | { readonly do: "seek_later" }
  /** Fetch its past, when its turn comes: fetched, fetch_paced or fetch_failed. */
  | { readonly do: "fetch" }
  | {
    readonly do: "fetch_later";
    readonly ms: number;
    readonly mayGiveUp: boolean;
  }
  /** Take what waits: released, hole or unwritten. */
  | {
    readonly do: "release";
    /** A hole is a gap, and no reason to fetch. */
    readonly holesAreGaps: boolean;
    /** An unknown number of messages is missing before. */
    readonly gapFirst: boolean;
  }
  /** Take what waits of a room that is no more, for as long as it takes: rest_taken. */
  | { readonly do: "take_rest"; readonly gapFirst: boolean }
  /** End whatever is under way or planned. */
  | { readonly do: "stop" }
  /** Take the message, or let it wait. */
  | { readonly do: "take" }
  | { readonly do: "hold" }
  /** Note that what is said from now on is not delivered: behind what waits something is missing. */
  | { readonly do: "note_break" }
  /** Note that something may have gone by that does not wait. */
  | { readonly do: "note_overflow" }
  /** Write the room to disk as it is. */
  | { readonly do: "save" }
  /** Note on disk that it is no more: a later one of that name begins anew. */
  | { readonly do: "end"; readonly reason: string }
  /** The room stands where the relay stands. */
  | { readonly do: "caught_up" }
  /** Send what waits to be sent. */
  | { readonly do: "wake_sends" };
