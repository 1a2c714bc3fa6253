import { operations, type Base, type Operation } from './operations.ts';

export type Match =
  | { readonly kind: 'operation'; readonly operation: Operation; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-verb'; readonly allow: string }
  | { readonly kind: 'unknown' };

interface Pattern {
  readonly segments: readonly string[];
  readonly operations: Operation[];
}

/** `/api/addon` before `/api`: the first prefix that fits names the base. */
const prefixes: readonly (readonly [string, Base])[] = [
  ['/api/addon', 'addon'],
  ['/api', 'api'],
  ['/report', 'reports'],
  ['/pto', 'pto'],
];

const patterns = compilePatterns();

/** Finds the documented operation of a request by base, path and verb; literal segments win over parameters. */
export function matchOperation(method: string, pathname: string): Match {
  const prefix = prefixes.find(([start]) => pathname.startsWith(`${start}/`));
  if (prefix === undefined) return { kind: 'unknown' };
  const segments = pathname.slice(prefix[0].length + 1).split('/');
  const pattern = patterns[prefix[1]].find((candidate) => fits(candidate.segments, segments));
  if (pattern === undefined) return { kind: 'unknown' };
  const operation = pattern.operations.find((candidate) => candidate.method === method);
  if (operation === undefined) {
    return { kind: 'wrong-verb', allow: pattern.operations.map((candidate) => candidate.method).join(',') };
  }
  return { kind: 'operation', operation, params: readParams(operation, segments) };
}

function compilePatterns(): Record<Base, readonly Pattern[]> {
  const byBase: Record<Base, Pattern[]> = { api: [], reports: [], pto: [], addon: [] };
  for (const operation of operations) {
    const segments = operation.path.slice(1).split('/');
    const shape = shapeOf(segments);
    const known = byBase[operation.base].find((pattern) => shapeOf(pattern.segments) === shape);
    if (known !== undefined) known.operations.push(operation);
    else byBase[operation.base].push({ segments, operations: [operation] });
  }
  for (const list of Object.values(byBase)) list.sort((a, b) => compareText(rank(a.segments), rank(b.segments)));
  return byBase;
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

/** Two templates that differ in parameter names only are one path. */
function shapeOf(segments: readonly string[]): string {
  return segments.map((segment) => (isParameter(segment) ? '{}' : segment)).join('/');
}

function rank(segments: readonly string[]): string {
  return segments.map((segment) => (isParameter(segment) ? '1' : '0')).join('');
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, index) => (isParameter(part) ? segments[index] !== '' : part === segments[index]));
}

function readParams(operation: Operation, segments: readonly string[]): Record<string, string> {
  const names = operation.path.slice(1).split('/');
  const params: Record<string, string> = {};
  names.forEach((name, index) => {
    if (isParameter(name)) params[name.slice(1, -1)] = decode(segments[index] ?? '');
  });
  return params;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
