/** One measured figure beside what it is measured against. */
export interface BenchRow {
  /** What was measured. */
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  /** What stands beside it, taken in the same run. */
  readonly floor: string;
  /** In the same unit. */
  readonly floorFigure: number;
  /** figure / floorFigure. */
  readonly ratio: number;
}

/** A row; the ratio is worked out. */
export function benchRow(row: Omit<BenchRow, "ratio">): BenchRow {
  return { ...row, ratio: row.figure / row.floorFigure };
}

const HEAD = ["name", "figure", "unit", "floor", "floor figure", "ratio"];

/** The rows as a plain text table, one line each. */
export function renderTable(rows: readonly BenchRow[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0))
  );
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ").trimEnd();
  return cells.map(line).join("\n");
}

function cellsOf(row: BenchRow): string[] {
  return [
    row.name,
    short(row.figure),
    row.unit,
    row.floor,
    short(row.floorFigure),
    short(row.ratio),
  ];
}

/** Three significant digits, without an exponent. */
function short(value: number): string {
  return value >= 100
    ? Math.round(value).toString()
    : Number(value.toPrecision(3)).toString();
}
