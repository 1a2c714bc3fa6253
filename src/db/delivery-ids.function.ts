import { idPaths } from '../domain/event-targets.ts';

/** SQL for the ids that a body names. They are short: a text that is not is cut, and then is none. */
export const idsOf = (body: string): string => {
  const members = Object.entries(idPaths).map(
    ([name, path]) => `'${name}', left(${body} #>> '{${path.join(',')}}', 32)`,
  );
  return `jsonb_build_object(${members.join(', ')})`;
};

/** Notes once what a delivery is about, so that a large body is not unpacked each time somebody looks what is due. */
export const noteDeliveryIdsFunction = `
create or replace function note_delivery_ids() returns trigger language plpgsql as $$
begin
  new.ids := ${idsOf('new.body')};
  return new;
end $$;`;

export const noteDeliveryIdsTrigger = `
create trigger note_delivery_ids before insert on webhook_events
  for each row execute function note_delivery_ids();`;
