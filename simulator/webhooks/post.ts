import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

const keptBytes = 1024;

interface Answer {
  readonly status: number;
  /** The first 1 KiB. */
  readonly body: string;
}

/** Posts over connections that stay open, and follows no redirect. */
export function createPoster(sockets: number) {
  const options = { keepAlive: true, maxSockets: sockets, scheduling: 'fifo' } as const;
  const http = new HttpAgent(options);
  const https = new HttpsAgent(options);

  return {
    /** Null when no complete answer came in time, or the message cannot be sent at all. */
    post(
      url: string,
      message: { readonly headers: Record<string, string>; readonly body: Buffer; readonly timeoutMs: number },
    ): Promise<Answer | null> {
      const { headers, body, timeoutMs } = message;
      const answered = new Promise<Answer | null>((resolve) => {
        const isSecure = url.startsWith('https:');
        const call = (isSecure ? httpsRequest : httpRequest)(url, {
          method: 'POST',
          agent: isSecure ? https : http,
          headers: { ...headers, 'content-length': body.length },
        });
        const deadline = setTimeout(() => call.destroy(), timeoutMs);
        const fail = () => resolve(null);
        call.once('error', fail);
        call.once('close', () => clearTimeout(deadline));
        call.once('response', (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            if (text.length < keptBytes) text = (text + chunk).slice(0, keptBytes);
          });
          response.once('error', fail);
          response.once('close', fail);
          response.once('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        });
        call.end(body);
      });
      return answered.catch(() => null);
    },
    close(): void {
      http.destroy();
      https.destroy();
    },
  };
}

export type Poster = ReturnType<typeof createPoster>;
