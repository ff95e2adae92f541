import { Buffer } from "node:buffer";
import { pause } from "../../../tests/scenarios/crowd.ts";
import { CountedReaders } from "./counted_readers.ts";
import { measureCost } from "./server_cost.ts";
import type { Members, Server } from "./servers.ts";

const EVEN = { deliveriesASecond: 45_000, seconds: 3 };
const BURST_DELIVERIES = 100_000;
const LONE_MESSAGES = 40;

/** What one measurement gave; times in milliseconds, processor time in microseconds. */
export interface RoomFigures {
  readonly perSecond: number;
  readonly burstP50: number;
  readonly burstP99: number;
  readonly bytesADelivery: number;
  readonly packetsADelivery: number;
  readonly cpuADelivery: number;
  readonly evenP50: number;
  readonly evenP99: number;
  readonly evenCpuADelivery: number;
  /** From sending to hearing, one message at a time. */
  readonly loneP50: number;
}

/** A server's room, ready to be measured more than once. */
export class MeasuredRoom {
  readonly #server: Server;
  readonly #members: Members;
  readonly #readers: CountedReaders;
  readonly #sender: CountedReaders;

  constructor(server: Server, members: Members) {
    this.#server = server;
    this.#members = members;
    this.#readers = new CountedReaders(members.readers);
    this.#sender = new CountedReaders([members.sender]);
  }

  async measure(): Promise<RoomFigures> {
    await this.#showSign();
    const { lone } = await this.#lone(LONE_MESSAGES);
    const burst = await this.#burst(
      Math.ceil(BURST_DELIVERIES / this.#members.readers.length),
    );
    const even = await this.#even();
    return { ...burst, ...even, loneP50: lone };
  }

  async warm(): Promise<void> {
    await this.#showSign();
    const { length } = this.#members.readers;
    await this.#burst(Math.ceil(BURST_DELIVERIES / length / 4));
  }

  end(): Promise<unknown> {
    const { sender, readers } = this.#members;
    for (const line of [sender, ...readers]) line.end();
    return this.#server.end();
  }

  /** What is said and answered before does not count. */
  async #showSign(): Promise<void> {
    const { sign, sender, readers } = this.#members;
    this.#readers.reset();
    this.#sender.reset();
    if (sign === null) return;
    for (const line of [sender, ...readers]) line.write(sign);
    await this.#readers.heard([performance.now()]);
    await this.#sender.heard([performance.now()]);
    this.#readers.reset();
  }

  async #lone(times: number): Promise<{ readonly lone: number }> {
    const delays: number[] = [];
    for (const message of this.#members.messages(times)) {
      this.#readers.reset();
      const from = performance.now();
      this.#members.sender.write(message);
      delays.push((await this.#readers.heard([from])).p50);
    }
    delays.sort((a, b) => a - b);
    this.#readers.reset();
    return { lone: delays[delays.length >> 1] ?? NaN };
  }

  async #burst(
    count: number,
  ): Promise<Omit<RoomFigures, "loneP50" | `even${string}`>> {
    const bytes = Buffer.concat(this.#members.messages(count));
    const cost = measureCost(this.#server.pid);
    const from = performance.now();
    this.#members.sender.write(bytes);
    const counted = await this.#readers.heard(Array(count).fill(from));
    const { cpuSeconds, packets } = cost();
    this.#readers.reset();
    const { deliveries } = counted;
    return {
      perSecond: deliveries / counted.seconds,
      burstP50: counted.p50,
      burstP99: counted.p99,
      bytesADelivery: counted.bytes / deliveries,
      packetsADelivery: packets / deliveries,
      cpuADelivery: cpuSeconds / deliveries * 1e6,
    };
  }

  async #even(): Promise<
    Pick<RoomFigures, `even${string}` & keyof RoomFigures>
  > {
    const { sender, readers, messages } = this.#members;
    const every = readers.length / EVEN.deliveriesASecond * 1000;
    const all = messages(Math.ceil(EVEN.seconds * 1000 / every));
    const cost = measureCost(this.#server.pid);
    const sentAt: number[] = [];
    const from = performance.now();
    for (const [i, message] of all.entries()) {
      const early = from + i * every - performance.now();
      if (early > 0) await pause(early);
      sentAt.push(performance.now());
      sender.write(message);
    }
    const counted = await this.#readers.heard(sentAt);
    const { cpuSeconds } = cost();
    this.#readers.reset();
    return {
      evenP50: counted.p50,
      evenP99: counted.p99,
      evenCpuADelivery: cpuSeconds / counted.deliveries * 1e6,
    };
  }
}
