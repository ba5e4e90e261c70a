import { EXIT, PlatformError } from '../../errors';

export type BenchProfile = 'full' | 'smoke';

/** How much load. All times in seconds. */
export interface BenchSettings {
  profile: BenchProfile;
  /** Each sends its next request when it has the response to the last one. */
  connections: number;
  /** Of one measured run. */
  duration: number;
  /** Same load before the runs; never part of the result. */
  warmup: number;
  runs: number;
  /** A request that takes longer counts as an error. */
  timeout: number;
}

/** smoke: at most 15 s for a service, starting and stopping included; full: at most 60 s. */
const PROFILES: Record<BenchProfile, Omit<BenchSettings, 'profile'>> = {
  full: { connections: 32, duration: 8, warmup: 5, runs: 5, timeout: 5 },
  smoke: { connections: 16, duration: 2, warmup: 1, runs: 2, timeout: 5 },
};

/** Setup requests that take longer are a mistake in the scenario file. */
export const SETUP_LIMIT_SECONDS = { full: 10, smoke: 5 } as const;

interface Limit {
  minimum: number;
  maximum: number;
  whole?: boolean;
}

const LIMITS: Record<keyof Omit<BenchSettings, 'profile'>, Limit> = {
  connections: { minimum: 1, maximum: 1000, whole: true },
  duration: { minimum: 1, maximum: 3600 },
  warmup: { minimum: 0, maximum: 600 },
  runs: { minimum: 1, maximum: 100, whole: true },
  timeout: { minimum: 1, maximum: 60 },
};

/**
 * Fills in the profile's defaults.
 * @throws PlatformError `invalid-options` that lists every mistake
 */
export function benchSettings(given: Partial<BenchSettings>): BenchSettings {
  const profile = given.profile ?? 'full';
  const mistakes: string[] = [];
  const defaults = PROFILES[profile];
  if (!defaults) mistakes.push(`profile: must be full or smoke, not ${JSON.stringify(profile)}`);
  const settings = { profile, ...(defaults ?? PROFILES.full) };
  for (const [name, limit] of Object.entries(LIMITS) as Array<[keyof typeof LIMITS, Limit]>) {
    const value: unknown = given[name];
    if (value === undefined) continue;
    const mistake = checkNumber(value, limit);
    if (mistake)
      mistakes.push(`${name}: ${mistake}, not ${typeof value === 'number' ? value : JSON.stringify(value)}`);
    else settings[name] = value as number;
  }
  if (mistakes.length === 0) return settings;
  throw new PlatformError({
    code: 'invalid-options',
    what: `bench was given ${mistakes.length === 1 ? 'an invalid option' : `${mistakes.length} invalid options`}`,
    why: mistakes.join('\n'),
    fix: 'leave the option out: the profile has a default for each',
    exitCode: EXIT.usage,
  });
}

/** What the load alone takes. */
export function loadSeconds({ warmup, runs, duration }: BenchSettings): number {
  return warmup + runs * duration;
}

function checkNumber(value: unknown, { minimum, maximum, whole }: Limit): string | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
  if (whole && !Number.isInteger(value)) return 'must be a whole number';
  return value < minimum || value > maximum ? `must be from ${minimum} to ${maximum}` : undefined;
}
