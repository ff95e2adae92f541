#!/usr/bin/env node
// The command that npm installs: it runs the bundled program with the Deno that
// npm brought along. What the program may do is said in launch.sh, and for
// Windows in windows.json; both are made from the project's one list.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const isWindows = process.platform === "win32";
const words = process.argv.slice(2);

const deno = findDeno();
if (deno === null) {
  process.stderr.write(
    `agentnet: npm has no Deno for this system (${process.platform}-${process.arch}), or left it out (--omit=optional); ` +
      "use the file of a release instead\n",
  );
  process.exitCode = 1;
} else if (isWindows) {
  const flags = JSON.parse(readFileSync(join(HERE, "windows.json"), "utf8"));
  process.env.DENO_NO_UPDATE_CHECK = "1";
  run(deno, [...flags, join(HERE, "program", "main.js"), ...words]);
} else {
  run("/bin/sh", [join(HERE, "launch.sh"), deno, ...words]);
}

/** The runtime itself: run through the deno package's own command, signals would end there. */
function findDeno() {
  const family = process.platform === "linux" ? "-glibc" : "";
  const name = `@deno/${process.platform}-${process.arch}${family}`;
  try {
    const own = createRequire(import.meta.url);
    const beside = createRequire(own.resolve("deno/package.json"));
    const folder = dirname(beside.resolve(`${name}/package.json`));
    return join(folder, isWindows ? "deno.exe" : "deno");
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** In place of this process where Node can do that, else beside it, with the signals that it gets. */
function run(file, args) {
  if (!isWindows && typeof process.execve === "function") {
    process.execve(file, [file, ...args], process.env);
  }
  const child = spawn(file, args, { stdio: "inherit" });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`agentnet: can't run ${file}: ${error.message}\n`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}
