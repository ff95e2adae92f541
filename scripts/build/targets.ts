/** A platform that a release has a file for. */
export interface Target {
  /** As in the file's name: `agentnet-linux-x64`. */
  readonly name: string;
  /** As `deno compile --target` calls it. */
  readonly triple: string;
  /** What the executable's name ends in. */
  readonly suffix: "" | ".exe";
}

/** Every platform of a release. File modes don't apply on Windows: docs/running.md says so. */
export const TARGETS: readonly Target[] = [
  { name: "linux-x64", triple: "x86_64-unknown-linux-gnu", suffix: "" },
  { name: "linux-arm64", triple: "aarch64-unknown-linux-gnu", suffix: "" },
  { name: "macos-x64", triple: "x86_64-apple-darwin", suffix: "" },
  { name: "macos-arm64", triple: "aarch64-apple-darwin", suffix: "" },
  { name: "windows-x64", triple: "x86_64-pc-windows-msvc", suffix: ".exe" },
];

/** The target whose triple the running Deno was built for, or undefined. */
export function hostTarget(triple: string): Target | undefined {
  return TARGETS.find((target) => target.triple === triple);
}
