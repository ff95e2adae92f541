import { Buffer } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { takesGzip } from "../../lib/pages/page_files.ts";
import type { RelayCore } from "../core/core.ts";
import type { Effect, Now } from "../core/events.ts";
import { BOUNDS, type HistoryAccess } from "../core/settings.ts";
import { SlidingWindow } from "../core/sliding_window.ts";
import { type BlobRoutes, isBlobPath } from "./blobs/blob_routes.ts";
import type { ClientWay } from "./client_way.ts";
import type { Metrics } from "./metrics.ts";
import { type FairTurns, payerOf } from "./fair_turns.ts";
import { historyRow } from "./history_rows.ts";
import { inTurns } from "./in_turns.ts";
import { PageLines } from "./page_lines.ts";
import { limited, rest, type RestSource } from "./rest.ts";
import { JSON_TYPE, type RestAnswer, type RestBytes } from "./rest_answer.ts";
import type { RoomFeeds } from "./watching/room_feeds.ts";
import type { Watching } from "./watching/watching.ts";

/** Probes of one address in any second, whatever the limits. */
const PROBES = 50;
const PROBES_SPAN_MS = 1_000;

export interface RelayRestOptions {
  readonly core: RelayCore;
  readonly history: HistoryAccess;
  readonly isStoreReady: () => boolean;
  readonly isOpen: () => boolean;
  readonly way: ClientWay;
  readonly watching: Watching | null;
  readonly blobs: BlobRoutes;
  readonly metrics: Metrics;
  readonly turns: FairTurns;
  readonly now: () => Now;
  /** Does what the core asks for: reading the store. */
  readonly apply: (effects: readonly Effect[]) => void;
}

/** The relay's REST side: what core, store and figures tell over HTTP. */
export class RelayRest {
  readonly #way: ClientWay;
  readonly #metrics: Metrics;
  readonly #source: RestSource;
  readonly #feeds: RoomFeeds | null;
  readonly #blobs: BlobRoutes;
  readonly #sent: (address: string, bytes: number) => void;

  constructor(options: RelayRestOptions) {
    this.#way = options.way;
    this.#metrics = options.metrics;
    this.#source = sourceOf(options);
    this.#feeds = options.watching?.feeds ?? null;
    this.#blobs = options.blobs;
    const { core, now } = options;
    this.#sent = (address, bytes) => core.restSent(address, bytes, now());
  }

  async answer(request: IncomingMessage): Promise<RestBytes> {
    const address = this.#way.keyOf(request);
    const method = request.method ?? "";
    const target = request.url ?? "";
    if (isBlobPath(target)) return this.#blob(request, address);
    const answer = await rest({
      method,
      target,
      address,
      takesGzip: takesGzip(String(request.headers["accept-encoding"] ?? "")),
      mayMeasure: this.#way.mayMeasure(request),
    }, this.#source);
    const { watch } = answer;
    return {
      ...this.#bytes(answer, address),
      ...(watch === undefined || method === "HEAD"
        ? {}
        : { takeOver: this.#watcher(watch, address) }),
    };
  }

  #bytes(answer: RestAnswer, address: string): RestBytes {
    this.#metrics.answered(answer.status);
    const { body, text, watch: _, ...head } = answer;
    const content = Buffer.from(text?.content ?? JSON.stringify(body));
    this.#sent(address, content.length);
    return { ...head, type: text?.type ?? JSON_TYPE, content };
  }

  /** Whoever has a token may ask, of a relay that is private too; what is refused here may come before a whole body. */
  #blob(request: IncomingMessage, address: string): RestBytes {
    const late = limited(address, this.#source);
    return late === null
      ? this.#blobs.answer(request, address)
      : this.#bytes(late, address);
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
  { core, history, isStoreReady, isOpen, watching, metrics, turns, now, apply }:
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
    isOpen,
    trouble: () => core.trouble,
    probeWait: (address) => probes.take(address, now().mono),
    wait: (address) => core.restWait(address, now()),
    isBlocked: (address) => core.blockedFor(address, now()) > 0,
    isPrivate: () => core.isPrivate,
    rooms: (query) => core.rooms(query),
    summary: (name) => core.summary(name),
    watching,
    hasRoom: (name) => core.hasRoom(name),
    metrics: () => ({ type: metrics.contentType, content: metrics.text() }),
    read: (request) =>
      new Promise((resolve) => apply(core.restHistory(request, resolve))),
  };
}
