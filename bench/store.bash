# script/bench store: the store alone, with many users.

# shellcheck source=common.bash
source bench/common.bash

users=${ROLLCALL_BENCH_USERS:-10000000}
few=1000 # users, for comparison
openings=5
store_rounds=7
store_clients=(1 8 64 256)

# make_users NAME COUNT: the data directory of a program, with so many users. Sets name_bytes.
make_users() {
	mkdir "$files/$1"
	name_bytes=$(bounded "$programs/bench_users_file" "$2" "$files/$1/users.log")
	end_cleanly "$files/$1"
}

# start_app NAME [OPTION…]: the program on the data directory NAME, which is open when this returns.
start_app() {
	local line=

	mkfifo "$run/$1.log"
	attached "$build/app/rollcall" --listen "unix:$run/$1.sock" --data "$files/$1" \
		--max-users $((users + 10000000)) --log-level info "${@:2}" </dev/null 2>"$run/$1.log" &
	pid[$1]=$!
	exec {log}<"$run/$1.log"
	rm -- "$run/$1.log"
	while IFS= read -r -t 300 -u "$log" line; do
		[[ $line != *' event=ready '* ]] || break
	done
	[[ $line == *' event=ready '* ]] || die "rollcall did not start: $line"
	cat <&"$log" >"$files/$1.log" &
	exec {log}<&-
}

# row NAME VALUE REMARK
row() {
	printf '%-70s %10s%s\n' "$1" "$2" "${3:+   $3}"
}

measure_opening() {
	local began wall=() processor=() empty resident=() peak=() i

	say "opening"
	mkdir "$files/empty"
	start_app empty
	empty=$(resident_bytes empty)
	end empty TERM
	for ((i = 0; i < openings; i++)); do
		began=$EPOCHREALTIME
		start_app many
		wall+=("$(awk -v from="$began" -v to="$EPOCHREALTIME" 'BEGIN { print to - from }')")
		processor+=("$(processor_seconds many)")
		resident+=("$(resident_bytes many)")
		peak+=("$(peak_bytes many)")
		end many TERM
	done

	local seconds of_all at_most
	seconds=$(printf '%s\n' "${wall[@]}" | median)
	row "opening $many: records a second" "$(per_second "$users" "$seconds")" "$(fraction "$seconds" 1) s"
	seconds=$(printf '%s\n' "${processor[@]}" | median)
	row "  a second of processor time" "$(per_second "$users" "$seconds")" "$(fraction "$seconds" 1) s"
	of_all=$(printf '%s\n' "${resident[@]}" | median)
	at_most=$(printf '%s\n' "${peak[@]}" | median)
	row "  resident memory, MB" "$(fraction "$of_all" 1000000 1)" "$(fraction "$empty" 1000000 1) with no users"
	row "  bytes a user beyond the name" "$(fraction $((of_all - empty - name_bytes)) "$users" 1)" \
		"$(fraction $((at_most - empty - name_bytes)) "$users" 1) at the peak of opening; the names have $(fraction "$name_bytes" "$users" 1)"
}

# place PROCESSORS: where the two programs run.
place() {
	taskset --all-tasks --cpu-list --pid "$1" "${pid[few]}" >/dev/null
	taskset --all-tasks --cpu-list --pid "$1" "${pid[many]}" >/dev/null
}

# Pages are asked for on one processor: whether the system puts the two ends of a connection on one or on two makes more
# of a difference than anything measured here. Creates wait for the disk, and may run anywhere.
measure_answers() {
	local kind p50 p99 p50_many p99_many processors
	local -A names=([first]='GET /users' [middle]='GET /users by cursor, in the middle'
		[search]='GET /users?q= of a first name' [create]='create')

	say "answers"
	make_users few "$few"
	start_app few
	start_app many
	local both=("unix:$run/few.sock" "$few" "unix:$run/many.sock" "$users")
	processors=$(awk '$1 == "Cpus_allowed_list:" { print $2 }' /proc/self/status)
	place "${processors##*[,-]}"
	bounded taskset --cpu-list "${processors##*[,-]}" "$programs/bench_latency" get "${both[@]}" >"$run/answers"
	place "$processors"
	bounded "$programs/bench_latency" create "${both[@]}" >>"$run/answers"
	end few TERM
	end many TERM
	while read -r kind p50 p99 p50_many p99_many; do
		row "${names[$kind]}, $(grouped <<<"$few") users: p50 in microseconds" "$p50" "p99 $p99"
		row "  with $many" "$p50_many" "p99 $p99_many"
		row "  p50 with many users to p50 with few" "$(fraction "$p50_many" "$p50")" ''
	done <"$run/answers"
}

start_nginx() {
	mkdir "$files/nginx"
	render_site "$files/nginx" "unix:$run/http.sock" "unix:$run/creates.sock" "$(web_root "$PWD/$build/app/rollcall")"
	nginx_command "$files/nginx"
	attached "${nginx_command[@]}" </dev/null 2>"$files/nginx.log" &
	pid[nginx]=$!
	wait_for_nginx
}

# One round after the other, and the disk before each load: what else the machine does meets all of it.
measure_creates() {
	local round count rate own

	say "durable creates"
	mkdir "$files/creates"
	start_app creates
	start_nginx
	for ((round = 1; round <= store_rounds; round++)); do
		for count in "${store_clients[@]}"; do
			own=$(bounded "$programs/bench_disk_rate" "$files/creates/append" 0.5)
			printf '%s\n' "$own" >>"$run/disk"
			rate=$(bounded "$programs/bench_create_rate" "unix:$run/http.sock" "$count" 1 "r$round-$count")
			printf '%s\n' "$rate" >>"$run/rate-$count"
			fraction "$rate" "$own" >>"$run/ratio-$count"
		done
	done
	end nginx QUIT
	end creates TERM

	row "appends of 64 bytes with fdatasync a second" "$(median <"$run/disk" | grouped)" "the disk's own rate"
	for count in "${store_clients[@]}"; do
		row "durable creates a second through nginx, clients: $count" "$(median <"$run/rate-$count" | grouped)" \
			"$(median <"$run/ratio-$count") times the disk's own rate"
	done
}

measure_store() {
	[[ $users =~ ^[1-9][0-9]{0,8}$ ]] || die "ROLLCALL_BENCH_USERS must be a number up to 999999999, not '$users'"
	many="$(grouped <<<"$users") users"
	build
	make_directories
	say "making $many"
	make_users many "$users"
	row measured value ''
	measure_opening
	measure_answers
	measure_creates
}
