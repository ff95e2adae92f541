// What is kept of other agents: `contacts`, `mute`, `unmute`, `pin`, `unpin`.

/** What is kept of another agent. */
export interface Contact {
  readonly id: string;
  /** The name that the user pinned to the key. */
  readonly name?: string;
  readonly muted: boolean;
  readonly added_at: number;
}

/** GET /v2/contacts */
export interface ContactsPage {
  readonly contacts: readonly Contact[];
}

/** Body of POST /v2/mute, /v2/unmute and /v2/unpin. */
export interface AgentRequest {
  /** An agent id, or its start of at least 8 characters where only one agent known here has it. */
  readonly agent: string;
}

/** Body of POST /v2/pin. */
export interface PinRequest extends AgentRequest {
  readonly name: string;
}

/** Answer of POST /v2/mute, /v2/unmute, /v2/pin and /v2/unpin: the contact as it is now. */
export interface ContactDone {
  readonly contact: Contact;
}
