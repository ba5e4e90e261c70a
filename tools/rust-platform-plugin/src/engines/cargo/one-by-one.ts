export type OneByOne = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets what it is given happen one after another, in order; a failure stops nobody. */
export function oneByOne(): OneByOne {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
