/** Where a page loop stands. A list without parents stays on the parent ''. */
export interface Cursor {
  /** Sort key of the parent being read; parents before it are done. */
  readonly parentKey: string;
  /** The page to ask for next, 1-based. */
  readonly page: number;
  readonly done: boolean;
}
