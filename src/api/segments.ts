/** The place of a verb in an address: `retryFailed` stands at `retry-failed`. */
export const toSegment = (verb: string): string => verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
