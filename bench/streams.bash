# script/bench streams: open lists that follow along, and watchers of the event loop, with an ordinary load beside them.

# shellcheck source=store.bash
source bench/store.bash

followers=${ROLLCALL_BENCH_STREAMS:-5000}
stream_rounds=5
stream_seconds=4
stream_creates=20
watchers=100

start_streaming_site() {
	mkdir "$files/app"
	start_app app --max-connections $((followers * 2 + 1000)) --max-streams "$followers"
	port=$(free_port)
	render_site "$run" "127.0.0.1:$port" "unix:$run/app.sock" "$build/www"
	sed -i "s|worker_connections .*|worker_connections $((followers * 2 + 1000));\n\t# Of the two workers one may get most of them.|" \
		"$run/nginx.conf"
	sed -i 's|^worker_rlimit_nofile .*|worker_rlimit_nofile 19000;|' "$run/nginx.conf"
	sed -i -e 's|rate=5r/s|rate=1000000r/s|' -e '/^\t*limit_conn /d' "$run/rollcall.conf"
	nginx_command "$run"
	attached "${nginx_command[@]}" </dev/null >/dev/null 2>"$files/nginx.log" &
	pid[nginx]=$!
	wait_for_nginx
	address=127.0.0.1:$port
}

# start_followers COUNT PATH
start_followers() {
	rm -f "$run/wanted" "$run/heard-of"
	mkfifo "$run/wanted" "$run/heard-of"
	bounded "$programs/bench_followers" "$address" rollcall.test "$1" "$2" <"$run/wanted" >"$run/heard-of" &
	followers_pid=$!
	exec {wanted}>"$run/wanted" {heard_of}<"$run/heard-of"
	expect_followers ready
}

expect_followers() {
	local line=

	IFS= read -r -t 120 -u "$heard_of" line || true
	[[ $line == "$1" ]] || die "the followers did not say '$1'"
}

end_followers() {
	exec {wanted}>&-
	wait "$followers_pid" || die "a stream broke"
}

# read_rate: pages of the list a second, for 32 who read all the time.
read_rate() {
	local errors answers took

	read -r _ answers took errors < <(BENCH_KIND=get BENCH_HOST=rollcall.test BENCH_PATH=/users BENCH_PREFIX=x \
		bounded wrk --threads 1 --connections 32 --duration "${stream_seconds}s" --timeout 30s \
		--script bench/load.lua "http://$address/" | grep ^result)
	[[ $errors == 0 ]] || die "$errors errors beside the streams"
	fraction "$answers" "$took" 0
}

# sign_up NAME
sign_up() {
	local status

	status=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 30 --data "username=$1" \
		"http://$address/create-user")
	[[ $status == 303 ]] || die "creating a user is answered with $status"
}

# hear COUNT: signs up so many, one after the other, and prints the milliseconds until everybody has heard of each.
hear() {
	local began i

	for ((i = 1; i <= $1; i++)); do
		began=$EPOCHREALTIME
		sign_up "new-$i"
		printf '%d\n' "$i" >&"$wanted"
		expect_followers seen
		awk -v from="$began" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f\n", (to - from) * 1000 }'
	done
}

measure_streams() {
	local before after without=() beside=() unwatched=() watched=() i heard

	build
	make_directories
	start_streaming_site
	sign_up first
	say "reading without streams"
	for ((i = 0; i < stream_rounds; i++)); do
		without+=("$(read_rate)")
	done
	before=$(resident_bytes app)
	say "$followers streams"
	start_followers "$followers" /users/events
	after=$(resident_bytes app)
	say "reading beside them"
	for ((i = 0; i < stream_rounds; i++)); do
		beside+=("$(read_rate)")
	done
	say "new users"
	hear "$stream_creates" >"$run/heard"
	heard=$(median <"$run/heard")
	end_followers
	say "reading beside $watchers watchers of the loop, and without them, in turns"
	for ((i = 0; i < stream_rounds; i++)); do
		unwatched+=("$(read_rate)")
		start_followers "$watchers" /loop/events
		watched+=("$(read_rate)")
		end_followers
	done
	row "$followers streams: bytes of the application's memory for each" $(((after - before) / followers))
	row "milliseconds from a sign-up until all of them have heard of it" "$heard"
	row "pages of the list a second, without streams" "$(printf '%s\n' "${without[@]}" | median | grouped)"
	row "the same beside the streams" "$(printf '%s\n' "${beside[@]}" | median | grouped)" \
		"ratio $(fraction "$(printf '%s\n' "${beside[@]}" | median)" "$(printf '%s\n' "${without[@]}" | median)")"
	row "the same beside $watchers watchers of the event loop" "$(printf '%s\n' "${watched[@]}" | median | grouped)" \
		"ratio $(fraction "$(printf '%s\n' "${watched[@]}" | median)" "$(printf '%s\n' "${unwatched[@]}" | median)")"
	end nginx QUIT
	end app TERM
}
