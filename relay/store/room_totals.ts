import {
  numberOf,
  type Sql,
  type SqlRow,
  type Statement,
} from "../../lib/sql/sql.ts";

/** A room with more messages than one may have. */
export interface CrowdedRoom {
  readonly id: number;
  /** How many it has. */
  readonly messages: number;
}

/**
 * What all rooms hold, and which of them hold too many messages: noted with each change of a room's counters, so that to
 * ask costs the same however many rooms there are. It is in tables of the connection alone, which follow its transactions;
 * nothing of it is in the file.
 */
export class RoomTotals {
  readonly #totals: Statement;
  readonly #crowded: Statement;

  /** Costs the rooms that there are. @param most messages that one room may have. @throws node:sqlite's errors */
  constructor(sql: Sql, most: number) {
    sql.exec(tables(most));
    this.#totals = sql.prepare(
      "SELECT row_count, byte_count FROM temp.room_totals",
    );
    this.#crowded = sql.prepare(
      `SELECT id, row_count FROM rooms
       WHERE id = (SELECT min(id) FROM temp.crowded_rooms)`,
    );
  }

  get messages(): number {
    return numberOf(this.#row, "row_count");
  }

  /** Of their messages' frames. */
  get bytes(): number {
    return numberOf(this.#row, "byte_count");
  }

  /** The earliest made of those that have too many. */
  crowded(): CrowdedRoom | undefined {
    const row = this.#crowded.get();
    return row && {
      id: numberOf(row, "id"),
      messages: numberOf(row, "row_count"),
    };
  }

  get #row(): SqlRow | undefined {
    return this.#totals.get();
  }
}

/** What an earlier one on this connection made goes first. */
const tables = (most: number) => `
  DROP TRIGGER IF EXISTS temp.room_counted;
  DROP TRIGGER IF EXISTS temp.room_removed;
  DROP TRIGGER IF EXISTS temp.room_crowded;
  DROP TRIGGER IF EXISTS temp.room_uncrowded;
  DROP TRIGGER IF EXISTS temp.crowded_removed;
  DROP TABLE IF EXISTS temp.room_totals;
  DROP TABLE IF EXISTS temp.crowded_rooms;
  CREATE TEMP TABLE room_totals (
    row_count INTEGER NOT NULL,
    byte_count INTEGER NOT NULL
  ) STRICT;
  INSERT INTO temp.room_totals
    SELECT coalesce(sum(row_count), 0), coalesce(sum(byte_count), 0) FROM rooms;
  CREATE TEMP TABLE crowded_rooms (id INTEGER PRIMARY KEY) STRICT;
  INSERT INTO temp.crowded_rooms SELECT id FROM rooms WHERE row_count > ${most};
  CREATE TEMP TRIGGER room_counted AFTER UPDATE OF row_count, byte_count ON rooms
    BEGIN UPDATE room_totals SET
      row_count = row_count - OLD.row_count + NEW.row_count,
      byte_count = byte_count - OLD.byte_count + NEW.byte_count; END;
  CREATE TEMP TRIGGER room_removed AFTER DELETE ON rooms
    BEGIN UPDATE room_totals SET
      row_count = row_count - OLD.row_count, byte_count = byte_count - OLD.byte_count; END;
  CREATE TEMP TRIGGER room_crowded AFTER UPDATE OF row_count ON rooms
    WHEN NEW.row_count > ${most} AND OLD.row_count <= ${most}
    BEGIN INSERT INTO crowded_rooms VALUES (NEW.id); END;
  CREATE TEMP TRIGGER room_uncrowded AFTER UPDATE OF row_count ON rooms
    WHEN NEW.row_count <= ${most} AND OLD.row_count > ${most}
    BEGIN DELETE FROM crowded_rooms WHERE id = NEW.id; END;
  CREATE TEMP TRIGGER crowded_removed AFTER DELETE ON rooms
    WHEN OLD.row_count > ${most}
    BEGIN DELETE FROM crowded_rooms WHERE id = OLD.id; END;`;
