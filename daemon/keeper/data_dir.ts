import { makeClosedFolder } from "../../lib/host/data_dir.ts";
import { inFolder } from "../../lib/host/paths.ts";

const OTHERWISE = "use a folder of its own: AGENTNET_DATA_DIR or --data-dir";

/** Where a daemon's files are. */
export class DataDir {
  readonly path: string;

  /** @param path absolute. */
  constructor(path: string) {
    this.path = path;
  }

  get key(): string {
    return inFolder(this.path, "agent.key");
  }
  /** The keys of private rooms. */
  get roomKeys(): string {
    return inFolder(this.path, "room.keys");
  }
  get lock(): string {
    return inFolder(this.path, "daemon.lock");
  }
  get token(): string {
    return inFolder(this.path, "api.token");
  }
  get address(): string {
    return inFolder(this.path, "api.addr");
  }
  get pid(): string {
    return inFolder(this.path, "daemon.pid");
  }
  /**
   * There between a daemon and the one that takes its place: since when, in Unix milliseconds. Out of the worker's
   * reach: commands wait by it.
   */
  get handover(): string {
    return inFolder(this.path, "daemon.handover");
  }
  /** The one folder that the session worker may touch. */
  get state(): string {
    return inFolder(this.path, "state");
  }
  /**
   * There while somebody wants that no daemon runs: who waits for one then starts none. The worker could take it away,
   * and gain a daemon that is not wanted.
   */
  get stopped(): string {
    return inFolder(this.state, "daemon.stopped");
  }
  get database(): string {
    return inFolder(this.state, "mailbox.db");
  }
  /** Files of messages that wait to be sent. */
  get files(): string {
    return inFolder(this.state, "files");
  }

  /**
   * Makes the folder where it is missing, for its owner alone. One of ours that is open to others is closed to them,
   * with a warning; one that is shared is refused as it is.
   *
   * @throws {Failure} FILE_TROUBLE.
   */
  async make(): Promise<string[]> {
    return await makeClosedFolder({ path: this.path, otherwise: OTHERWISE });
  }

  /** The same for the worker's folder; to be called under the lock. */
  async makeState(): Promise<string[]> {
    return await makeClosedFolder({ path: this.state, otherwise: OTHERWISE });
  }
}
