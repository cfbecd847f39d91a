# shellcheck shell=bash
# One more proxy in front of the web server that WEB_SERVER names: FRONT says which, plain or as docs/web-servers.md has it.

# shellcheck source=web_servers.bash
source "$BATS_TEST_DIRNAME/web_servers.bash"

FRONT=${FRONT:-nginx}

# find_front: skips the test if the program is missing.
find_front() {
	find_web_server
	case $FRONT in
	apache) front_program=apache2 ;;
	haproxy) front_program=haproxy ;;
	*) front_program=nginx ;;
	esac
	command -v "$front_program" >/dev/null || skip "$front_program is not installed"
}

# documented LANGUAGE: the block of this kind in "Behind another proxy", with this test's addresses.
documented() {
	local block

	block=$(sed -n '/^## Behind another proxy$/,/^## /p' "$ROLLCALL_ROOT/docs/web-servers.md" |
		sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{//d; p}")
	[[ -n $block ]] || fail "no block of $1 in the document"
	sed -e "s|192\.0\.2\.7:80|127.0.0.1:$site_port|" -e '/^\tlisten \[::\]:80;$/d' \
		-e "s|^\tlisten 80;|\tlisten 127.0.0.1:$port;|" -e "s|bind :::80 v4v6|bind 127.0.0.1:$port|" \
		-e "s|\*:80>|*:$port>|" <<<"$block"
}

# serve_behind [OPTION…]: the application with these options, the web server, and the proxy. From then on port is the proxy's,
# and site_port the web server's.
serve_behind() {
	serve "$@"
	site_port=$port
	start_front
}

# serve_behind_with TEXT: once more, with this added to the site.
serve_behind_with() {
	stop_front
	serve_with "$1"
	site_port=$port
	start_front
}

# Not all say when they listen, so they are asked.
start_front() {
	local tries=20

	mkdir -p "$dir/front"
	[[ ${#web_user[@]} -eq 0 ]] || chown www-data: "$dir/front"
	while ((tries-- > 0)); do
		port=$(free_port)
		"configure_front_$FRONT"
		: >"$dir/front.log"
		chmod a+w "$dir/front.log"
		attached_web "${front_command[@]}" </dev/null >>"$dir/front.log" 2>&1 3>&- &
		front_pid=$!
		while kill -0 "$front_pid" 2>/dev/null; do
			! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 0
		done
		wait "$front_pid" || true
		front_pid=
		grep -q -i -E 'address already in use|cannot bind' "$dir/front.log" || break
	done
	fail "$FRONT does not start" "$(<"$dir/front.log")"
}

stop_front() {
	[[ -n ${front_pid-} ]] || return 0
	kill -TERM "$front_pid"
	wait "$front_pid" || true
	front_pid=
}

# front_of_nginx: its input is the server in the http context.
front_of_nginx() {
	{
		printf 'daemon off;\nworker_processes 1;\npid nginx.pid;\nerror_log stderr notice;\n'
		printf 'events { }\nhttp {\naccess_log off;\nclient_body_temp_path body;\nproxy_temp_path proxy;\n'
		printf 'fastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n'
		cat
		printf '}\n'
	} >"$dir/front/nginx.conf"
	front_command=(nginx -e stderr -p "$dir/front" -c "$dir/front/nginx.conf")
}

# As most people write it.
configure_front_plain() {
	front_of_nginx <<<"server { listen 127.0.0.1:$port; location / { proxy_pass http://127.0.0.1:$site_port; } }"
}

configure_front_nginx() {
	front_of_nginx < <(documented nginx)
}

configure_front_haproxy() {
	documented haproxy >"$dir/front/haproxy.cfg"
	front_command=(haproxy -db -f "$dir/front/haproxy.cfg")
}

configure_front_apache() {
	local module

	{
		printf 'ServerRoot "%s/front"\nListen 127.0.0.1:%d\nServerName rollcall.test\n' "$dir" "$port"
		printf 'PidFile apache.pid\nMutex pthread\nErrorLog /dev/stderr\nLogLevel notice\n'
		for module in mpm_event authz_core filter deflate proxy proxy_http headers; do
			printf 'LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n' "$module" "$module"
		done
		printf 'AddOutputFilterByType DEFLATE text/html text/css text/plain\n'
		documented apache
	} >"$dir/front/apache.conf"
	front_command=(apache2 -D FOREGROUND -f "$dir/front/apache.conf")
}
