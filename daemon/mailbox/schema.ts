/**
 * Every version of the schema, in order; `PRAGMA user_version` says how many of them a file has had. A released one
 * is never edited: add the next.
 *
 * - messages: the cursor is the row's number, never used twice (AUTOINCREMENT); `read` is 1 for one that was read by
 *   itself, ahead of its room's mark.
 * - messages: `own` is 1 for one of this agent's, which is read from the start; `kind` is what its author marked it as, `written_by` who wrote it, as he says; `file` what goes with it, of a sealed one with its key.
 * - kept: how many messages of others (`own` 0) and of this agent are kept and how large they are.
 * - seen: hashes of (author, id) that were shown, beyond eviction.
 * - marks: how far a room was read, and what fell out of the buffer unread, up to which cursor.
 * - gaps: `before_cursor` is 0 until a message comes after the gap; `removed` is 1 for what was given up unopened in a
 *   room from which this agent was removed.
 * - found: the index of the words in messages (FTS5), by three characters, so that parts of words and scripts without
 *   spaces are found too; it holds no texts of its own.
 * - short_ids: by what a message is called in few characters, the same for every agent.
 * - last_page: what the page that was shown last held, as JSON.
 * - receipts_wanted: messages whose authors want to be told; `delivered` is 1 once they were told that it arrived, and
 *   the row goes once they were told that it was shown; in a talk it is 2 then, while it may be told again.
 * - receipts: what readers told of own messages that are in `sends`, whose `receipt` is 1 where that was wanted and
 *   `others` how many others were there when it was taken.
 * - contacts: agents with a name pinned to their key, and muted ones.
 * - messages: `sealed` is 1 for one that came sealed from end to end.
 * - sends: `sealed` is what went out to a private room, until it is known to be there.
 * - private_rooms: what a private room is called here and on the wire; `anchor` is the epoch that is trusted, none until
 *   this agent was let in; `seed` is the secret of the invitation; `stays` is 1 until the relay has its word (`j`) that it is here.
 * - epoch_records: as they came; `sent` is 0 for one of our own that the relay may not have.
 * - sealed_frames: what came for a private room, and gaps between (`text` NULL), in order, until it was opened; `stuck` is
 *   1 for one whose key is not there yet, 2 once that was shown, -2 while such a one is tried again; `late` is 2 for one that came live, but out of its author's order.
 * - sealed_heard: what was had of each author's streams, as JSON.
 * - leave_words: what each member said last of leaving (`left_at`, and the start of the hash of the epoch that he named)
 *   and of coming back (`back_at`), by his own clock; NULL where he said none.
 * - direct_peers: whom this agent talks to alone, what that is called here, and the relay that was told last that the
 *   other is known.
 * - message_requests: what agents wrote who are not known, one each.
 * - talk_frames: the frames of talks with one agent, as JSON, of messages that are kept.
 * - part_files: sealed files that came in parts, by their author's word; `named` is 1 once a message of his names one.
 * - file_parts: what has come of them.
 * - relay_names: under which other address the rooms of a relay's address are kept.
 * - rooms, sends, and all of private rooms: belong to one relay, since another relay's rooms are others.
 */
export const VERSIONS: readonly string[] = [
  `CREATE TABLE messages (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL,
    id TEXT NOT NULL,
    author TEXT NOT NULL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    late INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    seq INTEGER,
    reply_to TEXT,
    text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX messages_room ON messages (room, cursor);
  CREATE INDEX messages_id ON messages (id);
  CREATE TABLE totals (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO totals VALUES (1, 0, 0);
  CREATE TRIGGER message_in AFTER INSERT ON messages BEGIN
    UPDATE totals SET count = count + 1, bytes = bytes + new.bytes;
  END;
  CREATE TRIGGER message_out AFTER DELETE ON messages BEGIN
    UPDATE totals SET count = count - 1, bytes = bytes - old.bytes;
  END;
  CREATE TABLE seen (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE marks (
    room TEXT PRIMARY KEY,
    read_cursor INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    dropped_upto INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE gaps (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    room TEXT NOT NULL,
    count INTEGER,
    after_cursor INTEGER NOT NULL,
    before_cursor INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE rooms (
    relay TEXT NOT NULL,
    name TEXT NOT NULL,
    topic TEXT NOT NULL,
    tags TEXT NOT NULL,
    created_here INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    last_seq INTEGER,
    last_at INTEGER,
    ended TEXT,
    PRIMARY KEY (relay, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE sends (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    relay TEXT NOT NULL,
    id TEXT NOT NULL,
    room TEXT NOT NULL,
    text TEXT NOT NULL,
    reply_to TEXT,
    created_at INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    seq INTEGER,
    UNIQUE (relay, id)
  ) STRICT;`,
  `CREATE VIRTUAL TABLE found USING fts5(
    text, content='messages', content_rowid='cursor',
    tokenize='trigram remove_diacritics 1'
  );
  CREATE TRIGGER found_in AFTER INSERT ON messages BEGIN
    INSERT INTO found (rowid, text) VALUES (new.cursor, new.text);
  END;
  CREATE TRIGGER found_out AFTER DELETE ON messages BEGIN
    INSERT INTO found (found, rowid, text) VALUES ('delete', old.cursor, old.text);
  END;
  INSERT INTO found (found) VALUES ('rebuild');`,
  `CREATE TABLE contacts (
    id TEXT PRIMARY KEY,
    name TEXT,
    muted INTEGER NOT NULL,
    added_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`,
  "ALTER TABLE messages ADD COLUMN read INTEGER NOT NULL DEFAULT 0;",
  `ALTER TABLE messages ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE messages ADD COLUMN kind TEXT;
  ALTER TABLE sends ADD COLUMN kind TEXT;
  CREATE INDEX messages_own ON messages (own, cursor);
  CREATE TABLE kept (
    own INTEGER PRIMARY KEY CHECK (own IN (0, 1)),
    count INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT;
  INSERT INTO kept SELECT 0, count, bytes FROM totals;
  INSERT INTO kept VALUES (1, 0, 0);
  DROP TRIGGER message_in;
  DROP TRIGGER message_out;
  DROP TABLE totals;
  CREATE TRIGGER message_in AFTER INSERT ON messages BEGIN
    UPDATE kept SET count = count + 1, bytes = bytes + new.bytes WHERE own = new.own;
  END;
  CREATE TRIGGER message_out AFTER DELETE ON messages BEGIN
    UPDATE kept SET count = count - 1, bytes = bytes - old.bytes WHERE own = old.own;
  END;`,
  "ALTER TABLE rooms ADD COLUMN rank INTEGER;",
  `CREATE TABLE short_ids (
    cursor INTEGER PRIMARY KEY,
    short TEXT NOT NULL
  ) STRICT;
  CREATE INDEX short_ids_short ON short_ids (short);
  CREATE TRIGGER short_id_out AFTER DELETE ON messages BEGIN
    DELETE FROM short_ids WHERE cursor = old.cursor;
  END;`,
  `CREATE TABLE last_page (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    page TEXT NOT NULL
  ) STRICT;`,
  `ALTER TABLE messages ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sends ADD COLUMN sealed TEXT;
  CREATE TABLE private_rooms (
    relay TEXT NOT NULL,
    name TEXT NOT NULL,
    wire TEXT NOT NULL,
    root TEXT NOT NULL,
    anchor TEXT,
    inviter TEXT NOT NULL,
    seed BLOB,
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (relay, name),
    UNIQUE (relay, wire)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE epoch_records (
    relay TEXT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    author TEXT NOT NULL,
    body BLOB NOT NULL,
    sent INTEGER NOT NULL,
    PRIMARY KEY (relay, name, hash)
  ) STRICT;
  CREATE TABLE sealed_frames (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    relay TEXT NOT NULL,
    name TEXT NOT NULL,
    id TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT,
    timestamp INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    seq INTEGER,
    verified INTEGER NOT NULL,
    late INTEGER NOT NULL,
    missing INTEGER,
    stuck INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX sealed_frames_room ON sealed_frames (relay, name, stuck, n);
  CREATE TABLE sealed_heard (
    relay TEXT NOT NULL,
    name TEXT NOT NULL,
    author TEXT NOT NULL,
    heard TEXT NOT NULL,
    PRIMARY KEY (relay, name, author)
  ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE receipts_wanted (
    cursor INTEGER PRIMARY KEY,
    delivered INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE TRIGGER receipt_wanted_out AFTER DELETE ON messages BEGIN
    DELETE FROM receipts_wanted WHERE cursor = old.cursor;
  END;
  ALTER TABLE sends ADD COLUMN receipt INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sends ADD COLUMN others INTEGER;
  CREATE TABLE receipts (
    relay TEXT NOT NULL,
    id TEXT NOT NULL,
    reader TEXT NOT NULL,
    shown INTEGER NOT NULL,
    PRIMARY KEY (relay, id, reader)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER receipts_out AFTER DELETE ON sends BEGIN
    DELETE FROM receipts WHERE relay = old.relay AND id = old.id;
  END;`,
  `ALTER TABLE messages ADD COLUMN written_by TEXT;
  ALTER TABLE sends ADD COLUMN written_by TEXT;`,
  `CREATE TABLE direct_peers (
    agent TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    wire TEXT NOT NULL,
    kc TEXT NOT NULL,
    told TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE message_requests (
    author TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    author_name TEXT NOT NULL,
    text TEXT NOT NULL,
    kind TEXT,
    timestamp INTEGER NOT NULL,
    received_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE relay_names (
    address TEXT PRIMARY KEY,
    name TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;`,
  `ALTER TABLE messages ADD COLUMN file TEXT;
  ALTER TABLE sends ADD COLUMN file TEXT;
  ALTER TABLE message_requests ADD COLUMN file TEXT;`,
  `CREATE TABLE talk_frames (
    author TEXT NOT NULL,
    id TEXT NOT NULL,
    frame TEXT NOT NULL,
    PRIMARY KEY (author, id)
  ) STRICT;
  CREATE TRIGGER talk_frame_out AFTER DELETE ON messages WHEN old.sealed = 1 BEGIN
    DELETE FROM talk_frames WHERE author = old.author AND id = old.id;
  END;`,
  `CREATE TABLE part_files (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    author TEXT NOT NULL,
    blob TEXT NOT NULL,
    parts INTEGER NOT NULL,
    at INTEGER NOT NULL,
    named INTEGER NOT NULL DEFAULT 0,
    UNIQUE (author, blob)
  ) STRICT;
  CREATE TABLE file_parts (
    file INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (file, part)
  ) STRICT;
  CREATE TRIGGER part_file_out AFTER DELETE ON part_files BEGIN
    DELETE FROM file_parts WHERE file = old.n;
  END;`,
  "ALTER TABLE private_rooms ADD COLUMN stays INTEGER NOT NULL DEFAULT 0;",
  "ALTER TABLE gaps ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;",
  `CREATE TABLE leave_words (
    relay TEXT NOT NULL,
    name TEXT NOT NULL,
    member TEXT NOT NULL,
    left_at INTEGER,
    epoch TEXT,
    back_at INTEGER,
    PRIMARY KEY (relay, name, member)
  ) STRICT, WITHOUT ROWID;`,
];
