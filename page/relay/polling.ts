import { Refused } from "../feed/relay_rest.ts";

const EVERY_MS = 10_000;

/**
 * Asks again and again while the page is seen: at once, then every {@link EVERY_MS} or as the relay asks to wait.
 *
 * @returns ends it.
 */
export function poll(
  ask: () => Promise<void>,
  refused: (error: Refused) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  const next = async () => {
    let waitMs = EVERY_MS;
    try {
      if (document.visibilityState === "visible") await ask();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!isOver) refused(error);
      waitMs = Math.max(EVERY_MS, error.waitMs);
    }
    if (!isOver) timer = setTimeout(next, waitMs);
  };
  const seen = () => {
    if (document.visibilityState !== "visible" || timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    void next();
  };
  document.addEventListener("visibilitychange", seen);
  void next();
  return () => {
    isOver = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", seen);
  };
}
