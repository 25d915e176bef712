#!/bin/sh
# A private, throw-away PostgreSQL for tests: a unix socket in a 0700 folder, no TCP, no fsync, any
# role may connect. Prints the variables that the tests read, and errors.
#   cluster.sh start DIR          new cluster with the program's roles and the database siso_test
#   cluster.sh stop DIR           stop it and remove all it made
#   cluster.sh psql DIR ARGS…     psql as the superuser
#   cluster.sh crash DIR          stop at once, as a power cut does
#   cluster.sh resume DIR         start again after a crash
# DIR remembers where the cluster is: its own folder is short (socket paths have a limit) and is owned by
# the user postgres when root calls, because PostgreSQL does not run as root.
set -eu

usage() {
	sed -n 's/^#   //p' "$0" >&2
	exit 2
}
[ $# -ge 2 ] || usage
command=$1 dir=$2
shift 2

here=$(cd "$(dirname "$0")" && pwd)
sql=$here/../src/platform/db
bin=${SISO_PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
PATH=$bin:$PATH
unset PGHOST PGPORT PGUSER PGDATABASE PGOPTIONS PGSERVICE PGPASSFILE
export LC_ALL=C.UTF-8

as_server() {
	if [ "$(id -u)" = 0 ]; then
		(cd / && exec runuser -u postgres -- env PATH="$PATH" LC_ALL="$LC_ALL" "$@")
	else
		"$@"
	fi
}

# quietly COMMAND…: its output only when it fails
quietly() {
	"$@" >"$dir/log" 2>&1 </dev/null || {
		cat "$dir/log" >&2
		[ ! -s "$place/server.log" ] || tail -n 20 "$place/server.log" >&2
		exit 1
	}
}

run_server() {
	quietly as_server pg_ctl -D "$place/data" -l "$place/server.log" -w -t 60 start
}

superuser_psql() {
	psql -X -q -v ON_ERROR_STOP=1 -h "$place" -U postgres "$@"
}

start() {
	mkdir -p "$dir"
	[ ! -e "$dir/place" ] || stop
	mkdir -p "$dir"
	place=$(mktemp -d /tmp/siso-pg.XXXXXX)
	[ "$(id -u)" != 0 ] || chown postgres: "$place"
	echo "$place" >"$dir/place"
	quietly as_server initdb -D "$place/data" -U postgres -A trust --no-sync --locale=C.UTF-8 -E UTF8
	cat >"$dir/conf" <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$place'
		fsync = off
		full_page_writes = off
		max_connections = 60
		shared_buffers = 64MB
		jit = off
		random_page_cost = 1.1
		deadlock_timeout = 200ms
		log_min_messages = warning
		log_parameter_max_length = 0
		timezone = 'UTC'
	CONF
	as_server tee -a "$place/data/postgresql.conf" <"$dir/conf" >/dev/null
	run_server
	quietly superuser_psql -d postgres -f "$sql/roles.sql"
	quietly superuser_psql -d postgres -c "create database siso_test owner siso_owner template template0"
	quietly superuser_psql -d siso_test -f "$sql/database.sql"
	echo "SISO_TEST_SOCKET='$place'"
	echo "SISO_TEST_CLUSTER='$(cd "$dir" && pwd)'"
}

stop() {
	[ ! -s "$place/data/postmaster.pid" ] || as_server pg_ctl -D "$place/data" -m immediate -w stop >/dev/null 2>&1 || :
	rm -rf "$place" "$dir/place" "$dir/log" "$dir/conf"
	rmdir "$dir" 2>/dev/null || :
}

place=$(cat "$dir/place" 2>/dev/null || :)
case $command in
start) start ;;
stop) [ -z "$place" ] || stop ;;
psql) superuser_psql -d siso_test "$@" ;;
crash) quietly as_server pg_ctl -D "$place/data" -m immediate -w stop ;;
resume) run_server ;;
*) usage ;;
esac
