import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Inserts a second that Postgres commits one by one, with a body of the same size and nothing around it. */
export async function measureCommits(url: string, sessions: number, seconds: number, bytes: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: sessions });
  const body = Buffer.alloc(bytes, 0x78);
  let isOver = false;
  let commits = 0;
  await pool.query('create table if not exists bench_commits (id bigserial primary key, body bytea not null)');
  async function keepInserting(): Promise<void> {
    const client = await pool.connect();
    while (!isOver) {
      await client.query({ name: 'insert', text: 'insert into bench_commits (body) values ($1)', values: [body] });
      commits += 1;
    }
    client.release();
  }
  const work = Array.from({ length: sessions }, keepInserting);
  await sleep(seconds * 1_000);
  isOver = true;
  await Promise.all(work);
  await pool.query('drop table bench_commits');
  await pool.end();
  return commits / seconds;
}
