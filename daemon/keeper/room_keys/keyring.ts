import { Failure } from "../../../lib/errors.ts";
import type { PrivateFiles } from "../../../lib/host/private_files.ts";
import { parseAgentId } from "../../../lib/protocol/agent_id.ts";
import type { SignLater } from "../../../lib/protocol/signing.ts";
import { agreementKeyOf } from "../../../lib/sealed/agreement_key.ts";
import {
  commitmentOf,
  messageKey,
  pairOf,
  SourceKey,
} from "../../../lib/sealed/derived_keys.ts";
import type {
  KeyAnswers,
  KeyAsk,
  KeyQuestion,
  QuestionOf,
} from "../../../lib/sealed/key_questions.ts";
import { statementBytes } from "../../../lib/sealed/labelled_bytes.ts";
import {
  type EpochHead,
  type Wrap,
  wrapInfo,
} from "../../../lib/sealed/record_form.ts";
import { KEY_BYTES } from "../../../lib/sealed/sizes.ts";
import { agreed } from "./agreement.ts";
import { openBackKey } from "./back_keys.ts";
import { hpkeOpen } from "./hpke_suite.ts";
import { KeyBook } from "./key_book.ts";
import { OwnEpochs } from "./own_epochs.ts";

export interface KeyringOptions {
  /** This agent's id. */
  readonly id: string;
  readonly sign: SignLater;
  /** The secret of its X25519 key, 32 bytes. */
  readonly agreementSecret: () => Promise<Uint8Array>;
  readonly files: PrivateFiles;
  /** Where the keys of epochs are kept. */
  readonly path: string;
  readonly randomBytes: (count: number) => Uint8Array;
}

/** Keys of pairs in memory; one that fell out is asked for again. */
const MOST_PAIRS = 1_000;

/** The keys of private rooms: all that is done with them. Loaded by the first question. */
export class Keyring {
  readonly #options: KeyringOptions;
  readonly #secret: Uint8Array;
  readonly #book: KeyBook;
  readonly #own: OwnEpochs;
  /** By their commitments; in no file, since each is made anew at any time. */
  readonly #pairs = new Map<string, SourceKey>();

  private constructor(
    options: KeyringOptions,
    own: { readonly secret: Uint8Array; readonly book: KeyBook },
  ) {
    this.#options = options;
    this.#secret = own.secret;
    this.#book = own.book;
    this.#own = new OwnEpochs({
      ...options,
      book: own.book,
      unwrap: (head, sealed) => this.#unwrap(head, sealed),
    });
  }

  /** @throws {Failure} FILE_TROUBLE */
  static async open(options: KeyringOptions): Promise<Keyring> {
    const secret = await options.agreementSecret();
    const book = await KeyBook.open(options.files, options.path);
    return new Keyring(options, { secret, book });
  }

  /** Rejects with a `Failure`. @param question within its bounds: `parseKeyQuestion` */
  async answer(question: KeyQuestion): Promise<KeyAnswers[KeyAsk]> {
    switch (question.ask) {
      case "new_epoch":
        return await this.#own.make(question);
      case "sign_epoch":
        return await this.#own.sign(question);
      case "take_epoch":
        return await this.#takeEpoch(question);
      case "take_back":
        return await this.#takeBack(question);
      case "look_into":
        return await this.#lookInto(question);
      case "message_keys":
        return await this.#messageKeys(question);
      case "pair":
        return await this.#pair(question);
      case "sign_said":
        return await this.#sign(question);
      default:
        return question satisfies never;
    }
  }

  async #takeEpoch(
    { head, kc, wrap }: QuestionOf<"take_epoch">,
  ): Promise<boolean> {
    const had = this.#book.get(kc);
    if (had !== undefined) return had.room === head.room;
    const key = await this.#unwrap(head, { kc, wrap });
    if (key === null) return false;
    await this.#book.add(head.room, key);
    return true;
  }

  async #lookInto(
    { head, kc, wrap, salts }: QuestionOf<"look_into">,
  ): Promise<KeyAnswers["look_into"]> {
    const key = await this.#unwrap(head, { kc, wrap });
    return key === null ? null : await messageKeys(new SourceKey(key), salts);
  }

  /** The one that all members are given, and no other; null where it is not sealed to us. */
  async #unwrap(
    head: EpochHead,
    { kc, wrap }: { readonly kc: string; readonly wrap: Wrap },
  ): Promise<Uint8Array | null> {
    const info = wrapInfo(head, Uint8Array.fromHex(kc));
    let key: Uint8Array;
    try {
      key = await hpkeOpen(wrap, { secret: this.#secret, info });
    } catch (error) {
      if (error instanceof Error) return null;
      throw error;
    }
    if (key.length !== KEY_BYTES) return null;
    return (await commitmentOf(key)).toHex() === kc ? key : null;
  }

  async #takeBack(
    { room, under, back }: QuestionOf<"take_back">,
  ): Promise<boolean> {
    const kc = back.kc.toHex();
    const had = this.#book.get(kc);
    if (had !== undefined) return had.room === room;
    const above = this.#book.get(under);
    const key = above?.room === room
      ? await openBackKey(above.key, back)
      : null;
    if (key === null) return false;
    await this.#book.add(room, key);
    return true;
  }

  async #messageKeys(
    { kc, salts }: QuestionOf<"message_keys">,
  ): Promise<KeyAnswers["message_keys"]> {
    const key = this.#book.get(kc)?.key ?? this.#pairs.get(kc);
    return key === undefined ? null : await messageKeys(key, salts);
  }

  async #pair({ id }: QuestionOf<"pair">): Promise<KeyAnswers["pair"]> {
    const theirs = agreementKeyOf(id);
    if (theirs === null || id === this.#options.id) {
      throw refused("there is no pair with that agent");
    }
    const shared = await agreed(this.#secret, theirs);
    const { room, key } = await pairOf(shared, [this.#options.id, id]);
    const kc = (await commitmentOf(key)).toHex();
    this.#pairs.delete(kc);
    this.#pairs.set(kc, new SourceKey(key));
    const [oldest] = this.#pairs.keys();
    if (this.#pairs.size > MOST_PAIRS) this.#pairs.delete(oldest!);
    return { room, kc };
  }

  async #sign(
    { room, hash }: QuestionOf<"sign_said">,
  ): Promise<Uint8Array> {
    const author = parseAgentId(this.#options.id);
    if (author === null) throw refused("this agent's id is none");
    return await this.#options.sign(
      statementBytes({ kind: "said", room, author, hash }),
    );
  }
}

async function messageKeys(
  key: SourceKey,
  salts: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  // One after the other: of many questions at once each holds one derivation.
  const keys: Uint8Array[] = [];
  for (const salt of salts) keys.push(await messageKey(key, salt));
  return keys;
}

function refused(reason: string): Failure {
  return new Failure("INTERNAL", { fields: { reason } });
}
