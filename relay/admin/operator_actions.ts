import {
  ADMIN_PROGRAM,
  type AdminAct,
  type AdminActs,
} from "../../lib/admin_api/types.ts";
import type { ClusterView } from "../../lib/admin_api/cluster_status.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { isAgentId } from "../../lib/protocol/agent_id.ts";
import { isRoomName } from "../../lib/protocol/names.ts";
import type { AskSockets } from "./ask_sockets.ts";
import type { BanKeeping } from "./ban_keeping.ts";
import type { Bans } from "./bans.ts";

export interface OperatorActionsOptions {
  /** The program's. */
  readonly version: string;
  readonly bans: Bans;
  readonly ask: AskSockets;
  readonly keeping: BanKeeping;
  /** Whether the relay is one of a cluster. */
  readonly isShared: boolean;
  readonly log: Logger;
}

type Acts = {
  readonly [A in AdminAct]: (
    body: unknown,
    log: Logger,
  ) => Promise<AdminActs[A]["answer"]>;
};

/** What the operator may do to a running relay. Every act that changes something is logged. */
export class OperatorActions {
  readonly #options: OperatorActionsOptions;
  readonly #acts: Acts;

  constructor(options: OperatorActionsOptions) {
    this.#options = options;
    const { ask, bans, version } = options;
    this.#acts = {
      ping: () => Promise.resolve({ program: ADMIN_PROGRAM, version }),
      list: async () => {
        const listing = await ask({ kind: "list" });
        const banned = new Set([...bans.ids, ...listing.banned]);
        return { ...listing, banned: [...banned].slice(0, 1_000) };
      },
      stats: () => ask({ kind: "stats" }),
      kick: (body, log) => this.#kick(agentOf(body), log),
      ban: (body, log) => this.#ban(agentOf(body), log),
      unban: (body, log) => this.#unban(agentOf(body), log),
      close: (body, log) => this.#close(roomOf(body), log),
      cluster: () => this.#cluster(),
    };
  }

  /** @throws Failure NOT_FOUND, USAGE, FILE_TROUBLE, INTERNAL. */
  async run(act: string, body: unknown, requestId: string): Promise<unknown> {
    if (!Object.hasOwn(this.#acts, act)) {
      throw new Failure("NOT_FOUND", { fields: { what: "such act" } });
    }
    const log = this.#options.log.with({ request_id: requestId });
    return await this.#acts[act as AdminAct](body, log);
  }

  async #kick(agent: string, log: Logger) {
    await this.#mayChange();
    const changed = await this.#options.ask({ kind: "kick", agent });
    log.info("admin kick", { agent, changed });
    return { agent, changed };
  }

  async #ban(agent: string, log: Logger) {
    await this.#mayChange();
    const changed = await this.#options.keeping.set(agent, true);
    log.info("admin ban", { agent, changed });
    return { agent, changed };
  }

  async #unban(agent: string, log: Logger) {
    await this.#mayChange();
    const changed = await this.#options.keeping.set(agent, false);
    log.info("admin unban", { agent, changed });
    return { agent, changed };
  }

  async #close(room: string, log: Logger) {
    await this.#mayChange();
    const changed = await this.#options.ask({ kind: "close", room });
    log.info("admin close", { room, changed });
    return { room, changed };
  }

  /** @throws {Failure} USAGE for a relay by itself. */
  async #cluster(): Promise<ClusterView> {
    const { ask, isShared } = this.#options;
    const view = isShared ? await ask({ kind: "cluster" }) : null;
    if (view !== null) return view;
    throw wrongUse(
      "this relay is by itself: it was started without --cluster",
      "for its own figures: agentnet relay admin stats",
    );
  }

  /** What a cluster's relay does goes by the log: without it nothing of this would come to pass. */
  async #mayChange(): Promise<void> {
    if (!this.#options.isShared) return;
    const { trouble } = await this.#cluster();
    if (trouble === null) return;
    throw new Failure("LOG_UNUSABLE", {
      fields: {
        reason: trouble,
        fix: "try again, or at another relay of the cluster",
      },
    });
  }
}

function agentOf(body: unknown): string {
  const { agent } = (body ?? {}) as { agent?: unknown };
  if (typeof agent === "string" && isAgentId(agent)) return agent;
  throw wrongUse("that is not an agent's id", "see: agentnet relay admin list");
}

function roomOf(body: unknown): string {
  const { room } = (body ?? {}) as { room?: unknown };
  if (typeof room === "string" && isRoomName(room)) return room;
  throw wrongUse(
    "that can't be a room's name",
    "see: agentnet relay admin list",
  );
}

function wrongUse(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
