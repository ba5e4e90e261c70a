import { collectCompilerOutput, count, placeOf } from './diagnostics';

const MANIFEST = '/ws/links/Cargo.toml';

function message(level: string, text: string, manifest = MANIFEST): string {
  const spans = [{ file_name: 'links/src/lib.rs', line_start: 3, is_primary: true }];
  const rendered = `${level}: ${text}\n`;
  return JSON.stringify({
    reason: 'compiler-message',
    manifest_path: manifest,
    message: { level, message: text, rendered, spans },
  });
}

describe('collectCompilerOutput', () => {
  it('prints a diagnostic once, although lib and its tests both repeat it', () => {
    const printed: string[] = [];
    const output = collectCompilerOutput(MANIFEST, (line) => printed.push(line), new Set());
    output.readLine(message('warning', 'unused'));
    output.readLine(message('warning', 'unused'));
    expect(printed).toEqual(['warning: unused\n']);
    expect(output.warnings).toHaveLength(1);
  });

  it('does not print again what an earlier call of the same task printed, but still counts it', () => {
    const printed: string[] = [];
    const seen = new Set<string>();
    for (let call = 1; call <= 2; call += 1) {
      const output = collectCompilerOutput(MANIFEST, (line) => printed.push(line), seen);
      output.readLine(message('warning', 'unused'));
      expect(output.warnings).toHaveLength(1);
    }
    expect(printed).toHaveLength(1);
  });

  it('leaves the warnings of other crates to their own tasks, and shows their errors', () => {
    const printed: string[] = [];
    const output = collectCompilerOutput(MANIFEST, (line) => printed.push(line), new Set());
    output.readLine(message('warning', 'theirs', '/ws/shared/Cargo.toml'));
    output.readLine(message('error', 'broken', '/ws/shared/Cargo.toml'));
    expect(output.warnings).toEqual([]);
    expect(output.errors.map(placeOf)).toEqual(['links/src/lib.rs:3: broken']);
    expect(printed).toEqual(['error: broken\n']);
  });

  it('says which lines were messages of cargo', () => {
    const output = collectCompilerOutput(MANIFEST, () => undefined, new Set());
    expect(output.readLine('{"reason":"build-finished","success":true}')).toBe(true);
    expect(output.readLine('test works ... ok')).toBe(false);
  });
});

it('counts in English', () => {
  expect([count(0, 'error'), count(1, 'error'), count(2, 'error')]).toEqual([
    '0 errors',
    '1 error',
    '2 errors',
  ]);
});
