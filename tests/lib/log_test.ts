import assert from "node:assert/strict";
import {
  createLogger,
  type LogFormat,
  type LogLevel,
  silentLogger,
} from "../../lib/log.ts";

function lines(format: LogFormat, level: LogLevel = "debug") {
  const written: string[] = [];
  const log = createLogger({
    format,
    level,
    write: (line) => void written.push(line),
    wall: () => 0,
  });
  return { log, written };
}

Deno.test("createLogger: a line is time, level, event and fields, as text or JSON", () => {
  const text = lines("text");
  text.log.warn("relay refused", {
    code: "TOO_NEW",
    retry_after_ms: 5,
    none: undefined,
  });
  assert.deepEqual(text.written, [
    '1970-01-01T00:00:00.000Z warn  relay refused code="TOO_NEW" retry_after_ms=5\n',
  ]);
  const json = lines("json");
  json.log.info("up", { port: 1 });
  assert.deepEqual(JSON.parse(json.written.join("")), {
    time: "1970-01-01T00:00:00.000Z",
    level: "info",
    event: "up",
    port: 1,
  });
});

Deno.test("createLogger: levels below the lowest are left out", () => {
  const levels: LogLevel[] = ["debug", "info", "warn", "error"];
  for (const [i, lowest] of levels.entries()) {
    const { log, written } = lines("text", lowest);
    for (const level of levels) log[level]("e");
    assert.equal(written.length, levels.length - i);
  }
});

Deno.test("Logger.with: fields stand on every line, later ones win", () => {
  const { log, written } = lines("json");
  log.with({ peer: 1, x: 1 }).with({ x: 2 }).info("e", { y: 3 });
  const { peer, x, y } = JSON.parse(written.join(""));
  assert.deepEqual([peer, x, y], [1, 2, 3]);
});

Deno.test("createLogger: no control, bidi or tag character of a field reaches the line, and a line stays one", () => {
  const hostile = "a\u001b[31m\r\nb\u0085\u009b\u2028\u202e\u{e0041}\u200b";
  for (const format of ["text", "json"] as const) {
    const { log, written } = lines(format);
    log.error("hostile " + hostile, { text: hostile });
    const all = written.join("");
    assert.match(all, /^[^\p{Cc}\p{Cf}\u2028\u2029]+\n$/u);
    if (format === "json") assert.equal(JSON.parse(all).text, hostile);
  }
});

Deno.test("createLogger: braces in an event or field are text, not a template", () => {
  const { log, written } = lines("text");
  log.info("got {secret}", { secret: "x", other: "{secret}" });
  assert.match(written.join(""), /other="\{secret\}"/);
  assert.equal(written.length, 1);
});

Deno.test("silentLogger: says nothing, its children too", () => {
  assert.equal(silentLogger.with({ a: 1 }), silentLogger);
  silentLogger.error("e");
});

Deno.test("createLogger: what can't be written is dropped, and the count told before the next line that can", () => {
  const written: string[] = [];
  const losses = ["lost", "cut", "lost", undefined, undefined] as const;
  let line = 0;
  const log = createLogger({
    format: "json",
    level: "info",
    write: (lines) => {
      const loss = losses[line++];
      if (loss === undefined) written.push(lines);
      return loss;
    },
    wall: () => 0,
  });
  for (const event of ["a", "b", "c", "d", "e"]) log.info(event);
  const events = written.join("").split("\n").filter((text) => text !== "")
    .map((text) => JSON.parse(text)).map(({ event, lines }) => [event, lines]);
  assert.deepEqual(events, [
    ["log lines could not be written", 3],
    ["d", undefined],
    ["e", undefined],
  ]);
  assert.match(written[0] ?? "", /^\n/, "what was cut off gets its end");
});
