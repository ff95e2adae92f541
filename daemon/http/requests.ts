import * as v from "valibot";
import { Failure } from "../../lib/errors.ts";
import type { FileWanted } from "../../lib/local_api/types/files.ts";
import {
  type OperationName,
  OPERATIONS,
  type RequestOf,
} from "../../lib/local_api/operations.ts";
import {
  FILE_WANTED,
  type Shape,
  SHAPES,
  type Shapes,
} from "./request_shapes.ts";
import type { Call } from "./route.ts";

/** The lists among the parameters of queries: these may stand several times. */
const LISTS: ReadonlySet<string> = new Set(["tags"]);

/**
 * The request of an operation, read from a call's query or body; what the operation doesn't know is left out.
 *
 * @throws {Failure} REQUEST_INVALID, ROOM_NAME_INVALID, TEXT_EMPTY, TEXT_TOO_LONG, TEXT_INVALID.
 */
export function requestOf<Name extends OperationName>(
  name: Name,
  { query, body }: Pick<Call, "query" | "body">,
): RequestOf<Name> {
  const shapes: Shapes = SHAPES;
  // Who wants to know nothing is told nothing, whatever stands there.
  if (Object.keys(shapes[name].entries).length === 0) {
    return read(shapes[name], {});
  }
  const isQuery = OPERATIONS[name].method === "GET";
  return read(shapes[name], isQuery ? paramsOf(query) : body);
}

/** What is said of a file beside its bytes. @throws {Failure} REQUEST_INVALID, ROOM_NAME_INVALID. */
export function fileWantedOf(query: URLSearchParams): FileWanted {
  return read(FILE_WANTED, paramsOf(query));
}

function read<Request>(shape: Shape<Request>, value: unknown): Request {
  const result = v.safeParse(shape, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  const reason = `${path === null ? "" : `${path}: `}${
    issue.message.slice(0, 200)
  }`;
  throw new Failure("REQUEST_INVALID", { fields: { reason } });
}

function paramsOf(query: URLSearchParams): Record<string, unknown> {
  const params: Record<string, unknown> = Object.create(null);
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (values.length > 1 && !LISTS.has(name)) {
      const reason = `${name.slice(0, 64)} stands there more than once`;
      throw new Failure("REQUEST_INVALID", { fields: { reason } });
    }
    params[name] = LISTS.has(name) ? values : values[0];
  }
  return { ...params };
}
