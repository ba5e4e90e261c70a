/** A place in a meeting; it is taken at most once, or left. */
export interface Seat {
  /** `hold` of the last one to come is called with the requests of all that came, and must settle every one of them. */
  attend<Request>(request: Request, hold: (requests: Request[]) => void): void;
  leave(): void;
}

/**
 * Where the crates of one run meet before they start cargo, so that one process does the work of all. Whoever comes a
 * second time goes alone.
 */
export class Meeting {
  private open: number;
  private readonly present: unknown[] = [];
  private hold: ((requests: unknown[]) => void) | undefined;

  constructor(seats: number) {
    this.open = seats;
  }

  seat(): Seat {
    let isOpen = true;
    const take = (): boolean => {
      const wasOpen = isOpen;
      isOpen = false;
      if (wasOpen) this.open -= 1;
      return wasOpen;
    };
    return {
      attend: (request, hold) => {
        if (!take()) return hold([request]);
        this.present.push(request);
        this.hold = hold as (requests: unknown[]) => void;
        this.holdWhenComplete();
      },
      leave: () => {
        if (take()) this.holdWhenComplete();
      },
    };
  }

  private holdWhenComplete(): void {
    if (this.open === 0 && this.present.length > 0) this.hold?.(this.present);
  }
}
