#!/usr/bin/env bash
# Roles that log in, and the database. The product makes the rest. Run once, as a superuser of the server: the image of
# PostgreSQL does so in an empty one; by hand, PGHOST, PGPORT, PGUSER and PGPASSWORD say where. Run again it brings roles
# that are there to what they should be, and leaves passwords alone that are not given.
#   OWNER_PASSWORD   migrations
#   AUTH_PASSWORD    sign-in and jobs
#   APP_PASSWORD     requests
#   BACKUP_PASSWORD  dumps: reads past every policy and can write nothing. Without it the role cannot sign in.
# NOINHERIT: a request takes its level's role, and has no right before it does. From PostgreSQL 16 on the product says so
# with each membership; in 15 only the role itself can.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -q -U "${PGUSER:-${POSTGRES_USER:-postgres}}" -d postgres \
  -v owner="${OWNER_PASSWORD:-}" -v auth="${AUTH_PASSWORD:-}" -v app="${APP_PASSWORD:-}" -v backup="${BACKUP_PASSWORD:-}" <<'SQL'
set client_min_messages = warning;
select format('create role %I', name) from unnest(array['anshi_owner', 'anshi_auth', 'anshi_app', 'anshi_backup']) name
  where not exists (select from pg_roles where rolname = name) \gexec
alter role anshi_owner login createrole nosuperuser nobypassrls nocreatedb noreplication;
alter role anshi_auth login nocreaterole noinherit nosuperuser nobypassrls nocreatedb noreplication;
alter role anshi_app login nocreaterole noinherit nosuperuser nobypassrls nocreatedb noreplication;
alter role anshi_backup login nocreaterole nosuperuser bypassrls nocreatedb noreplication;
alter role anshi_backup set default_transaction_read_only = on;
grant pg_read_all_data to anshi_backup;
select format('alter role %I password %L', name, secret)
  from (values ('anshi_owner', :'owner'), ('anshi_auth', :'auth'), ('anshi_app', :'app'), ('anshi_backup', :'backup')) p (name, secret)
  where secret <> '' \gexec
select 'create database anshi owner anshi_owner' where not exists (select from pg_database where datname = 'anshi') \gexec
revoke all on database anshi from public;
grant connect on database anshi to anshi_app, anshi_auth, anshi_backup;
revoke connect on database postgres, template1 from public;
SQL
