#!/usr/bin/env bats
# rollcall healthcheck: what it says of a server that is well, that is not, and of one that is away.

source "$BATS_TEST_DIRNAME/../support/shell/commands.bash"

# shellcheck disable=SC2154 # dir is set by setup
listen() {
	export ROLLCALL_LISTEN=unix:$dir/app.sock
}

@test "a server that is well" {
	listen
	start_rollcall
	expect "$EX_OK" healthcheck
	expect_silence
	expect_out ready
	expect "$EX_OK" healthcheck --live
	expect_silence
	expect_out ok
	expect "$EX_OK" healthcheck --live --ready
	expect_out ready
	# Asked over FastCGI: the server knows of it.
	grep -q 'event=request id=healthcheck method=GET path=/readyz status=200' "$app_log"
}

@test "the address: on the command line, else from the environment" {
	ROLLCALL_LISTEN=unix:$dir/other.sock start_rollcall
	ROLLCALL_LISTEN=unix:$dir/other.sock expect "$EX_UNAVAILABLE" healthcheck
	expect_err "unix:$dir/other.sock: cannot connect: No such file or directory"
	ROLLCALL_LISTEN=unix:$dir/other.sock expect "$EX_OK" healthcheck --listen "$dir/app.sock"
	expect "$EX_USAGE" healthcheck --listen tcp:localhost:9000
	expect_err 'numeric address'
}

@test "over TCP" {
	local address

	start_rollcall --listen tcp:127.0.0.1:0
	address=$(sed -n 's/.* event=ready address=\([^ ]*\) .*/\1/p' "$app_log")
	expect "$EX_OK" healthcheck --listen "$address"
}

@test "a server that does not answer" {
	listen
	start_rollcall
	kill -STOP "$app_pid"
	expect "$EX_UNAVAILABLE" healthcheck --live
	kill -CONT "$app_pid"
	expect_err 'no answer within 3000 ms'
}

@test "a server that is gone, and left its socket" {
	listen
	start_rollcall
	kill -KILL "$app_pid"
	wait "$app_pid" || true
	app_pid=
	expect "$EX_UNAVAILABLE" healthcheck
	expect_err 'cannot connect: Connection refused'
}
