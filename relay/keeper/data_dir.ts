import { inFolder } from "../../lib/host/paths.ts";
import { ADMIN_FILES } from "../../lib/admin_api/types.ts";
import { Failure } from "../../lib/errors.ts";
import { makeOwnFolder } from "../../lib/host/data_dir.ts";
import type { CopyFiles } from "../view_copy/copy_port.ts";
import { modeText } from "../../lib/host/open_modes.ts";

const OTHERWISE = "use a folder of its own: --data or AGENTNET_RELAY_DATA";

/** Where a relay's files are. */
export class DataDir {
  readonly path: string;

  /** @param path absolute. */
  constructor(path: string) {
    this.path = path;
  }

  get lock(): string {
    return inFolder(this.path, "relay.lock");
  }
  get database(): string {
    return inFolder(this.path, "relay.db");
  }
  /** What a relay of a cluster made from the log that it shares. */
  get view(): string {
    return inFolder(this.path, "view.db");
  }
  /** The folder of files that agents hand over. */
  get blobs(): string {
    return inFolder(this.path, "blobs");
  }
  /** The view before it, which was not what the other relays had. */
  get viewAside(): string {
    return inFolder(this.path, "view-aside.db");
  }
  /** Copies of views on their way: of this relay's to another, and of another's as it comes and when it is whole. */
  get viewCopies(): Omit<CopyFiles, "view"> {
    return {
      given: inFolder(this.path, "view-given.db"),
      coming: inFolder(this.path, "view-coming.db"),
      taken: inFolder(this.path, "view-taken.db"),
    };
  }
  /** The agents that the operator banned. */
  get bans(): string {
    return inFolder(this.path, "bans.txt");
  }
  /** Where the operator's port is. */
  get adminAddress(): string {
    return inFolder(this.path, ADMIN_FILES.address);
  }
  get adminToken(): string {
    return inFolder(this.path, ADMIN_FILES.token);
  }

  /**
   * Makes the folder where it is missing, for its owner alone. One that is open to others is refused as it is: an
   * operator may have opened it on purpose, so it is his to close.
   *
   * @throws {Failure} FILE_TROUBLE.
   */
  async make(): Promise<void> {
    const { path } = this;
    const mode = await makeOwnFolder({ path, otherwise: OTHERWISE });
    if (mode === null) return;
    throw new Failure("FILE_TROUBLE", {
      fields: {
        action: "use",
        path,
        reason: `it is open to others (mode ${modeText(mode)})`,
        fix: `close it: chmod 0700 ${path}; or ${OTHERWISE}`,
      },
    });
  }
}
