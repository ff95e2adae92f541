import { parseRoom } from "../../lib/conversation/room_name.ts";
import { checkText } from "../../lib/conversation/text_check.ts";
import { Failure } from "../../lib/errors.ts";
import type { MessageText } from "../../lib/protocol/message_text.ts";
import { isRoomName, type RoomName } from "../../lib/protocol/names.ts";

/**
 * The same value with names of rooms and texts as a test writes them. What stands behind a border takes checked ones
 * alone; a test that stands there too answers for its literals itself.
 */
export type Plain<T> = T extends RoomName | MessageText ? string
  // deno-lint-ignore no-explicit-any -- only any takes every function.
  : T extends AbortSignal | ((...given: any[]) => unknown) ? T
  : T extends object ? { [Key in keyof T]: Plain<T[Key]> }
  : T;

/** The same object with methods that take {@link Plain} values. */
export type PlainCalls<T> = {
  [Key in keyof T]: T[Key] extends (...given: infer Given) => infer Result
    ? (...given: Plain<Given>) => Result
    : T[Key];
};

export function plainCalls<T extends object>(object: T): PlainCalls<T> {
  return object as unknown as PlainCalls<T>;
}

/** A value of a test that passes for a checked one. */
export function asChecked<T>(value: Plain<T>): T {
  return value as unknown as T;
}

/** A room's name. */
export function roomName(text: string): RoomName {
  if (!isRoomName(text)) throw new Error(`'${text}' is no room's name`);
  return text;
}

/**
 * The same as {@link plainCalls}, behind a border as the local API's: each call's room and text are checked, and it
 * rejects with what is wrong with them.
 */
export function checkedCalls<T extends object>(object: T): PlainCalls<T> {
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...given: unknown[]) => {
        const parsed = given.map(checkedRequest);
        const failure = parsed.find((one) => one instanceof Failure);
        return failure === undefined
          ? value.apply(target, parsed)
          : Promise.reject(failure);
      };
    },
  }) as unknown as PlainCalls<T>;
}

function checkedRequest(request: unknown): unknown {
  if (typeof request !== "object" || request === null) return request;
  if (request instanceof AbortSignal) return request;
  const { room, text } = request as Record<string, unknown>;
  try {
    return {
      ...request,
      ...(typeof room === "string" ? { room: parseRoom(room) } : {}),
      ...(typeof text === "string" ? { text: checkText(text) } : {}),
    };
  } catch (error) {
    return Failure.from(error);
  }
}
