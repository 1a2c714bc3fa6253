/** One HTTP answer, complete before a byte of it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return bytes(JSON.stringify(value), 'application/json', status, headers);
}

export function bytes(
  body: string | Buffer,
  contentType: string,
  status = 200,
  headers: Record<string, string> = {},
): Reply {
  return { status, headers: { 'content-type': contentType, ...headers }, body: Buffer.from(body) };
}

export function empty(status: number): Reply {
  return { status, headers: {}, body: Buffer.alloc(0) };
}

/** Thrown anywhere below the request handler to answer with something else than the resource. */
export class Refusal extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

/** The platform's error body; `code` is numeric and absent on some refusals. */
export function refuse(
  status: number,
  code: number | null,
  message: string,
  headers: Record<string, string> = {},
): Refusal {
  return new Refusal(json(code === null ? { message } : { message, code }, status, headers));
}

/** What a deleted, a foreign and an invented id have in common: one 400, never a 404. */
export function notInWorkspace(what: string): Refusal {
  return refuse(400, 501, `${what} doesn't belong to Workspace`);
}
