import assert from "node:assert/strict";

const LAUNCHER = decodeURIComponent(
  new URL("../../scripts/agentnet", import.meta.url).pathname,
);

/** Runs a script of a shell where loopback has ::1 alone. */
async function inIpv6(script: string, folder: string) {
  const child = new Deno.Command("unshare", {
    args: [
      "-rn",
      "sh",
      "-c",
      `ip link set lo up && ip addr del 127.0.0.1/8 dev lo || exit 77\n${script}`,
    ],
    cwd: folder,
    env: { AGENTNET: LAUNCHER, DENO: Deno.execPath(), NO_COLOR: "1" },
    stdin: "null",
  });
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, told: text.decode(stdout) + text.decode(stderr) };
}

/** Needs Linux, namespaces of a user's own, and iproute2. */
async function canHaveIpv6Alone(): Promise<boolean> {
  try {
    return (await inIpv6("exit 0", "/")).code === 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

Deno.test({
  name: "relay and daemon: a host with IPv6 alone",
  ignore: !await canHaveIpv6Alone(),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const { code, told } = await inIpv6(
        `
        export AGENTNET_DATA_DIR="$PWD/ada"
        "$AGENTNET" relay --listen '[::1]:8099' --data relay >relay.log 2>&1 &
        relay=$!
        n=0
        until grep -q listening relay.log || [ $n = 300 ]; do n=$((n + 1)); sleep 0.1; done
        cat relay.log
        "$AGENTNET" relay admin stats --data relay || exit 1
        AGENTNET_API='[::1]:0' "$AGENTNET" daemon --relay 'ws://[::1]:8099/v1/ws' >ada.log 2>&1 &
        "$AGENTNET" wait-ready --timeout 30s || exit 2
        "$AGENTNET" stop
        "$AGENTNET" daemon --data-dir "$PWD/bob" --relay 'ws://[::1]:8099/v1/ws'
        [ $? = 2 ] || exit 3
        kill $relay
        wait $relay`,
        folder,
      );
      assert.equal(code, 0, told);
      assert.match(told, /connections +\d/);
      assert.match(told, /pass a loopback address of this host/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
