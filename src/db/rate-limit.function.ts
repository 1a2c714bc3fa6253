/**
 * Takes a slot for a workspace: one locked row, on the database's clock, in one round trip.
 *
 * Each of two lanes has its own line of slots, an interval apart: `bulk` for page loops, `interactive` for calls that
 * somebody waits for. After a 429 both share one line of one slot a second until an answer is good again.
 *
 * Whatever happens between us and Clockify, no second ever holds more than 50 requests there. A request holds one of 50
 * places from its grant until a second after its answer, so two holders of a place arrive at least a second apart, and
 * of any 51 requests two held the same place. Answers are reported with a later call. A request without one is given up
 * 31 seconds after its slot: it left at most a second late and ended within 30. Bulk leaves the place that is free first
 * to interactive calls, and the first four while there are such calls.
 *
 * An hourly limit counts the grants of the last hour exactly; bulk leaves a tenth of it. A slot further away than
 * `p_max_wait` is not taken; below zero none is, and a workspace without a row gets none. A clock that was set back
 * takes all times with it, so that nobody waits for it.
 */
export const takeSlotFunction = `
create or replace function take_slot(
  p_workspace text, p_lane text, p_interval interval, p_hourly_limit int, p_max_wait interval, p_answered bigint[])
returns table (granted boolean, wait_ms float8, slot_at timestamptz, number bigint, refusals int,
  used float8, hourly_used float8)
language plpgsql as $$
declare
  budget rate_limits;
  moment timestamptz;
  back interval;
  answer bigint;
  place int;
  is_held boolean;
  free_at timestamptz;
  opens_at timestamptz;
  is_slow boolean;
  pace interval;
  quota int;
  share int;
begin
  perform set_config('app.workspace_id', p_workspace, true);
  if p_max_wait >= interval '0' then
    insert into rate_limits (workspace_id, next_slot_at, interactive_slot_at, grants, answered_at, holders,
        recent_grants, hour_started_at, hour_grants, refusals, seen_at)
      values (p_workspace, clock_timestamp(), '-infinity', 0, array_fill('-infinity'::timestamptz, array[50]),
        array_fill(0::bigint, array[50]), '{}', clock_timestamp(), 0, 0, clock_timestamp()) on conflict do nothing;
  end if;
  select * into budget from rate_limits where workspace_id = p_workspace for update;
  if not found then
    return query select false, 0::float8, clock_timestamp(), 0::bigint, 0, 0::float8, null::float8;
    return;
  end if;
  moment := clock_timestamp();
  if moment < budget.seen_at then
    back := budget.seen_at - moment;
    budget.next_slot_at := budget.next_slot_at - back;
    budget.interactive_slot_at := budget.interactive_slot_at - back;
    budget.paused_until := budget.paused_until - back;
    budget.hour_started_at := budget.hour_started_at - back;
    budget.answered_at := array(select at - back from unnest(budget.answered_at) with ordinality as t (at, i) order by i);
    budget.recent_grants := array(select at - back from unnest(budget.recent_grants) with ordinality as t (at, i) order by i);
  end if;

  foreach answer in array p_answered loop
    place := array_position(budget.holders, answer);
    if place is not null then
      budget.holders[place] := 0;
      budget.answered_at[place] := moment;
    end if;
  end loop;
  select index, holder <> 0 and at > moment, coalesce(at, moment) + interval '1 second' into place, is_held, free_at
    from unnest(budget.answered_at, budget.holders) with ordinality as places (at, holder, index)
    order by at, index limit 1 offset case when p_lane <> 'bulk' then 0
      when budget.interactive_slot_at > moment - interval '2 seconds' then 4 else 1 end;

  if is_held then free_at := moment + interval '1 second'; end if;

  opens_at := greatest(moment, budget.paused_until);
  is_slow := budget.refusals > 0 or opens_at > moment;
  pace := case when is_slow then greatest(p_interval, interval '1 second') else p_interval end;
  slot_at := greatest(opens_at, free_at,
    case when p_lane = 'bulk' or is_slow then budget.next_slot_at end,
    case when p_lane <> 'bulk' or is_slow then budget.interactive_slot_at end);
  quota := least(p_hourly_limit, budget.hourly_limit);
  share := case when p_lane = 'bulk' then quota - quota / 10 else quota end;
  if cardinality(budget.recent_grants) >= share then
    slot_at := greatest(slot_at,
      budget.recent_grants[cardinality(budget.recent_grants) - share + 1] + interval '1 hour');
  end if;

  granted := not is_held and slot_at - moment <= p_max_wait;
  if granted then
    budget.grants := budget.grants + 1;
    budget.holders[place] := budget.grants;
    budget.answered_at[place] := slot_at + interval '31 seconds';
    if p_lane = 'bulk' then budget.next_slot_at := slot_at + pace; else budget.interactive_slot_at := slot_at + pace; end if;
    budget.recent_grants := case when quota is null then '{}'::timestamptz[]
      else (budget.recent_grants || greatest(slot_at, budget.recent_grants[cardinality(budget.recent_grants)]))
        [greatest(1, cardinality(budget.recent_grants) + 2 - quota):] end;
    if moment > budget.hour_started_at + interval '1 hour' then
      budget.hour_started_at := moment;
      budget.hour_grants := 0;
    end if;
    budget.hour_grants := budget.hour_grants + 1;
  end if;
  update rate_limits r set
    next_slot_at = budget.next_slot_at,
    interactive_slot_at = budget.interactive_slot_at,
    paused_until = budget.paused_until,
    seen_at = moment,
    grants = budget.grants,
    answered_at = budget.answered_at,
    holders = budget.holders,
    recent_grants = budget.recent_grants,
    hour_started_at = budget.hour_started_at,
    hour_grants = budget.hour_grants
    where r.workspace_id = p_workspace;

  wait_ms := extract(epoch from slot_at - moment)::float8 * 1000;
  number := case when granted then budget.grants else 0 end;
  refusals := budget.refusals;
  used := (select count(*) from unnest(budget.answered_at) at where at > moment - interval '1 second') / 50.0;
  hourly_used := (select count(*) from unnest(budget.recent_grants) at where at > moment - interval '1 hour')
    / quota::float8;
  return next;
end $$;`;

/** The form that code from before the lanes calls while it still runs beside ours: all of it counts as bulk. */
export const takeSlotWithoutLaneFunction = `
create or replace function take_slot(
  p_workspace text, p_interval interval, p_hourly_limit int, p_max_wait interval, p_answered bigint[])
returns table (granted boolean, wait_ms float8, slot_at timestamptz, number bigint, refusals int)
language sql as $$
  select granted, wait_ms, slot_at, number, refusals
  from take_slot(p_workspace, 'bulk', p_interval, p_hourly_limit, p_max_wait, p_answered);
$$;`;
