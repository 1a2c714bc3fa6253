-- The roles and databases of the whole deployment. Safe to run again: makes what is missing, and sets the passwords.
--   psql -v owner_password=… -v app_password=… -v temporal_password=… -f roles.sql

select format('create role %I login', name)
from unnest(array['clockify_owner', 'clockify_addon', 'temporal']) as name
where not exists (select from pg_roles where rolname = name)
\gexec

-- Owns the schema and migrates it.
alter role clockify_owner with nosuperuser nobypassrls password :'owner_password';
-- Runs the add-on: row-level security must bind it.
alter role clockify_addon with nosuperuser nobypassrls nocreatedb nocreaterole password :'app_password';
alter role temporal with nosuperuser nobypassrls password :'temporal_password';

select format('create database %I owner %I', name, owner)
from (values ('clockify', 'clockify_owner'), ('temporal', 'temporal'), ('temporal_visibility', 'temporal'))
  as wanted (name, owner)
where not exists (select from pg_database where datname = name)
\gexec

revoke all on database clockify, temporal, temporal_visibility from public;
grant connect on database clockify to clockify_addon;

\connect clockify
alter default privileges for role clockify_owner in schema public
  grant select, insert, update, delete on tables to clockify_addon;
alter default privileges for role clockify_owner in schema public
  grant usage on sequences to clockify_addon;
