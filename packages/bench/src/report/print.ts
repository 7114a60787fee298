import type { BenchResult, Check, Table } from "./result.ts";

/** The tables and checks of one bench as text. */
export function formatResult({ name, tables, checks }: BenchResult): string {
  const parts = [`━━ ${name}`, ...tables.map(formatTable)];
  if (checks.length > 0) parts.push(checks.map(formatCheck).join("\n"));
  return parts.join("\n\n");
}

/** A table with aligned columns: the first to the left, figures to the right. */
function formatTable({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const [head, ...body] = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number),
      )
      .join("  ")
      .trimEnd(),
  );
  return [title, head, "─".repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...body].join("\n");
}

/** One line: whether the promise holds, the figure and its bound. */
function formatCheck({ claim, measured, bound, holds }: Check): string {
  const limit = "atMost" in bound ? `≤ ${bound.atMost}` : `≥ ${bound.atLeast}`;
  return `${holds ? "✓" : "✗"} ${claim}: ${formatNumber(measured)} (${limit})`;
}

/** Three significant digits, thousands separated. */
export function formatNumber(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}
