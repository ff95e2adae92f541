import assert from "node:assert/strict";
import fc from "fast-check";
import { MOMENT_MS } from "../../../../relay/core/rooms/departures.ts";
import { DEFAULT_LIMITS, NO_LIMITS } from "../../../../relay/core/settings.ts";
import { agent } from "../../../fakes/agents.ts";
import { type BedLine, CoreBed } from "../../../fakes/core_bed.ts";

const AGENTS = 4;
/** The longest moment that the default limits allow. */
const LONGEST_MS = MOMENT_MS * DEFAULT_LIMITS.loginsPerAgent + 1_000;

/** What one member takes to be in the room, from the frames that it got alone: ids with their names. */
class View {
  #members = new Map<string, string>();

  hear(frames: ReturnType<CoreBed["take"]>): void {
    for (const frame of frames) {
      const one = frame.agent as { id: string; name: string };
      if (frame.type === "room.joined") {
        const members = frame.members as { id: string; name: string }[];
        this.#members = new Map(members.map(({ id, name }) => [id, name]));
      } else if (frame.type === "room.member_joined") {
        this.#members.set(one.id, one.name);
      } else if (frame.type === "room.member_left") {
        this.#members.delete(one.id);
      }
    }
  }

  get text(): string {
    return JSON.stringify([...this.#members].sort());
  }
}

/** A room, and agents that come and go in it under names of their own choice. */
class Scene {
  readonly bed = new CoreBed({ limits: NO_LIMITS }).rooms("r");
  readonly lines = new Map<number, BedLine>();
  readonly inside = new Map<number, string>();
  readonly #names = new Map<number, string>();
  readonly #views = new Map<number, View>();

  login(who: number, name: string): void {
    const maker = this.lines.get(who)?.maker ?? this.bed.maker(agent(who + 1));
    const profile = { id: maker.id, name, version: "1" };
    this.lines.set(who, this.bed.login(maker, { profile }));
    this.inside.delete(who);
    this.#names.set(who, name);
  }

  join(who: number): void {
    const line = this.lines.get(who);
    if (line === undefined) return;
    this.bed.take(line.conn);
    this.bed.text(line.conn, line.maker.join("r"));
    if (!this.inside.has(who)) this.#views.set(who, new View());
    this.inside.set(who, this.#names.get(who) ?? "");
  }

  leave(who: number): void {
    const line = this.lines.get(who);
    if (line === undefined || !this.inside.delete(who)) return;
    this.bed.text(line.conn, line.maker.leave("r"));
  }

  drop(who: number): void {
    const line = this.lines.get(who);
    if (line === undefined) return;
    this.bed.drop(line.conn);
    this.lines.delete(who);
    this.inside.delete(who);
  }

  /** What those in the room take to be in it, each as text. */
  views(): string[] {
    return [...this.inside.keys()].map((who) => {
      const view = this.#views.get(who) as View;
      view.hear(this.bed.take(this.lines.get(who)?.conn ?? 0));
      return view.text;
    });
  }

  /** Who really is in the room. */
  get truth(): string {
    return JSON.stringify(
      [...this.inside].map(([who, name]) => [agent(who + 1).id, name]).sort(),
    );
  }
}

const step = fc.record({
  who: fc.nat({ max: AGENTS - 1 }),
  name: fc.constantFrom("ada", "bob"),
  kind: fc.constantFrom("login", "join", "join", "leave", "drop", "wait"),
  ms: fc.integer({ min: 1, max: 2 * MOMENT_MS }),
});

Deno.test("Departures: all in a room see the same at any time, and who is there once every moment is over", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const scene = new Scene();
      for (const { who, name, kind, ms } of steps) {
        if (kind === "login") scene.login(who, name);
        else if (kind === "wait") scene.bed.pass(ms);
        else scene[kind as "join" | "leave" | "drop"](who);
        assert.ok(new Set(scene.views()).size <= 1);
      }
      scene.views();
      scene.bed.pass(LONGEST_MS);
      for (const view of scene.views()) assert.equal(view, scene.truth);
    }),
    { numRuns: 300 },
  );
});

/** Logs an agent in, into rooms where another watches, and drops it, over and over. */
function flapping(rooms: readonly string[], logins: number, everyMs: number) {
  const bed = new CoreBed().rooms(...rooms);
  const watcher = bed.login(bed.maker(agent(1)));
  for (const room of rooms) bed.ask(watcher, watcher.maker.join(room));
  const maker = bed.maker(agent(2));
  let line = bed.login(maker);
  for (const room of rooms) bed.ask(line, maker.join(room));
  bed.pass(60_000);
  bed.take(watcher.conn);
  const told = { joined: 0, left: 0, refused: 0 };
  const count = () => {
    for (const type of bed.types(watcher.conn)) {
      if (type === "room.member_joined") told.joined++;
      else if (type === "room.member_left") told.left++;
    }
  };
  for (let i = 0; i < logins; i++) {
    try {
      line = bed.login(maker);
      for (const room of rooms) bed.ask(line, maker.join(room));
    } catch {
      told.refused++;
    }
    bed.drop(line.conn);
    bed.pass(everyMs);
    count();
  }
  return told;
}

const ROOMS = Array.from({ length: 10 }, (_, i) => `r${i}`);

Deno.test("Departures: fourteen logins a second of one agent in ten rooms are told to nobody, and 30 a minute are taken", () => {
  assert.deepEqual(flapping(ROOMS, 14 * 10, 71), {
    joined: 0,
    left: 0,
    refused: 110,
  });
});

Deno.test("Departures: one who comes and goes at the pace of the moment is told of ever later", () => {
  const { joined, left, refused } = flapping(["r"], 28, MOMENT_MS + 100);
  assert.deepEqual({ joined, left, refused }, {
    joined: 1,
    left: 1,
    refused: 0,
  });
});

Deno.test("Departures: one who stays away is told of once, after the moment; who comes meanwhile is shown it", () => {
  const bed = new CoreBed().rooms("r");
  const [a, b, c] = [1, 2, 3].map((i) => bed.login(bed.maker(agent(i))));
  assert.ok(a && b && c);
  for (const line of [a, b]) bed.ask(line, line.maker.join("r"));
  bed.take(a.conn);
  bed.drop(b.conn);
  bed.text(c.conn, c.maker.join("r"));
  const [joined] = bed.take(c.conn);
  assert.equal((joined?.members as unknown[]).length, 3);
  bed.pass(MOMENT_MS - 1);
  assert.deepEqual(bed.types(a.conn), ["room.member_joined"]);
  bed.pass(1);
  for (const { conn } of [a, c]) {
    assert.deepEqual(bed.types(conn), ["room.member_left"]);
  }
  bed.pass(LONGEST_MS);
  assert.deepEqual(bed.types(a.conn), []);
});

Deno.test("Departures: one who is back in the moment keeps its time of joining, and only a new name is told", () => {
  const bed = new CoreBed().rooms("r");
  const [a, b] = [1, 2].map((i) => bed.login(bed.maker(agent(i))));
  assert.ok(a && b);
  for (const line of [a, b]) bed.ask(line, line.maker.join("r"));
  const joinedAt = bed.now.wall;
  bed.take(a.conn);
  const back = (name: string) => {
    bed.pass(500);
    const { maker } = b;
    const line = bed.login(maker, {
      profile: { id: maker.id, name, version: "1" },
    });
    bed.text(line.conn, maker.join("r"));
    const members = bed.take(line.conn)[0]?.members as Record<
      string,
      unknown
    >[];
    const own = members.find(({ id }) => id === maker.id);
    return [own?.joined_at, bed.types(a.conn)];
  };
  assert.deepEqual(back(b.maker.id.slice(0, 4)), [joinedAt, []]);
  assert.deepEqual(back("another"), [joinedAt, ["room.member_joined"]]);
});
