# shellcheck shell=bash
# What tests in containers share. The Docker engine that they need is one that script/docker-engine gives a machine.

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# find_engine: sets reason, which the test looks at, to why there is none, or to nothing; and compose_command.
# shellcheck disable=SC2034
find_engine() {
	reason=${NO_ENGINE-} # script/test has tried in vain
	[[ -z $reason ]] || return 0
	if ! command -v docker >/dev/null; then
		reason='docker is not installed'
	elif ! docker info >/dev/null 2>&1; then
		reason="no Docker engine answers: $(docker info 2>&1 | tail -n 1)"
	elif docker compose version >/dev/null 2>&1; then
		compose_command=(docker compose)
	elif command -v docker-compose >/dev/null; then
		compose_command=(docker-compose)
	else
		reason='docker-compose is not installed'
	fi
}

# need_engine: skips the test, with the reason, where there is none.
need_engine() {
	find_engine
	[[ -z $reason ]] || skip "$reason"
}
