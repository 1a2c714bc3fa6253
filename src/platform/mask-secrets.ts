export const mask = '[secret]';

/** In lower case. */
const secretNames = new Set([
  'token',
  'authtoken',
  'auth_token',
  'apikey',
  'password',
  'secret',
  'authorization',
  'cookie',
  'x-addon-token',
  'x-api-key',
  'x-addon-lifecycle-token',
  'clockify-signature',
]);

/** Deeper than anything that is worth a line, and the end of every circle. */
const deepest = 6;

export const isSecretName = (name: string): boolean => secretNames.has(name.toLowerCase());

/**
 * A value as it may be logged: what bears the name of a secret is masked, in any letter case and at any depth. Values
 * that say themselves how they are written stay as they are.
 */
export function maskSecrets(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return value;
  if (depth === deepest) return '[…]';
  if (Array.isArray(value)) return value.map((item: unknown) => maskSecrets(item, depth + 1));
  const masked: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    masked[name] = isSecretName(name) ? mask : maskSecrets(member, depth + 1);
  }
  return masked;
}
