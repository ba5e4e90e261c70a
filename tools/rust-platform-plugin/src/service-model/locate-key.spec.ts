import { locateJsonKey, locateTomlKey } from './locate-key';

describe('locateTomlKey', () => {
  const TOML = [
    '[package] # [not.this]', // 1
    'name = "x"',
    'description = """',
    'port = 1 [package.metadata.rust-platform]',
    '"""',
    '', // 6
    '[package.metadata.rust-platform]',
    'port = 8080 # a # b',
    'needs = [',
    '  "postgres", # port = 3',
    ']', // 11
    'env.LISTEN = "{host}"',
    '"quoted key" = 1',
    '[package.metadata."rust-platform".env]',
    "OTHER = '#'",
    '[[bin]]', // 16
    'name = "y"',
  ].join('\n');
  const KEY = ['package', 'metadata', 'rust-platform'];

  it.each([
    [KEY, 7],
    [[...KEY, 'port'], 8],
    [[...KEY, 'needs'], 9],
    [[...KEY, 'env', 'LISTEN'], 12],
    [[...KEY, 'quoted key'], 13],
    [[...KEY, 'env', 'OTHER'], 15],
    [[...KEY, 'missing'], 7],
    [['bin', 'name'], 17],
    [['dependencies', 'axum'], undefined],
  ])('%j is in line %s', (path, line) => {
    expect(locateTomlKey(TOML, path)).toBe(line);
  });

  it.each([
    ['[package]\nmetadata.rust-platform.port = 1', 2],
    ['[package.metadata]\n\nrust-platform = { service = true, port = 1 }', 3],
    ['[package]\n[package.metadata]\nrust-platform = {\n  service = true,\n  port = 1,\n}', 5],
    ['package.metadata.rust-platform.port = 1', 1],
  ])('finds the port in %j', (text, line) => {
    expect(locateTomlKey(text, [...KEY, 'port'])).toBe(line);
  });
});

describe('locateJsonKey', () => {
  const JSON_TEXT = [
    '{ // comment',
    '  "plugins": ["other", {',
    '    "plugin": "rust-platform-plugin",',
    '    "options": {',
    '      "postgresPort": 1,',
    '      "auditIgnore": [{ "id": "x" },',
    '        { "id": "y" }] } }] }',
  ].join('\n');

  it.each([
    [['postgresPort'], 5],
    [['auditIgnore', '1'], 7],
    [['missing'], 4],
  ])('%j is in line %s', (path, line) => {
    expect(locateJsonKey(JSON_TEXT, path)).toBe(line);
  });

  it('knows nothing of a file without the plugin', () => {
    expect(locateJsonKey('{ "plugins": [] }', ['x'])).toBeUndefined();
    expect(locateJsonKey('', ['x'])).toBeUndefined();
  });
});
