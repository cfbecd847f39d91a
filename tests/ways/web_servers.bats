#!/usr/bin/env bats
# docs/web-servers.md: other web servers, and plain CGI.

# shellcheck source=ways.bash
source "$BATS_TEST_DIRNAME/ways.bash"

apache_way() {
	built_machine
	follow docs/deploy.md 'Behind your own nginx, under systemd' 2
	follow docs/web-servers.md FastCGI 1
	first_sign_up
	service_way docs/deploy.md 'Behind your own nginx, under systemd' 7
}

@test "Apache" {
	on_both_or_newer apache_way
}

lighttpd_way() {
	built_machine
	follow docs/deploy.md 'Behind your own nginx, under systemd' 2
	follow docs/web-servers.md FastCGI 2
	first_sign_up
	service_way docs/deploy.md 'Behind your own nginx, under systemd' 7
}

@test "lighttpd" {
	on_both_or_newer lighttpd_way
}

caddy_way() {
	built_machine
	follow docs/deploy.md 'Behind your own nginx, under systemd' 2
	follow docs/web-servers.md FastCGI 3
	first_sign_up
	service_way docs/deploy.md 'Behind your own nginx, under systemd' 7
}

@test "Caddy" {
	on_both_or_newer caddy_way
}

# program_way: what comes after the first sign-up where the program runs once for each request. There is no service to restart
# or to kill; an upgrade is another installation.
program_way() {
	publish_release
	in_checkout 'git pull --quiet'
	follow_upgrade docs/deploy.md 'Behind your own nginx, under systemd' 1
	end_load upgrade
	expect_release
	reboot_under_load
}

lighttpd_cgi_way() {
	built_machine
	follow docs/web-servers.md 'Plain CGI' 1
	first_sign_up
	program_way
}

@test "CGI: lighttpd" {
	on_both_or_newer lighttpd_cgi_way
}

nginx_fcgiwrap_way() {
	built_machine
	follow docs/web-servers.md 'Plain CGI' 2
	first_sign_up
	program_way
}

@test "CGI: nginx and fcgiwrap" {
	on_both_or_newer nginx_fcgiwrap_way
}

apache_cgi_way() {
	built_machine
	follow docs/web-servers.md 'Plain CGI' 3
	first_sign_up
	program_way
}

@test "CGI: Apache" {
	on_both_or_newer apache_cgi_way
}
