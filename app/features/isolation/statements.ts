/*
 * What is asked of the database server besides the tables, in statements that only read: harmless where they are refused,
 * and where a hole lets them through. tests/isolation adds those that would change something.
 */

/** Must fail, whoever asks. */
export const mustFail = {
  roles: [
    "set role anshi_owner",
    "set role postgres",
    "set local role pg_read_all_data",
    "set session authorization anshi_owner",
    "set session authorization postgres",
    "select set_config('role', 'anshi_owner', true)",
    "select set_config('session_authorization', 'postgres', true)",
  ],
  files: [
    "select pg_read_file('/etc/hostname')",
    "select pg_read_binary_file('postgresql.conf')",
    "select * from pg_ls_dir('.')",
    "select * from pg_ls_logdir()",
    "select * from pg_ls_waldir()",
    "select pg_stat_file('postgresql.conf')",
  ],
  secrets: [
    "select * from pg_authid",
    "select * from pg_shadow",
    "select * from pg_user_mapping",
    "select * from pg_hba_file_rules",
    "select * from pg_file_settings",
    "select * from pg_largeobject",
    "select * from pg_subscription",
    "select * from pg_statistic",
    "select * from pg_statistic_ext_data",
    "select * from pg_config()",
    "select * from pg_show_all_file_settings()",
    "select * from pg_replication_origin_status",
  ],
  queue: ["select 1 from graphile_worker._private_jobs", "select 1 from graphile_worker.jobs"],
} as const;

/** Tables of schema `auth`: nobody reads them, not even who signs people in; functions answer for them. */
export const signInTables = [
  "users",
  "memberships",
  "sessions",
  "api_tokens",
  "sign_in_attempts",
  "attempts_under_way",
  "mails",
  "invitations",
  "password_resets",
  "totp",
  "passkeys",
  "recovery_codes",
  "pending_sign_ins",
  "challenges",
  "held_forms",
  "identities",
  "rate_points",
  "known_addresses",
] as const;

/** Runs, and must tell nothing. */
export const mustBeEmpty = [
  "select count(*) as n from pg_stats where schemaname in ('public', 'auth')",
  "select count(*) as n from pg_stats_ext",
  "select count(*) as n from pg_stat_activity where query ~ '(ans_[0-9a-f]{40}|''[0-9a-f]{40}'')' and pid <> pg_backend_pid()",
  "select count(*) as n from pg_stat_activity where usename not in ('anshi_app', 'anshi_auth') and query not in ('', '<insufficient privilege>')",
  "select count(*) as n from pg_stat_replication where client_addr is not null",
  "select count(*) as n from pg_stat_ssl where client_dn is not null",
  "select count(*) as n from pg_settings where name in ('data_directory', 'hba_file', 'config_file')",
  "select count(*) as n from pg_locks l join pg_class c on c.oid = l.relation where c.relnamespace = 'auth'::regnamespace and l.pid = pg_backend_pid() and l.mode <> 'AccessShareLock'",
  "select count(*) as n from pg_largeobject_metadata",
  "select count(*) as n from pg_cursors",
  "select count(*) as n from information_schema.role_table_grants where table_schema = 'auth' and grantee in ('anshi_app', 'anshi_auth', 'PUBLIC')",
] as const;
