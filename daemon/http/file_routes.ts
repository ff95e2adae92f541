import { Failure } from "../../lib/errors.ts";
import type { FileApi } from "../../lib/local_api/agent_api.ts";
import { writeEnd, writePiece } from "../../lib/local_api/file_stream.ts";
import { answer } from "./answers.ts";
import { fileWantedOf, requestOf } from "./requests.ts";
import type { Call, Route } from "./route.ts";
import type { Slots } from "./slots.ts";

/** Where files go in, by PUT, and come out, by GET. */
const FILE_PATH = "/v2/file";

/** The media type of what comes out of both (lib/local_api/file_stream.ts). */
const STREAM = "application/octet-stream";

/** The two routes whose bodies are no JSON. */
export function fileRoutes(files: FileApi, waiting: Slots): Route[] {
  return [
    {
      method: "PUT",
      path: FILE_PATH,
      answer: (call) => take(files, call, waiting),
    },
    {
      method: "GET",
      path: FILE_PATH,
      answer: (call) => give(files, call, waiting),
    },
  ];
}

/** Answers, while the file goes on to the relay, with how far it is, a line of JSON each; the last one is the outcome. */
function take(
  files: FileApi,
  { query, content }: Call,
  waiting: Slots,
): Response {
  const wanted = fileWantedOf(query);
  const steps = files.take(wanted, content ?? nothing());
  return streamed(lines(steps, content), waiting);
}

async function* lines(
  steps: ReturnType<FileApi["take"]>,
  content: AsyncIterable<Uint8Array> | null,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await steps.next();
      yield line(done ? { file: value } : { sent: value });
      if (done) return;
    }
  } catch (error) {
    // Who is cut off while it writes never reads why.
    for await (const _ of content ?? []);
    yield line(ended(error));
  }
}

function give(files: FileApi, call: Call, waiting: Slots): Response {
  const query = requestOf("message", call);
  return streamed(pieces(files.give(query, call.signal)), waiting);
}

async function* pieces(
  given: ReturnType<FileApi["give"]>,
): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await given.next();
      yield done ? writeEnd({ file: value }) : writePiece(value);
      if (done) return;
    }
  } catch (error) {
    yield writeEnd(ended(error));
  } finally {
    await given.return({ name: "", size: 0, sha256: "" });
  }
}

function streamed(
  bytes: AsyncGenerator<Uint8Array>,
  waiting: Slots,
): Response {
  const done = waiting.take();
  const held = async function* () {
    try {
      yield* bytes;
    } finally {
      done();
    }
  };
  return answer(ReadableStream.from(held()), { type: STREAM });
}

const line = (value: object) =>
  new TextEncoder().encode(`${JSON.stringify(value)}\n`);

const ended = (error: unknown) => ({ error: Failure.from(error).toJson() });

async function* nothing(): AsyncGenerator<Uint8Array> {}
