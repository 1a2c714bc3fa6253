export const regions = ['global', 'euc1', 'use2', 'euw2', 'apse2', 'developer'] as const;

export type Region = (typeof regions)[number];

export const isRegion = (name: string): name is Region => (regions as readonly string[]).includes(name);

/** Where a workspace is served from. */
export interface ClockifyHosts {
  /** With its version. */
  readonly apiUrl: string;
  /** With its version. */
  readonly reportsUrl: string;
  /** As CLOCKIFY_ALLOWED_API_DOMAINS wants them: exactly these hosts. */
  readonly allowedDomains: readonly string[];
}

/** The documented bases; on the global one alone reports have a host of their own. */
export function hostsOfRegion(region: Region): ClockifyHosts {
  if (region === 'global') {
    return {
      apiUrl: 'https://api.clockify.me/api/v1',
      reportsUrl: 'https://reports.api.clockify.me/v1',
      allowedDomains: ['api.clockify.me', 'reports.api.clockify.me'],
    };
  }
  const host = `${region}.clockify.me`;
  return { ...hostsOfOrigin(`https://${host}`), allowedDomains: [host] };
}

/** A simulator has everything at one origin. */
export const hostsOfOrigin = (origin: string): ClockifyHosts => ({
  apiUrl: `${origin}/api/v1`,
  reportsUrl: `${origin}/report/v1`,
  allowedDomains: [origin],
});
