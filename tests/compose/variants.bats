#!/usr/bin/env bats
# What docs/deploy.md has beside the plain docker-compose.yml: TLS, other users, a directory of the host, docker run.

# shellcheck source=../support/shell/compose.bash
source "$BATS_TEST_DIRNAME/../support/shell/compose.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"

setup_file() {
	find_engine
	[[ -z $reason ]] || return 0
	begin_project images
	build_images
}

setup() {
	need_engine
	plain=()
	project=
	cd "$ROLLCALL_ROOT" || return
}

teardown() {
	if [[ -n ${project-} ]]; then
		compose down --volumes --timeout 0
	fi
	if [[ ${#plain[@]} -gt 0 ]]; then
		docker rm --force --volumes "${plain[@]/%/-app}" "${plain[@]/%/-nginx}"
		docker volume rm "${plain[@]/%/_socket}" "${plain[@]/%/_data}"
	fi
}

# type_in HEADING [N]: a block of docs/deploy.md, with this test's names for what a machine has only one of.
type_in() {
	local block document=$ROLLCALL_ROOT/docs/deploy.md

	block=$(documented "$document" "$@" | sed -e "s/rollcall_\(socket\|http\|data\)/$volumes\_\1/g" \
		-e "s/rollcall-\(app\|nginx\)\b/$ROLLCALL_IMAGE-\1/g" -e 's/127.0.0.1:8080:8080/127.0.0.1::8080/')
	COMPOSE_PROJECT_NAME=${project-} COMPOSE_FILE=$(
		IFS=:
		printf '%s' "${files[*]//-f/}" | sed 's/^:*//; s/::*/:/g'
	)
	export COMPOSE_PROJECT_NAME COMPOSE_FILE
	eval "$block"
}

# call_images NAME: in what follows.
call_images() {
	ROLLCALL_IMAGE=$1
}

# So that what is documented for one kind of compose is typed into the one that is here.
docker() {
	if [[ $1 == compose ]]; then
		"${compose_command[@]}" "${@:2}" </dev/null
	else
		command docker "$@"
	fi
}

# make_certificate NAME: in the directory of the test, as docs/deploy.md has it, for localhost and this organisation.
make_certificate() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj "/O=$1/CN=localhost" \
		-addext subjectAltName=DNS:localhost -keyout "$BATS_TEST_TMPDIR/privkey.pem" -out "$BATS_TEST_TMPDIR/fullchain.pem" 2>/dev/null
}

# tls [CURL OPTION…] PATH: over TLS, as localhost, with the certificate that is in use.
tls() {
	curl --silent --show-error --max-time 30 --cacert "$ROLLCALL_TLS/fullchain.pem" "${@:1:$#-1}" \
		"https://localhost:$(address 8443 | sed 's/.*://')${*: -1}"
}

@test "with TLS: the rest is sent on, and a new certificate is read without a connection dropped" {
	local follower line

	export ROLLCALL_TLS=$BATS_TEST_TMPDIR/tls
	mkdir -p "$ROLLCALL_TLS/webroot/.well-known/acme-challenge"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR" "$ROLLCALL_TLS"
	printf token >"$ROLLCALL_TLS/webroot/.well-known/acme-challenge/challenge"
	begin_project tls "$ROLLCALL_ROOT/docker-compose.tls.yml"
	make_certificate first
	install -m 640 "$BATS_TEST_TMPDIR"/{fullchain,privkey}.pem "$ROLLCALL_TLS"
	docker run --rm --user 0 --entrypoint chgrp -v "$ROLLCALL_TLS:/tls" "$ROLLCALL_IMAGE-app" -R 10001 /tls
	start_project
	request /users
	expect_code 301
	[[ $(curl -s -o /dev/null -w '%{redirect_url}' "http://$(address 8080)/users?before=7") == https://127.0.0.1/users?before=7 ]]
	request /.well-known/acme-challenge/challenge
	[[ $body == token ]]
	[[ $(tls /healthz -w '%{http_version}') == $'ok\n2' ]] || tls /healthz
	exec {follower}< <(exec curl --silent --no-buffer --max-time 60 --cacert "$ROLLCALL_TLS/fullchain.pem" \
		"https://localhost:$(address 8443 | sed 's/.*://')/users/events" 3>&-)
	read -r -u "$follower" line
	make_certificate second
	cd "$BATS_TEST_TMPDIR"
	type_in 'With TLS' 2
	cd "$ROLLCALL_ROOT"
	timeout 120 bash -c "until openssl s_client -connect $(address 8443) </dev/null 2>/dev/null | grep -q 'O = second'; do :; done"
	[[ $(tls --data username=alice -o /dev/null -w '%{http_code}' /create-user) == 303 ]]
	while read -r -u "$follower" line; do
		[[ $line != *alice* ]] || break
	done
	[[ $line == *alice* ]]
	exec {follower}<&-
	# Docker still starts it again: a signal that Docker has sent would be a stop to it.
	kill_and_wait nginx
	[[ $(tls /healthz) == ok ]]
}

@test "with organisers: their passwords are nginx's secret, and nobody else is one" {
	cd "$BATS_TEST_TMPDIR"
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_TEST_TMPDIR"
	type_in 'With organisers' 1
	export ROLLCALL_ORGANISERS=$PWD/organisers
	cd "$ROLLCALL_ROOT"
	begin_project organisers "$ROLLCALL_ROOT/docker-compose.admin.yml"
	start_project
	sign_up alice
	expect_code 303
	request /admin
	expect_code 401
	request --header 'Remote-User: ada' --request DELETE /users/1
	expect_code 401
	request --user "$(<"$ROLLCALL_ORGANISERS")" /admin
	expect_code 200
	[[ $body == *'You are <bdi>ada</bdi>'* ]]
	request --user "$(<"$ROLLCALL_ORGANISERS")" --request DELETE /users/1
	expect_code 204
	[[ $(docker logs "$(container app)" 2>&1) == *'event=user-removed organiser=ada '* ]]
}

@test "another user, for a list that is there, and for a directory of the host" {
	begin_project user
	start_project
	sign_up alice
	expect_code 303
	volumes=$project
	call_images "$ROLLCALL_IMAGE-user"
	type_in 'In containers' 4
	wait_until_answered
	expect_users alice
	[[ $(inside app stat -c '%u:%g' /var/lib/rollcall/users.log) == 20001:20001 ]]
	[[ $(inside app id -u) == 20001 && $(inside app id -g) == 20001 && $(inside nginx id -g) == 20001 ]]
	mkdir "$BATS_TEST_TMPDIR/data"
	export ROLLCALL_DATA=$BATS_TEST_TMPDIR/data ROLLCALL_UID=20001 ROLLCALL_GID=20001
	docker run --rm --user 0 --entrypoint chown -v "$ROLLCALL_DATA:/data" "$ROLLCALL_IMAGE-app" 20001:20001 /data
	compose down
	compose up -d
	wait_until_answered
	sign_up bob
	expect_code 303
	[[ $(docker run --rm --entrypoint stat -v "$ROLLCALL_DATA:/data" "$ROLLCALL_IMAGE-app" -c '%u:%g' /data/users.log) == 20001:20001 ]]
	docker run --rm --user 0 --entrypoint sh -v "$ROLLCALL_DATA:/data" "$ROLLCALL_IMAGE-app" -c 'rm /data/*'
}

@test "without compose: docker run" {
	local began name

	project=
	files=()
	volumes=$ROLLCALL_IMAGE
	plain=("$ROLLCALL_IMAGE")
	began=$(now)
	type_in 'Without compose'
	for name in "$ROLLCALL_IMAGE-app" "$ROLLCALL_IMAGE-nginx"; do
		wait_for_status "$began" "$name" 'health_status: healthy'
	done
	[[ $(curl -s -o /dev/null -w '%{http_code}' --data username=alice "http://$(docker port "$ROLLCALL_IMAGE-nginx" 8080)/create-user") == 303 ]]
	[[ $(curl -s "http://$(docker port "$ROLLCALL_IMAGE-nginx" 8080)/healthz") == ok ]]
	project=
}

@test "images say what they are, and how to see whether they are well" {
	local image labels version

	version=$(sed -n 's/^project(rollcall VERSION \([^ ]*\).*/\1/p' "$ROLLCALL_ROOT/CMakeLists.txt")
	for image in app nginx socket; do
		labels=$(docker image inspect --format '{{range $name, $value := .Config.Labels}}{{$name}}={{$value}};{{end}}' "$ROLLCALL_IMAGE-$image")
		[[ $labels == *image.title=Rollcall* && $labels == *image.description=?* && $labels == *image.licenses=MIT* ]]
		[[ $image == socket || $labels == *image.version=$version* ]]
		# First asked after this time: all of it is healthy within twice that.
		[[ $(docker image inspect --format '{{.Config.Healthcheck.Interval}}' "$ROLLCALL_IMAGE-$image") == 5s ]]
		[[ $(docker image inspect --format '{{.Config.User}}' "$ROLLCALL_IMAGE-$image") =~ ^[0-9]+:10001$ ]]
	done
}

@test "published for this machine, unless told otherwise" {
	local ports

	ports=$(ROLLCALL_PUBLISH='' ports_of_socket)
	[[ $ports == *127.0.0.1*8080* ]] || fail "$ports"
	ports=$(ROLLCALL_PUBLISH=8080 ports_of_socket)
	[[ $ports == *8080* && $ports != *127.0.0.1* ]] || fail "$ports"
	ports=$(ROLLCALL_PUBLISH='[::1]:8080' ports_of_socket)
	[[ $ports == *::1*8080* ]] || fail "$ports"
}

# ports_of_socket: what the file comes to; compose has two ways to write that.
ports_of_socket() {
	"${compose_command[@]}" -f "$ROLLCALL_ROOT/docker-compose.yml" config | grep -A 5 'ports:'
}
