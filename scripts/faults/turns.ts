/** Lets work be done one after the other, in the order of asking; one that fails does not stop the next. */
export function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return {
    take<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(work, work);
      last = turn;
      return turn;
    },
  };
}
