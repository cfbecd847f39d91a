#!/usr/bin/env bats
# docs/deploy.md: as a Debian package, from building it to removing it.

# shellcheck source=ways.bash
source "$BATS_TEST_DIRNAME/ways.bash"

package_way() {
	clean_machine
	on_machine 'git clone --quiet file:///srv/rollcall.git rollcall'
	follow docs/deploy.md 'As a Debian package' 1
	first_sign_up
	on_machine 'systemctl --quiet is-enabled nginx'
	service_way docs/deploy.md 'As a Debian package' 2

	on_machine 'apt purge rollcall && systemctl restart nginx'
	follow docs/deploy.md 'As a Debian package' 1
	wait_for_site
	expect_nobody alice
	follow docs/deploy.md 'As a Debian package' 3
	wait_for_site
	expect_user alice
}

@test "the Debian package, to the purge and back" {
	on_both package_way
}
