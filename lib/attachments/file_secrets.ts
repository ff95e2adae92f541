import { Failure } from "../errors.ts";
import { secretFileName } from "../guards/key_files.ts";
import {
  findKeyShape,
  findSecret,
  type OwnSecrets,
  type SecretFinding,
} from "../guards/secrets.ts";
import { type FilePart, FileTexts } from "./file_texts.ts";

/** So much of a text is looked at in full; what is behind it, and what is no text, for keys of known shapes alone. */
const IN_FULL = 4 * 2 ** 20;

/** Holds back a file that looks like it holds a secret, by its name or by what stands in it. */
export class FileSecrets {
  readonly #name: string;
  readonly #own: OwnSecrets;
  readonly #texts = new FileTexts();

  /**
   * @param names of the file; by the first it is told.
   * @throws {Failure} SECRET_HELD_BACK, naming kind and place and never the value.
   */
  constructor(names: readonly [string, ...string[]], own: OwnSecrets) {
    [this.#name] = names;
    this.#own = own;
    for (const name of names) {
      const kind = secretFileName(name);
      if (kind !== null) throw heldBack(kind, `the name ${name}`);
      const found = findSecret(name, own);
      if (found !== null) throw heldBack(found.kind, "the file's name");
    }
  }

  /** Looks at the next piece. @throws {Failure} SECRET_HELD_BACK */
  push(piece: Uint8Array): void {
    this.#look(this.#texts.push(piece));
  }

  /** Looks at the rest. @throws {Failure} SECRET_HELD_BACK */
  end(): void {
    this.#look(this.#texts.end());
  }

  #look(parts: readonly FilePart[]): void {
    for (const part of parts) {
      const found = this.#find(part);
      if (found === null) continue;
      const place = part.from === 0
        ? `${this.#name}, ${found.place}`
        : `${this.#name}, behind byte ${part.from}`;
      throw heldBack(found.kind, place);
    }
  }

  #find({ text, from, isText }: FilePart): SecretFinding | null {
    return isText && from < IN_FULL
      ? findSecret(text, this.#own)
      : findKeyShape(text, this.#own);
  }
}

function heldBack(kind: string, place: string): Failure {
  return new Failure("SECRET_HELD_BACK", {
    fields: { what: "the file", kind, place },
  });
}
