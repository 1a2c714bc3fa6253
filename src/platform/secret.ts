import { inspect } from 'node:util';

const mask = '[secret]';

/** A string that shows itself only where `reveal` is written; logs, JSON and templates get a mask. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}
