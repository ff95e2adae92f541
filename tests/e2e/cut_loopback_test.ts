import assert from "node:assert/strict";
import { Stage } from "../../scripts/stage.ts";
import { hasBubblewrap } from "../fakes/bubblewrap.ts";
import { EmptyHome, pidIn } from "../fakes/empty_home.ts";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);
const WORDS = /this sandbox lets no program reach the daemon, .*agentnet mcp/;

/** Number of connect(2), and the processor as the kernel names it (audit.h). */
const CONNECT: Partial<Record<string, readonly [nr: number, arch: number]>> = {
  x86_64: [42, 0xc000003e],
  aarch64: [203, 0xc00000b7],
};

/** A filter of seccomp(2) after which connect fails with EPERM, as in the sandboxes of some agent programs. */
function noConnect([nr, arch]: readonly [number, number]): Uint8Array {
  // struct sock_filter of linux/filter.h: code, jt, jf, k
  const program = [
    [0x20, 0, 0, 4], // load arch
    [0x15, 0, 3, arch], // another one: allow
    [0x20, 0, 0, 0], // load nr
    [0x15, 0, 1, nr],
    [0x06, 0, 0, 0x00050001], // SECCOMP_RET_ERRNO, EPERM
    [0x06, 0, 0, 0x7fff0000], // SECCOMP_RET_ALLOW
  ] as const;
  const bytes = new Uint8Array(program.length * 8);
  const view = new DataView(bytes.buffer);
  program.forEach(([code, jt, jf, k], at) => {
    view.setUint16(at * 8, code, true);
    view.setUint8(at * 8 + 2, jt);
    view.setUint8(at * 8 + 3, jf);
    view.setUint32(at * 8 + 4, k, true);
  });
  return bytes;
}

/** Runs the program in a sandbox of bubblewrap: its flags, and a shell's words for descriptor 9. */
async function runIn(
  sandbox: readonly string[],
  home: EmptyHome,
  args: readonly string[],
  filter = "/dev/null",
) {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: [
      ...["-c", 'exec bwrap --dev-bind / / "$@" 9<"$0"', filter],
      ...[...sandbox, LAUNCHER, ...args],
    ],
    env: home.env,
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

const connect = CONNECT[Deno.build.arch];
const ignore = !await hasBubblewrap();

Deno.test({
  name:
    "a sandbox that forbids connect: commands, up and doctor say so and what to do, and no daemon is started in it",
  ignore: ignore || connect === undefined,
  fn: async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    await using home = await EmptyHome.make(stage, "ada");
    const filter = `${stage.folder}/filter`;
    await Deno.writeFile(filter, noConnect(connect ?? [0, 0]));
    const run = (...args: string[]) =>
      runIn(["--seccomp", "9"], home, args, filter);
    const none = await run("up", "--relay", url);
    assert.equal(none.code, 3, none.stderr);
    assert.match(none.stderr, WORDS);
    const idle = await run("doctor", "--relay", url);
    assert.match(idle.stdout, new RegExp(`FAULT +daemon: ${WORDS.source}`));
    const up = await home.run(["up", "--relay", url]);
    assert.equal(up.code, 0, up.stderr);
    for (const line of [["status"], ["send", "tea", "Hello."], ["up"]]) {
      const { code, stderr } = await run(...line);
      assert.equal(code, 3, line.join(" "));
      assert.match(stderr, WORDS);
      assert.match(stderr, /Operation not permitted/);
    }
    const told = await run("status", "--json");
    assert.equal(JSON.parse(told.stdout).error.code, "LOOPBACK_CUT");
    const doctor = await run("doctor");
    assert.equal(doctor.code, 1);
    assert.match(doctor.stdout, new RegExp(`FAULT +daemon: ${WORDS.source}`));
  },
});

Deno.test({
  name:
    "a sandbox with a network of its own: a daemon that runs elsewhere is not said to be down",
  ignore,
  fn: async () => {
    await using stage = await Stage.open();
    const { url } = await stage.startRelay();
    await using home = await EmptyHome.make(stage, "ada");
    await home.run(["up", "--relay", url]);
    const { code, stderr } = await runIn(["--unshare-net"], home, ["status"]);
    assert.equal(code, 3);
    assert.match(
      stderr,
      /a daemon runs with this data dir \(pid \d+ .*, and nobody listens at \S+ in here: .*agentnet mcp/,
    );
  },
});

Deno.test({
  name:
    "a daemon in a sandbox with a network of its own: who asks outside, where another program has that port, learns its pid",
  ignore,
  fn: async () => {
    await using stage = await Stage.open();
    using other = listening();
    await using home = await EmptyHome.make(stage, "ada", {
      AGENTNET_API: other.address,
    });
    const up = ["up", "--relay", "ws://127.0.0.1:1", "--timeout", "1s"];
    assert.equal((await runIn(["--unshare-net"], home, up)).code, 6);
    const dir = `${home.folder}/.agentnet`;
    const pid = await pidIn(dir);
    const { code, stderr } = await home.run(["status"]);
    assert.equal(code, 3, stderr);
    assert.match(
      stderr,
      new RegExp(
        `\\(pid ${pid} where it was started\\), and another program listens at ${other.address} in here: .*kill ${pid}`,
      ),
    );
  },
});

/** A program that closes each connection. */
function listening(): Disposable & { readonly address: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  void (async () => {
    for await (const connection of listener) connection.close();
  })();
  const { hostname, port } = listener.addr;
  return {
    address: `${hostname}:${port}`,
    [Symbol.dispose]: () => listener.close(),
  };
}
