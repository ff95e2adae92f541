import type { StoreAnswer, StoreBatch } from "./contract.ts";

type Row = StoreBatch["rows"][number];

/** Whether the view decides what becomes of a row, and tells. */
export function isJudged({ kind }: Row): boolean {
  return kind === "message" || kind === "direct" || kind === "blob_reserved" ||
    kind === "blob_kept";
}

/**
 * What a batch came to, as text: the same on every relay that applied it, whatever version of the program wrote it. What
 * rooms hold follows from it; nonces decide nothing here.
 *
 * @param answers of what is judged, in its order
 */
export function decisions(
  rows: readonly Row[],
  answers: readonly StoreAnswer[],
): string {
  let message = 0;
  return rows.map((row) =>
    isJudged(row)
      ? JSON.stringify([...ofRow(row), ...ofAnswer(answers[message++])])
      : JSON.stringify(ofRow(row))
  ).join("\n");
}

function ofRow(row: Row): readonly (string | number | null)[] {
  switch (row.kind) {
    case "message":
      return [row.kind, row.room, row.from, row.id, row.text_hash];
    case "direct":
      return [row.kind, row.to, row.from, row.id, row.text_hash];
    case "inbox_taken":
      return [
        ...[row.kind, row.recipient, ...row.knows],
        ...row.messages.flatMap(({ from, id }) => [from, id]),
      ];
    case "blob_reserved":
      return [row.kind, row.id, row.owner, row.scope, row.sha256, row.until];
    case "blob_kept":
      return [row.kind, row.id, row.until];
    case "blob_dropped":
      return [row.kind, row.id];
    case "room_opened":
      return [row.kind, row.room, row.created_by, row.created_at];
    case "room_ended":
      return [row.kind, row.room, row.closed_until ?? null];
    case "room_emptied":
      return [row.kind, row.room, row.since];
    case "nonces":
      return [];
  }
}

function ofAnswer(
  answer: StoreAnswer | undefined,
): readonly (string | number | null)[] {
  if (answer?.kind === "failed") return [answer.why];
  if (answer?.kind !== "stored") return [];
  const { seq = null, received_at = null, duplicate = false } = answer;
  return [seq, received_at, duplicate ? "again" : "new"];
}
