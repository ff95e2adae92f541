import assert from "node:assert/strict";
import { headers } from "@nats-io/transport-node";
import { ObjectService } from "../../../relay/cluster/object_service.ts";
import type { Servers } from "../../../relay/cluster/open_log.ts";

/** A piece of a file, as a server has it. */
interface Piece {
  readonly seq: number;
  readonly number: number;
}

interface Query {
  readonly seq: number;
  readonly next_by_subj: string;
}

/** Servers of which whichever answers has these pieces, and the leader those. */
function servers(
  { copy, leader }: {
    readonly copy: readonly Piece[];
    readonly leader: readonly Piece[] | Error;
  },
) {
  const asked: string[] = [];
  const finding = (who: string, pieces: readonly Piece[] | Error) => ({
    getMessage: (stream: string, { seq, next_by_subj }: Query) => {
      asked.push(`${who} ${stream} ${next_by_subj} ${seq}`);
      if (pieces instanceof Error) return Promise.reject(pieces);
      const found = pieces.find((each) => each.seq >= seq);
      if (found === undefined) return Promise.resolve(null);
      const header = headers();
      header.set("An-Piece", `${found.number}`);
      const data = new Uint8Array([found.seq]);
      return Promise.resolve({ seq: found.seq, header, data });
    },
  });
  const manager = {
    direct: finding("any", copy),
    streams: {
      ...finding("leader", leader),
      info: () => Promise.resolve({}),
    },
  };
  const connection = { info: {}, options: {} };
  const there = { connection, manager } as unknown as Servers;
  const service = new ObjectService({ servers: () => Promise.resolve(there) });
  const load = (piece: number, after: number) =>
    service.answer({ type: "load", call: 7, id: "f", piece, after });
  return { load, asked };
}

const FIRST = { seq: 4, number: 0 }, SECOND = { seq: 9, number: 1 };

Deno.test("ObjectService: a piece that the asked copy has comes from it, and the leader is not asked", async () => {
  const { load, asked } = servers({ copy: [FIRST, SECOND], leader: [] });
  assert.deepEqual(await load(1, 4), {
    ...{ type: "loaded", call: 7, place: 9 },
    bytes: new Uint8Array([9]),
  });
  assert.deepEqual(asked, ["any AN_FILES an.file.f 5"]);
});

Deno.test("ObjectService: what a copy that is behind does not have, the leader says", async () => {
  const { load, asked } = servers({ copy: [FIRST], leader: [FIRST, SECOND] });
  const { type, ...rest } = await load(1, 4);
  assert.equal(type, "loaded", JSON.stringify(rest));
  assert.deepEqual(asked, [
    "any AN_FILES an.file.f 5",
    "leader AN_FILES an.file.f 5",
  ]);
});

Deno.test("ObjectService: a file is missing only where the leader says so; without a leader it is not known", async () => {
  const none = servers({ copy: [], leader: [] });
  const gone = await none.load(0, 0);
  assert.ok(gone.type === "failed" && gone.isMissing, JSON.stringify(gone));
  // Its first piece was taken away: what follows is no file.
  const holed = servers({ copy: [SECOND], leader: [SECOND] });
  const cut = await holed.load(0, 0);
  assert.ok(cut.type === "failed" && cut.isMissing, JSON.stringify(cut));
  const lost = servers({ copy: [], leader: new Error("no leader") });
  const unknown = await lost.load(0, 0);
  assert.deepEqual(unknown, {
    ...{ type: "failed", call: 7, isMissing: false },
    reason: "no leader",
  });
});
