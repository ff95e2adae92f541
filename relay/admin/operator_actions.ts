import {
  ADMIN_PROGRAM,
  type AdminAct,
  type AdminActs,
} from "../../lib/admin_api/types.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { isAgentId } from "../../lib/protocol/agent_id.ts";
import { isRoomName } from "../../lib/protocol/names.ts";
import type { OperatorAnswers, OperatorAsk } from "../core/operator_ask.ts";
import type { Bans } from "./bans.ts";

/** Asks the socket worker. */
export type AskSockets = <K extends OperatorAsk["kind"]>(
  ask: Extract<OperatorAsk, { kind: K }>,
) => Promise<OperatorAnswers[K]>;

export interface OperatorActionsOptions {
  /** The program's. */
  readonly version: string;
  readonly bans: Bans;
  readonly ask: AskSockets;
  /** The bans have changed: makes the sockets refuse, or admit again. */
  readonly onBans: () => void;
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
      list: async () => ({
        ...await ask({ kind: "list" }),
        banned: [...bans.ids].slice(0, 1_000),
      }),
      stats: () => ask({ kind: "stats" }),
      kick: (body, log) => this.#kick(agentOf(body), log),
      ban: (body, log) => this.#ban(agentOf(body), log),
      unban: (body, log) => this.#unban(agentOf(body), log),
      close: (body, log) => this.#close(roomOf(body), log),
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
    const changed = await this.#options.ask({ kind: "kick", agent });
    log.info("admin kick", { agent, changed });
    return { agent, changed };
  }

  /** On disk first, then refused, then ended: it can't slip in between. */
  async #ban(agent: string, log: Logger) {
    const { bans, ask, onBans } = this.#options;
    const changed = await bans.add(agent);
    onBans();
    const kicked = await ask({ kind: "kick", agent });
    log.info("admin ban", { agent, changed, kicked });
    return { agent, changed };
  }

  async #unban(agent: string, log: Logger) {
    const { bans, onBans } = this.#options;
    const changed = await bans.remove(agent);
    onBans();
    log.info("admin unban", { agent, changed });
    return { agent, changed };
  }

  async #close(room: string, log: Logger) {
    const changed = await this.#options.ask({ kind: "close", room });
    log.info("admin close", { room, changed });
    return { room, changed };
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
