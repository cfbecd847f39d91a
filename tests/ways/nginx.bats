#!/usr/bin/env bats
# docs/deploy.md: behind an nginx, under systemd and without.

# shellcheck source=ways.bash
source "$BATS_TEST_DIRNAME/ways.bash"

nginx_way() {
	built_machine
	follow docs/deploy.md 'Behind your own nginx, under systemd' 2
	follow docs/deploy.md 'Behind your own nginx, under systemd' 3
	first_sign_up
	on_machine 'systemctl --quiet is-enabled nginx'
	service_way docs/deploy.md 'Behind your own nginx, under systemd' 7

	follow docs/deploy.md 'Behind your own nginx, under systemd' 5
	sign_up too-late
	follow docs/deploy.md 'Behind your own nginx, under systemd' 6
	wait_for_site
	expect_user alice
	expect_nobody too-late

	follow docs/deploy.md 'Behind your own nginx, under systemd' 8
	! on_machine 'command -v rollcall' || fail 'the program is still there'
	! on_machine 'systemctl cat rollcall.service || systemctl cat rollcall.socket' || fail 'a unit is still there'
	on_machine 'test -s /var/lib/rollcall/users.log'
	on_machine "timeout 240 bash -c 'while curl --silent --fail --output /dev/null http://localhost/; do :; done'"
}

@test "nginx under systemd, to the removal" {
	on_both nginx_way
}

# other_site: one that was there before, and answers for every name that no other site has.
other_site() {
	on_machine 'apt-get install -q nginx && rm /etc/nginx/sites-enabled/default &&
		echo "server { listen 80 default_server; location / { return 200 other; } }" >/etc/nginx/sites-enabled/other &&
		systemctl reload nginx'
}

# expect_502 REASON: the page, and REASON in nginx's log as the table of docs/deploy.md has it.
expect_502() {
	local code

	code=$(browse --header 'Host: rollcall.example.org' --output /dev/null --write-out '%{http_code}' /)
	[[ $code == 502 ]] || fail "answered with $code instead of 502"
	[[ $(on_machine 'tail -n 1 /var/log/nginx/error.log') == *"$1"* ]] ||
		fail "not '$1' but:" "$(on_machine 'tail -n 1 /var/log/nginx/error.log')"
	grep -q -F "| \`$1\` |" "$ROLLCALL_ROOT/docs/deploy.md" || fail "docs/deploy.md does not say what to do about '$1'"
}

beside_other_sites_way() {
	local host=(--header 'Host: rollcall.example.org')

	built_machine
	other_site
	follow docs/deploy.md 'Behind your own nginx, under systemd' 2
	follow docs/deploy.md 'Behind your own nginx, under systemd' 4
	on_machine "timeout 240 bash -c 'until curl --silent --header Host:\ rollcall.example.org http://localhost/ | grep -q Sign-up; do :; done'"
	sign_up alice "${host[@]}"
	[[ $(browse /) == other ]] || fail 'the other site does not answer any more'

	# The steps that are forgotten.
	on_machine 'systemctl stop rollcall.socket rollcall.service'
	expect_502 'No such file or directory'
	on_machine 'systemctl start rollcall.socket rollcall.service'
	expect_user alice "${host[@]}"

	# An nginx whose user is not in the group, as its own packages have it.
	on_machine 'useradd --system nginx && sed -i "s/^user www-data;/user nginx;/" /etc/nginx/nginx.conf && systemctl restart nginx'
	expect_502 'Permission denied'
	# shellcheck disable=SC2016 # backticks of Markdown
	on_machine "$(grep -o '`usermod -aG www-data nginx[^`]*`' "$ROLLCALL_ROOT/docs/deploy.md" | tr -d '`')"
	expect_user alice "${host[@]}"

	follow docs/deploy.md 'Another data directory' 1
	expect_nobody alice "${host[@]}"
	sign_up bob "${host[@]}"
	on_machine 'grep -q bob /srv/rollcall/users.log'
}

@test "nginx with other sites, and what a 502 means" {
	on_both beside_other_sites_way
}

# Where something else is the first process. Nothing is told from there but by its services' own scripts.
without_systemd_way() {
	build
	MACHINE=$(docker run --detach --init --label rollcall-test --entrypoint sleep "$image" infinity)
	count_from_building
	follow docs/deploy.md 'Without systemd' 1
	first_sign_up

	# Killed, it leaves its socket behind.
	on_machine 'pkill --exact --signal KILL rollcall'
	expect_502 'Connection refused'
	on_machine "$(documented "$ROLLCALL_ROOT/docs/deploy.md" 'Without systemd' | grep '^runuser ')"
	wait_for_site
	expect_user alice
}

@test "nginx without systemd" {
	on_both without_systemd_way
}
