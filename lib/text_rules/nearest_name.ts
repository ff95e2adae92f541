/** The known name that a wrong one was meant to be; null where none is near. */
export function nearestName(
  word: string,
  known: readonly string[],
): string | null {
  const plain = plainName(word);
  if (plain === "") return null;
  const most = Math.max(1, Math.floor(plain.length / 3));
  const ranked = known.map((name) => ({ name, steps: stepsTo(word, name) }))
    .filter(({ steps }) => steps <= most)
    .sort((one, other) => one.steps - other.steps);
  return ranked[0]?.name ?? null;
}

/** How far a name is: none for the same letters in another style, one where either is a word of the other. */
function stepsTo(word: string, name: string): number {
  const [plain, other] = [plainName(word), plainName(name)];
  if (plain === other) return 0;
  const isPart = wordsOf(name).includes(plain) || wordsOf(word).includes(other);
  return isPart ? 1 : editSteps(plain, other);
}

const LONGEST = 40;

/** `replyTo` is `reply` and `to`. */
const wordsOf = (name: string) =>
  name.slice(0, LONGEST).replace(/[a-z](?=[A-Z])/g, "$&_").toLowerCase()
    .split(/[^a-z0-9]/);

/** `replyTo`, `reply-to` and `reply_to` are one name. */
const plainName = (name: string) =>
  name.slice(0, LONGEST).toLowerCase().replace(/[^a-z0-9]/g, "");

/** Letters to add, take, change or exchange with their neighbour (optimal string alignment). */
function editSteps(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isTurned = i > 1 && j > 1 && one[i - 1] === other[j - 2] &&
        one[i - 2] === other[j - 1];
      row.push(Math.min(
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (isSame ? 0 : 1),
        isTurned ? (before[j - 2] ?? 0) + 1 : Infinity,
      ));
    }
    [before, last] = [last, row];
  }
  return last[other.length] ?? 0;
}
