import { AddonError } from '../domain/errors.ts';

/**
 * Refuses an address that a token must not be sent to. Patterns: an exact host, `*.` and a domain (its sub-domains),
 * both https only and on the default port; or an exact origin such as http://127.0.0.1:4010 for a simulator.
 * Compared is the parsed host name, because `new URL` turns many spellings into the same host.
 */
export function assertAllowedUrl(url: URL, allowed: readonly string[]): void {
  if (url.username !== '' || url.password !== '') throw refused(url);
  if (allowed.includes(url.origin)) return;
  if (url.protocol !== 'https:' || url.port !== '') throw refused(url);
  const host = url.hostname.replace(/\.$/, '');
  if (!allowed.some((pattern) => matchesHost(host, pattern))) throw refused(url);
}

const matchesHost = (host: string, pattern: string): boolean =>
  pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;

const refused = (url: URL): AddonError =>
  new AddonError('egress_refused', 'The address is not on the list of Clockify hosts.', { host: url.hostname });

/**
 * Fills a path template; a value can change its own segment and nothing else. `.` and `..` are refused because
 * encoding leaves them as they are, and the finished path is compared with the template once more.
 */
export function buildUrl(
  base: string,
  template: string,
  parameters: Readonly<Record<string, string>>,
  query: Readonly<Record<string, string>> = {},
): URL {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(name, parameters[name]));
  const url = new URL(base + path);
  const expected = new URL(base).pathname.replace(/\/$/, '') + path;
  if (url.pathname !== expected) throw new AddonError('invalid_request', 'A path parameter would change the path.');
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value);
  return url;
}

function encodeSegment(name: string, value: string | undefined): string {
  if (value === undefined || value === '' || value === '.' || value === '..' || /[\p{Cc}\p{Cs}\\/]/u.test(value)) {
    throw new AddonError('invalid_request', 'A path parameter is empty or not allowed.', { name });
  }
  return encodeURIComponent(value);
}
