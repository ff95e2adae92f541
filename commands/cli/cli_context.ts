import type { Clock } from "../../lib/clock.ts";
import type { FileOpener } from "../../lib/attachments/opened_file.ts";
import type { Stream } from "../../lib/local_api/loopback_stream.ts";
import type { Fetch } from "../../lib/local_api/client.ts";

/** Signals that a command can listen to. */
export type CliSignal = "SIGTERM" | "SIGINT" | "SIGHUP";

/** One of the program's outputs. */
export interface CliOutput {
  /** Whether a person watches. */
  readonly isTerminal?: boolean;
  /**
   * Writes the whole text before it returns.
   *
   * @throws {OutputClosed} when it can't be written.
   */
  write(text: string): void;
}

/**
 * The output can't be written: its reader has gone, its disk is full, its terminal is closed. What was not written yet
 * counts as unread.
 */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
  /** Whether a part of the text was written. */
  readonly isCut: boolean;

  /** @param reason the system's word for it. */
  constructor(reason: string, isCut = false) {
    super(reason);
    this.isCut = isCut;
  }
}

/** The environment, for a daemon that clears the variables of proxies. */
export interface CliEnvironment {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  delete(name: string): void;
}

/** A file that is being written; gone again at its disposal unless it was kept. */
export interface NewFile extends AsyncDisposable {
  write(text: string): Promise<void>;
  writeBytes(bytes: Uint8Array): Promise<void>;
  keep(): Promise<void>;
}

/** How a lock's file was found. */
export type LockState = "held" | "free" | "absent";

/** All that a command may touch of the process that it runs in. */
export interface CliContext {
  readonly stdout: CliOutput;
  readonly stderr: CliOutput;
  /** A variable of the environment; undefined when it is not set. */
  env(name: string): string | undefined;
  /** Standard input to its end, or its first `most` bytes and one more. */
  readStdin(most: number): Promise<Uint8Array>;
  /** The next line of standard input without its end, or what is there before the input ends or `most` bytes came. */
  readStdinLine(most: number): Promise<string>;
  /** The text of standard input, piece by piece. */
  openStdin(): AsyncIterable<string>;
  /** A file, or its first `most` bytes and one more. Rejects with an error of `Deno.errors`. */
  readFile(path: string, most: number): Promise<Uint8Array>;
  /** Rejects with an error of `Deno.errors`. */
  readTextFile(path: string): Promise<string>;
  /** The text of a file, piece by piece. Rejects with an error of `Deno.errors`. */
  openFile(path: string): Promise<AsyncIterable<string>>;
  /** A new file that this user alone can read. Rejects with an error of `Deno.errors`, where there is one already too. */
  createFile(path: string): Promise<NewFile>;
  /** Whether another process holds the lock of a file, or there is no such file. */
  lockState(path: string): Promise<LockState>;
  readonly fetch: Fetch;
  readonly stream: Stream;
  /** Files that go with messages. */
  readonly files: FileOpener;
  readonly clock: Clock;
  /** A signal that is aborted so many milliseconds later, and keeps no process alive; a timer costs a start 9 ms. */
  deadline(ms: number): AbortSignal;
  randomBytes(count: number): Uint8Array;
  /** The environment that later requests and workers see. */
  readonly environment: CliEnvironment;
  /** Number of this process. */
  pid(): number;
  /** Of the process that started this one, or of the one that took it over since. */
  parentPid(): number;
  /** This host's name. */
  hostname(): string;
  /** Calls `action` at each such signal until the returned function is called. */
  onSignal(signal: CliSignal, action: () => void): () => void;
}
