import type { RoomName } from "../../lib/protocol/names.ts";
import { type SqlRow, type Statement, textOf } from "../../lib/sql/sql.ts";
import { roomNameOf } from "./checked_columns.ts";
import type { MailboxDatabase } from "./database.ts";

/** An agent that this one talks to alone: it wrote to it, or accepted it. */
export interface DirectPeer {
  readonly agent: string;
  /** What the talk is called here. */
  readonly name: RoomName;
  /** The room of the pair, by which texts are sealed. */
  readonly wire: RoomName;
  /** The commitment of the pair's key, hex. */
  readonly kc: string;
}

/** Whom this agent talks to alone, in memory and on disk. Every change throws FILE_TROUBLE. */
export class DirectPeers {
  readonly #relay: string;
  readonly #byAgent = new Map<string, DirectPeer>();
  readonly #byName = new Map<string, DirectPeer>();
  readonly #add: Statement;
  readonly #untold: Statement;
  readonly #tell: Statement;

  constructor(database: MailboxDatabase, relay: string) {
    this.#relay = relay;
    this.#add = database.prepare(
      "INSERT OR IGNORE INTO direct_peers (agent, name, wire, kc) VALUES (?, ?, ?, ?)",
    );
    this.#untold = database.prepare(
      "SELECT agent FROM direct_peers WHERE told IS NOT ? ORDER BY agent LIMIT ?",
    );
    this.#tell = database.prepare(
      "UPDATE direct_peers SET told = ? WHERE agent = ?",
    );
    const all = database.prepare("SELECT * FROM direct_peers");
    for (const row of all.all()) this.#remember(peerOf(row));
  }

  all(): DirectPeer[] {
    return [...this.#byAgent.values()];
  }

  of(agent: string): DirectPeer | undefined {
    return this.#byAgent.get(agent);
  }

  named(name: string): DirectPeer | undefined {
    return this.#byName.get(name);
  }

  add(peer: DirectPeer): void {
    const { agent, name, wire, kc } = peer;
    this.#add.run(agent, name, wire, kc);
    this.#remember(peer);
  }

  /** Agents of whom this relay was not told that they are known; so many at most. */
  untold(most: number): string[] {
    return this.#untold.all(this.#relay, most).map((row) =>
      textOf(row, "agent")
    );
  }

  told(agents: readonly string[]): void {
    for (const agent of agents) this.#tell.run(this.#relay, agent);
  }

  #remember(peer: DirectPeer): void {
    this.#byAgent.set(peer.agent, peer);
    this.#byName.set(peer.name, peer);
  }
}

function peerOf(row: SqlRow): DirectPeer {
  return {
    agent: textOf(row, "agent"),
    name: roomNameOf(row, "name"),
    wire: roomNameOf(row, "wire"),
    kc: textOf(row, "kc"),
  };
}
