import { allowsRemote } from '../service-stack/refuse-remote-servers';

export interface TestApiOptions {
  timeout?: number;
  allowRemote?: boolean;
}

export interface NormalizedTestApiOptions {
  requestTimeoutMs: number;
  allowRemote: boolean;
}

export function normalizeOptions(options: TestApiOptions, env: NodeJS.ProcessEnv): NormalizedTestApiOptions {
  return {
    requestTimeoutMs: (options.timeout ?? 10) * 1000,
    allowRemote: allowsRemote(options.allowRemote, env),
  };
}
