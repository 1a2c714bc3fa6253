import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { createLogSink } from './log-sink.ts';

export type { Logger } from 'pino';

const mask = '[secret]';
const longestValue = 512;

const secretNames = ['token', 'authToken', 'auth_token', 'apiKey', 'password', 'secret', 'authorization', 'cookie'];
const secretHeaders = [
  'x-addon-token',
  'x-api-key',
  'x-addon-lifecycle-token',
  'clockify-signature',
  'authorization',
  'cookie',
];

const redactedPaths = [
  ...secretNames.flatMap((name) => [name, `*.${name}`]),
  ...secretHeaders.flatMap((name) => [`headers["${name}"]`, `*.headers["${name}"]`]),
];

/** The last belt: whatever looks like a JWT or a password in a URL is cut from the finished line. */
const scrub = (line: string): string =>
  line
    .replace(/eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*){0,2}/g, mask)
    .replace(/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@"\\]{0,100}:)[^\s@"\\]{1,200}@/gi, `$1${mask}@`);

const clip = (value: unknown): unknown =>
  typeof value === 'string' && value.length > longestValue ? `${value.slice(0, longestValue)}…` : value;

/** A logger of JSON lines, one per outcome, to standard output unless told otherwise. */
export function createLogger(level: string, destination: DestinationStream = createLogSink()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redactedPaths, censor: mask },
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clip(value)])),
      },
      hooks: { streamWrite: scrub },
    },
    destination,
  );
}
