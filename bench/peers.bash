# Those who are measured side by side, behind one nginx.

# shellcheck source=common.bash
source bench/common.bash

here=$PWD/bench
read -r -a peers <<<"${ROLLCALL_BENCH_PEERS:-static limit rollcall node go php node-alone}"
declare -A missing=()

# find_peers: those that can run here; says which cannot, and what they lack.
find_peers() {
	local found=() peer

	php_fpm=$(find /usr/sbin /usr/local/sbin -name 'php-fpm*' 2>/dev/null | sort | tail -n 1)
	command -v node >/dev/null || missing[node]=Node missing[node-alone]=Node
	command -v go >/dev/null || missing[go]=Go
	has_php || missing[php]='PHP-FPM with SQLite and mbstring'
	for peer in "${peers[@]}"; do
		if [[ -n ${missing[$peer]-} ]]; then
			say "skipped: $peer, because ${missing[$peer]} is not installed (script/bench --install)"
			[[ -z ${SKIPS_FILE-} ]] || printf 'bench: %s\t%s is not installed\n' "$peer" "${missing[$peer]}" >>"$SKIPS_FILE"
		else
			found+=("$peer")
		fi
	done
	peers=("${found[@]}")
}

has_php() {
	local modules

	[[ -n $php_fpm ]] && command -v php >/dev/null || return 1
	modules=$("$php_fpm" -m) && [[ $modules == *pdo_sqlite* && $modules == *mbstring* ]]
}

build_peers() {
	[[ -n ${missing[go]-} ]] ||
		(cd "$here/peers/go" && GOCACHE="$PWD/../../../../$build/go" CGO_ENABLED=0 go build -o "$OLDPWD/$build/go-peer" .)
}

# name_assets: tells the peers in their environment the icon, and where the other assets are, which have fingerprints in their
# names.
name_assets() {
	local assets

	assets=$(web_root "$build/app/rollcall")/assets
	PEER_STYLE=/assets/$(basename "$assets"/style.*.css)
	PEER_ICON=$(sed -n 's/.* href="\(data:[^"]*\)".*/\1/p' "$assets/../errors/404.html")
	PEER_FORM=/assets/$(basename "$assets"/form.*.js)
	PEER_TOUCH_ICON=/assets/$(basename "$assets"/apple-touch-icon.*.png)
	PEER_LIVE=/assets/$(basename "$assets"/live.*.js)
	export PEER_STYLE PEER_ICON PEER_TOUCH_ICON PEER_FORM PEER_LIVE
}

# placed FILE: a configuration with the directory and the ports of this run.
placed() {
	sed "s|/run/bench|$run|g; s|127.0.0.1:8080|127.0.0.1:$port|g" "$here/peers/$1" >"$run/${1##*/}"
}

start_nginx() {
	port=$(free_port)
	node_port=$(free_port)
	placed nginx.conf
	placed params.conf
	placed php/fpm.conf
	ln -s "$here/peers/php" "$run/php"
	mkdir "$run/www"
	nginx_command "$run"
	attached "${nginx_command[@]}" </dev/null 2>"$files/nginx.log" &
	pid[nginx]=$!
	wait_for_nginx
}

# make_seed USERS: what each peer begins with, in files/seed-USERS.
make_seed() {
	local seed=$files/seed-$1

	[[ ! -d $seed ]] || return 0
	mkdir "$seed"
	bounded "$programs/bench_users_file" "$1" "$seed/users.log" >/dev/null
	end_cleanly "$seed"
	tail -n +2 "$seed/users.log" | cut -f 3-5 >"$seed/users.tsv"
	[[ -n ${missing[php]-} ]] || php "$here/peers/php/import.php" "$seed/users.sqlite" "$seed/users.tsv"
}

# cgi_answer FILE VARIABLE=VALUE…: Rollcall's whole answer to a request, as it gives it to a CGI server; the body of the
# request is standard input.
cgi_answer() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET "ROLLCALL_DATA=$files/answers" "${@:2}" "$build/app/rollcall" \
		>"$1" 2>"$files/answers.log"
}

body_of() {
	sed '1,/^\r$/d' "$1"
}

# make_answers USERS PATH [ETAG]: what `limit` answers, and nginx's static files.
make_answers() {
	local form=username=somebody-new name

	rm -rf -- "$files/answers"
	mkdir "$files/answers"
	cp -- "$files/seed-$1"/users.{log,lock} "$files/answers/"
	cgi_answer "$run/read" "DOCUMENT_URI=$2" "HTTP_IF_NONE_MATCH=${3-}" </dev/null
	for name in home users; do
		cgi_answer "$run/page" "DOCUMENT_URI=/${name/home/}" </dev/null
		body_of "$run/page" >"$run/www/$name.html"
	done
	cgi_answer "$run/create" REQUEST_METHOD=POST DOCUMENT_URI=/create-user "CONTENT_LENGTH=${#form}" \
		CONTENT_TYPE=application/x-www-form-urlencoded <<<"$form"
	rm -rf -- "$files/answers"
}

# command_of PEER: sets the array command. Its data are in files/PEER.
command_of() {
	case $1 in
	limit) command=("$programs/bench_limit" "$run/limit.sock" "$run/read" "$run/create" "$files/limit/users") ;;
	rollcall) command=("$build/app/rollcall" --listen "unix:$run/rollcall.sock" --data "$files/rollcall") ;;
	node) command=(node "$here/peers/node.js" "$files/node/users.tsv" "$run/node.sock" 0) ;;
	node-alone) command=(node "$here/peers/node.js" "$files/node-alone/users.tsv" "$run/node-alone.sock" "$node_port") ;;
	go) command=("$build/go-peer" "$files/go/users.tsv" "$run/go.sock") ;;
	php)
		command=("$php_fpm" --nodaemonize --fpm-config "$run/fpm.conf")
		[[ $EUID -ne 0 ]] || command+=(--allow-to-run-as-root)
		;;
	esac
}

# give_data PEER USERS
give_data() {
	local seed=$files/seed-$2

	rm -rf -- "${files:?}/$1" "$run/$1.sock"
	mkdir "$files/$1"
	case $1 in
	rollcall) cp -- "$seed"/users.{log,lock} "$files/$1/" ;;
	node | node-alone | go) cp -- "$seed/users.tsv" "$files/$1/" ;;
	php)
		cp -- "$seed/users.sqlite" "$files/$1/"
		ln -sfn -- "$files/php/users.sqlite" "$run/php.sqlite"
		;;
	esac
}

# start_peer PEER USERS: it answers when this returns.
start_peer() {
	[[ $1 != static ]] || return 0
	give_data "$1" "$2"
	command_of "$1"
	attached "${command[@]}" </dev/null >"$files/$1.out" 2>"$files/$1.log" &
	pid[$1]=$!
	find_address "$1"
	wait_for curl --silent --fail --output /dev/null -H "Host: $host" "http://$address/" ||
		die "$1 does not answer: $(<"$files/$1.log")"
}

# check_pages PEER: what it answers are Rollcall's pages, to the byte; the users of a seed are so old that pages say dates,
# which stay. `limit` has but one answer, to whatever path.
check_pages() {
	find_address "$1"
	if [[ $1 == limit ]]; then
		check_body "$1" / <(body_of "$run/read")
	else
		check_body "$1" / "$run/www/home.html"
		check_body "$1" /users "$run/www/users.html"
	fi
}

# without_change: the page without the number of the last change in the address of its live list: with each run it begins anew,
# and the peers, which have no changes, do not write it.
without_change() {
	sed -E 's/(data-live="[^"]*after=[0-9]+)-[0-9]+/\1/' "$@"
}

# check_body PEER PATH FILE
check_body() {
	local difference

	difference=$(curl --silent --max-time 30 -H "Host: $host" "http://$address$2" | without_change | diff -- <(without_change "$3") -) ||
		die "$1 does not answer $2 as Rollcall does: ${difference:0:1000}"
}

stop_peer() {
	case $1 in
	static) ;;
	rollcall) end rollcall TERM ;;
	*)
		kill -KILL -- "-${pid[$1]}"
		wait "${pid[$1]}" 2>/dev/null || true
		unset "pid[$1]"
		;;
	esac
}

# find_address PEER: sets address, and host, which tells nginx whom it is for.
find_address() {
	address=127.0.0.1:$port
	host=$1
	[[ $1 != node-alone ]] || address=127.0.0.1:$node_port
}

# stored PEER: how many users it has in its file.
stored() {
	case $1 in
	limit) echo $(($(stat --format=%s "$files/limit/users") / 64)) ;;
	rollcall) wc -l <"$files/rollcall/users.log" ;;
	php) php "$here/peers/php/count.php" "$files/php/users.sqlite" ;;
	*) wc -l <"$files/$1/users.tsv" ;;
	esac
}

# memory_bytes PEER: resident; of several processes, each one's share of what they have in common.
memory_bytes() {
	local -a processes

	mapfile -t processes < <(ps --no-headers -o pid -s "${pid[$1]}" | tr -d ' ')
	if [[ ${#processes[@]} -eq 1 ]]; then
		resident_bytes "$1"
	else
		(cd /proc && awk '$1 == "Pss:" { sum += $2 } END { print sum * 1024 }' "${processes[@]/%//smaps_rollup}")
	fi
}
