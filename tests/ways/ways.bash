# shellcheck shell=bash
# The ways to deploy, as the documents tell them: followed word for word on a clean Debian 12 and a clean Debian 13.
#
#     on_both nginx_way        runs the function on both, side by side; WAYS_ON=debian12 in the environment, on that alone
#     on_both_or_newer caddy_way   the same; with WAYS_BRIEF in the environment, on Debian 13 alone
#     follow README.md 'Try it' 1
#     sign_up alice
#
# The answers of a person: yes to apt's question whether to go on, and this checkout for <this repository>.

# shellcheck source=../support/shell/machine.bash
source "$BATS_TEST_DIRNAME/../support/shell/machine.bash"
# shellcheck source=../support/shell/documented.bash
source "$BATS_TEST_DIRNAME/../support/shell/documented.bash"
# shellcheck source=../../script/lib/site.bash
source "$ROLLCALL_ROOT/script/lib/site.bash"

# What follows the documents is told from what looks at the outcome: that is where the documents' `rollcall` folder is.
readonly checkout=/root/rollcall

# on_both WAY: in a process for each Debian, with debian and suite set. A file of what each said is shown if it failed.
on_both() {
	local -A processes=()
	local one failed=

	need_engine
	for one in debian12=bookworm debian13=trixie; do
		[[ -z ${WAYS_ON-} || $WAYS_ON == "${one%=*}" ]] || continue
		run_way "${one%=*}" "${one#*=}" "$1" >"$BATS_TEST_TMPDIR/${one%=*}" 2>&1 &
		processes[${one%=*}]=$!
	done
	for one in "${!processes[@]}"; do
		wait "${processes[$one]}" || failed+=$(printf '%s:\n' "$one" && tail -n 30 "$BATS_TEST_TMPDIR/$one")
	done
	[[ -z $failed ]] || fail "$failed"
}

# For web servers other than nginx: the units and the upgrade are the same as with nginx, and tests/web-servers/ has their sites.
on_both_or_newer() {
	[[ -z ${WAYS_BRIEF-} ]] || local WAYS_ON=${WAYS_ON:-debian13}
	on_both "$1"
}

run_way() {
	debian=$1
	suite=$2
	figures=
	trap end_way EXIT
	"$3"
	# shellcheck disable=SC2154 # bats opened it
	printf '# way %s %s%s\n' "$debian" "${3%_way}" "$figures" >&3
}

end_way() {
	[[ -z ${load_pid-} ]] || kill "$load_pid" "${visitors[@]}" 2>/dev/null || true
	stop_machine
}

# figure NAME VALUE: one of those that are reported of this way.
figure() {
	figures+=" $1=$2"
}

# seconds_since MOMENT, with one decimal.
seconds_since() {
	awk -v began="$1" -v now="$EPOCHREALTIME" 'BEGIN { printf "%.1f", now - began }'
}

# clean_machine [DOCKER OPTION…]: with this checkout at the address that follow puts in place of <this repository>. Port 80
# has an address here that outlives a reboot. The time of the first sign-up counts from now.
clean_machine() {
	new_machine start_machine "$suite" "$@"
	on_machine 'echo "APT::Get::Assume-Yes \"true\";" >/etc/apt/apt.conf.d/90yes'
	copy_checkout
	began=$EPOCHREALTIME
}

new_machine() {
	outside=127.0.0.1:$(free_port)
	"$@" --publish "$outside:80"
}

# build: an image of a machine where the application is built and installed as docs/deploy.md says. That takes most of the time, so
# it is done once for each Debian, and counted for every way that begins there: the image says how long it took.
build() {
	image=$WAYS_IMAGE:$suite
	if ! docker image inspect "$image" >/dev/null 2>&1; then
		clean_machine
		on_machine 'git clone /srv/rollcall.git rollcall'
		follow docs/deploy.md 'Behind your own nginx, under systemd' 1
		keep_machine "$image" --change "LABEL seconds=$(seconds_since "$began")"
		stop_machine
	fi
}

built_machine() {
	build
	new_machine start_machine_from "$image" "$suite"
	count_from_building
}

# The time of the first sign-up counts from here, and what building took before.
count_from_building() {
	began=$(docker image inspect --format '{{.Config.Labels.seconds}}' "$image" |
		awk -v now="$EPOCHREALTIME" '{ printf "%.6f", now - $1 }')
}

# follow FILE HEADING N: the Nth block of commands under a heading, in the checkout (in root's home before there is one).
follow() {
	on_machine "$(commands "$@")"
}

commands() {
	local block

	block=$(documented "$ROLLCALL_ROOT/$1" "$2" "$3")
	printf '[[ ! -d %s ]] || cd %s\n%s\n' $checkout $checkout "${block//<this repository>/file:///srv/rollcall.git}"
}

# start_at_terminal SCRIPT LINE: in the foreground, where Ctrl-C reaches it. Returns when it has printed a line that matches.
start_at_terminal() {
	said=$BATS_TEST_TMPDIR/$debian-said
	: >"$said"
	on_machine "echo \$\$ >/run/terminal
$1" >"$said" 2>&1 3>&- &
	terminal_pid=$!
	grep -q -m 1 -e "$2" < <(exec timeout 600 tail -n +1 --pid="$terminal_pid" -f "$said" 3>&-) ||
		fail 'it does not say that it runs' "$(tail -n 20 "$said")"
}

# press_ctrl_c [STATUS]: what a terminal does to everything in its foreground. STATUS is one to end with that is no failure either.
press_ctrl_c() {
	local status=0

	# shellcheck disable=SC2016 # it is the machine that expands it
	on_machine 'kill -INT -- "-$(</run/terminal)"'
	wait "$terminal_pid" || status=$?
	[[ $status -eq 0 || $status -eq 130 || $status -eq ${1-0} ]] || fail "ended with $status" "$(tail -n 20 "$said")"
}

# in_checkout SCRIPT: not from a document.
in_checkout() {
	on_machine "cd $checkout && $1"
}

# wait_for_site: a web server that was told to read its configuration again takes a moment.
wait_for_site() {
	on_machine "timeout 240 bash -c 'until curl --silent --fail --output /dev/null http://localhost/healthz; do :; done'" ||
		fail 'the site does not answer' "$(on_machine 'curl --silent --show-error --include http://localhost/healthz')"
}

# browse [CURL OPTION…] PATH: on the machine.
browse() {
	on_machine "$(printf '%q ' curl --silent --max-time 240 "${@:1:$#-1}" "http://localhost${*: -1}")"
}

# sign_up NAME [CURL OPTION…]
sign_up() {
	local code

	code=$(browse "${@:2}" --output /dev/null --write-out '%{http_code}' --data-urlencode "username=$1" /create-user)
	[[ $code == 303 ]] || fail "signing up as $1 was answered with $code"
	expect_user "$@"
}

# expect_user NAME [CURL OPTION…]: whatever page of the list it would be on.
expect_user() {
	has_user "$@" || fail "$1 is not in the list" "$(browse "${@:2}" --include "/users?q=$1" | head -n 20)"
}

expect_nobody() {
	! has_user "$@" || fail "$1 is in the list"
}

has_user() {
	browse "${@:2}" "/users?q=$1" | grep -q "<li id=[^>]*><a [^>]*><bdi>$1</bdi>"
}

# first_sign_up: what a person comes for.
first_sign_up() {
	wait_for_site
	sign_up alice
	figure first-signup "$(seconds_since "$began")s"
}

# start_load PREFIX: eight clients ask without a pause, each fourth time to sign up as PREFIX-CLIENT-N. Every request comes from
# another address of the machine's own network, since sign-ups are limited by address. They end with end_load.
start_load() {
	load=$BATS_TEST_TMPDIR/$debian-$1
	: >"$load"
	# shellcheck disable=SC2016 # it is the machine that expands it
	on_machine "prefix=$1; $(declare -f load_client)"'
		rm -f /run/load-ends
		for client in 1 2 3 4 5 6 7 8; do
			load_client "$client" &
		done
		wait' >"$load" 3>&- &
	load_pid=$!
	wait_for_answers 40
}

# On the machine, where prefix is set.
# shellcheck disable=SC2154
load_client() {
	local number=0 what code

	until [[ -e /run/load-ends ]] || ((SECONDS > 900)); do
		number=$((number + 1))
		what=(--output /dev/null --interface "127.0.$1.$((number % 250 + 1))" http://localhost/users)
		((number % 4)) || what=("${what[@]::4}" --data "username=$prefix-$1-$number" http://localhost/create-user)
		code=$(curl --ipv4 --silent --max-time 240 --write-out '%{http_code}' "${what[@]}") || true
		echo "$code $prefix-$1-$number"
	done
}

# publish_release: something to pull, and to see in each page: another stylesheet.
publish_release() {
	on_machine 'git clone --quiet /srv/rollcall.git /tmp/release && cd /tmp/release && echo "/* another */" >>www/style.css &&
		git -c user.name=test -c user.email=test@rollcall.test commit --quiet --all --message release && git push --quiet'
	stylesheet=$(named_stylesheet)
}

named_stylesheet() {
	browse --fail / | grep -o '/assets/style[^"]*'
}

expect_release() {
	[[ $(named_stylesheet) != "$stylesheet" ]] || fail 'the pages are those from before'
}

# service_way FILE HEADING N: what comes after the first sign-up, where systemd holds the socket. Nobody is refused while the service is
# restarted or upgraded, and a kill ends no more than what was under way.
service_way() {
	start_load restart
	on_machine 'systemctl restart rollcall.service'
	end_load restart 0
	publish_release
	follow_upgrade "$@"
	end_load upgrade 0
	expect_release
	start_load kill
	on_machine 'systemctl kill --signal KILL rollcall.service'
	end_load kill 8
	reboot_under_load
}

# follow_upgrade FILE HEADING N: what only builds first, and the rest of the block under a load, which goes on.
follow_upgrade() {
	local block changing='^(cmake --install|apt|systemctl) '

	block=$(commands "$@")
	on_machine "$(grep -v -E "$changing" <<<"$block")"
	start_load upgrade
	on_machine "$(head -n 1 <<<"$block"; grep -E "$changing" <<<"$block")"
}

# wait_for_answers COUNT: so many more than there are.
wait_for_answers() {
	local wanted=$(($(wc -l <"$load") + $1))

	sed -n "${wanted}q" < <(exec timeout 240 tail -n +1 --pid="$load_pid" -f "$load" 3>&-)
	[[ $(wc -l <"$load") -ge $wanted ]] || fail "the load gets no more answers" "$(tail -n 5 "$load")"
}

# end_load NAME [MOST]: reports how many of all requests failed, and fails if it were more than MOST. Each user who was told 303
# is in the list.
end_load() {
	local failed all missing

	wait_for_answers 40
	on_machine 'touch /run/load-ends'
	wait "$load_pid"
	load_pid=
	all=$(wc -l <"$load")
	failed=$(grep -c -v -E '^(200|303) ' "$load" || true)
	figure "$1" "$failed/$all"
	[[ $failed -le ${2:-$failed} ]] ||
		fail "$failed of $all requests failed over $1, instead of at most $2" "$(cut -d ' ' -f 1 "$load" | sort | uniq -c)"
	missing=$(comm -13 <(on_machine 'rollcall export --format jsonl' | jq -r .username | sort) \
		<(sed -n 's/^303 //p' "$load" | sort))
	[[ -z $missing ]] || fail 'acknowledged but not stored:' "$missing"
}

# reboot_under_load: the site comes back by itself, with its users.
reboot_under_load() {
	start_visits reboot
	reboot_machine
	wait_for_site
	end_visits reboot
	expect_user alice
	sign_up after-the-reboot
}

# start_visits PREFIX: eight clients at the address `outside`, which ask for the list ten times a second each.
start_visits() {
	local client

	load=$BATS_TEST_TMPDIR/$debian-$1
	: >"$load"
	visitors=()
	for client in 1 2 3 4 5 6 7 8; do
		stdbuf -oL curl --silent --max-time 240 --rate 10/s --output /dev/null --write-out '%{http_code} %{errormsg}\n' \
			"http://$outside/users?client=$client&request=[1-3000]" >>"$load" 2>/dev/null 3>&- &
		visitors+=($!)
	done
	load_pid=$!
	wait_for_answers 40
}

# end_visits NAME [MOST]: as end_load.
end_visits() {
	local all failed

	wait_for_answers 40
	kill "${visitors[@]}"
	wait "${visitors[@]}" || true
	load_pid=
	all=$(wc -l <"$load")
	failed=$(grep -c -v '^200 ' "$load" || true)
	figure "$1" "$failed/$all"
	[[ $failed -le ${2:-$failed} ]] ||
		fail "$failed of $all requests failed over $1, instead of at most $2" "$(sort "$load" | uniq -c)"
}
