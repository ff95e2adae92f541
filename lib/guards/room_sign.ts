/** A room as it is shown, with its sign; the talk with one agent has its own in its name. */
export function withSign(room: string): string {
  return room.startsWith("@") ? room : `#${room}`;
}
