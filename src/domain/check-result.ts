import type { CheckName, CheckResult } from './diagnosis.ts';

export const ok = (check: CheckName, finding: string): CheckResult => ({ check, state: 'ok', finding, remedy: null });

export const warning = (check: CheckName, finding: string, remedy: string): CheckResult => ({
  check,
  state: 'warning',
  finding,
  remedy,
});

export const failed = (check: CheckName, finding: string, remedy: string): CheckResult => ({
  check,
  state: 'failed',
  finding,
  remedy,
});

export const unknown = (check: CheckName, finding: string, remedy: string | null = null): CheckResult => ({
  check,
  state: 'unknown',
  finding,
  remedy,
});
