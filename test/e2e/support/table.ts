/** What a load of Pods came to. */
export type Counts = {
  /** Requests that the API server answered. */
  readonly created: number;
  readonly mutated: number;
  /** Admitted without our hand in it: the webhook could not be reached, and its policy is to ignore that. */
  readonly unmutated: number;
  readonly refused: number;
  /** The longest time without a Pod that came out mutated. */
  readonly longestGapMs: number;
  /** The first words of what the API server said, to whom it refused. */
  readonly refusals: readonly string[];
};

/** What was tried, and what it came to. */
export type Row = { readonly tried: string; readonly outcome: string; readonly counts?: Counts };

/** The table that the suite prints at its end. */
export type Table = { readonly add: (row: Row) => void; readonly print: () => string };

export function createTable(): Table {
  const rows: Row[] = [];
  return {
    add: (row) => {
      rows.push(row);
    },
    print: () => format([head, ...rows.map(cellsOf)]),
  };
}

const head = ['tried', 'Pods', 'mutated', 'unmutated', 'refused', 'longest gap', 'outcome'];

const cellsOf = ({ tried, outcome, counts }: Row): string[] =>
  counts === undefined
    ? [tried, '', '', '', '', '', outcome]
    : [
        tried,
        ...[counts.created, counts.mutated, counts.unmutated, counts.refused].map(String),
        `${Math.round(counts.longestGapMs)} ms`,
        outcome,
      ];

function format(lines: readonly string[][]): string {
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => column > 0 && column < head.length - 1;
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
