const RELAY = "wss://relay.example.org/v1/ws";

/** Arguments, environment, and the flag that grants just the network that the command needs (scripts/rights.sh). */
export type NetCase = readonly [string[], Record<string, string>, string];

const LOOPBACK = "127.0.0.0/8,localhost,[::1]";
const loopback = `--allow-net=${LOOPBACK}`;

const INBOX = { CLAUDE_CODE_MESSAGING_SOCKET: "/tmp/cc-socks/1.sock" };

/** What launcher and portable file have to agree on. */
export const NET_CASES: readonly NetCase[] = [
  [["status"], { AGENTNET_RELAY: RELAY }, loopback],
  [["send", "tea", "daemon"], {}, loopback],
  [[], {}, loopback],
  [["relay"], { AGENTNET_RELAY: RELAY }, "--allow-net"],
  [["doctor"], { AGENTNET_RELAY: RELAY }, "--allow-net"],
  [
    ["daemon"],
    { AGENTNET_RELAY: RELAY },
    `--allow-net=relay.example.org:443,${LOOPBACK}`,
  ],
  [
    ["daemon", "--relay", "ws://[2001:db8::1]:81"],
    { AGENTNET_RELAY: RELAY, AGENTNET_API: "localhost:7" },
    `--allow-net=[2001:db8::1]:81,${LOOPBACK}`,
  ],
  [
    ["daemon", "--relay=ws://10.0.0.7/x"],
    {},
    `--allow-net=10.0.0.7:80,${LOOPBACK}`,
  ],
  // A relay of a cluster: its own address, the log's servers, their monitoring ports.
  [
    [
      ...["relay", "--listen", "0.0.0.0:8080", "--node", "a"],
      ...["--cluster", "nats://10.0.0.1:4222,tls://b.example.org"],
      ...["--cluster-monitor=http://10.0.0.1:8222,https://[::1]:99"],
    ],
    {},
    `--allow-net=0.0.0.0:8080,10.0.0.1:4222,b.example.org:4222,10.0.0.1:8222,[::1]:99,${LOOPBACK}`,
  ],
  [
    ["relay"],
    {
      AGENTNET_RELAY_CLUSTER: "nats://10.0.0.1",
      AGENTNET_RELAY_CLUSTER_MONITOR: "http://10.0.0.1",
    },
    `--allow-net=127.0.0.1:8080,10.0.0.1:4222,10.0.0.1:8222,${LOOPBACK}`,
  ],
  [["relay", "--cluster", "nats://a, nats://b"], {}, "--allow-net"],
  [["relay", "--cluster", "nats://u:p@a"], {}, "--allow-net"],
  [["relay", "--cluster", "NATS://a"], {}, "--allow-net"],
  [
    ["relay", "--cluster", "nats://a", "--listen", "::1:80"],
    {},
    "--allow-net",
  ],
  // Several that are one relay.
  [
    ["daemon", "--relay", "wss://a.example.org/v1/ws,ws://[::1]:81,wss://b:7"],
    {},
    `--allow-net=a.example.org:443,[::1]:81,b:7,${LOOPBACK}`,
  ],
  [
    ["mcp"],
    { AGENTNET_RELAY: "wss://a.example.org/x,y,wss://b" },
    `--allow-net=a.example.org:443,b:443,${LOOPBACK}`,
  ],
  [["daemon", "--relay", "wss://a,WSS://b"], {}, "--allow-net"],
  [["daemon", "--relay", "wss://a, wss://b"], {}, "--allow-net"],
  [["daemon", "--relay", "wss://a,wss://u:p@b,wss://c"], {}, "--allow-net"],
  // Left to the program, which reads such an address its own way.
  [["daemon", "--relay", "wss://a,b"], {}, "--allow-net"],
  [["daemon", "--relay", "WSS://Relay.Example"], {}, "--allow-net"],
  [["daemon", "--relay", "wss://u:p@h/"], {}, "--allow-net"],
  [["daemon", "--relay", "ws://127.1:80"], {}, "--allow-net"],
  // The runtime would end at such a flag; the program says what is wrong.
  [["daemon", "--relay", "ws://10.0.0.7:99999"], {}, "--allow-net"],
  [["daemon", "--relay", "wss://a..b"], {}, "--allow-net"],
  [["daemon", "--relay", "ws://[1:2:3]:4"], {}, "--allow-net"],
  [["daemon", "--relay", "ws://[1::2::3]"], {}, "--allow-net"],
  [["daemon"], {}, "--allow-net"],
  // It holds a daemon where a relay is known.
  [["mcp"], {}, loopback],
  [
    ["mcp", "--contacts"],
    { AGENTNET_RELAY: RELAY },
    `--allow-net=relay.example.org:443,${LOOPBACK}`,
  ],
  [["mcp"], { AGENTNET_RELAY: "WSS://Relay.Example" }, "--allow-net"],
  // The inbox of the session that started it, and of no other command.
  [["mcp"], INBOX, `${loopback},unix:/tmp/cc-socks/1.sock`],
  [
    ["mcp", "--channel"],
    { ...INBOX, AGENTNET_RELAY: RELAY },
    `--allow-net=relay.example.org:443,${LOOPBACK},unix:/tmp/cc-socks/1.sock`,
  ],
  [["mcp"], { ...INBOX, AGENTNET_RELAY: "WSS://Relay.Example" }, "--allow-net"],
  [["status"], INBOX, loopback],
  [["daemon"], INBOX, "--allow-net"],
  [["hook", "mcp"], INBOX, loopback],
  ...["", "x.sock", "/tmp/a b", "/tmp/a,b", "/tmp/$x", "/tmp/a\nb", "@x"].map(
    (path): NetCase => [
      ["mcp"],
      { CLAUDE_CODE_MESSAGING_SOCKET: path },
      loopback,
    ],
  ),
];
