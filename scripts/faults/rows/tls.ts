import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { onePageEach, order } from './steps.ts';

const run = promisify(execFile);
const host = 'api.clockify.test';
/** A loopback address of its own, for tokens go to port 443 alone. */
const address = '127.0.0.43';
const watchedMs = 8_000;

interface Certificate {
  readonly name: string;
  readonly days: number;
  /** Signed by an authority that the worker trusts. */
  readonly isTrusted: boolean;
}

async function openssl(directory: string, ...args: string[]): Promise<void> {
  await run('openssl', args, { cwd: directory });
}

/** An authority that workers trust, and a server certificate that is wrong in one way. */
async function makeCertificate(directory: string, { name, days, isTrusted }: Certificate): Promise<void> {
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  for (const authority of ['trusted', 'unknown']) {
    const files = ['-keyout', `${authority}.key`, '-out', `${authority}.pem`];
    await openssl(directory, 'req', '-x509', ...key, ...files, '-subj', `/CN=${authority}`, '-days', '2');
  }
  await writeFile(join(directory, 'names'), `subjectAltName=DNS:${name}`);
  await openssl(directory, 'req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${name}`);
  const authority = isTrusted ? 'trusted' : 'unknown';
  const signed = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-extfile', 'names'];
  const files = ['-in', 'server.csr', '-out', 'server.pem'];
  await openssl(directory, 'x509', '-req', ...files, ...signed, '-days', String(days));
}

async function listen(directory: string, requests: string[]): Promise<Server> {
  const [key, cert] = await Promise.all([
    readFile(join(directory, 'server.key')),
    readFile(join(directory, 'server.pem')),
  ]);
  const server = createServer({ key, cert }, (request, response) => {
    requests.push(String(request.url));
    response.writeHead(500).end();
  });
  await once(server.listen(443, address), 'listening');
  return server;
}

/** A worker that finds the host at our address, and trusts our authority. */
async function startInHosts({ stack }: Scene, directory: string): Promise<void> {
  const hosts = join(directory, 'hosts');
  await writeFile(hosts, `127.0.0.1 localhost\n${address} ${host}\n`);
  const prefix = ['unshare', '-m', '/bin/sh', '-c', `mount --bind ${hosts} /etc/hosts && exec "$@"`, 'sh'];
  const env = {
    CLOCKIFY_ALLOWED_API_DOMAINS: `${host},${stack.simulator.url}`,
    NODE_EXTRA_CA_CERTS: join(directory, 'trusted.pem'),
  };
  for (const worker of stack.workers) {
    await worker.stop('SIGTERM');
    await worker.start({ prefix, env });
  }
}

const setApiUrl = ({ stack, workspaceId }: Scene, url: string): Promise<object[]> =>
  stack.rows('update installations set api_url = $2 where workspace_id = $1', [workspaceId, url]);

const wrong = (moment: string, certificate: Certificate): FaultCell => ({
  moment,
  needs: ['mount', 'openssl'],
  async inject(scene) {
    const { stack } = scene;
    const directory = join(stack.directory, `tls-${scene.workspaceId}`);
    await run('mkdir', ['-p', directory]);
    await makeCertificate(directory, certificate);
    const requests: string[] = [];
    const server = await listen(directory, requests);
    let handshakes = 0;
    server.on('tlsClientError', () => handshakes++).on('secureConnection', () => handshakes++);
    try {
      await order(scene, 'pause');
      await startInHosts(scene, directory);
      // An order may make the API ask Clockify for the role of who gives it, so it comes first.
      await order(scene, 'resume');
      await setApiUrl(scene, `https://${host}/api/v1`);
      await scene.until(() => handshakes > 0);
      await sleep(watchedMs);
      await setApiUrl(scene, `${stack.simulator.url}/api/v1`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
    if (requests.length > 0) throw new Error(`${requests.length} requests were sent with a token`);
  },
  accept: { refetched: 2 * onePageEach },
});

export const tlsRows: readonly FaultRow[] = [
  {
    row: 51,
    fault: 'the certificate of Clockify is wrong',
    cells: [
      wrong('of an authority that nobody knows', { name: host, days: 2, isTrusted: false }),
      wrong('of another host', { name: 'other.test', days: 2, isTrusted: true }),
      wrong('expired', { name: host, days: -1, isTrusted: true }),
    ],
  },
];
