/** Notes with each change of a delivery when it was made; by the clock, since a transaction may take a while. */
export const noteDeliveryChangeFunction = `
create or replace function note_delivery_change() returns trigger language plpgsql as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end $$;`;

export const noteDeliveryChangeTrigger = `
create trigger note_delivery_change before update on webhook_events
  for each row execute function note_delivery_change();`;
