import { benchSettings, type BenchSettings } from '../../engines/bench/bench-settings';
import { allowsRemote } from '../service-stack/refuse-remote-servers';

export interface BenchOptions extends Partial<BenchSettings> {
  allowRemote?: boolean;
}

export interface NormalizedBenchOptions {
  settings: BenchSettings;
  allowRemote: boolean;
}

export function normalizeOptions(
  { allowRemote, ...settings }: BenchOptions,
  env: NodeJS.ProcessEnv,
): NormalizedBenchOptions {
  return { settings: benchSettings(settings), allowRemote: allowsRemote(allowRemote, env) };
}
