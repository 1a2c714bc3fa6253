/** How slots were taken before there were lanes; only migrations name it. */
export const takeSlotFunctionV1 = `
create or replace function take_slot(
  p_workspace text, p_interval interval, p_hourly_limit int, p_max_wait interval, p_answered bigint[])
returns table (granted boolean, wait_ms float8, slot_at timestamptz, number bigint, refusals int)
language plpgsql as $$
declare
  budget rate_limits;
  moment timestamptz;
  slot timestamptz;
  quota int;
  answer bigint;
begin
  perform set_config('app.workspace_id', p_workspace, true);
  insert into rate_limits
      (workspace_id, next_slot_at, grants, answered_at, recent_grants, hour_started_at, hour_grants, refusals)
    values (p_workspace, clock_timestamp(), 0, array_fill('-infinity'::timestamptz, array[50]), '{}',
      clock_timestamp(), 0, 0) on conflict do nothing;
  select * into budget from rate_limits where workspace_id = p_workspace for update;
  moment := clock_timestamp();
  foreach answer in array p_answered loop
    if answer > budget.grants - 50 then budget.answered_at[answer % 50 + 1] := moment; end if;
  end loop;
  budget.grants := budget.grants + 1;
  slot := greatest(budget.next_slot_at, moment,
    coalesce(budget.answered_at[budget.grants % 50 + 1], moment) + interval '1 second');
  quota := least(p_hourly_limit, budget.hourly_limit);
  if cardinality(budget.recent_grants) >= quota then
    slot := greatest(slot, budget.recent_grants[cardinality(budget.recent_grants) - quota + 1] + interval '1 hour');
  end if;
  if slot - moment > p_max_wait then
    update rate_limits r set answered_at = budget.answered_at where r.workspace_id = p_workspace;
    return query select false, extract(epoch from slot - moment)::float8 * 1000, slot, budget.grants, budget.refusals;
    return;
  end if;
  budget.answered_at[budget.grants % 50 + 1] := null;
  update rate_limits r set
    next_slot_at = slot + case when budget.refusals > 0 then greatest(p_interval, interval '1 second') else p_interval end,
    grants = budget.grants,
    answered_at = budget.answered_at,
    recent_grants = case when quota is null then '{}'::timestamptz[]
      else (budget.recent_grants || slot)[greatest(1, cardinality(budget.recent_grants) + 2 - quota):] end,
    hour_started_at = case when moment > budget.hour_started_at + interval '1 hour' then moment else budget.hour_started_at end,
    hour_grants = case when moment > budget.hour_started_at + interval '1 hour' then 1 else budget.hour_grants + 1 end
    where r.workspace_id = p_workspace;
  return query select true, extract(epoch from slot - moment)::float8 * 1000, slot, budget.grants, budget.refusals;
end $$;`;
