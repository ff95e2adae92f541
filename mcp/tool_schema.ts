import { z } from "zod";

/**
 * An argument as it is published. No more keywords than these: converters of hosts and models refuse a whole list of
 * tools for one that they don't know (llama.cpp a maxLength of 2,000, Gemini `$schema`, `additionalProperties` and
 * exclusive bounds, strict modes every bound and `default`). What they would say stands in the description, and is
 * checked when the tool is called.
 */
export interface ArgumentSchema {
  readonly type: "string" | "number" | "integer" | "boolean" | "array";
  readonly description: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly type: "string" };
}

/** The arguments of a tool as they are published. */
export interface ToolSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, ArgumentSchema>>;
  readonly required?: string[];
}

/** What zod's converter writes of the kinds that tools use. */
interface Converted {
  readonly type: ArgumentSchema["type"];
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Converted;
  readonly default?: unknown;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What of a shape is published. */
export function publishedSchema(shape: z.ZodRawShape): ToolSchema {
  const converted = z.toJSONSchema(z.object(shape), { io: "input" });
  const { properties = {}, required } = converted as {
    readonly properties?: Record<string, Converted>;
    readonly required?: string[];
  };
  const published = Object.entries(properties).map(([name, one]) =>
    [name, argumentSchema(one)] as const
  );
  return {
    type: "object",
    properties: Object.fromEntries(published),
    ...(required === undefined ? {} : { required }),
  };
}

function argumentSchema(one: Converted): ArgumentSchema {
  const bounds = boundWords(one).join("; ");
  const words = one.description ?? "";
  return {
    type: one.type,
    ...(one.enum === undefined ? {} : { enum: one.enum }),
    ...(one.items === undefined ? {} : { items: { type: "string" } }),
    description: bounds === "" ? words : `${words} (${bounds})`.trimStart(),
  };
}

function boundWords(one: Converted): string[] {
  const most = one.maxLength ?? one.items?.maxLength;
  return [
    ...rangeWords(one),
    ...(one.maxItems === undefined ? [] : [`at most ${one.maxItems}`]),
    ...(most === undefined ? [] : [
      `at most ${most} characters${one.items ? " each" : ""}`,
    ]),
    ...(one.default === undefined || one.default === false
      ? []
      : [`${one.default} if left out`]),
  ];
}

function rangeWords({ minimum, maximum = Infinity }: Converted): string[] {
  if (minimum === undefined) return [];
  // An integer's own bound in JavaScript is none of ours.
  return maximum >= Number.MAX_SAFE_INTEGER
    ? [`${minimum} or more`]
    : [`${minimum} to ${maximum}`];
}
