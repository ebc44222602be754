-- The two roles of a PostgreSQL 15 or newer, and one database with the right privileges for them:
--   eds_owner  owns the tables and migrates them; may make databases (the tests copy theirs);
--   eds_app    the application: reads and writes rows, and can neither change a table nor empty one (TRUNCATE),
--              so that it cannot get round the triggers that keep rows append-only.
-- Run it with psql as a superuser. EDS_OWNER_PASSWORD and EDS_APP_PASSWORD come from the environment; the database
-- is eds, or what `-v database=…` says. Running it again is harmless, and sets the passwords anew.
\set ON_ERROR_STOP on
\getenv owner_password EDS_OWNER_PASSWORD
\getenv app_password EDS_APP_PASSWORD
\if :{?database}
\else
  \set database eds
\endif

SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['eds_owner', 'eds_app']) AS name
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE eds_owner LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE eds_app LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
-- Pages ask short questions: compiling one takes longer than answering it.
ALTER ROLE eds_app SET jit = off;
-- What one organisation's pages read lies scattered, in memory or on a disk without moving parts. With the default, made
-- for disks that turn, small tables are read whole, with everybody else's rows.
ALTER ROLE eds_app SET random_page_cost = 1.1;
-- The owner may end the application's connections, which dropping a database takes.
GRANT eds_app TO eds_owner;

SELECT format('CREATE DATABASE %I OWNER eds_owner ENCODING ''UTF8''', :'database')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE TEMPORARY ON DATABASE :"database" FROM PUBLIC;

\connect :"database"
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO eds_app;
ALTER DEFAULT PRIVILEGES FOR ROLE eds_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO eds_app;
ALTER DEFAULT PRIVILEGES FOR ROLE eds_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO eds_app;
