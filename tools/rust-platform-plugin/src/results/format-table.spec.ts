import { formatTable, type Column } from './format-table';

interface Row {
  name: string;
  count: number;
  text: string;
}

const columns: Column<Row>[] = [
  { title: 'name', text: ({ name }) => name },
  { title: 'n', text: ({ count }) => String(count), align: 'right' },
  { title: 'text', text: ({ text }) => text },
];
const rows = [
  { name: 'a', count: 7, text: 'short' },
  { name: 'longer', count: 1234, text: 'a text that goes on and on and on' },
];

test('columns are aligned and lines have no trailing blanks', () => {
  expect(formatTable(columns, [...rows, { name: 'b', count: 1, text: '' }], { indent: '  ' })).toEqual([
    '  name       n  text',
    '  a          7  short',
    '  longer  1234  a text that goes on and on and on',
    '  b          1',
  ]);
});

test('only the last column is cut, with a mark', () => {
  const lines = formatTable(columns, rows, { width: 40 });
  expect(lines[2]).toBe('longer  1234  a text that goes on and o…');
  expect(Math.max(...lines.map((line) => line.length))).toBe(40);
});

test('a terminal that is too narrow still shows 20 characters of it', () => {
  expect(formatTable(columns, rows, { width: 10 })[2]).toBe('longer  1234  a text that goes on…');
});

test('colour does not disturb the alignment', () => {
  const painted: Column<Row>[] = columns.map((column) => ({ ...column, paint: (text) => `<${text}>` }));
  expect(formatTable(painted, rows)[1]).toBe('<a>          <7>  <short>');
});

test('line breaks inside a cell become blanks', () => {
  expect(formatTable(columns, [{ name: 'x\ny', count: 1, text: 'a\n\n  b' }])[1]).toBe('x y   1  a b');
});
