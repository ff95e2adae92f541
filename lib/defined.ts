/** The same fields, where each that could be undefined may be absent instead, and is never undefined. */
export type Defined<Fields> = Flat<
  & {
    [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]:
      Fields[Name];
  }
  & {
    [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?:
      Exclude<Fields[Name], undefined>;
  }
>;

/** One object type in place of an intersection. */
type Flat<Fields> = { [Name in keyof Fields]: Fields[Name] };

/**
 * A copy without the fields that are undefined, in the same order: what has no value is absent, in JSON as in
 * types. Other values stay, null and false among them; what lies inside a value is not looked at. It costs about
 * ten times a literal (0.2 µs a field): not for what every frame passes through.
 */
export function defined<Fields extends object>(
  fields: Fields,
): Defined<Fields> {
  const kept = Object.entries(fields).filter(([, value]) =>
    value !== undefined
  );
  return Object.fromEntries(kept) as Defined<Fields>;
}
