#!/usr/bin/env bash
# Runs once, in an empty database server: the three roles that log in, and the database. The product makes the rest.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U postgres -d postgres \
  -v owner="$OWNER_PASSWORD" -v auth="$AUTH_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
create role anshi_owner login createrole nosuperuser nobypassrls password :'owner';
create role anshi_auth login nosuperuser nobypassrls password :'auth';
create role anshi_app login nosuperuser nobypassrls password :'app';
create database anshi owner anshi_owner;
revoke all on database anshi from public;
grant connect on database anshi to anshi_app, anshi_auth;
revoke connect on database postgres, template1 from public;
SQL
