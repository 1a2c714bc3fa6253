/** The log of orders only grows: nothing changes a line, and only the purge of its installation takes it away. */
export const keepOperatorActionsFunction = `
create or replace function keep_operator_actions() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('app.purging', true) = old.workspace_id || ':' || old.addon_id then
    return old;
  end if;
  raise exception 'operator_actions is append-only' using errcode = 'restrict_violation';
end $$;`;

export const keepOperatorActionsTrigger = `
create trigger keep_operator_actions before update or delete on operator_actions
for each row execute function keep_operator_actions();`;
