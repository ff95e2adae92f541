import { join } from "node:path";
import { ADMIN_FILES } from "../../lib/admin_api/types.ts";
import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import { removeIfThere, writePrivateFile } from "../keeper/private_file.ts";
import { type AdminRun, AdminServer } from "./admin_server.ts";

export interface AdminPortOptions {
  /** The data dir, in which its address and token are left (0600). */
  readonly folder: string;
  /** Random bytes for the token, which is new at each start. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly requestId: () => string;
  readonly run: AdminRun;
  readonly log: Logger;
}

/** The admin port with its two files. */
export class AdminPort {
  readonly #server: AdminServer;
  readonly #folder: string;

  private constructor(server: AdminServer, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  /** @throws Failure FILE_TROUBLE. */
  static async open(options: AdminPortOptions): Promise<AdminPort> {
    const token = hex(options.randomBytes(32));
    const server = new AdminServer({ ...options, token });
    const { folder } = options;
    try {
      await writePrivateFile(join(folder, ADMIN_FILES.token), token);
      await writePrivateFile(join(folder, ADMIN_FILES.address), server.address);
      return new AdminPort(server, folder);
    } catch (cause) {
      await server.stop();
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Failure("FILE_TROUBLE", {
        fields: { action: "write to", path: folder, reason },
        cause,
      });
    }
  }

  async stop(): Promise<void> {
    await removeIfThere(join(this.#folder, ADMIN_FILES.address));
    await removeIfThere(join(this.#folder, ADMIN_FILES.token));
    await this.#server.stop();
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
