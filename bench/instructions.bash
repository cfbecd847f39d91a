# script/bench instructions: how many instructions a request takes in the program, counted under callgrind. Unlike times
# they are the same on every run and hardly different on another machine. System calls count for nothing here.

# shellcheck source=peers.bash
source bench/peers.bash

kinds=(home browser users unchanged create accented)
few_requests=200
many_requests=1200

# count PROGRAM KIND REQUESTS: all its instructions, from start to stop, with so many requests between.
count() {
	local counted=$files/callgrind.$1.$2.$3

	rm -rf -- "$run/$1.sock" "${files:?}/$1"
	mkdir "$files/$1"
	[[ $1 == limit ]] || cp -- "$files"/seed-1000/users.{log,lock} "$files/$1/"
	command_of "$1"
	attached valgrind --tool=callgrind --callgrind-out-file="$counted" "${command[@]}" \
		</dev/null >"$files/$1.out" 2>"$files/$1.log" &
	pid[$1]=$!
	wait_for grep -q -F "$run/$1.sock" /proc/net/unix || die "$1 does not start: $(<"$files/$1.log")"
	bounded "$programs/bench_requests" "unix:$run/$1.sock" "$2" "$3"
	kill -TERM "${pid[$1]}"
	wait "${pid[$1]}" || true
	unset "pid[$1]"
	awk '$1 == "summary:" || $1 == "totals:" { found = $2 } END { print found }' "$counted"
}

# each PROGRAM KIND: the instructions of a request.
each() {
	local few many

	few=$(count "$1" "$2" "$few_requests")
	many=$(count "$1" "$2" "$many_requests")
	printf '%d\n' $(((many - few) / (many_requests - few_requests)))
}

instructions_table() {
	local kind own limit
	local -A names=([home]='GET /' [browser]='GET /, from a browser' [users]='GET /users' [unchanged]='GET /users, 304'
		[create]='POST /create-user' [accented]='POST /create-user, Zoë')

	# shellcheck disable=SC2016 # code in Markdown
	printf '| instructions of a request | Rollcall | `limit` |\n| --- | ---: | ---: |\n'
	for kind in "${kinds[@]}"; do
		make_answers 1000 "$([[ $kind == home || $kind == browser ]] && echo / || echo /users)" "$([[ $kind != unchanged ]] || echo '*')"
		own=$(each rollcall "$kind")
		limit=$(each limit "$kind")
		printf '| %s | %s | %s |\n' "${names[$kind]}" "$(grouped <<<"$own")" "$(grouped <<<"$limit")"
	done
}

measure_instructions() {
	build
	make_directories
	mkdir "$run/www"
	missing[php]=yes # nothing is made for it
	make_seed 1000
	instructions_table
	say "profiles: callgrind_annotate $build/callgrind.rollcall.KIND"
	for kind in "${kinds[@]}"; do
		cp -- "$files/callgrind.rollcall.$kind.$many_requests" "$build/callgrind.rollcall.$kind"
	done
}
