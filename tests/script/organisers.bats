#!/usr/bin/env bats
# nginx/organisers, and the site that the image of nginx has: passwords become what nginx reads, and only with them there are the
# locations for organisers.

ROLLCALL_ROOT=$(cd -- "$BATS_TEST_DIRNAME/../.." && pwd)

# As app/Dockerfile makes them, with the test's places.
setup() {
	PATH=$PATH:/usr/sbin
	cd "$BATS_TEST_TMPDIR" || return
	mkdir run
	cp -- "$ROLLCALL_ROOT"/nginx/*.conf .
	sed -f "$ROLLCALL_ROOT/nginx/organisers.sed" rollcall.conf >organisers.conf
	sed -i -f "$ROLLCALL_ROOT/nginx/container.sed" rollcall.conf
	sed -i "s|/run/nginx|$PWD/run|" rollcall.conf organisers.conf
	sed -i -e 's|/usr/share/rollcall/www|/tmp|' -e "s|listen .*|listen unix:$PWD/run/http.sock;|;0,/listen/!{/listen/d}" rollcall.conf
	sed -i 's|^\tinclude rollcall.conf;|\tinclude container.conf;\n&|' nginx.conf
}

# organise TEXT: with these lines for its file.
organise() {
	printf '%s' "$1" >file
	run "$ROLLCALL_ROOT/nginx/organisers" file organisers.conf run echo became
}

@test "a line for each organiser, hashed, and the command" {
	organise $'# who they are\nada:secret\n\nbob:a:b c'
	[[ $status -eq 0 && $output == became ]]
	[[ $(stat -c %a run/htpasswd) == 600 ]]
	[[ $(cut -d : -f 1 run/htpasswd) == $'ada\nbob' ]]
	hash=$(sed -n 's/^bob://p' run/htpasswd)
	[[ $(openssl passwd -5 -salt "$(cut -d '$' -f 3 <<<"$hash")" 'a:b c') == "$hash" ]]
	[[ $(cat run/*) != *secret* ]]
	grep -q 'location ^~ /admin {' run/organisers.conf
	nginx -t -e stderr -p run -c "$PWD/nginx.conf"
}

@test "without passwords the site has no such locations" {
	[[ $(<rollcall.conf) != */admin* ]]
	nginx -t -e stderr -p run -c "$PWD/nginx.conf"
}

@test "a line that is none, and no line" {
	organise $'ada:secret\nbob\n'
	[[ $status -ne 0 && $output == *'line 2 is no NAME:PASSWORD'* && ! -e run/organisers.conf ]]
	organise ''
	[[ $status -eq 78 && $output == *'there is no NAME:PASSWORD in file' ]]
}
