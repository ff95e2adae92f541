import { removeIfThere } from "../../lib/host/private_files.ts";
import { ComingCopy, type CopyDisk } from "./coming_copy.ts";
import {
  BadCopy,
  type CopyFiles,
  DATABASE_PARTS,
  type FromViewCopies,
  type ToViewCopies,
} from "./copy_port.ts";
import { GivenCopy } from "./given_copy.ts";

/** What a relay does with copies of views: one of its own at a time for another relay, or one of another's for itself. */
export class CopyService {
  readonly #paths: CopyFiles;
  readonly #disk: CopyDisk;
  #given: GivenCopy | null = null;
  #coming: ComingCopy | null = null;
  /** Questions are answered one after the other, as they came. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(paths: CopyFiles, disk: CopyDisk) {
    this.#paths = paths;
    this.#disk = disk;
  }

  /** Never rejects. */
  answer(question: ToViewCopies): Promise<FromViewCopies> {
    const answer = this.#turn.then(() => this.#answerNow(question));
    this.#turn = answer;
    return answer;
  }

  async stop(): Promise<void> {
    await this.#turn;
    await this.#drop();
  }

  async #answerNow(question: ToViewCopies): Promise<FromViewCopies> {
    const { call } = question;
    try {
      return await this.#does(question);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const why = error instanceof BadCopy ? "copy" : "storage";
      return { type: "failed", call, reason, why };
    }
  }

  async #does(question: ToViewCopies): Promise<FromViewCopies> {
    const { call } = question;
    switch (question.type) {
      case "make":
        return await this.#make(call);
      case "read": {
        const bytes = await needed(this.#given).read(question.offset);
        return { type: "piece", call, bytes };
      }
      case "begin":
        await this.#drop();
        this.#coming = await ComingCopy.begin(this.#disk, this.#paths.coming);
        return { type: "done", call };
      case "write":
        await needed(this.#coming).write(question.bytes);
        return { type: "done", call };
      case "finish": {
        const to = this.#paths.taken;
        const position = await needed(this.#coming).finish({ ...question, to });
        return { type: "taken", call, position };
      }
      case "drop":
        await this.#drop();
        return { type: "done", call };
    }
  }

  async #make(call: number): Promise<FromViewCopies> {
    await this.#drop();
    const { view, given } = this.#paths;
    const made = this.#given = await GivenCopy.make(view, given);
    const { size, sha256 } = made;
    return { type: "made", call, size, sha256 };
  }

  /** But for one that is whole and waits for the relay's start. */
  async #drop(): Promise<void> {
    this.#given?.close();
    this.#given = null;
    this.#coming?.close();
    this.#coming = null;
    for (const path of [this.#paths.given, this.#paths.coming]) {
      for (const part of DATABASE_PARTS) {
        await removeIfThere(this.#disk.files, path + part);
      }
    }
  }
}

function needed<T>(one: T | null): T {
  if (one === null) throw new Error("there is no such copy any more");
  return one;
}
