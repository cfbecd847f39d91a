# script/bench all and quick: Rollcall and its peers side by side.
#
# A workload starts every peer on data of its own. Rounds follow one another; in each, the peers take turns, so that what
# else the machine does meets all of them. All that is measured becomes a line of the file of results:
# workload, peer, round, metric, value.

# shellcheck source=peers.bash
source bench/peers.bash

rounds=5
seconds=2        # a load
warm_up=yes      # a round before the first that counts: compilers and caches get ready
many=1000000     # users, where there are many
idle=2000        # connections that do nothing
steady=2000      # requests a second at a constant rate
steady_creates=500
lanes=64         # connections at a constant rate
beside=64        # clients that create as fast as they can beside a steady load
beside_creates=2000 # or so many creates a second
starts=5         # a round

only=${ROLLCALL_BENCH_ONLY-} # these workloads; all, if empty

# make_quick: only to see that everything works.
make_quick() {
	rounds=1 seconds=1 warm_up='' idle=500 starts=1 is_quick=yes
	only=${only:-users create-32 mixed idle paced start}
}

# note WORKLOAD PEER ROUND METRIC VALUE
note() {
	[[ $3 == 0 ]] || (IFS=$'\t'; printf '%s\n' "$*" >>"$results")
}

# title WORKLOAD TEXT
title() {
	say "$2"
	note "$1" - 1 title "$2"
}

describe_run() {
	note - - 1 date "$(date +%F)"
	note - - 1 machine "$(nproc) cores ($(awk -F ': *' '/^model name/ { print $2; exit }' /proc/cpuinfo)), Linux $(uname -r), $(
		df --output=fstype -- "$files" | tail -n 1)"
	note - - 1 rounds "$rounds"
	note - - 1 seconds "$seconds"
}

# takes_part PEER WORKLOAD KIND: static files are only got; and one load of each kind shows that a peer works.
takes_part() {
	[[ $1 != static || $3 == get ]] || return 1
	[[ -z ${is_quick-} || $1 =~ ^(static|limit|rollcall)$ || $2 =~ ^(users|create-32)$ ]]
}

# with_peers WORKLOAD KIND USERS FUNCTION [ARGUMENT…]: has FUNCTION measure each peer in each round: it is called with
# WORKLOAD, PEER and ROUND (0 to warm up) before its arguments.
with_peers() {
	local workload=$1 kind=$2 users=$3 function=$4 peer round turn first=1 some=()

	for peer in "${peers[@]}"; do
		! takes_part "$peer" "$workload" "$kind" || some+=("$peer")
	done
	for peer in "${some[@]}"; do
		start_peer "$peer" "$users"
		[[ $kind != get ]] || check_pages "$peer"
	done
	heard=$(wc -l <"$files/nginx.log")
	[[ -z $warm_up ]] || first=0
	for ((round = first; round <= rounds; round++)); do
		for ((turn = 0; turn < ${#some[@]}; turn++)); do
			peer=${some[(turn + round) % ${#some[@]}]}
			find_address "$peer"
			"$function" "$workload" "$peer" "$round" "${@:5}"
		done
	done
	check_nginx
	for peer in "${some[@]}"; do
		[[ $peer == static ]] || note "$workload" "$peer" 1 memory "$(memory_bytes "$peer")"
		stop_peer "$peer"
	done
}

# check_nginx: that it has complained of nothing since all peers answer.
check_nginx() {
	! tail -n +$((heard + 1)) "$files/nginx.log" | grep -v -F -e '[notice]' >"$run/complaints" ||
		die "nginx complained: $(<"$run/complaints")"
}

# wait_for_minute: until a load ends in the minute in which it begins; the ETag of the list is good for a minute.
wait_for_minute() {
	local left=$((60 - EPOCHSECONDS % 60))

	((left > seconds + 2)) || sleep "$left"
}

# check_answer PEER PATH STATUS: asks once, and sets etag and size.
check_answer() {
	local headers=(-H "Host: $host") status

	[[ -z ${etag-} ]] || headers+=(-H "If-None-Match: $etag")
	read -r status size < <(curl --silent --output /dev/null --dump-header "$run/head" --max-time 30 "${headers[@]}" \
		--write-out '%{http_code} %{size_download}\n' "http://$address$2")
	[[ $status == "$3" ]] || die "$1 answers $2 with $status"
	etag=$(tr -d '\r' <"$run/head" | sed -n 's/^[Ee][Tt]ag: //p')
}

# load WORKLOAD PEER ROUND KIND PATH CLIENTS: what wrk gets answered. Sets answers and took.
load() {
	local errors result

	result=$(BENCH_KIND=$4 BENCH_HOST=$host BENCH_PATH=$5 BENCH_ETAG=${etag-} BENCH_PREFIX=$1-r$3 \
		bounded wrk --threads 1 --connections "$6" --duration "${seconds}s" --timeout 30s --script "$here/load.lua" \
		"http://$address/" | grep ^result) || die "wrk failed at $2"
	read -r _ answers took errors <<<"$result"
	[[ $errors == 0 ]] || die "$errors errors from $2 ($1)"
}

# measure_peak WORKLOAD PEER ROUND KIND PATH CLIENTS STATUS: how much it answers at most, and what a request costs.
measure_peak() {
	local app=0 nginx=0 before=0 answers took etag='' size

	[[ $7 != 304 ]] || wait_for_minute
	# The etag of the first answer is what the client has of the page; `limit` has but one answer.
	if [[ $7 == 304 && $2 == limit ]]; then
		etag='"any"'
	else
		check_answer "$2" "$5" 200
	fi
	if [[ $7 == 304 ]]; then
		check_answer "$2" "$5" 304
	else
		etag=
	fi
	[[ $4 == get ]] || before=$(stored "$2")
	[[ $2 == static ]] || app=$(processor_seconds "$2")
	nginx=$(processor_seconds nginx)
	load "$1" "$2" "$3" "$4" "$5" "$6"
	nginx=$(minus "$(processor_seconds nginx)" "$nginx")
	[[ $2 == static ]] || app=$(minus "$(processor_seconds "$2")" "$app")
	[[ $4 == get ]] || check_stored "$2" "$4" "$before" "$6"
	note "$1" "$2" "$3" rate "$(fraction "$answers" "$took" 1)"
	note "$1" "$2" "$3" app "$(fraction "${app}e6" "$answers")"
	note "$1" "$2" "$3" all "$(awk -v a="$app" -v b="$nginx" -v n="$answers" 'BEGIN { printf "%.2f\n", (a + b) * 1e6 / n }')"
	note "$1" "$2" "$3" size "$size"
}

minus() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f\n", a - b }'
}

# check_stored PEER KIND BEFORE CLIENTS: everybody who was told so is in the file, and nobody is who did not ask.
check_stored() {
	local least=$answers after

	[[ $2 == create ]] || least=$((answers / 10))
	after=$(stored "$1")
	((after - $3 >= least - $4 && after - $3 <= least + 2 * $4)) ||
		die "$1 has stored $((after - $3)) users, and answered $least"
}

# measure_paced WORKLOAD PEER ROUND RATE KIND WHAT [METRIC]: how long clients wait at a constant rate.
measure_paced() {
	local what=$6 p50 p99 p999 most suffix=${7-}

	[[ $5 == get ]] || what=$1-r$3
	read -r _ p50 p99 p999 most < <(bounded "$programs/bench_paced" "$address" "$host" "$4" "$seconds" "$lanes" "$5" "$what" ||
		echo failed)
	[[ -n ${most-} ]] || die "$2 failed at a constant rate ($1)"
	note "$1" "$2" "$3" "p50$suffix" "$p50"
	note "$1" "$2" "$3" "p99$suffix" "$p99"
	note "$1" "$2" "$3" "p999$suffix" "$p999"
	note "$1" "$2" "$3" "most$suffix" "$most"
}

# create_at_most WORKLOAD PEER ROUND, create_steadily WORKLOAD PEER ROUND: for a second longer than reads are measured.
create_at_most() {
	seconds=$((seconds + 1))
	load "$1" "$2" "$3" create /users "$beside"
	note "$1" "$2" "$3" rate "$(fraction "$answers" "$took" 1)"
}

create_steadily() {
	seconds=$((seconds + 1))
	measure_paced "$1" "$2" "$3" "$beside_creates" create - _of_creates
}

# measure_beside WORKLOAD PEER ROUND CREATE: reads at a constant rate, alone and while CREATE creates.
measure_beside() {
	local creating

	measure_paced "$1" "$2" "$3" $((steady / 2)) get /users _alone
	("$4" "$1" "$2" "$3") &
	creating=$!
	measure_paced "$1" "$2" "$3" $((steady / 2)) get /users _beside
	wait "$creating" || die "creates failed beside reads"
}

# measure_idle WORKLOAD PEER ROUND: as measure_peak, beside connections that do nothing.
measure_idle() {
	local holder

	exec {holder}> >(bounded "$programs/bench_idle" "$address" "$host" "$idle" >"$run/idle" 2>&1 || echo failed >>"$run/idle")
	wait_for test -s "$run/idle" || true
	[[ $(<"$run/idle") == ready ]] || die "$2 does not keep $idle connections: $(<"$run/idle")"
	measure_peak "$1" "$2" "$3" get /users 32 200
	exec {holder}>&-
	wait "$!" || true
	[[ $(<"$run/idle") == ready ]] || die "$2 has not kept $idle connections: $(<"$run/idle")"
	rm -- "$run/idle"
}

# measure_starts: through nginx, which says 502 until a peer is there.
measure_starts() {
	local peer round took

	title start 'From start to the first answer, 1,000 users'
	for ((round = 1; round <= rounds * starts; round++)); do
		for peer in "${peers[@]}"; do
			[[ $peer != node-alone ]] || continue
			takes_part "$peer" start start || continue
			give_data "$peer" 1000
			command_of "$peer"
			find_address "$peer"
			took=$(bounded "$programs/bench_first_answer" "$address" "$host" "${command[@]}" 2>"$files/$peer.log") ||
				die "$peer did not start: $(<"$files/$peer.log")"
			note start "$peer" "$round" first "$took"
		done
	done
}

# reads WORKLOAD TITLE USERS PATH STATUS
reads() {
	wanted "$1" || return 0
	title "$1" "$2"
	make_seed "$3"
	make_answers "$3" "$4" "$([[ $5 != 304 ]] || echo '*')"
	with_peers "$1" get "$3" measure_peak get "$4" 32 "$5"
}

creates() {
	wanted "create-$1" || return 0
	title "create-$1" "POST /create-user, $1 client$([[ $1 == 1 ]] || echo s)"
	with_peers "create-$1" create 1000 measure_peak create /users "$1" 200
}

wanted() {
	[[ -z ${only-} || " $only " == *" $1 "* ]]
}

measure_workloads() {
	local clients

	reads home 'GET /, 1,000 users, 32 clients' 1000 / 200
	reads unchanged 'GET /users with the right ETag (304), 32 clients' 1000 /users 304
	reads users 'GET /users, 1,000 users, 32 clients' 1000 /users 200
	reads million "GET /users, $(grouped <<<"$many") users, 32 clients" "$many" /users 200
	make_answers 1000 /users
	for clients in 1 8 32 64 256; do
		creates "$clients"
	done
	if wanted mixed; then
		title mixed 'Nine GET /users to one POST /create-user, 32 clients'
		with_peers mixed create 1000 measure_peak mixed /users 32 200
	fi
	if wanted idle; then
		title idle "GET /users, 32 clients, beside $(grouped <<<"$idle") idle connections"
		with_peers idle get 1000 measure_idle
	fi
	if wanted paced; then
		title paced "GET /users, $(grouped <<<"$steady") a second"
		with_peers paced get 1000 measure_paced "$steady" get /users
	fi
	if wanted paced-creates; then
		title paced-creates "POST /create-user, $steady_creates a second"
		with_peers paced-creates create 1000 measure_paced "$steady_creates" create -
	fi
	if wanted beside; then
		title beside "GET /users, $(grouped <<<$((steady / 2))) a second, alone and beside $beside clients that create"
		with_peers beside create 1000 measure_beside create_at_most
	fi
	if wanted beside-steady; then
		title beside-steady "GET /users, $(grouped <<<$((steady / 2))) a second, alone and beside $(grouped <<<"$beside_creates") creates a second"
		with_peers beside-steady create 1000 measure_beside create_steadily
	fi
	! wanted start || measure_starts
}

measure_side_by_side() {
	build
	find_peers
	build_peers
	name_assets
	make_directories
	results=$files/results.tsv
	describe_run
	start_nginx
	make_seed 1000
	measure_workloads
	end nginx QUIT
	mv -- "$results" "$build/results.tsv"
}
