import assert from "node:assert/strict";
import { clusterSettings } from "../../../relay/keeper/cluster_files.ts";
import type { ClusterOptions } from "../../../relay/keeper/cluster_flags.ts";

const OPTIONS: ClusterOptions = {
  node: "a",
  servers: [{ hostname: "10.0.0.1", port: 4222, isTls: false }],
  monitors: [],
  isUnsafe: true,
};
const FILES: Readonly<Record<string, string>> = {
  creds: "relay:s3cret\n",
  ca: "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
  empty: "",
};

const read = (path: string) => {
  const text = FILES[path];
  return text === undefined
    ? Promise.reject(new Deno.errors.NotFound("no such file"))
    : Promise.resolve(text);
};

const settings = (
  files: Partial<ClusterOptions>,
  mode: number | null = 0o600,
) =>
  clusterSettings({ ...OPTIONS, ...files }, 60_000, {
    readText: read,
    readWithMode: async (path) => ({ text: await read(path), mode }),
  });

Deno.test("clusterSettings: the files' texts, where any are named, and how long the log is kept", async () => {
  const { servers, monitors, isUnsafe } = OPTIONS;
  const bare = { servers, monitors, isUnsafe, keepMs: 60_000 };
  assert.deepEqual(await settings({}), bare);
  assert.deepEqual(await settings({ credsFile: "creds", caFile: "ca" }), {
    ...bare,
    credentials: { kind: "password", user: "relay", password: "s3cret" },
    ca: FILES.ca,
  });
});

Deno.test("clusterSettings: a file that can't be used is named, and nothing of it is said", async () => {
  for (
    const files of [
      { credsFile: "none" },
      { credsFile: "empty" },
      { caFile: "none" },
      { caFile: "creds" },
    ]
  ) {
    const [path = ""] = Object.values(files);
    await assert.rejects(
      settings(files),
      (error: Error & { code?: string }) =>
        error.code === "FILE_TROUBLE" && error.message.includes(path) &&
        !error.message.includes("s3cret"),
    );
  }
});

Deno.test("clusterSettings: credentials that group or others may use are refused with the cure, certificates are not", async () => {
  for (const mode of [0o640, 0o604, 0o660, 0o601, 0o777]) {
    await assert.rejects(
      settings({ credsFile: "creds" }, mode),
      (error: Error & { code?: string; fix?: string }) =>
        error.code === "SECRET_OPEN" && !error.message.includes("s3cret") &&
        error.message.includes(`mode 0${mode.toString(8)}`) &&
        (error.fix ?? "").includes("chmod 0600 creds"),
    );
    await settings({ caFile: "ca" }, mode);
  }
  for (const mode of [0o600, 0o400, null]) {
    await settings({ credsFile: "creds" }, mode);
  }
});
