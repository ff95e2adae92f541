import {
  cutText,
  isCount,
  isWords,
  parseLogWords,
  type Words,
} from "../../lib/worker_words.ts";
import type { LogMessage } from "../../lib/worker_log.ts";
import type { FromLogWorker } from "../cluster/log_worker_messages.ts";
import type { FromSocketWorker } from "../shell/worker_messages.ts";
import type { StoreState } from "../store/store_options.ts";

type Readers<Said extends { readonly type: string }> = {
  readonly [Type in Said["type"]]: (
    words: Words,
  ) => Extract<Said, { readonly type: Type }> | null;
};

/** A reader for each type: a new one is a compile error until it stands here. */
const SOCKETS: Readers<FromSocketWorker> = {
  log: parseLogWords,
  listening: ({ port }) =>
    isCount(port) && port >= 1 && port <= 65_535
      ? { type: "listening", port }
      : null,
  unfit: ({ reason }) => ({ type: "unfit", reason: cutText(reason) }),
  checkers: ({ isWanted }) => ({
    type: "checkers",
    isWanted: isWanted === true,
  }),
  crowded: ({ isCrowded }) => ({
    type: "crowded",
    isCrowded: isCrowded === true,
  }),
  blobs_wanted: () => ({ type: "blobs_wanted" }),
  view_differs: ({ reason }) => ({
    type: "view_differs",
    reason: cutText(reason),
  }),
  renew_view: () => ({ type: "renew_view" }),
  told: ({ id, answer }) => isCount(id) ? { type: "told", id, answer } : null,
  not_listening: ({ reason, isInUse }) => ({
    type: "not_listening",
    reason: cutText(reason),
    isInUse: isInUse === true,
  }),
};

const LINES: Readers<LogMessage> = { log: parseLogWords };

const STORE: Readers<StoreState> = {
  store_ready: () => ({ type: "store_ready" }),
  store_unusable: ({ reason, isDamaged }) => ({
    type: "store_unusable",
    reason: cutText(reason),
    isDamaged: isDamaged === true,
  }),
};

const LOG: Readers<FromLogWorker> = {
  log: parseLogWords,
  copies_wanted: () => ({ type: "copies_wanted" }),
  copies_done: () => ({ type: "copies_done" }),
  view_taken: () => ({ type: "view_taken" }),
  log_unusable: ({ failure }) => {
    if (!isWords(failure)) return null;
    const { code, message, fix } = failure;
    return {
      type: "log_unusable",
      failure: {
        code: cutText(code),
        message: cutText(message),
        fix: cutText(fix),
      },
    };
  },
};

/**
 * Reads what the socket worker says, which is not believed; null for what is none of its words.
 *
 * @param port that it was given; 0 where the system may choose, else it can't say that it has another.
 */
export function parseSocketWords(
  data: unknown,
  port: number,
): FromSocketWorker | null {
  const said = parse(data, SOCKETS);
  const isMoved = said?.type === "listening" && port !== 0 &&
    said.port !== port;
  return isMoved ? null : said;
}

/** Reads what the store's worker says; null for what is none of its words. */
export function parseStoreWords(data: unknown): StoreState | null {
  return parse(data, STORE);
}

/** Reads what a worker says that has lines for the log alone; null for what is none. */
export function parseLogLine(data: unknown): LogMessage | null {
  return parse(data, LINES);
}

/** Reads what the worker of a shared log says; null for what is none of its words. */
export function parseLogWorkerWords(data: unknown): FromLogWorker | null {
  return parse(data, LOG);
}

function parse<Said extends { readonly type: string }>(
  data: unknown,
  readers: Readers<Said>,
): Said | null {
  if (!isWords(data) || typeof data.type !== "string") return null;
  if (!Object.hasOwn(readers, data.type)) return null;
  return readers[data.type as Said["type"]](data);
}
