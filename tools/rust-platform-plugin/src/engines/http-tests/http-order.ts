/** What the child process that runs `.http` files reads from its stdin, as JSON. */
export interface HttpOrder {
  /** Absolute paths, run one after another in this order. */
  files: string[];
  /** Absolute folder of the service: httpyac looks for settings and `.env` files nowhere outside it. */
  folder: string;
  /** Values of `{{name}}`, the same for every file: nothing set in one file is seen in the next. */
  variables: Record<string, string>;
  requestTimeoutMs: number;
}

/** One request that was sent, or that could not be. */
export interface HttpStep {
  file: string;
  /** From 1. */
  line: number;
  name: string;
  /** Method and URL; with unfilled variables when it was never sent. */
  request: string;
  status: number | undefined;
  durationMs: number;
  /** Empty: the request asserts nothing. */
  assertions: HttpAssertion[];
  /** Beginning of the response's body. Holds what the service sent: redact before printing. */
  excerpt: string | undefined;
}

export interface HttpAssertion {
  outcome: 'passed' | 'failed' | 'error' | 'skipped';
  message: string;
}

/** What the child process writes to its stdout, one JSON text per line after the mark. */
export type HttpMessage =
  | { type: 'step'; step: HttpStep }
  /** `requests`: how many the file holds; `blank`: nothing but comments and empty lines. */
  | { type: 'file'; file: string; requests: number; blank: boolean };

/** Scripts in `.http` files may print: lines of ours begin with this. */
export const MESSAGE_MARK = '\u0001rust-platform:';
