# common: what every script in this folder starts with. Sourced, never run.
# Messages are in Portuguese: the person who reads them runs a clinic's server.

set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
log_dir=$root/build/log

say() { printf '%s\n' "$*"; }
die() { printf '\nErro: %s\n' "$*" >&2; exit 1; }

# as_root COMMAND…: run it as root, by sudo when needed.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		die "é preciso ser root para: $*
  Entre como root (su -) ou instale o sudo, e rode de novo."
	fi
}

# with_progress TITLE LOG COMMAND…: run COMMAND with its output in LOG and show that it lives: the last
# line in place on a terminal, else the title once and then a line every 20 s.
with_progress() {
	title=$1 log=$2
	shift 2
	mkdir -p "$(dirname "$log")"
	: >"$log"
	start=$(date +%s)
	"$@" >>"$log" 2>&1 </dev/null &
	job=$!
	# Ctrl-C must not leave apt or ninja behind.
	trap 'kill $job 2>/dev/null; wait $job 2>/dev/null; exit 130' INT TERM
	[ -t 1 ] || say "$title…"
	beat=0
	while kill -0 $job 2>/dev/null; do
		seconds=$(($(date +%s) - start))
		if [ -t 1 ]; then
			last=$(tail -n 1 "$log" | tr -d '\r' | cut -c1-56)
			printf '\r\033[K%s… %ss  \033[2m%s\033[0m' "$title" "$seconds" "$last"
		elif [ $((seconds / 20)) -gt $beat ]; then
			beat=$((seconds / 20))
			say "  … ${seconds}s"
		fi
		sleep 0.2
	done
	status=0
	wait $job || status=$?
	trap 'exit 130' INT TERM
	seconds=$(($(date +%s) - start))
	[ -t 1 ] && printf '\r\033[K'
	if [ $status = 0 ]; then
		say "$title: pronto em ${seconds}s."
	fi
	return $status
}
