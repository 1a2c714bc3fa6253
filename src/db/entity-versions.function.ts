/** Keeps what a row of the mirror was before its version changed; the mirror itself holds the newest version alone. */
export const keepEntityVersionFunction = `
create or replace function keep_entity_version() returns trigger language plpgsql as $$
begin
  insert into entity_versions (workspace_id, entity_type, entity_id, version, payload, hash, source, is_deleted,
    valid_from, valid_to)
  values (old.workspace_id, old.entity_type, old.entity_id, old.version, old.payload, old.hash, old.source,
    old.deleted_at is not null, old.changed_at, new.changed_at);
  return null;
end $$;`;

export const keepEntityVersionTrigger = `
create trigger keep_entity_version after update on workspace_data
for each row when (old.version is distinct from new.version) execute function keep_entity_version();`;
