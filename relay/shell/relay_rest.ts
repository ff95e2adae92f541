import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { takesGzip } from "../../lib/pages/page_files.ts";
import type { RelayCore } from "../core/core.ts";
import type { Effect, Now } from "../core/events.ts";
import { BOUNDS, type HistoryAccess } from "../core/settings.ts";
import { SlidingWindow } from "../core/sliding_window.ts";
import type { ClientWay } from "./client_way.ts";
import type { Metrics } from "./metrics.ts";
import { type FairTurns, payerOf } from "./fair_turns.ts";
import { historyRow } from "./history_rows.ts";
import { inTurns } from "./in_turns.ts";
import { PageLines } from "./page_lines.ts";
import { rest, type RestSource } from "./rest.ts";
import { JSON_TYPE, type RestAnswer } from "./rest_answer.ts";
import type { RoomFeeds } from "./watching/room_feeds.ts";
import type { Watching } from "./watching/watching.ts";

/** Probes of one address in any second, whatever the limits. */
const PROBES = 50;
const PROBES_SPAN_MS = 1_000;

export interface RelayRestOptions {
  readonly core: RelayCore;
  readonly history: HistoryAccess;
  readonly isStoreReady: () => boolean;
  readonly way: ClientWay;
  readonly watching: Watching | null;
  readonly metrics: Metrics;
  readonly turns: FairTurns;
  readonly now: () => Now;
  /** Does what the core asks for: reading the store. */
  readonly apply: (effects: readonly Effect[]) => void;
}

/** An answer as it goes out. */
export interface RestBytes
  extends Pick<RestAnswer, "status" | "retryAfter" | "left" | "headers"> {
  readonly type: string;
  readonly content: Uint8Array;
  /** In place of an answer: who is to have the connection from here on. */
  readonly takeOver?: (socket: Socket, requestId: string) => void;
}

/** The relay's REST side: what core, store and figures tell over HTTP. */
export class RelayRest {
  readonly #way: ClientWay;
  readonly #metrics: Metrics;
  readonly #source: RestSource;
  readonly #feeds: RoomFeeds | null;
  readonly #sent: (address: string, bytes: number) => void;

  constructor(options: RelayRestOptions) {
    this.#way = options.way;
    this.#metrics = options.metrics;
    this.#source = sourceOf(options);
    this.#feeds = options.watching?.feeds ?? null;
    const { core, now } = options;
    this.#sent = (address, bytes) => core.restSent(address, bytes, now());
  }

  async answer(request: IncomingMessage): Promise<RestBytes> {
    const address = this.#way.keyOf(request);
    const method = request.method ?? "";
    const answer = await rest({
      method,
      target: request.url ?? "",
      address,
      takesGzip: takesGzip(String(request.headers["accept-encoding"] ?? "")),
      mayMeasure: this.#way.mayMeasure(request),
    }, this.#source);
    this.#metrics.answered(answer.status);
    const { body, text, watch, ...head } = answer;
    const content = Buffer.from(text?.content ?? JSON.stringify(body));
    this.#sent(address, content.length);
    return {
      ...head,
      type: text?.type ?? JSON_TYPE,
      content,
      ...(watch === undefined || method === "HEAD"
        ? {}
        : { takeOver: this.#watcher(watch, address) }),
    };
  }

  #watcher(room: string, address: string): NonNullable<RestBytes["takeOver"]> {
    const feeds = this.#feeds;
    return (socket, requestId) =>
      feeds === null
        ? void socket.destroy()
        : feeds.enter({ room, address, requestId }, socket);
  }
}

function sourceOf(
  { core, history, isStoreReady, watching, metrics, turns, now, apply }:
    RelayRestOptions,
): RestSource {
  const probes = new SlidingWindow({
    most: PROBES,
    spanMs: PROBES_SPAN_MS,
    keys: BOUNDS.limitKeys,
  });
  const lines = new PageLines();
  return {
    history,
    rows: (address, messages) =>
      inTurns(turns, payerOf(address), {
        items: messages,
        piece: (message) => JSON.stringify(historyRow(message)),
      }),
    enter: (address) => lines.enter(address),
    isReady: isStoreReady,
    trouble: () => core.trouble,
    probeWait: (address) => probes.take(address, now().mono),
    wait: (address) => core.restWait(address, now()),
    isBlocked: (address) => core.blockedFor(address, now()) > 0,
    isPrivate: () => core.isPrivate,
    rooms: (query) => core.rooms(query),
    summary: (name) => core.summary(name),
    watching,
    hasRoom: (name) => core.hasRoom(name),
    metrics: async () => ({
      type: metrics.contentType,
      content: await metrics.text(),
    }),
    read: (request) =>
      new Promise((resolve) => apply(core.restHistory(request, resolve))),
  };
}
