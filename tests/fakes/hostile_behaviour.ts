/** What a hostile relay does to whoever connects. */
export type Behaviour =
  /** Answers nothing at all. */
  | "silent"
  /** Asks for a proof of 30 bits. */
  | "too hard"
  /** Asks for a proof of 24 bits, the most that is taken. */
  | "hard"
  /** Lets everybody in, and does what is asked. */
  | "tame"
  /** After the login, a frame over 1 MB. */
  | "large frame"
  /** After the login, one frame in pieces without end. */
  | "fragments"
  /** After the login, frames of wrong types and shapes, as fast as they go. */
  | "garbage"
  /** After the login, messages with a signature that is none, as fast as they go. */
  | "forged"
  /** After the login, frames of 700 KB, as fast as they go. */
  | "big frames"
  /** Passes on messages by ids of another's choice: {@link ODD_IDS}. */
  | "odd ids";

/** What a relay that takes any text for an id passes on to a room, in this order; the last is a plain one. */
export const ODD_IDS = ["--file=/etc/hostname", "two words", "ok"] as const;
