import { Failure } from "../../lib/errors.ts";
import type { Logger } from "../../lib/log.ts";
import type { Bans } from "../admin/bans.ts";
import type { CoreSettings } from "../core/settings.ts";
import type { ReadText } from "./named_file.ts";
import { readAdmission } from "./operator_files.ts";
import type { RelayOptions } from "./relay_settings.ts";

/** Who alone is admitted, if anybody is named, and who is refused. */
export type Lists = Pick<CoreSettings, "allow" | "deny">;

export interface AdmissionListsOptions {
  readonly options: RelayOptions;
  readonly readText: ReadText;
  readonly log: Logger;
  /** As the files said at start. */
  readonly files: Lists;
  readonly bans: Bans;
}

/** Who is admitted and who is refused: the operator's files, and the bans on top. */
export class AdmissionLists {
  readonly #options: AdmissionListsOptions;
  #files: Lists;
  /** The last reload: one that began earlier must not end later, with what stood there before. */
  #reloaded = Promise.resolve();

  constructor(options: AdmissionListsOptions) {
    this.#options = options;
    this.#files = options.files;
  }

  inForce(): Lists {
    const { allow, deny } = this.#files;
    const refused = new Set([...deny, ...this.#options.bans.ids]);
    return allow === undefined ? { deny: refused } : { deny: refused, allow };
  }

  /**
   * Reads the files again, and passes on what is in force then; one that can't be read, or is blank by now, changes
   * nothing: a list that is being written, or whose disk is full, must not let in whom it refused. Never rejects.
   */
  reload(admit: (lists: Lists) => void): Promise<void> {
    return this.#reloaded = this.#reloaded.then(() => this.#reload(admit));
  }

  async #reload(admit: (lists: Lists) => void): Promise<void> {
    const { options, log } = this.#options;
    try {
      this.#files = await readAdmission(options, (path) => this.#filled(path));
      admit(this.inForce());
      log.info("lists read again");
    } catch (thrown) {
      const { message } = Failure.from(thrown);
      log.error("lists not read, the old ones stay", { reason: message });
    }
  }

  async #filled(path: string): Promise<string> {
    const { options, readText } = this.#options;
    const text = await readText(path);
    const { allow, deny } = this.#files;
    const had = path === options.denyFile ? deny.size : allow?.size ?? 0;
    if (text.trim() !== "" || had === 0) return text;
    throw new Error(
      "it is empty by now; to empty it on purpose, leave a line with # in it",
    );
  }
}
