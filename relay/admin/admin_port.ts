import type { Clock } from "../../lib/clock.ts";
import type { KeptFiles } from "../../lib/host/kept_files.ts";
import type { Logger } from "../../lib/log.ts";
import { type AdminRun, AdminServer } from "./admin_server.ts";

export interface AdminPortOptions {
  /** By which it is found. */
  readonly files: KeptFiles;
  /** Where its address and token are left. */
  readonly paths: { readonly address: string; readonly token: string };
  /** Random bytes for the token, which is new at each start. */
  readonly randomBytes: (count: number) => Uint8Array;
  readonly requestId: () => string;
  readonly run: AdminRun;
  readonly log: Logger;
  readonly clock: Clock;
}

/** The admin port with its two files. */
export class AdminPort {
  readonly #server: AdminServer;
  readonly #files: KeptFiles;

  private constructor(server: AdminServer, files: KeptFiles) {
    this.#server = server;
    this.#files = files;
  }

  /** @throws {Failure} FILE_TROUBLE. */
  static async open(options: AdminPortOptions): Promise<AdminPort> {
    const token = hex(options.randomBytes(32));
    const server = new AdminServer({ ...options, token });
    const { files, paths } = options;
    try {
      // The token before the address: whoever finds the address finds the token that fits it.
      await files.write([
        { path: paths.token, text: token },
        { path: paths.address, text: server.address },
      ]);
      return new AdminPort(server, files);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    try {
      await this.#files.remove();
    } finally {
      await this.#server.stop();
    }
  }
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
