import { collectMessages, count, inOrder, placeOf } from './diagnostics';

const MANIFEST = '/ws/links/Cargo.toml';

function message(level: string, text: string, manifest = MANIFEST, line = 3): string {
  const spans = [{ file_name: 'links/src/lib.rs', line_start: line, is_primary: true }];
  const rendered = `${level}: ${text}\n`;
  return JSON.stringify({
    reason: 'compiler-message',
    manifest_path: manifest,
    message: { level, message: text, rendered, spans },
  });
}

describe('collectMessages', () => {
  it('has a diagnostic once, although lib and its tests both repeat it', () => {
    const shown: string[] = [];
    const output = collectMessages(({ rendered }) => shown.push(rendered));
    output.readLine(message('warning', 'unused'));
    output.readLine(message('warning', 'unused'));
    expect(shown).toEqual(['warning: unused']);
    expect(output.warnings).toHaveLength(1);
  });

  it('keeps packages apart that say the same', () => {
    const output = collectMessages();
    output.readLine(message('warning', 'unused'));
    output.readLine(message('warning', 'unused', '/ws/shared/Cargo.toml'));
    output.readLine(message('error', 'broken', '/ws/shared/Cargo.toml'));
    expect(output.warnings).toHaveLength(2);
    expect(output.errors.map(placeOf)).toEqual(['links/src/lib.rs:3: broken']);
  });

  it('says which lines were messages of cargo', () => {
    const output = collectMessages();
    expect(output.readLine('{"reason":"build-finished","success":true}')).toBe(true);
    expect(output.readLine('test works ... ok')).toBe(false);
  });
});

it('puts in order what compilers said at once', () => {
  const output = collectMessages();
  output.readLine(message('error', 'last', '/ws/z/Cargo.toml'));
  output.readLine(message('error', 'tenth line', MANIFEST, 10));
  output.readLine(message('error', 'ninth line', MANIFEST, 9));
  expect(inOrder(output.errors).map((error) => error.message)).toEqual(['ninth line', 'tenth line', 'last']);
});

it('counts in English', () => {
  expect([count(0, 'error'), count(1, 'error'), count(2, 'error')]).toEqual([
    '0 errors',
    '1 error',
    '2 errors',
  ]);
});
