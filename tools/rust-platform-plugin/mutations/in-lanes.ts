/** Works through a list with so many at once; answers in the order of the list. */
export async function inLanes<T, R>(
  list: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  let next = 0;
  const lane = async () => {
    for (let at = next++; at < list.length; at = next++) results.set(at, await work(list[at] as T));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return list.map((_, at) => results.get(at) as R);
}
