# shellcheck shell=bash
# The containers of docker-compose.yml, as a project of the test's own.

# shellcheck source=engine.bash
source "$BATS_TEST_DIRNAME/../support/engine.bash"

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# The images are this checkout's, and stay: the next run builds them from what has not changed.
ROLLCALL_IMAGE=rollcall-test-$(cksum <<<"$ROLLCALL_ROOT" | cut -d ' ' -f 1)
ROLLCALL_PUBLISH=127.0.0.1: # any free port
export ROLLCALL_IMAGE ROLLCALL_PUBLISH

fail() {
	printf '%s\n' "$@" >&2
	return 1
}

# begin_project NAME [FILE]: what follows is done to this project. FILE is merged over docker-compose.yml.
begin_project() {
	project=rollcall-test-$1-$(stat --format %i "$BATS_RUN_TMPDIR")
	files=(-f "$ROLLCALL_ROOT/docker-compose.yml" -f "$ROLLCALL_ROOT/tests/compose/impatient.yml" ${2:+-f "$2"})
}

compose() {
	"${compose_command[@]}" -p "$project" "${files[@]}" "$@" </dev/null
}

# container SERVICE: its identifier. docker is much quicker to say so than docker-compose.
container() {
	docker ps --all --quiet --no-trunc --filter "label=com.docker.compose.project=$project" \
		--filter "label=com.docker.compose.service=$1" --filter label=com.docker.compose.oneoff=False
}

# inside SERVICE COMMAND…
inside() {
	docker exec "$(container "$1")" "${@:2}"
}

# state SERVICE FIELD: what the engine says of its container.
state() {
	docker inspect --format "{{$2}}" "$(container "$1")"
}

# now: a moment for wait_for_event.
now() {
	date +%s.%N
}

# wait_for_event SINCE SERVICE EVENT: as docker events has them.
wait_for_event() {
	local line='' events found=1

	exec {events}< <(exec timeout 120 docker events --since "$1" --filter "container=$(container "$2")" --format '{{.Status}}')
	while IFS= read -r -u "$events" line; do
		if [[ $line == "$3" ]]; then
			found=0
			break
		fi
	done
	kill $! 2>/dev/null || true
	exec {events}<&-
	[[ $found -eq 0 ]] || fail "$2 had no event '$3'" "$(compose logs --no-color "$2" 2>&1 | tail -n 40)"
}

wait_until_healthy() {
	wait_for_event "$1" "$2" 'health_status: healthy'
}

# request [CURL OPTION…] PATH: through nginx. Sets code and body.
request() {
	local answer address

	address=$(docker port "$(container nginx)" 8080)
	answer=$(curl --silent --show-error --max-time 30 --write-out '\n%{http_code}' "${@:1:$#-1}" "http://$address${*: -1}")
	code=${answer##*$'\n'}
	body=${answer%$'\n'*}
}

# sign_up NAME
sign_up() {
	request --data-urlencode "username=$1" /create-user
}

expect_code() {
	[[ $code == "$1" ]] || fail "expected $1, got $code: $body" "$(compose logs --no-color 2>&1 | tail -n 40)"
}

# expect_users NAME…: these, newest first, and nobody else.
expect_users() {
	local names

	request /users
	expect_code 200
	names=$(sed -n 's|^<li id=[^>]*><bdi>\([^<]*\)</bdi>.*|\1|p' <<<"$body")
	[[ $names == "$(printf '%s\n' "$@")" ]] || fail "expected the users $*, found: $names"
}
