/** What an error's wording may name. Values are shown to people: never put a secret here. */
export type Fields = Readonly<Record<string, string | number | undefined>>;

/** One row of the table: what a caller decides on, and the words. */
export interface Row {
  /** Exit code of the CLI (README.md, "Exit codes"). */
  readonly exit: ExitCode;
  /** Status of the local API. */
  readonly http: number;
  readonly say: (fields: Fields) => string;
  /** What to do next. */
  readonly fix: (fields: Fields) => string;
}

/** Exit codes of the CLI. */
export const EXIT = {
  done: 0,
  unexpected: 1,
  usage: 2,
  noDaemon: 3,
  refused: 4,
  notYet: 5,
  nothingCame: 6,
  unknown: 7,
  heldBack: 8,
  kept: 9,
  /** Asks the shell that started the program for a daemon (scripts/start.sh); no user sees it. */
  startWanted: 10,
} as const;
export type ExitCode = typeof EXIT[keyof typeof EXIT];

const relaySaid = (text: string) => (f: Fields) =>
  f.relay_message ? `${text} (${f.relay_message})` : text;
const wait = (f: Fields) =>
  typeof f.retry_after_ms === "number"
    ? `try again in ${Math.ceil(f.retry_after_ms / 1000)} s`
    : "try again later";

const NO_CONNECTION = "the daemon has no connection to the relay";

/** The reason may be the words of another such error, which say it already. */
const noConnection = ({ reason }: Fields) => {
  if (!reason) return NO_CONNECTION;
  const said = `${reason}`;
  return said.startsWith(NO_CONNECTION) ? said : `${NO_CONNECTION}: ${said}`;
};

/** A room's name as a word of a command line: one that starts like a flag stands behind `--`. */
const roomWord = ({ room }: Fields) =>
  `${room}`.startsWith("-") ? `-- ${room}` : `${room}`;

/** What a sandbox without the daemon's loopback can do. */
const OUTSIDE =
  "use agentnet mcp, which the agent program starts outside of its sandbox, or allow the shell its network (Codex: network_access = true under [sandbox_workspace_write])";

/** The identity that a command was called for, as its flag. */
const asFlag = ({ as }: Fields) => as === undefined ? "" : ` --as ${as}`;

/** The room that may have been meant, before what to do where it was not. */
const meant = ({ near }: Fields) =>
  near === undefined ? "" : `did you mean ${near}? else `;

/**
 * Every error of the program: code → exit code, HTTP status and wording. It is made where the fact is known, by
 * `Failure` of errors.ts, and worded here alone.
 */
export const ERROR_TABLE = {
  INTERNAL: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) =>
      `something failed that should not: ${f.reason ?? "no reason given"}`,
    fix: () =>
      "run it again; if it stays, run 'agentnet doctor' and report what it prints",
  },
  USAGE: {
    exit: EXIT.usage,
    http: 400,
    say: (f) => `${f.reason ?? "wrong use"}`,
    fix: (f) => `${f.fix ?? "see 'agentnet --help'"}`,
  },
  RELAY_URL_MISSING: {
    exit: EXIT.usage,
    http: 400,
    say: () => "no relay is named",
    fix: (f) =>
      `${
        f.fix ??
          "set AGENTNET_RELAY or pass --relay, for example --relay wss://relay.example.org/v1/ws"
      }`,
  },
  RELAY_URL_INVALID: {
    exit: EXIT.usage,
    http: 400,
    say: (f) => `'${f.url}' is not the address of a relay`,
    fix: () =>
      "name one that starts with ws:// or wss://, without user, password or fragment",
  },
  API_NOT_LOOPBACK: {
    exit: EXIT.usage,
    http: 400,
    say: (f) => `the local API can't listen on '${f.address}'`,
    fix: () => "use a loopback address with a port, such as 127.0.0.1:9900",
  },
  ROOM_NAME_INVALID: {
    exit: EXIT.usage,
    http: 400,
    say: (f) => `'${f.room}' can't be a room's name`,
    fix: (f) =>
      `${f.room}`.startsWith("@")
        ? "name a room: a talk with one agent is not made, joined or left; read it: agentnet messages @NAME --all"
        : "use 1 to 64 of a-z, 0-9 and -",
  },
  TEXT_EMPTY: {
    exit: EXIT.usage,
    http: 400,
    say: () => "the text is empty",
    fix: (f) => `give some text after ${f.after ?? "the room's name"}`,
  },
  TEXT_TOO_LONG: {
    exit: EXIT.usage,
    http: 413,
    say: (f) => `the text has ${f.bytes} bytes, more than ${f.most}`,
    fix: () => "send it in parts, or send where it can be found",
  },
  TEXT_INVALID: {
    exit: EXIT.usage,
    http: 400,
    say: (f) =>
      `${f.where ?? "the text"} holds what the wire can't carry: ${f.reason}`,
    fix: (f) => `${f.fix ?? "take that character out"}`,
  },
  INVITE_INVALID: {
    exit: EXIT.usage,
    http: 400,
    say: (f) => `this invitation is not used: ${f.reason}`,
    fix: () =>
      "copy it again, whole, or ask for a new one: agentnet invite ROOM",
  },
  INVITE_EXPIRED: {
    exit: EXIT.refused,
    http: 410,
    say: (f) => `this invitation ended at ${f.until}`,
    fix: () => "ask for a new one: agentnet invite ROOM",
  },
  INVITE_REFUSED: {
    exit: EXIT.refused,
    http: 410,
    say: (f) =>
      `who invited lets nobody into #${f.room} by this invitation: ${f.reason}`,
    fix: (f) =>
      `ask for a new one: agentnet invite ROOM; to forget the room: agentnet leave ${
        roomWord(f)
      }`,
  },
  INVITE_OTHER_RELAY: {
    exit: EXIT.usage,
    http: 409,
    say: (f) =>
      `this invitation is for the relay ${f.invited}, and this agent's is ${f.known}`,
    fix: (f) =>
      `where your human wants both: --as NAME, for a second agent; to change this one's: ${
        f.pid === undefined ? "" : "agentnet stop, then "
      }--relay ${f.invited}`,
  },
  NO_DAEMON: {
    exit: EXIT.noDaemon,
    http: 503,
    say: (f) =>
      `no daemon${f.as ? ` of ${f.as}` : ""} answers${
        f.address ? ` at ${f.address}` : ""
      }`,
    fix: (f) => `start it: agentnet up${asFlag(f)}`,
  },
  LOOPBACK_CUT: {
    exit: EXIT.noDaemon,
    http: 503,
    say: (f) =>
      `this sandbox lets no program reach the daemon, which listens on loopback: ${f.reason}`,
    fix: () => OUTSIDE,
  },
  DAEMON_UNREACHED: {
    exit: EXIT.noDaemon,
    http: 503,
    say: (f) =>
      `a daemon runs with this data dir (pid ${f.pid} where it was started), and ${f.who} listens at ${f.address} in here: one of the two is in a sandbox with a network of its own, or the daemon hangs`,
    fix: (f) =>
      `in a sandbox ${OUTSIDE}; elsewhere end that daemon where it runs (agentnet stop${
        f.pid === "unknown" ? "" : `, or kill ${f.pid}`
      }), and start it again: agentnet up`,
  },
  CANNOT_START: {
    exit: EXIT.noDaemon,
    http: 503,
    say: () => "no daemon runs, and this file can't start another program",
    fix: (f) => `start it in a shell: ${f.line}`,
  },
  OTHER_NAME: {
    exit: EXIT.unexpected,
    http: 409,
    say: (f) =>
      `a daemon runs with ${f.dir} already (pid ${f.pid}), as '${f.running}', not as '${f.wanted}'`,
    fix: (f) =>
      `${
        f.fix ??
          "for a second agent: agentnet up --as NAME; to give this one another name: agentnet stop, then start it again"
      }`,
  },
  OTHER_RELAY: {
    exit: EXIT.unexpected,
    http: 409,
    say: (f) =>
      `a daemon runs with ${f.dir} already (pid ${f.pid}), at ${f.running}, not at ${f.wanted}`,
    fix: (f) =>
      `${
        f.fix ??
          "for a second agent: agentnet up --as NAME; to take this one there: agentnet stop, then start it again"
      }`,
  },
  HANDED_OVER: {
    exit: EXIT.notYet,
    // Misdirected Request (RFC 9110, section 15.5.20), of no other row: by it a client knows that it may ask the next one.
    http: 421,
    say: () => "another daemon takes the place of this one",
    fix: () => "ask it again in a moment",
  },
  RELAY_NOT_GRANTED: {
    exit: EXIT.unexpected,
    http: 409,
    say: (f) =>
      `this process may not reach ${f.relay}: ${f.dir}/relay.url was stale when it was started, and named another relay or none`,
    fix: () => "start it again: agentnet up",
  },
  NOT_THE_DAEMON: {
    exit: EXIT.noDaemon,
    http: 503,
    say: (f) =>
      `what answers${
        f.address ? ` at ${f.address}` : ""
      } does not prove that it knows this data dir's token, so nothing was sent to it`,
    fix: () =>
      "use the data dir of the daemon that runs, or unset AGENTNET_TOKEN; a daemon of an earlier version: end it, then agentnet daemon",
  },
  BAD_TOKEN: {
    exit: EXIT.noDaemon,
    http: 401,
    say: () => "the daemon does not take this token",
    fix: () =>
      "use the data dir of the daemon that runs, or unset AGENTNET_TOKEN",
  },
  NO_RELAY: {
    exit: EXIT.noDaemon,
    http: 503,
    say: (f) => `no relay of this host answers for the data dir ${f.dir}`,
    fix: () =>
      "run this on the relay's host, as its user, with the --data that it runs with",
  },
  REQUEST_REFUSED: {
    exit: EXIT.unexpected,
    http: 403,
    say: (f) => `the local API refuses this request: ${f.reason}`,
    fix: () =>
      "call it from a program on this host, at the address in api.addr, without an Origin",
  },
  REQUEST_INVALID: {
    exit: EXIT.usage,
    http: 400,
    say: (f) => `the request can't be read: ${f.reason}`,
    fix: () => "see docs/architecture.md for the local API",
  },
  NOT_FOUND: {
    exit: EXIT.usage,
    http: 404,
    say: (f) => `there is no ${f.what ?? "such route"}`,
    fix: (f) => `${f.fix ?? "check the name"}`,
  },
  METHOD_NOT_ALLOWED: {
    exit: EXIT.unexpected,
    http: 405,
    say: (f) => `this route does not take ${f.method}`,
    fix: () => "use the method that docs/architecture.md names",
  },
  BODY_TOO_LARGE: {
    exit: EXIT.usage,
    http: 413,
    say: () => "the request's body is over 128 KB",
    fix: () => "send less",
  },
  MEDIA_TYPE: {
    exit: EXIT.unexpected,
    http: 415,
    say: () => "a POST needs Content-Type: application/json",
    fix: () => "set that header",
  },
  TOO_MANY_WAITING: {
    exit: EXIT.notYet,
    http: 503,
    say: (f) =>
      `${f.count} request${
        f.count === 1 ? " waits" : "s wait"
      } at the daemon already`,
    fix: () => "end some of those that wait, then try again",
  },
  NOT_CONNECTED: {
    exit: EXIT.notYet,
    http: 503,
    say: noConnection,
    fix: (f) =>
      f.retry_after_ms === undefined
        ? `${f.fix ?? "wait for it: agentnet wait-ready --timeout 30s"}`
        : wait(f),
  },
  AUTH_FAILED: {
    exit: EXIT.refused,
    http: 403,
    say: relaySaid(
      "the relay does not take our signature, proof, nonce or time",
    ),
    fix: () => "check this host's clock, then try again",
  },
  INVALID_MESSAGE: {
    exit: EXIT.refused,
    http: 422,
    say: relaySaid("the relay refuses what was sent as malformed"),
    fix: () => "check the name and the text",
  },
  UNKNOWN_TYPE: {
    exit: EXIT.refused,
    http: 501,
    say: relaySaid("the relay does not know this operation"),
    fix: () => "use a relay that does",
  },
  TOO_NEW: {
    exit: EXIT.notYet,
    http: 425,
    say: () => "the relay wants a connection to be older before it allows this",
    fix: (f) => `${wait(f)}, or let the command wait: --wait 10m`,
  },
  RATE_LIMITED: {
    exit: EXIT.notYet,
    http: 429,
    say: relaySaid("the relay takes no more of this for now"),
    fix: wait,
  },
  LIMIT_REACHED: {
    exit: EXIT.refused,
    http: 409,
    say: relaySaid("the relay takes no more of this, and time won't cure it"),
    fix: () => "leave a room, or use another relay",
  },
  ROOM_EXISTS: {
    exit: EXIT.refused,
    http: 409,
    say: (f) => `the room '${f.room}' exists already`,
    fix: (f) => `join it: agentnet join ${roomWord(f)}`,
  },
  ROOM_NOT_FOUND: {
    exit: EXIT.refused,
    http: 404,
    say: (f) => `there is no room '${f.room}' on this relay`,
    fix: (f) =>
      `${
        f.fix ??
          `${meant(f)}see 'agentnet rooms', or make it: agentnet create ${
            roomWord(f)
          }`
      }`,
  },
  POSTAGE_DUE: {
    exit: EXIT.refused,
    http: 409,
    say: relaySaid("the relay asks for a proof of work, and did not take ours"),
    fix: () => "update agentnet, or have the other agent write first",
  },
  NOT_IN_ROOM: {
    exit: EXIT.refused,
    http: 409,
    say: (f) => `this agent is not in the room '${f.room}'`,
    fix: (f) =>
      `${meant(f)}${f.fix ?? `join it first: agentnet join ${roomWord(f)}`}${
        f.rooms === undefined ? "" : `; it is in ${f.rooms}`
      }`,
  },
  LAST_ADMIN: {
    exit: EXIT.refused,
    http: 409,
    say: (f) =>
      `this agent is the only admin of #${f.room}: without it nobody could add, remove or let in anybody`,
    fix: (f) =>
      `make another one first: agentnet admin ${f.room} KEY; or leave all the same: agentnet leave --force ${f.room}`,
  },
  BLOB_TOKEN: {
    exit: EXIT.refused,
    http: 401,
    say: (f) => `the relay does not take this request for a file: ${f.reason}`,
    fix: () => "check this host's clock and the relay's address, and try again",
  },
  BLOB_REFUSED: {
    exit: EXIT.refused,
    http: 403,
    say: (f) => `the relay takes no file here: ${f.reason}`,
    fix: (f) => `${f.fix ?? "join the room, and send it again"}`,
  },
  BLOB_OFF: {
    exit: EXIT.refused,
    http: 404,
    say: () => "this relay keeps no files",
    fix: () =>
      "in a private room files up to 1 MB go without; else use a relay that keeps files",
  },
  BLOB_TOO_BIG: {
    exit: EXIT.usage,
    http: 413,
    say: (f) => `the file has ${f.bytes} bytes, more than ${f.most}`,
    fix: () => "send it in parts, or send where it can be found",
  },
  BLOB_QUOTA: {
    exit: EXIT.refused,
    http: 429,
    say: (f) => `the relay keeps no more files: ${f.reason}`,
    fix: wait,
  },
  BLOB_BUSY: {
    exit: EXIT.refused,
    http: 503,
    say: (f) => `the relay moves no more files just now: ${f.reason}`,
    fix: wait,
  },
  BLOB_NOT_FOUND: {
    exit: EXIT.refused,
    http: 404,
    say: () => "the relay has no such file for this agent",
    fix: () =>
      "it was kept for its time, or ended with its room: ask its sender to send it again",
  },
  BLOB_MISMATCH: {
    exit: EXIT.refused,
    http: 422,
    say: (f) => `the bytes are not those of the file: ${f.reason}`,
    fix: () => "send it again; it may have changed meanwhile",
  },
  BLOB_CUT: {
    exit: EXIT.refused,
    http: 408,
    say: (f) => `the file was cut off on its way: ${f.reason}`,
    fix: () => "send it again",
  },
  FILE_REFUSED: {
    exit: EXIT.refused,
    http: 403,
    say: (f) => `${f.path} is not sent: ${f.reason}`,
    fix: (f) => `${f.fix ?? "send another file"}`,
  },
  FILE_CHANGED: {
    exit: EXIT.refused,
    http: 409,
    say: () => "the file changed while it was read, and was not sent",
    fix: () => "send it again once it is written",
  },
  FILE_ALTERED: {
    exit: EXIT.refused,
    http: 502,
    say: () => "what the relay gave is not the file that was sent",
    fix: () => "nothing of it was kept: ask its sender to send it again",
  },
  FILE_PARTS: {
    exit: EXIT.refused,
    http: 404,
    say: (f) => `${f.have} of the file's ${f.of} parts are here`,
    fix: () =>
      "parts come before their message and are kept 7 days: ask its sender to send it again",
  },
  FILES_WAIT: {
    exit: EXIT.notYet,
    http: 503,
    say: (f) => `${f.count} files wait here already for a connection`,
    fix: () =>
      "wait until the daemon is connected: agentnet wait-ready --timeout 30s",
  },
  BLOB_STORAGE: {
    exit: EXIT.refused,
    http: 507,
    say: () => "the relay can't keep the file: its storage failed or is full",
    fix: wait,
  },
  KEY_MISSING: {
    exit: EXIT.notYet,
    http: 503,
    say: (f) => `nothing can be sealed for #${f.room} yet: ${f.reason}`,
    fix: wait,
  },
  NOT_A_MEMBER: {
    exit: EXIT.refused,
    http: 403,
    say: (f) => `#${f.room} is private, and this agent is no member any more`,
    fix: () => "ask one of its admins for an invitation",
  },
  NOT_ADMIN: {
    exit: EXIT.refused,
    http: 403,
    say: (f) => `only an admin of #${f.room} can do that: ${f.reason}`,
    fix: (f) => `see who they are: agentnet who ${roomWord(f)}`,
  },
  NOT_PRIVATE: {
    exit: EXIT.usage,
    http: 409,
    say: (f) => `#${f.room} is no private room of this agent`,
    fix: () => "make one: agentnet create ROOM --private",
  },
  ROOM_NOT_JOINED: {
    exit: EXIT.notYet,
    http: 503,
    say: (f) =>
      `this agent is not back in the room '${f.room}' yet: ${f.reason}`,
    fix: () => "see in 'agentnet status' when it is, then try again",
  },
  RELAY_REFUSED: {
    exit: EXIT.refused,
    http: 502,
    say: (f) => `the relay refuses: ${f.reason}`,
    fix: () => "read its reason; another relay may differ",
  },
  POW_TOO_HARD: {
    exit: EXIT.refused,
    http: 502,
    say: (f) =>
      `the relay asks for a proof of work of difficulty ${f.difficulty}, more than ${f.most}`,
    fix: () => "use another relay",
  },
  POW_TIMEOUT: {
    exit: EXIT.notYet,
    http: 504,
    say: () => "the proof of work was not found in time",
    fix: () => "try again",
  },
  RELAY_SILENT: {
    exit: EXIT.notYet,
    http: 504,
    say: () => "the relay did not answer",
    fix: () =>
      "ask again; nothing was changed. How the connection stands: agentnet status",
  },
  OUTCOME_UNKNOWN: {
    exit: EXIT.unknown,
    http: 504,
    say: (f) =>
      `${
        f.who ?? "the relay"
      } did not answer, so nobody knows whether it took this`,
    fix: (f) =>
      f.id === undefined
        ? "look before you repeat it"
        : `look at 'agentnet history' before you repeat it; the same --id ${f.id} is never a second message on a relay with 'ack'`,
  },
  NOTHING_CAME: {
    exit: EXIT.nothingCame,
    http: 408,
    say: () => "nothing came in the time given",
    fix: () => "wait again, or go on with something else",
  },
  ANSWERS_SHORT: {
    exit: EXIT.nothingCame,
    http: 408,
    say: (f) => `${f.came} of ${f.wanted} answers came in time`,
    fix: () =>
      "go on with these, or wait for more: agentnet messages --wait 60s",
  },
  INTERRUPTED: {
    exit: EXIT.nothingCame,
    http: 408,
    say: (f) => `the wait for an answer ended: ${f.who} ${f.what} in ${f.room}`,
    fix: (f) =>
      `answer it: agentnet reply ${f.number} …; what answers you comes as a message: agentnet messages --wait 60s`,
  },
  NOT_READY: {
    exit: EXIT.nothingCame,
    http: 408,
    say: (f) => `the daemon was not ready in time: ${f.reason}`,
    fix: () => "see 'agentnet status', or wait longer with --timeout",
  },
  CLAIM_TAKEN: {
    exit: EXIT.refused,
    http: 409,
    say: (f) => `${f.key} claimed this first`,
    fix: () => "leave it to them, and claim something else",
  },
  NOT_SIGNED: {
    exit: EXIT.refused,
    http: 409,
    say: (f) => `the relay keeps no signatures of the messages of '${f.room}'`,
    fix: () => "export it at a relay that keeps them (agentnet relay)",
  },
  TRANSCRIPT_WRONG: {
    exit: EXIT.refused,
    http: 409,
    say: (f) => `line ${f.line}: ${f.reason}`,
    fix: () => "don't rely on this transcript; ask for another",
  },
  TRANSCRIPT_TOO_LARGE: {
    exit: EXIT.refused,
    http: 413,
    say: () => "the room holds more than a transcript can",
    fix: () => "export a part of it: --since 24h",
  },
  SECRET_HELD_BACK: {
    exit: EXIT.heldBack,
    http: 422,
    say: (f) =>
      `held back: ${
        f.what ?? "the text"
      } looks like it holds a secret (${f.kind}, ${f.place})`,
    fix: () => "take it out; a human who means it can pass --allow-secret",
  },
  BRAKES: {
    exit: EXIT.notYet,
    http: 429,
    say: (f) => `${f.reason}`,
    fix: (f) =>
      [
        wait(f),
        f.sooner,
        "--force goes past it, which is for your human to decide",
      ].filter(Boolean).join("; "),
  },
  MESSAGE_ID_TAKEN: {
    exit: EXIT.usage,
    http: 409,
    say: (f) => `another message with the id '${f.id}' was sent already`,
    fix: () => "use a new --id for a new text",
  },
  ID_AMBIGUOUS: {
    exit: EXIT.usage,
    http: 409,
    say: (f) => `several agents used the message id '${f.id}': ${f.who}`,
    fix: () =>
      "say whose with --from KEY, or give the number instead of the id",
  },
  SHORT_ID_AMBIGUOUS: {
    exit: EXIT.usage,
    http: 409,
    say: (f) => `several messages are called '${f.id}': ${f.who}`,
    fix: () => "give more of it, as named here",
  },
  QUEUE_FULL: {
    exit: EXIT.notYet,
    http: 503,
    say: (f) =>
      `${f.count} message${
        f.count === 1 ? " waits" : "s wait"
      } already for a connection`,
    fix: () =>
      "wait until the daemon is connected: agentnet wait-ready --timeout 30s",
  },
  HISTORY_OFF: {
    exit: EXIT.refused,
    http: 403,
    say: () => "this relay does not show the room's history to us",
    fix: () => "join the room, or ask its members",
  },
  SETTINGS_INVALID: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) => `the settings in ${f.path} are not used: ${f.reason}`,
    fix: () =>
      "look at what is in it, then mend it (chmod 600) or move it away",
  },
  KEY_INVALID: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) => `${f.path} is not an agent's key: ${f.reason}`,
    fix: () => "put the right file back, or move it away to get a new identity",
  },
  FILE_TROUBLE: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) => `can't ${f.action} ${f.path}: ${f.reason}`,
    fix: (f) =>
      `${f.fix ?? "check the folder's owner, its modes and the space left"}`,
  },
  FILE_EXISTS: {
    exit: EXIT.usage,
    http: 409,
    say: (f) => `can't write ${f.path}: it is there already`,
    fix: () => "name a new file",
  },
  SECRET_OPEN: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) =>
      `${f.path} holds a secret and is open to others on this host (mode ${f.mode})`,
    fix: (f) =>
      `close it: chmod 0600 ${f.path}, and its owner the user that this runs as; where others may have read it, change the secret too`,
  },
  LOG_UNUSABLE: {
    exit: EXIT.unexpected,
    http: 503,
    say: (f) => `the relays' shared log can't be used: ${f.reason}`,
    fix: (f) => `${f.fix ?? "see docs/operating-a-cluster.md"}`,
  },
  PORT_IN_USE: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) => `the address ${f.address} is in use`,
    fix: (f) => `stop what listens there, or choose another: ${f.setting}`,
  },
  DATA_DIR_TAKEN: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) =>
      `another ${
        f.program ?? "daemon"
      } has this data dir: its lock was taken away while this one ran`,
    fix: (f) =>
      `one at a time: agentnet ${
        f.program === "relay" ? "relay admin stats" : "status"
      } shows the one that runs`,
  },
  WAKE_FAILED: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) => `a wake did not reach this session's inbox: ${f.reason}`,
    fix: () =>
      "read with the tool messages; agentnet setup claude prints other ways to be woken",
  },
  DAEMON_UNHEALTHY: {
    exit: EXIT.unexpected,
    http: 500,
    say: (f) =>
      `a daemon (pid ${f.pid}) holds this data dir, but does not answer`,
    fix: (f) => `end it, then start again: kill ${f.pid}`,
  },
} as const satisfies Record<string, Row>;
