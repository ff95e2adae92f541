/** An object of named fields, as JSON has them. */
export type PlainObject = Readonly<Record<string, unknown>>;

/**
 * Whether a value is an object of fields and no more. What comes from a worker may be anything that can be cloned: the
 * keys of a typed array of a gigabyte, or of an array without end, would be listed for hours.
 */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null &&
    Object.getPrototypeOf(value) === Object.prototype;
}

/** Bounds of {@link isWithin}. */
export interface Bounds {
  /** Characters of all texts and keys, and one more for each value. */
  readonly size: number;
  /** How deep objects and arrays may stand in one another. */
  readonly depth: number;
}

/**
 * Whether a value is JSON of at most this size, however it is put together: a part that stands in it twice counts
 * twice, since it is written twice. Never looks at more of it than that.
 */
export function isWithin(value: unknown, { size, depth }: Bounds): boolean {
  let left = size;
  const fits = (part: unknown, deeper: number): boolean => {
    left--;
    if (typeof part === "string") left -= part.length;
    if (left < 0) return false;
    if (typeof part !== "object" || part === null) return true;
    if (deeper === 0) return false;
    if (Array.isArray(part)) {
      return part.length <= left &&
        part.every((item) => fits(item, deeper - 1));
    }
    if (!isPlainObject(part)) return false;
    for (const key in part) {
      left -= key.length;
      if (!fits(part[key], deeper - 1)) return false;
    }
    return true;
  };
  return fits(value, depth);
}
