/**
 * Takes the next slot of a workspace: GCRA as one locked row, on the database's clock, in one round trip. A slot
 * further away than `p_max_wait` is not taken. After a 429 one slot a second is granted until an answer is good again.
 * An hourly limit counts the grants of the last hour exactly.
 */
export const takeSlotFunction = `
create or replace function take_slot(p_workspace text, p_interval interval, p_hourly_limit int, p_max_wait interval)
returns table (granted boolean, wait_ms float8, slot_at timestamptz, refusals int)
language plpgsql as $$
declare
  budget rate_limits;
  moment timestamptz;
  slot timestamptz;
  quota int;
begin
  perform set_config('app.workspace_id', p_workspace, true);
  insert into rate_limits (workspace_id, next_slot_at, recent_grants, hour_started_at, hour_grants, refusals)
    values (p_workspace, clock_timestamp(), '{}', clock_timestamp(), 0, 0) on conflict do nothing;
  select * into budget from rate_limits where workspace_id = p_workspace for update;
  moment := clock_timestamp();
  slot := greatest(budget.next_slot_at, moment);
  quota := least(p_hourly_limit, budget.hourly_limit);
  if cardinality(budget.recent_grants) >= quota then
    slot := greatest(slot, budget.recent_grants[cardinality(budget.recent_grants) - quota + 1] + interval '1 hour');
  end if;
  if slot - moment > p_max_wait then
    return query select false, extract(epoch from slot - moment)::float8 * 1000, slot, budget.refusals;
    return;
  end if;
  update rate_limits r set
    next_slot_at = slot + case when budget.refusals > 0 then greatest(p_interval, interval '1 second') else p_interval end,
    recent_grants = case when quota is null then '{}'::timestamptz[]
      else (budget.recent_grants || slot)[greatest(1, cardinality(budget.recent_grants) + 2 - quota):] end,
    hour_started_at = case when moment > budget.hour_started_at + interval '1 hour' then moment else budget.hour_started_at end,
    hour_grants = case when moment > budget.hour_started_at + interval '1 hour' then 1 else budget.hour_grants + 1 end
    where r.workspace_id = p_workspace;
  return query select true, extract(epoch from slot - moment)::float8 * 1000, slot, budget.refusals;
end $$;`;
