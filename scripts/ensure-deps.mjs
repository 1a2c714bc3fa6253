// Plain JavaScript: the first run happens on the machine's own Node, before Node 24 is installed.
// Installs only when package.json or the lock changed since the last install.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const stampFile = 'node_modules/.deps-stamp';
const turnFile = '.deps-turn';
const wanted = ['package.json', 'package-lock.json']
  .reduce((hash, file) => hash.update(readFileSync(file)), createHash('sha256'))
  .digest('hex');
const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two installs at once leave a folder that neither of them meant; a turn whose holder has died is free. */
function takeTurn() {
  try {
    writeFileSync(turnFile, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const holder = existsSync(turnFile) ? Number(readFileSync(turnFile, 'utf8')) : Number.NaN;
    if (holder > 0 && !isAlive(holder)) rmSync(turnFile, { force: true });
    return false;
  }
}

while (!isInstalled()) {
  if (!takeTurn()) {
    await sleep(500);
    continue;
  }
  try {
    if (isInstalled()) break;
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: 'inherit' });
    writeFileSync(stampFile, wanted);
  } finally {
    rmSync(turnFile, { force: true });
  }
}
