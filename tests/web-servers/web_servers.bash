# shellcheck shell=bash
# Rollcall behind the web server that WEB_SERVER names, as web-servers/ has it configured, and curl in front. Of a
# configuration the tests replace only where things are.

# shellcheck source=../support/shell/rollcall.bash
source "$BATS_TEST_DIRNAME/../support/shell/rollcall.bash"
# shellcheck source=../support/shell/answers.bash
source "$BATS_TEST_DIRNAME/../support/shell/answers.bash"

WEB_SERVER=${WEB_SERVER:-apache}

# find_web_server: skips the test if a program is missing.
find_web_server() {
	local program

	PATH=$PATH:/usr/sbin:/usr/local/sbin
	for program in $(programs_of "$WEB_SERVER"); do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

programs_of() {
	case $1 in
	apache*) echo apache2 ;;
	*-cgi) echo "${1%-cgi}" ;;
	*-fcgiwrap) echo "${1%-fcgiwrap} fcgiwrap" ;;
	*) echo "$1" ;;
	esac
}

is_cgi() {
	[[ $WEB_SERVER == *-cgi || $WEB_SERVER == *-fcgiwrap ]]
}

# A directory that the web server's user can reach. Started by root, a web server gives its work to another user: the
# tests start it as that one, and let its group have the sockets, as an operator does.
prepare() {
	local -
	set +T

	new_directory
	web_pid=
	wrap_pid=
	web_user=()
	cp -R -- "$ROLLCALL_WWW" "$dir/www"
	mkdir -p "$dir/machine/.well-known/acme-challenge"
	added=
	chmod -R a+rX "$dir/www" "$dir/machine"
	cp -- "$ROLLCALL" "$dir/rollcall"
	mkdir "$dir/web"
	[[ $EUID -eq 0 ]] || return 0
	web_user=(setpriv --reuid www-data --regid www-data --clear-groups --)
	chgrp www-data "$dir"
	chmod 2755 "$dir"
	chown www-data: "$dir/web"
	! is_cgi || chown www-data: "$dir/data"
}

# serve [OPTION…]: the application with these options, unless it is to be a CGI program, and the web server.
serve() {
	prepare
	is_cgi || start_rollcall "$@"
	start_web_server
}

# serve_with TEXT: once more, with this added to the site.
serve_with() {
	stop_web_server
	added=$1
	start_web_server
}

# The application first: a web server may wait for a stream, whose client has gone, until it is written to.
finish() {
	local -
	set +T

	[[ ! -v app_pid ]] || stop_rollcall
	stop_web_server
	[[ ! -v dir ]] || drop_directory
}

# As attached, and as the web server's user.
attached_web() {
	exec setsid -- "${web_user[@]}" setpriv --pdeathsig TERM -- env "HOME=$dir/web" "TMPDIR=$dir/web" "$@"
}

# start_web_server: on a free port, which is in port when this returns. Not all can listen on a unix socket, and none
# says which port it was given, so ports are tried.
start_web_server() {
	local - tries=20
	set +T

	while ((tries-- > 0)); do
		port=$(free_port)
		: >"$dir/web.log"
		chmod a+w "$dir/web.log"
		"configure_${WEB_SERVER//-/_}"
		attached_web "${web_command[@]}" </dev/null >"$dir/web.out" 2>>"$dir/web.log" 3>&- &
		web_pid=$!
		if wait_for_line "$dir/web.log" "$web_ready" "$web_pid" 2>"$dir/why"; then
			return 0
		fi
		wait "$web_pid" || true
		web_pid=
		grep -q -i 'address already in use' "$dir/web.log" || break
	done
	fail "$WEB_SERVER does not start" "$(<"$dir/why")"
}

stop_web_server() {
	[[ -z ${web_pid-} ]] || end_process "$web_pid" "$web_stop"
	web_pid=
	if [[ -n ${wrap_pid-} ]]; then
		kill -- "-$wrap_pid" # and those it has started
		wait "$wrap_pid" || true
		wrap_pid=
	fi
}

# place FILE: one of web-servers/, with this test's places.
place() {
	sed -e "s|/run/rollcall/rollcall.sock|$dir/app.sock|" -e "s|/run/fcgiwrap.socket|$dir/web/wrap.sock|" \
		-e "s|/usr/share/rollcall/www|$dir/www|" -e "s|/usr/sbin/rollcall|$dir/rollcall|" \
		-e "s|/var/lib/rollcall|$dir/data|" -e "s|/var/www/html|$dir/machine|" "$ROLLCALL_ROOT/packaging/web-servers/$1" |
		with_organisers | add_to_site
}

# The site with its locations for organisers, if the test has set organised: what stands there in comments, uncommented.
# `ada` has the password `secret`.
with_organisers() {
	[[ -n ${organised-} ]] || {
		cat
		return
	}
	# shellcheck disable=SC2016 # variables of lighttpd's, and a hash
	sed -e '/^\t# Organisers/,/^$/{/^\t# \(<\|\t\|@\|basicauth\|}\|\$HTTP\|auth\.\|else\|location\)/s/^\t# //}' \
		-e "s|/etc/[a-z0-9]*/rollcall.htpasswd|$dir/web/htpasswd|" \
		-e 's|"ROLLCALL_LOG_LEVEL" => "warn"|&, "ROLLCALL_ADMIN" => "on"|' \
		-e 's|fastcgi_param ROLLCALL_LOG_LEVEL warn;|& fastcgi_param ROLLCALL_ADMIN on;|' \
		-e 's|organiser \$2a\$.*|ada $2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a|'
	printf 'ada:%s\n' "$(openssl passwd -5 secret)" >"$dir/web/htpasswd"
	chmod a+r "$dir/web/htpasswd"
}

# What the test has in added, as an organiser writes it into the site.
add_to_site() {
	local site

	site=$(cat)
	case $WEB_SERVER in
	apache) printf '%s\n' "${site/'</VirtualHost>'/"$added"$'\n</VirtualHost>'}" ;;
	caddy) printf '%s\n' "${site/%'}'/"$added"$'\n}'}" ;;
	nginx*) printf '%s\n' "${site/'server_name _;'/"server_name _; $added"}" ;;
	lighttpd*) printf '%s\n%s\n' "$added" "$site" ;;
	esac
}

# also ADDRESS TEXT…: the TEXTs, with ADDRESS for @, where this machine has that address.
also() {
	[[ $1 != '[::1]' ]] || has_ipv6 || return 0
	printf '%s\n' "${@:2}" | sed "s|@|$1|g"
}

# What Debian's apache2.conf and its modules enabled by default have, as far as this needs it.
configure_apache() {
	local module modules=(mpm_event authz_core authz_host authz_user authn_core authn_file auth_basic mime alias env
		filter deflate remoteip reqtimeout proxy proxy_fcgi headers rewrite unique_id)

	{
		printf 'ServerRoot "%s/web"\nListen 127.0.0.1:%d\nServerName rollcall.test\n' "$dir" "$port"
		printf 'Listen 127.0.0.2:%d\n' "$port"
		also '[::1]' "Listen @:$port"
		printf 'PidFile apache.pid\nMutex pthread\nErrorLog /dev/stderr\nLogLevel notice\n'
		for module in "${modules[@]}"; do
			printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' "$module" "$module"
		done
		printf 'TypesConfig /etc/mime.types\nAddOutputFilterByType DEFLATE text/html text/css text/plain\n'
		place apache.conf | sed -e "s|\*:80>|*:$port>|" -e '/^\tErrorLog /d' -e "s|\${APACHE_LOG_DIR}|$dir/web|"
	} >"$dir/apache.conf"
	web_command=(apache2 -D FOREGROUND -f "$dir/apache.conf")
	web_ready='resuming normal operations'
	web_stop=TERM
}

# A site of the tests' own, with no more in it than starting the program.
configure_apache_cgi() {
	local module

	{
		printf 'ServerRoot "%s/web"\nListen 127.0.0.1:%d\nServerName rollcall.test\n' "$dir" "$port"
		printf 'PidFile apache.pid\nMutex pthread\nErrorLog /dev/stderr\nLogLevel notice\n'
		for module in mpm_prefork authz_core alias env cgi; do
			printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' "$module" "$module"
		done
		printf 'ScriptAlias / "%s/rollcall/"\nSetEnv ROLLCALL_DATA "%s/data"\nSetEnv ROLLCALL_LOG_LEVEL warn\n' "$dir" "$dir"
	} >"$dir/apache.conf"
	web_command=(apache2 -D FOREGROUND -f "$dir/apache.conf")
	web_ready='resuming normal operations'
	web_stop=TERM
}

# What Debian's lighttpd.conf has, as far as this needs it.
configure_lighttpd() {
	{
		printf 'server.modules = ( "mod_access", "mod_alias", "mod_redirect" )\n'
		printf 'server.document-root = "%s/machine"\n' "$dir"
		printf 'server.port = %d\nserver.bind = "127.0.0.1"\n' "$port"
		# shellcheck disable=SC2016 # a variable of lighttpd's
		printf '$SERVER["socket"] == "127.0.0.2:%d" { }\n' "$port"
		# shellcheck disable=SC2016
		also '[::1]' '$SERVER["socket"] == "@:'"$port"'" { }'
		printf 'server.upload-dirs = ( "%s/web" )\n' "$dir"
		printf 'server.http-parseopts = ( %s )\n' '"header-strict" => "enable", "host-strict" => "enable",
			"host-normalize" => "enable", "url-normalize-unreserved" => "enable", "url-normalize-required" => "enable",
			"url-ctrls-reject" => "enable", "url-path-2f-decode" => "enable", "url-path-dotseg-remove" => "enable"'
		place "${1-lighttpd.conf}"
	} >"$dir/lighttpd.conf"
	web_command=(lighttpd -D -f "$dir/lighttpd.conf")
	web_ready='server started'
	web_stop=TERM
}

configure_lighttpd_cgi() {
	configure_lighttpd lighttpd-cgi.conf
}

# The site that is Rollcall's home, as the tests of tests/http have it, but for what is limited by address.
configure_nginx() {
	local site

	render_site "$dir/web" "127.0.0.1:$port" "unix:$dir/app.sock" "$dir/www"
	site=$(sed -e "s|^\tlisten \".*|&\n\tlisten 127.0.0.2:$port;\n$(also '[::1]' "listen @:$port;")|" \
		-e 's|rate=5r/s|rate=1000000r/s|' -e "s|/var/www/html|$dir/machine|" "$dir/web/rollcall.conf" | with_organisers | add_to_site)
	printf '%s\n' "$site" >"$dir/web/rollcall.conf"
	web_command=(nginx -e stderr -p "$dir/web" -c "$dir/web/nginx.conf")
	web_ready='start worker process '
	web_stop=QUIT
}

# nginx.conf is the complete one for local runs; fcgiwrap runs two programs at once.
configure_nginx_fcgiwrap() {
	sed -e 's|^\tinclude rollcall.conf;|\tinclude site.conf;|' -e '/^\taccess_log /d' \
		-e 's|^http {|&\n\taccess_log off;|' "$ROLLCALL_ROOT/nginx/nginx.conf" >"$dir/web/nginx.conf"
	place nginx-fcgiwrap.conf | sed -e "s|^\tlisten 80;|\tlisten 127.0.0.1:$port; listen 127.0.0.2:$port;|" \
		-e "s|^\tlisten \[::\]:80;.*|$(also '[::1]' "\tlisten @:$port;")|" >"$dir/web/site.conf"
	web_command=(nginx -e stderr -p "$dir/web" -c "$dir/web/nginx.conf")
	web_ready='start worker process '
	web_stop=QUIT
	[[ -z $wrap_pid ]] || return 0
	attached_web spawn-fcgi -n -s "$dir/web/wrap.sock" -- /usr/sbin/fcgiwrap -f -c 2 </dev/null >"$dir/wrap.log" 2>&1 3>&- &
	wrap_pid=$!
	until [[ -S $dir/web/wrap.sock ]]; do
		kill -0 "$wrap_pid" || fail 'fcgiwrap does not start' "$(<"$dir/wrap.log")"
	done
}

configure_caddy() {
	{
		printf '{\n\tadmin off\n}\n'
		place Caddyfile | sed -e "s|^:80 {|:$port {\n\tbind 127.0.0.1 127.0.0.2 $(also '[::1]' ::1)|"
	} >"$dir/Caddyfile"
	web_command=(env "XDG_CONFIG_HOME=$dir/web" "XDG_DATA_HOME=$dir/web"
		caddy run --adapter caddyfile --config "$dir/Caddyfile")
	web_ready='serving initial configuration'
	web_stop=TERM
}

# request [CURL OPTION…] PATH: sets code, the lines in headers (status line first), and body.
request() {
	local -
	set +T

	send_request "$@"
}

send_request() {
	: >"$dir/body"
	code=$(curl --silent --show-error --max-time 30 --path-as-is --globoff --dump-header "$dir/headers" \
		--output "$dir/body" --write-out '%{http_code}' "${@:1:$#-1}" "http://127.0.0.1:$port${*: -1}")
	read_answer
}

# What the application says of each page, the web server says of its own. lighttpd does not if it has left a body unread, or
# has refused the request before it came to the site.
check_every_answer() {
	local value

	find_header Content-Security-Policy
	[[ $WEB_SERVER != lighttpd* || $code != @(401|403|413|431|503) || -n $value ]] || return 0
	expect_security_headers
	find_header Status
	[[ -z $value ]] || fail 'a header of CGI is in the answer' "$(show_answer)"
	find_header Content-Type
	[[ $value != text/html* ]] || expect_header Content-Type 'text/html; charset=utf-8'
}

expect_created() {
	expect_code 303
	[[ $(header Location) =~ ^(http://127\.0\.0\.1:$port)?/users\?created=$1(\&claim=.*)?$ ]] || fail "sent elsewhere" "$(show_answer)"
}

# expect_events: users are told of as they sign up, except by a CGI program, which would have to stay.
expect_events() {
	local follower

	if is_cgi; then
		request /users/events
		expect_code 204
		return
	fi
	: >"$dir/events"
	curl --silent --no-buffer --max-time 60 --output "$dir/events" "http://127.0.0.1:$port/users/events" 3>&- &
	follower=$!
	wait_for_line "$dir/events" 'retry: ' "$follower"
	sign_up alice
	wait_for_line "$dir/events" '"username":"alice"' "$follower"
	sign_up bob
	wait_for_line "$dir/events" '"username":"bob"' "$follower"
	kill "$follower"
	wait "$follower" || true
}

# stored: the names in the file, in order.
stored() {
	tail -n +2 -- "$dir/data/users.log" | cut -f 5
}
