import type { Random } from './random.ts';

const first = [
  'Ana',
  'Björn',
  'Carla',
  'Dmitri',
  'Elif',
  'Femi',
  'Greta',
  'Hiro',
  'Inês',
  'Jonas',
  'Kavya',
  'Liam',
] as const;
const last = [
  'Petrović',
  'Okafor',
  'Schmidt',
  'García',
  'Nguyen',
  'Rossi',
  'Sato',
  'Novák',
  'Iyer',
  'O’Brien',
] as const;
const trade = ['Northwind', 'Bluebird', 'Harbour', 'Summit', 'Cedar', 'Orbit', 'Granite', 'Willow', 'Lantern'] as const;
const business = ['Logistics', 'Foods', 'Media', 'Energy', 'Clinics', 'Bank', 'Studios', 'Robotics', 'Travel'] as const;
const work = [
  'Website',
  'Mobile app',
  'Audit',
  'Campaign',
  'Migration',
  'Support',
  'Rebranding',
  'Integration',
] as const;
const step = [
  'Design',
  'Development',
  'Review',
  'Testing',
  'Planning',
  'Deployment',
  'Documentation',
  'Meetings',
] as const;
const activity = ['Fixed', 'Discussed', 'Prepared', 'Reviewed', 'Implemented', 'Analysed', 'Wrote', 'Tested'] as const;
const subject = [
  'the login page',
  'the monthly report',
  'a slow query',
  'the offer',
  'new wireframes',
  'an import',
] as const;
const colors = ['#03A9F4', '#E91E63', '#4CAF50', '#FF9800', '#9C27B0', '#795548', '#607D8B', '#F44336'] as const;

export const personName = (random: Random) => `${random.pick(first)} ${random.pick(last)}`;
export const companyName = (random: Random) => `${random.pick(trade)} ${random.pick(business)}`;
export const workName = (random: Random) => random.pick(work);
export const taskName = (random: Random) => random.pick(step);
export const activityNote = (random: Random) => `${random.pick(activity)} ${random.pick(subject)}`;
export const color = (random: Random) => random.pick(colors);

/** Names that break careless code: emoji joined from several code points, right-to-left scripts, quotes and brackets. */
export const awkwardNames = {
  emoji: '🚀 Launch 👩‍👩‍👧‍👦',
  arabic: 'مؤسسة النور',
  hebrew: 'נועה לוי',
  quoted: `O'Neil & "Sons"; -- 100%`,
  duplicate: 'Maya Cohen',
} as const;

/** 3,000 characters of four bytes each in UTF-8. */
export const longDescription = '🧭'.repeat(3_000);
