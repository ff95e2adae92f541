import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { hostTarget } from "../../scripts/build/targets.ts";

const SCRIPT = fileURLToPath(
  new URL("../../scripts/install.sh", import.meta.url),
);
const FILE = `agentnet-${hostTarget(Deno.build.target)?.name}`;
const PROGRAM = "#!/bin/sh\necho agentnet 1.2.3\n";

const CAN_DOWNLOAD = ["curl", "wget"].some((name) =>
  ["/usr/bin", "/bin"].some((folder) => isFile(`${folder}/${name}`))
);

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The script needs one of the two programs that download. */
function installTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !CAN_DOWNLOAD, fn });
}

/** A release on a server of loopback, and a home to install to. */
class Release {
  readonly files = new Map<string, string>();
  readonly home: string;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(home: string) {
    this.home = home;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => {
        const found = this.files.get(new URL(request.url).pathname);
        return new Response(found ?? "no such file", {
          status: found === undefined ? 404 : 200,
        });
      },
    );
    this.publish("latest", PROGRAM);
  }

  static async open(): Promise<Release> {
    return new Release(await Deno.makeTempDir({ prefix: "a home " }));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/agentnet`;
  }

  get installed(): string {
    return `${this.home}/.local/bin/agentnet`;
  }

  publish(version: string, program: string): void {
    const sum = createHash("sha256").update(program).digest("hex");
    this.files.set(`/agentnet/${version}/${FILE}`, program);
    this.files.set(`/agentnet/${version}/SHA256SUMS`, `${sum}  ${FILE}\n`);
  }

  async run(
    args: readonly string[] = [],
    options: { env?: Record<string, string>; piped?: boolean } = {},
  ) {
    const child = new Deno.Command("/bin/sh", {
      args: options.piped ? ["-s"] : [SCRIPT, ...args],
      clearEnv: true,
      env: {
        ...{ PATH: "/usr/bin:/bin", HOME: this.home },
        AGENTNET_RELEASES: this.url,
        ...options.env,
      },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = child.output();
    const writer = child.stdin.getWriter();
    if (options.piped) await writer.write(await Deno.readFile(SCRIPT));
    await writer.close();
    const { code, stdout, stderr } = await output;
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.home, { recursive: true });
  }
}

installTest(
  "install.sh: downloads, checks and installs, and says what it did",
  async () => {
    await using release = await Release.open();
    const { code, stdout, stderr } = await release.run();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(await Deno.readTextFile(release.installed), PROGRAM);
    const { mode } = await Deno.stat(release.installed);
    assert.equal((mode ?? 0) & 0o777, 0o755);
    assert.ok(stdout.includes(`${release.url}/latest/${FILE}`));
    assert.ok(stdout.includes(`agentnet 1.2.3 is now ${release.installed}`));
    assert.match(stdout, /not on your PATH/);
  },
);

installTest(
  "install.sh: a version that is named replaces what is there",
  async () => {
    await using release = await Release.open();
    await release.run();
    const older = PROGRAM.replace("1.2.3", "1.0.0");
    release.publish("1.0.0", older);
    assert.equal((await release.run(["1.0.0"])).code, 0);
    assert.equal(await Deno.readTextFile(release.installed), older);
  },
);

installTest(
  "install.sh: a download that SHA256SUMS does not know is not installed",
  async () => {
    await using release = await Release.open();
    const sums = `/agentnet/latest/SHA256SUMS`;
    release.files.set(`/agentnet/latest/${FILE}`, PROGRAM + "echo more\n");
    const changed = await release.run();
    assert.equal(changed.code, 1);
    assert.match(changed.stderr, /not what SHA256SUMS says/);
    release.files.set(sums, `${"0".repeat(64)}  agentnet-other\n`);
    const unlisted = await release.run();
    assert.equal(unlisted.code, 1);
    assert.match(unlisted.stderr, /no line for/);
    release.files.delete(sums);
    const missing = await release.run();
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /could not download/);
    await assert.rejects(Deno.stat(release.installed), Deno.errors.NotFound);
  },
);

installTest(
  "install.sh: a file that does not start here replaces nothing",
  async () => {
    await using release = await Release.open();
    await release.run();
    release.publish("latest", "#!/bin/sh\nexit 1\n");
    const { code, stderr } = await release.run();
    assert.equal(code, 1);
    assert.match(stderr, /does not start here/);
    assert.equal(await Deno.readTextFile(release.installed), PROGRAM);
    const { length } = [...Deno.readDirSync(`${release.home}/.local/bin`)];
    assert.equal(length, 1);
  },
);

installTest(
  "install.sh: an address that is missing or not https is refused",
  async () => {
    await using release = await Release.open();
    for (const url of ["", "http://relay.example.org", "ftp://x", "https://"]) {
      const env = { AGENTNET_RELEASES: url };
      const { code, stderr } = await release.run([], { env });
      assert.equal(code, 1, url);
      assert.match(stderr, /AGENTNET_RELEASES/);
    }
  },
);

installTest("install.sh: --check compares and changes nothing", async () => {
  await using release = await Release.open();
  await release.run();
  release.files.set("/agentnet/latest/VERSION", "1.2.3\n");
  const same = await release.run(["--check"]);
  assert.deepEqual([same.code, same.stderr], [0, ""]);
  assert.match(same.stdout, /agentnet 1\.2\.3 is the one in/);
  release.publish("latest", PROGRAM.replace("1.2.3", "2.0.0"));
  release.files.set("/agentnet/latest/VERSION", "2.0.0\n");
  const newer = await release.run(["--check"]);
  assert.equal(newer.code, 0);
  assert.match(newer.stdout, /holds agentnet 1\.2\.3; in .* is 2\.0\.0/);
  assert.equal(await Deno.readTextFile(release.installed), PROGRAM);
  release.files.set("/agentnet/latest/VERSION", "\x1b[2J\n");
  const strange = await release.run(["--check"]);
  assert.equal(strange.code, 1);
  assert.ok(!strange.stderr.includes("\x1b"));
});

installTest("install.sh: a version is no path", async () => {
  await using release = await Release.open();
  for (const version of ["../x", "a/b", ".", "1 2"]) {
    const { code, stderr } = await release.run([version]);
    assert.equal(code, 1, version);
    assert.match(stderr, /is no version/);
  }
});

Deno.test({
  name: "install.sh: root does not get it from a pipe",
  ignore: Deno.uid() !== 0,
  async fn() {
    await using release = await Release.open();
    const { code, stderr } = await release.run([], { piped: true });
    assert.equal(code, 1);
    assert.match(stderr, /not from a pipe as root/);
    await assert.rejects(Deno.stat(release.installed), Deno.errors.NotFound);
  },
});
