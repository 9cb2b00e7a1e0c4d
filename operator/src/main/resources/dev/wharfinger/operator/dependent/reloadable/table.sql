-- Writes the table of a major version, in columns: name, type, unit, smallest, largest, words. Run it on a server of that
-- version, with psql -XAt -F "$(printf '\t')". Left out are settings of postgresql.parameters that are refused, and those
-- whose value a server of this kind could still refuse: they restart the server, which says so.
select lower(name), vartype, coalesce(unit, ''),
  -- Below two segments the server reads it, and does not start the next time.
  case when name ~ '^(min|max)_wal_size$' then '32' else coalesce(min_val, '') end,
  coalesce(max_val, ''), coalesce(array_to_string(enumvals, ','), '')
from pg_settings
where context not in ('internal', 'postmaster') and vartype <> 'string' and name !~ '[.]'
  and name !~ '^(fsync|full_page_writes|synchronous_commit|data_sync_retry|zero_damaged_pages|ignore_.*)$'
  and name !~ '^(password_encryption|db_user_namespace|(ssl|krb|unix_socket|archive|primary|recovery_target)(_.*)?)$'
  and name !~ '^(transaction_(deferrable|isolation|read_only)|log_.*_stats|max_stack_depth|summarize_wal|session_.*)$'
  and name !~ '^(wal_(compression|sync_method)|default_toast_compression|file_(copy|extend)_method|io_.*|temp_buffers)$'
  and name !~ '^((allow|debug|trace|syslog|wal_receiver|send_abort|recovery|sync_replication)_.*|(pre|post)_auth_delay)$'
  and name !~ '^(jit_(debugging|dump|profiling).*|exit_on_error|force_parallel_mode|log_file_mode|autovacuum_max_workers)$'
  and name !~ '^(vacuum_buffer_usage_limit|event_triggers|icu_validation_level|hot_standby.*|restart_after_crash)$'
order by 1
