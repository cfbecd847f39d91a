# shellcheck shell=bash
# The containers of docker-compose.yml, as a project of the test's own.

# shellcheck source=tests/support/shell/engine.bash
source "$BATS_TEST_DIRNAME/../support/shell/engine.bash"

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# The images are this checkout's, and stay: the next run builds them from what has not changed.
ROLLCALL_IMAGE=rollcall-test-$(cksum <<<"$ROLLCALL_ROOT" | cut -d ' ' -f 1)
ROLLCALL_PUBLISH=127.0.0.1: # any free port
ROLLCALL_PUBLISH_TLS=127.0.0.1:
ROLLCALL_SECCOMP=$ROLLCALL_ROOT/packaging/seccomp.json # wherever a test is
export ROLLCALL_IMAGE ROLLCALL_PUBLISH ROLLCALL_PUBLISH_TLS ROLLCALL_SECCOMP

# begin_project NAME [FILE…]: what follows is done to this project. Each FILE is merged over docker-compose.yml.
begin_project() {
	local file

	project=rollcall-test-$1-$(stat --format %i "$BATS_RUN_TMPDIR")
	files=(-f "$ROLLCALL_ROOT/docker-compose.yml")
	for file in "${@:2}" "$ROLLCALL_ROOT/tests/compose/impatient.yml"; do
		files+=(-f "$file")
	done
}

build_images() {
	printf '# building\n' >&3
	compose build >"$BATS_FILE_TMPDIR/build.log" 2>&1 || fail "$(tail -n 40 "$BATS_FILE_TMPDIR/build.log")"
}

# start_project: and all of it is well.
start_project() {
	local began service

	began=$(now)
	compose up -d
	for service in socket app nginx; do
		wait_until_healthy "$began" "$service"
	done
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
	wait_for_status "$1" "$(container "$2")" "$3" || fail "$2 had no event '$3'" "$(compose logs --no-color "$2" 2>&1 | tail -n 40)"
}

# wait_for_status SINCE CONTAINER EVENT
wait_for_status() {
	local line='' events found=1

	exec {events}< <(exec timeout 120 docker events --since "$1" --filter "container=$2" --format '{{.Status}}')
	while IFS= read -r -u "$events" line; do
		if [[ $line == "$3" ]]; then
			found=0
			break
		fi
	done
	kill $! 2>/dev/null || true
	exec {events}<&-
	return "$found"
}

wait_until_healthy() {
	wait_for_event "$1" "$2" 'health_status: healthy'
}

# kill_process SERVICE: without the engine's help, which would count it as stopped.
kill_process() {
	docker run --rm --pid host --user 0 --entrypoint busybox "$ROLLCALL_IMAGE-nginx" kill -9 "$(state "$1" .State.Pid)"
}

# kill_and_wait SERVICE: until the restart policy has brought it back.
kill_and_wait() {
	local began

	began=$(now)
	kill_process "$1"
	wait_for_event "$began" "$1" start
}

# address PORT: where that port of nginx is on this machine.
address() {
	docker port "$(container socket)" "$1" | head -n 1
}

# request [CURL OPTION…] PATH: through nginx. Sets code and body.
request() {
	local answer address

	address=$(address 8080)
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
	names=$(sed -n 's|^<li id=[^>]*><a [^>]*><bdi>\([^<]*\)</bdi>.*|\1|p' <<<"$body")
	[[ $names == "$(printf '%s\n' "$@")" ]] || fail "expected the users $*, found: $names"
}

# sign_up_for_ever PREFIX: in turn, slower than the site's limit, each on a connection of its own. Prints the answers.
sign_up_for_ever() {
	local i

	for ((i = 0; ; i++)); do
		curl --silent --max-time 60 --output /dev/null --write-out '%{http_code}\n' --data "username=$1-$i" \
			"http://$(address 8080)/create-user" || true
		sleep 0.25
	done
}

# wait_until_answered: as clients do, again and again.
wait_until_answered() {
	curl --silent --show-error --retry 200 --retry-delay 1 --retry-all-errors --retry-max-time 60 --max-time 30 --output /dev/null \
		"http://$(address 8080)/users"
}

# under_load COMMAND…: while people read and sign up, each on a connection of its own. Sets pages and created to how many
# were answered well, failed to how many others got an answer, broken to how many got none.
under_load() {
	local wrk=$BATS_TEST_TMPDIR/wrk answers=$BATS_TEST_TMPDIR/answers reader writer

	wrk --threads 1 --connections 16 --duration 300s --timeout 60s --header 'Connection: close' \
		"http://$(address 8080)/users" >"$wrk" 2>&1 3>&- &
	reader=$!
	: >"$answers"
	loads=$((${loads-0} + 1))
	sign_up_for_ever "load-$BATS_TEST_NUMBER-$loads" >"$answers" 3>&- &
	writer=$!
	wait_for_answers 2
	"$@" 3>&-
	wait_for_answers $(($(wc -l <"$answers") + 4))
	kill -s INT "$reader"
	wait "$reader"
	kill "$writer"
	wait "$writer" || true
	created=$(grep -c -x 303 "$answers") || true
	failed=$(($(grep -c -v -x -e 303 -e 000 "$answers" || true) + $(sed -n 's/.*Non-2xx.*: //p' "$wrk" | grep . || echo 0)))
	broken=$(($(grep -c -x 000 "$answers" || true) +
		$(sed -n 's/.*Socket errors: connect \(.*\), read \(.*\), write \(.*\), timeout \(.*\)/\1+\2+\3+\4/p' "$wrk" | grep . || echo 0)))
	pages=$(sed -n 's/ *\([0-9]*\) requests in .*/\1/p' "$wrk")
	[[ $pages -gt 0 && $created -gt 0 ]] || fail 'nobody was answered' "$(<"$wrk")"
	printf '# %d pages, %d sign-ups, %d failed, %d got no answer, slowest %s\n' "$pages" "$created" "$failed" "$broken" \
		"$(awk '$1 == "Latency" { print $4 }' "$wrk")" >&3
}

# wait_for_answers COUNT: until under_load has so many to its sign-ups.
wait_for_answers() {
	local came

	came=$(timeout 120 tail -n +1 -s 0.1 -f "$BATS_TEST_TMPDIR/answers" 3>&- | head -n "$1" | wc -l)
	[[ $came -eq $1 ]] || fail "$came answers to sign-ups came, not $1"
}
