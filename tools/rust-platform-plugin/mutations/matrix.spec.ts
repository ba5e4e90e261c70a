import { isGood } from './row-result';
import { ROWS } from './rows/rows';
import { runMatrix, type MatrixResult } from './run-matrix';

/** The short form of `npm run test:mutations`: one change of each kind, with real Nx and executors that only succeed. */
describe('mutation matrix', () => {
  const rows = ROWS.filter(({ short }) => short);
  let result: MatrixResult;
  beforeAll(async () => {
    result = await runMatrix({ rows, lanes: 2 });
  }, 300_000);

  test('the unchanged fixture has every target and hits them all', () => {
    expect(result.faults).toEqual([]);
  });

  test.each(rows.map(({ section, name }, at) => [`${section}: ${name}`, at]))('%s', (_name, at) => {
    const row = result.rows[at];
    expect(row).toMatchObject({ stale: [], staleAlone: [], needless: [], unsteady: [] });
    expect(row && isGood(row)).toBe(true);
  });

  test('every row says something of its own', () => {
    const names = ROWS.map(({ section, name }) => `${section}: ${name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(ROWS.length).toBeGreaterThanOrEqual(40);
  });
});
