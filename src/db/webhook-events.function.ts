/**
 * Stores deliveries of several workspaces in one round trip. Answers for each, in the order given, how often it came
 * within its window; null when its installation is not active, or its token not the one that counts for the path.
 *
 * The bytes come one after the other in `p_raw`. Rows are written in the order of their key, so that two processes
 * cannot wait for each other. What the caller took for JSON and Postgres does not is quarantined: one delivery never
 * fails the others.
 */
export const storeDeliveriesFunction = `
create or replace function store_deliveries(p_deliveries json, p_raw bytea) returns int[]
language plpgsql as $$
declare
  moment timestamptz := clock_timestamp();
  delivery record;
  content jsonb;
  fault text;
  counted int;
  counts int[] := array_fill(null::int, array[json_array_length(p_deliveries)]);
begin
  for delivery in
    select d.*, b.raw, sha256(b.raw) as hash
    from (
      select d.*, ordinality::int as place, sum(d.bytes) over (order by ordinality) - d.bytes as skipped
      from rows from (json_to_recordset(p_deliveries) as (workspace text, addon text, path text, digest text, event text,
        bytes int, body text, fault text, headers jsonb, request text)) with ordinality as d
    ) d, lateral (select substring(p_raw from d.skipped::int + 1 for d.bytes) as raw) b
    order by d.workspace, d.addon, d.event, hash
  loop
    perform set_config('app.workspace_id', delivery.workspace, true);
    fault := delivery.fault;
    begin
      content := case when fault is null then convert_from(delivery.raw, 'UTF8') else delivery.body end::jsonb;
    exception when data_exception or statement_too_complex then
      content := null;
      fault := 'not_storable';
    end;

    insert into webhook_events as e (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers,
        received_at, last_received_at, state, due_at, reason, request_id)
      select delivery.workspace, delivery.addon, delivery.event, delivery.hash,
        date_bin('10 minutes', moment, 'epoch'), delivery.raw, content, delivery.headers, moment, moment,
        case when fault is null then 'received' else 'quarantined' end, moment, fault, delivery.request
      from installations i join webhook_registrations r on r.workspace_id = i.workspace_id and r.addon_id = i.addon_id
      where i.workspace_id = delivery.workspace and i.addon_id = delivery.addon and i.status = 'active'
        and r.path = delivery.path and r.token_digest = delivery.digest
      on conflict (workspace_id, addon_id, event, window_start, body_hash) do update set
        deliveries = e.deliveries + 1,
        last_received_at = excluded.last_received_at,
        headers = excluded.headers,
        request_id = excluded.request_id,
        state = case when e.state = 'quarantined' then e.state else 'received' end,
        reason = case when e.state = 'quarantined' then e.reason end,
        due_at = excluded.due_at,
        attempts = 0
      returning e.deliveries into counted;
    counts[delivery.place] := counted;
  end loop;
  return counts;
end $$;`;

/** What decides about deliveries, for several installations in one round trip; one that is not known gives no row. */
export const findWebhookGatesFunction = `
create or replace function find_webhook_gates(p_workspaces text[], p_addons text[])
returns table (workspace text, addon text, status text, hooks jsonb)
language plpgsql as $$
begin
  for i in 1 .. cardinality(p_workspaces) loop
    perform set_config('app.workspace_id', p_workspaces[i], true);
    return query select n.workspace_id, n.addon_id, n.status, (
        select coalesce(jsonb_object_agg(r.path, jsonb_build_object('kind', r.kind, 'digest', r.token_digest)), '{}')
        from webhook_registrations r where r.workspace_id = n.workspace_id and r.addon_id = n.addon_id)
      from installations n where n.workspace_id = p_workspaces[i] and n.addon_id = p_addons[i];
  end loop;
end $$;`;
