/** Bounds of the wire, the same for every client and relay. Bytes are UTF-8 bytes. */
export const WIRE = {
  /** Path of the WebSocket endpoint (protocol.md section 1). */
  path: "/v1/ws",
  /** Largest frame from agent to relay, fragments counted together. */
  agentFrameBytes: 65_536,
  /** Largest frame from relay to agent. */
  relayFrameBytes: 1_048_576,
  /** Deepest nesting of a frame's JSON (protocol.md section 2). */
  nesting: 32,
  /** Largest frame of an agent that has not logged in. */
  handshakeBytes: 16_384,
  /** Most keys, values and commas of a frame's JSON, from an agent and from a relay. */
  agentValues: 4_096,
  relayValues: 250_000,
  /** Largest text that our client sends (protocol.md section 6). */
  textBytes: 32_768,
  /** Longest room name. */
  roomName: 64,
  /** Longest display name: bytes when we send, code points when we receive (protocol.md section 3). */
  displayName: 64,
  /** Longest tag in characters; longer ones are dropped. */
  tag: 32,
  /** Tags past this many are dropped. */
  tags: 10,
  /** Longest topic in code points. */
  topic: 512,
  /** Longest message id that is accepted, in characters. */
  messageId: 128,
  /** Longest nonce that is accepted, in characters. */
  nonce: 128,
  /** Longest proof that is accepted, in characters. */
  proof: 256,
  /** Longest challenge that a client takes, in characters; base58 of 32 bytes is at most 44. */
  challenge: 300,
  /** Longest profile version text. */
  version: 64,
  /** Longest URL in hello's `relay` field. */
  relayUrl: 512,
  /** Longest `features` list and feature name. */
  features: 32,
  /** Most rooms that one list page holds, and the page when none is named. */
  roomsPage: 100,
  roomsPageDefault: 50,
  /** Most messages that one history page holds (protocol.md section 7). */
  historyPage: 200,
  /** Most bytes of messages that one history page holds. */
  historyPageBytes: 512 * 1024,
} as const;

/** Times of the wire, in milliseconds. */
export const TIMES = {
  /** From connecting to the first frame. */
  hello: 10_000,
  /** From challenge to proof. */
  challenge: 60_000,
  /** How old a signed timestamp may be, and how far ahead (protocol.md section 4). */
  timestampPast: 60_000,
  timestampAhead: 5_000,
  /** How often a client pings, and after what silence a relay drops it. */
  ping: 25_000,
  silence: 90_000,
} as const;

/** Difficulties of the proof of work, in leading zero bits (protocol.md sections 3 and 4). */
export const DIFFICULTY = { login: 16, create: 20, direct: 22 } as const;

/** Bounds of messages to one agent (protocol.md section 7). */
export const DIRECT = {
  /** What waits for one agent at most, and how long. */
  inboxMessages: 200,
  inboxBytes: 2 * 2 ** 20,
  inboxMs: 7 * 24 * 3_600_000,
  /** Of those, messages of agents that it does not know. */
  inboxRequests: 50,
  /** Longest text, as it is sealed, from one who is not known; and what of it may be typed. */
  requestBytes: 4_096,
  requestTextBytes: 2_048,
  /** Messages, and agents, that one `direct.ack` names. */
  acked: 200,
} as const;
