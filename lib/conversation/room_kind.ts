import { Failure } from "../errors.ts";

/** What a room that is to be made is asked to be. */
export interface RoomKind {
  readonly private?: boolean | undefined;
  readonly history?: "all" | "join" | undefined;
  readonly tags: readonly string[];
}

/**
 * Refuses what does not go together: tags are for the relay's list, in which no private room stands.
 *
 * @param named a part as it is written where it was asked for
 * @throws {Failure} USAGE
 */
export function checkKind(
  { private: isPrivate = false, history, tags }: RoomKind,
  named: (part: "private" | "history" | "tag") => string,
): void {
  if (isPrivate && tags.length > 0) {
    throw usage(
      "a private room stands in no list, and has no tags",
      `leave ${named("tag")} out`,
    );
  }
  if (isPrivate || history === undefined) return;
  throw usage(
    `${named("history")} is for private rooms`,
    `pass ${named("private")} too`,
  );
}

function usage(reason: string, fix: string): Failure {
  return new Failure("USAGE", { fields: { reason, fix } });
}
