import { defined } from "../../../lib/defined.ts";
import type { FileKey, SealedFile } from "../../../lib/sealed/file_key.ts";

/** A message, by whom and by its id. */
interface Named {
  readonly from: string;
  readonly id: string;
}

/** So many are remembered; of others the history is asked again. */
const MOST = 2_000;

/** The keys of files in messages of private rooms that are in no mailbox, but were seen in a history. */
export class FileKeys {
  readonly #keys = new Map<string, FileKey>();

  remember({ from, id }: Named, file: SealedFile | undefined): void {
    if (file === undefined) return;
    const { blob, key, parts } = file;
    const named = `${from} ${id}`;
    this.#keys.delete(named);
    this.#keys.set(named, { blob, key, ...defined({ parts }) });
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MOST && oldest !== undefined) {
      this.#keys.delete(oldest);
    }
  }

  of({ from, id }: Named): FileKey | undefined {
    return this.#keys.get(`${from} ${id}`);
  }
}
