# Rollcall's nginx and its processes as script/server and the tests run them. Source this file; it needs bash 5.1.

ROLLCALL_ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)

# web_root PROGRAM
# Prints the folder of static files of the build that the program belongs to.
web_root() {
	printf '%s\n' "${1%/app/rollcall}/www"
}

# render_site DIRECTORY LISTEN APPLICATION WWW
# Writes nginx.conf and the site into DIRECTORY. LISTEN is nginx's address, APPLICATION the application's (8080,
# 127.0.0.1:8080, unix:PATH), WWW the folder of static files. nginx listens at this address only, not over IPv6 as well.
render_site() {
	local directory=$1 listen=$2 application=$3 www=$4 site

	site=$(grep -v -F $'\tlisten [::]:80;' "$ROLLCALL_ROOT/nginx/rollcall.conf")
	site=${site/'listen 80;'/"listen \"$listen\";"}
	site=${site/'server unix:/run/rollcall/rollcall.sock;'/"server \"$application\";"}
	site=${site/'root /usr/share/rollcall/www;'/"root \"$www\";"}
	printf '%s\n' "$site" >"$directory/rollcall.conf"
	cp -- "$ROLLCALL_ROOT/nginx/nginx.conf" "$directory/nginx.conf"
}

# add_organiser DIRECTORY NAME PASSWORD
# Adds the locations for organisers to the rendered site, and a file of passwords that has this one.
add_organiser() {
	sed -i -f "$ROLLCALL_ROOT/nginx/organiser.sed" -e "s|/etc/nginx/rollcall.htpasswd|$1/htpasswd|" "$1/rollcall.conf"
	printf '%s:%s\n' "$2" "$(openssl passwd -5 -stdin <<<"$3")" >"$1/htpasswd"
}

# nginx_command DIRECTORY
# Sets the array nginx_command to the command for nginx on a rendered DIRECTORY. Started by root, nginx would run its workers
# as another user, without access to the application's socket or to a checkout in root's home.
nginx_command() {
	local binary

	binary=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx)
	nginx_command=("$binary" -e stderr -p "$1" -c "$1/nginx.conf")
	if [[ $EUID -eq 0 ]]; then
		nginx_command+=(-g 'user root;')
	fi
}

# attached COMMAND…
# Becomes COMMAND in a session of its own, so that Ctrl-C reaches only the shell, which stops everything in order. COMMAND ends
# with that shell if it is killed. Run it in the background.
attached() {
	exec setsid -- setpriv --pdeathsig TERM -- "$@"
}

# free_port: one on which no process listens, and from which no connection goes out. Out of many, because tests side by side ask for one
# before they listen.
free_port() {
	local port

	while :; do
		port=$((10000 + RANDOM % 22000))
		(: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
	done
	printf '%s\n' "$port"
}

# has_ipv6: whether the loopback interface has its address of IPv6, ::1.
has_ipv6() {
	grep -q '^0\{31\}1 ' /proc/net/if_inet6 2>/dev/null
}
