import type { LiveFact, OperationFact } from './facts.ts';

const sources: Readonly<Record<string, string>> = {
  'official-new': 'both',
  'official-new (not in older spec)': 'newest',
  'official-old-only': 'older',
};

const pagingStyles: Readonly<Record<string, string>> = {
  'query page(1-based)+page-size': 'page-size',
  'query page(1-based)+pageSize': 'pageSize',
  'query page(0-based)+limit': 'limit',
  'query page(0-based)+size': 'size',
  body: 'body',
  'none (page params ignored, full collection every time)': 'none',
};

const addonTokenAccess = [
  { evidence: /^ok-live/, access: 'open' },
  { evidence: /^(no|blocked-live)\b/, access: 'closed' },
  { evidence: /^unverified$/, access: 'unverified' },
] as const;

/** The `x-` members of an operation. Throws on evidence outside the known sets: a guess would become behaviour. */
export function buildAnnotations(fact: OperationFact): Record<string, unknown> {
  return {
    'x-base': fact.base,
    ...(fact.scope.name !== null && { 'x-scope': fact.scope.name }),
    ...(fact.experimental && { 'x-experimental': true }),
    'x-addon-token': readAddonTokenAccess(fact.live),
    'x-source': lookUp(sources, fact.source),
    ...(fact.live.pagination !== undefined && { 'x-paging': buildPaging(fact.live, fact.live.pagination) }),
  };
}

function buildPaging(live: LiveFact, pagination: string): Record<string, unknown> {
  return {
    style: lookUp(pagingStyles, pagination),
    lastPageHeader: live.lastPageHeader ?? false,
    ...(live.itemsPath !== undefined && { itemsPath: live.itemsPath }),
    ...(live.countPath !== undefined && { countPath: live.countPath }),
  };
}

function readAddonTokenAccess({ addonToken }: LiveFact): string {
  const known = addonTokenAccess.find(({ evidence }) => evidence.test(addonToken));
  if (known === undefined) throw new Error(`Unknown evidence of add-on token access: ${addonToken}`);
  return known.access;
}

function lookUp(table: Readonly<Record<string, string>>, fact: string): string {
  const value = table[fact];
  if (value === undefined) throw new Error(`Unknown fact: ${fact}`);
  return value;
}
