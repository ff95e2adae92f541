/** Ages that a relay may want connections to have, in seconds: one that a machine with other work outlives is followed by a longer one. */
const AGES = [3, 15, 60] as const;

/**
 * Checks what an agent is told whose connection is too young, which it has to ask for before the age is over.
 *
 * @param check rejects also where it came too late; only what rejects with the longest age is told.
 */
export async function whileYoung(
  check: (seconds: number) => Promise<void>,
): Promise<void> {
  for (const seconds of AGES) {
    try {
      return await check(seconds);
    } catch (error) {
      if (seconds === AGES.at(-1)) throw error;
    }
  }
}
