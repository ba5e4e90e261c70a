/** A server that was proven to answer and to be the one that is meant. */
export interface ServerEndpoint {
  kind: 'postgres' | 'redis';
  /** How it came to be there, in the order in which providers are tried. */
  provider: 'given' | 'compose' | 'local' | 'embedded';
  host: string;
  port: number;
  user: string | undefined;
  /** Never printed: use `redactUrl(url)`. */
  password: string | undefined;
  /** Full URL with password. PostgreSQL: to the maintenance database, or to the one that was given. */
  url: string;
  /** e.g. `15.19`. */
  version: string;
  /** Started by this checkout: only such a server is ever stopped or flushed. */
  owned: boolean;
}

export interface DepsEndpoints {
  postgres?: ServerEndpoint;
  redis?: ServerEndpoint;
}

/** One line for a person at a time; no colour, no trailing newline. */
export type Report = (line: string) => void;
