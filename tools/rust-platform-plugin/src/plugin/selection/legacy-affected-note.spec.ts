import { legacyAffectedNote } from './legacy-affected-note';

const legacy = { affected: { legacy: true } };

describe('the note about the old setting', () => {
  test('names the setting in a run that it concerns', () => {
    expect(legacyAffectedNote(['affected', '-t', 'build'], { env: {}, nxJson: legacy })).toMatch(
      /^"affected": \{ "legacy": true \} in nx\.json makes/,
    );
    expect(
      legacyAffectedNote(['affected:build'], { env: { NX_LEGACY_AFFECTED: 'true' }, nxJson: {} }),
    ).toMatch(/^NX_LEGACY_AFFECTED=true makes/);
  });

  test('is silent otherwise', () => {
    expect(legacyAffectedNote(['run-many', '-t', 'build'], { env: {}, nxJson: legacy })).toBeUndefined();
    expect(legacyAffectedNote(['affected', '-t', 'build'], { env: {}, nxJson: {} })).toBeUndefined();
    const env = { NX_LEGACY_AFFECTED: 'false' };
    expect(legacyAffectedNote(['affected', '-t', 'build'], { env, nxJson: legacy })).toBeUndefined();
  });
});
