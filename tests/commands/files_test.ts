import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { joined } from "../../lib/protocol/byte_layout.ts";
import { Failure } from "../../lib/errors.ts";
import { ApiRig } from "../fakes/api_rig.ts";
import {
  NOW,
  OWN_ID,
  someMessage,
  someSend,
  someStatus,
} from "../fakes/api_values.ts";
import { type CliAnswer, CliRig, RIG_DIR } from "../fakes/cli_rig.ts";
import { sha256Of } from "../fakes/fake_files.ts";

const bytes = new TextEncoder().encode("hello ".repeat(20_000));
const file = {
  ...{ name: "r\u202e.pdf", size: bytes.length, sha256: sha256Of(bytes) },
  until: NOW + 3_600_000,
};
const message = { ...someMessage(), short_id: "k7q2xm", file };

/** The program over a daemon that moves files. */
function rig() {
  const api = new ApiRig();
  api.agent.fileApi.given = [bytes.subarray(0, 9), bytes.subarray(9)];
  const cli = new CliRig({
    "GET identity": () => ({ id: OWN_ID, name: "ada" }),
    "POST send": () => ({ ...someSend(), file }),
    "GET message": () => ({ message }),
    "GET files": () => ({ messages: [message, { ...message, you: true }] }),
  });
  cli.stream = async (url, { method, body }) => {
    const sent = body && joined(...await Array.fromAsync(body.pieces));
    const answer = await api.ask(url.replace(/^http:\/\/[^/]*/, ""), {
      ...{ method, type: null },
      ...(sent === undefined ? {} : { body: new Blob([sent.slice()]) }),
    });
    return { status: answer.status, body: answer.body! };
  };
  cli.files.set("/x/report.pdf", bytes);
  return { cli, api };
}

const sent = (cli: CliRig) =>
  cli.calls.find(({ route }) => route === "POST send")?.body as Record<
    string,
    unknown
  >;

Deno.test("send, reply and dm --attach: the daemon has the file before the message that names it", async () => {
  for (
    const line of [
      ["send", "tea", "--attach", "/x/report.pdf", "look", "here"],
      ["send", "tea", "look", "here", "--attach=/x/report.pdf"],
      ["reply", "k7q2xm", "--attach", "/x/report.pdf", "look here"],
      ["dm", "bob", "--attach", "/x/report.pdf", "look here"],
    ]
  ) {
    const { cli, api } = rig();
    const answer = await cli.run(...line);
    strictEqual(answer.code, 0, answer.stderr);
    const room = line[0] === "dm" ? "@bob" : "tea";
    deepStrictEqual(api.agent.changes, [["take", {
      ...{ room, name: "report.pdf", size: bytes.length },
    }]]);
    deepStrictEqual(api.agent.fileApi.taken, bytes);
    strictEqual(sent(cli).attach, "0".repeat(32));
    strictEqual(sent(cli).text, "look here");
    match(answer.stdout, /; with ⟦untrusted: r‹U\+202E›\.pdf⟧, 120\.0 KB, /);
  }
});

Deno.test("send --attach: without a text the name is the text; with --json the file is data", async () => {
  const { cli } = rig();
  const answer = await cli.run(
    ...["send", "tea", "--attach", "/x/report.pdf", "--json"],
  );
  strictEqual(sent(cli).text, "report.pdf");
  deepStrictEqual(JSON.parse(answer.stdout).file, file);
});

Deno.test("send --attach: what may not leave is told before anything is handed over", async () => {
  const { cli, api } = rig();
  cli.files.set("/x/.env", "A=1");
  cli.files.set("/x/big", new Uint8Array(16 * 2 ** 20 + 1));
  cli.openable.odd.add("/x");
  cli.openable.links.set("/x/t", `${RIG_DIR}/api.token`);
  await cli.openable.open(`${RIG_DIR}/api.token`);
  for (
    const [path, code, words] of [
      ["/x/.env", 8, /the file looks like it holds a secret/],
      ["/x/big", 2, /16777217 bytes, more than 16777216/],
      ["/x", 4, /no regular file/],
      ["/x/t", 4, /belongs to an agent's data dir/],
      ["/none", 2, /can't read the file \/none/],
    ] as const
  ) {
    const answer = await cli.run("send", "tea", "--attach", path);
    strictEqual(answer.code, code, path);
    match(answer.stderr, words);
    strictEqual(answer.stdout, "");
  }
  deepStrictEqual(api.agent.changes, []);
  strictEqual(sent(cli), undefined);
  const passed = await cli.run(
    ...["send", "tea", "--attach", "/x/.env", "--allow-secret"],
  );
  strictEqual(passed.code, 0);
});

Deno.test("send --attach: what the relay does not take is told, and no message goes out", async () => {
  const { cli, api } = rig();
  api.agent.fileApi.refuses = new Failure("BLOB_OFF");
  const answer = await cli.run("send", "tea", "--attach", "/x/report.pdf");
  strictEqual(answer.code, 4);
  match(answer.stderr, /this relay keeps no files/);
  strictEqual(sent(cli), undefined);
});

for (
  const line of [
    ["send", "tea", "look here"],
    ["send", "tea", "--attach", "/x/report.pdf"],
    ["get", "k7q2xm", "--out", "/x/new.pdf"],
  ]
) {
  Deno.test(`${line.join(" ")}: a daemon that takes another's place, and has not said yet where it is, is waited for`, async () => {
    const { cli } = rig();
    const told = [...cli.files];
    /** Until then nothing tells where it is. */
    const away = (ms: number) => {
      cli.files.delete(`${RIG_DIR}/api.addr`);
      cli.files.delete(`${RIG_DIR}/api.token`);
      cli.clock.after(ms, () => {
        for (const [path, content] of told) cli.files.set(path, content);
      });
    };
    cli.lockHeld = true;
    away(3_000);
    let isFirst = true;
    cli.seen = () => {
      if (isFirst) away(2_000);
      isFirst = false;
    };
    let answer: CliAnswer | undefined;
    const ended = cli.run(...line).then((one) => answer = one);
    while (answer === undefined) {
      await cli.clock.advance(cli.clock.nextInMs ?? 0);
    }
    const { code, stderr } = await ended;
    strictEqual(code, 0, stderr);
  });
}

Deno.test("get: writes a new file, whose name is the user's alone", async () => {
  const { cli, api } = rig();
  const answer = await cli.run("get", "k7q2xm", "--out", "/x/new.pdf");
  strictEqual(answer.code, 0, answer.stderr);
  deepStrictEqual(cli.files.get("/x/new.pdf"), bytes);
  match(answer.stdout, /^\/x\/new\.pdf: 120\.0 KB, sha256 .*sent as ⟦untr/);
  const [[name, query] = ["", {}]] = api.agent.changes;
  deepStrictEqual([name, query], ["give", {
    ...{ id: "k7q2xm", from: message.from },
  }]);
  const json = await cli.run("get", "k7q2xm", "--out", "/x/2", "--json");
  deepStrictEqual(JSON.parse(json.stdout), { path: "/x/2", file });
});

Deno.test("get: nothing is left of what is not the file, breaks off, or finds the disk full; nothing is written over", async () => {
  const before = new Set(rig().cli.files.keys());
  const cases = [
    [{ given: [bytes.subarray(1)] }, 4],
    [{ given: [bytes], ends: new Failure("FILE_ALTERED") }, 4],
    [{ given: [bytes], ends: new Failure("BLOB_NOT_FOUND") }, 4],
    [{ given: [bytes], ends: new Failure("NOT_CONNECTED") }, 5],
  ] as const;
  for (const [how, code] of cases) {
    const { cli, api } = rig();
    Object.assign(api.agent.fileApi, how);
    const answer = await cli.run("get", "k7q2xm", "--out", "/x/new");
    strictEqual(answer.code, code, answer.stderr);
    deepStrictEqual(new Set(cli.files.keys()), before);
  }
  const { cli } = rig();
  cli.fileRoom = 1_000;
  const full = await cli.run("get", "k7q2xm", "--out", "/x/new");
  deepStrictEqual([full.code, cli.files.has("/x/new")], [1, false]);
  match(full.stderr, /can't write \/x\/new/);
  const over = await cli.run("get", "k7q2xm", "--out", "/x/report.pdf");
  strictEqual(over.code, 2);
  match(over.stderr, /it is there already; name a new file/);
  deepStrictEqual(cli.files.get("/x/report.pdf"), bytes);
});

Deno.test("get: asks where to, and says where there is no file", async () => {
  const { cli } = rig();
  const nowhere = await cli.run("get", "k7q2xm");
  strictEqual(nowhere.code, 2);
  match(nowhere.stderr, /--out PATH/);
  cli.answers["GET message"] = () => ({ message: someMessage() });
  const none = await cli.run("get", "k7q2xm", "--out", "/x/new");
  strictEqual(none.code, 2);
  match(none.stderr, /no file with the message 'k7q2xm'/);
});

Deno.test("files: a line each inside the fence, or data, with how they stand", async () => {
  const { cli } = rig();
  const { stdout } = await cli.run("files", "tea");
  const [open = "", first = "", second = ""] = stdout.split("\n");
  match(open, /^⟦untrusted/);
  match(
    first,
    /^k7q2xm .* bob·\w+ ✓, 120\.0 KB, sha256 \w{12}, until .*Z, \w+: r‹U\+202E›\.pdf$/,
  );
  match(second, / you, 120\.0 KB/);
  const json = JSON.parse((await cli.run("files", "tea", "--json")).stdout);
  strictEqual(json.room, "tea");
  const [one] = json.files;
  deepStrictEqual(
    [one.short_id, one.name, one.size, one.sha256, one.until],
    ["k7q2xm", file.name, file.size, file.sha256, file.until],
  );
  cli.answers["GET files"] = () => ({ messages: [] });
  const name = "tea" as const;
  cli.answers["GET status"] = () =>
    someStatus({ rooms: [{ name, state: "joined", joined: true, unread: 0 }] });
  strictEqual((await cli.run("files", "tea")).stdout, "no files\n");
});
