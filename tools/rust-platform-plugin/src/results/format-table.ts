export interface Column<Row> {
  title: string;
  text: (row: Row) => string;
  align?: 'left' | 'right';
  /** Applied after padding, so that colour codes do not count. */
  paint?: (text: string, row: Row) => string;
}

const GAP = '  ';
const NARROWEST = 20;

/**
 * Aligned lines, heading first. Only the last column gives way when the lines are wider than `width` characters: it is
 * cut with `…`, down to 20 characters.
 */
export function formatTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  options: { width?: number; indent?: string; paintTitle?: (text: string) => string } = {},
): string[] {
  const { width = Infinity, indent = '', paintTitle = (text) => text } = options;
  const cells = rows.map((row) => columns.map((column) => oneLine(column.text(row))));
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...cells.map((line) => textWidth(line[at] ?? ''))),
  );
  const fixed = indent.length + widths.slice(0, -1).reduce((sum, size) => sum + size + GAP.length, 0);
  const lastWidth = Math.max(NARROWEST, width - fixed);
  const place = (text: string, at: number, paint: (text: string) => string): string => {
    const isLast = at === columns.length - 1;
    const size = widths[at] ?? 0;
    if (isLast) return paint(cut(text, lastWidth));
    const space = ' '.repeat(Math.max(0, size - textWidth(text)));
    return columns[at]?.align === 'right' ? space + paint(text) : paint(text) + space;
  };
  const lines = rows.map((row, line) =>
    columns.map((column, at) =>
      place(cells[line]?.[at] ?? '', at, (text) => column.paint?.(text, row) ?? text),
    ),
  );
  const heading = columns.map((column, at) => place(column.title, at, paintTitle));
  return [heading, ...lines].map((parts) => (indent + parts.join(GAP)).trimEnd());
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Code points, which is right for everything that we print ourselves. */
function textWidth(text: string): number {
  return [...text].length;
}

function cut(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}
