#!/usr/bin/env bats
# GET /metrics as monitoring sees it: promtool finds nothing to complain about, a strict reader of OpenMetrics neither, and
# Prometheus itself scrapes it.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

openmetrics='Accept: application/openmetrics-text; version=1.0.0'

setup() {
	prepare
	prometheus_pid=
}

teardown() {
	exec 9>&-
	stop_prometheus
	finish
}

# Also at an address of its own: Prometheus knows no sockets with a path.
change_site() {
	site_port=$(free_port)
	sed -i "s|^\tlisten .*|&\n\tlisten 127.0.0.1:$site_port;|" "$dir/rollcall.conf"
}

# serve_much [OPTION…]: so that there is something of everything.
serve_much() {
	local path

	start_rollcall "$@"
	start_nginx
	post username=Ada
	post username=ada
	post username=Bob
	post 'username=O"Brien'
	for path in / /users /users/1 /users/9 '/users?q=a' /nowhere '/"%5c' /users/print /readyz; do
		request "$path"
	done
	request --request BREW /users
	request --head /users
}

@test "promtool has nothing to complain about" {
	serve_much
	request /metrics
	expect_code 200
	expect_header Content-Type 'text/plain; version=0.0.4; charset=utf-8'
	run promtool check metrics <"$dir/body"
	[[ $status -eq 0 && -z $output ]] || fail "$output"
	expect_text $'\nrollcall_users 2\n'
	expect_text 'rollcall_requests_total{route="/users/{number}",method="GET",status="404"} 1'
	expect_text 'rollcall_requests_total{route="none",method="GET",status="404"} 2'
	expect_text 'rollcall_sign_ups_total{outcome="created"} 2'
	expect_no_text Ada
	expect_no_text nowhere
}

@test "a strict reader of OpenMetrics takes it" {
	serve_much
	request --header "$openmetrics" /metrics
	expect_code 200
	expect_header Content-Type 'application/openmetrics-text; version=1.0.0; charset=utf-8'
	"$BATS_TEST_DIRNAME/openmetrics.py" <"$dir/body" >"$dir/names"
	grep -q -x rollcall_requests_total "$dir/names"
	[[ $(tail -n 1 "$dir/body") == '# EOF' ]]
}

# The samples of both formats are the same; only their families are called otherwise.
@test "both formats have the same samples" {
	serve_much
	request /metrics
	sed -n 's/ [^ ]*$//; /^[^#]/p' "$dir/body" | sort >"$dir/text"
	request --header "$openmetrics" /metrics
	sed -n 's/ [^ ]*$//; /^[^#]/p' "$dir/body" | sort >"$dir/openmetrics"
	diff "$dir/text" "$dir/openmetrics" | grep -v -F 'route="/metrics"' | grep '^[<>]' && fail 'they differ'
	[[ $(wc -l <"$dir/text") -gt 200 ]]
}

# However many addresses are asked for.
@test "clients cannot make it grow" {
	local i before

	serve_much
	for i in 1 2; do
		request /metrics
	done
	before=$(grep -c . "$dir/body")
	for i in {1..20}; do
		request "/nowhere/$i"
		request "/users/$((i + 100))"
		request --request "BREW$i" "/$i"
		request --header "Accept: text/x$i" /metrics
	done
	request /metrics
	[[ $(grep -c . "$dir/body") -le $((before + 2)) ]] || fail "$before lines, then $(grep -c . "$dir/body")"
}

start_prometheus() {
	local port

	port=$(free_port)
	prometheus=http://127.0.0.1:$port
	sed -e "s|127\.0\.0\.1:80\"|127.0.0.1:$site_port\"|" -e "s|rollcall\.rules\.yml|$ROLLCALL_ROOT/packaging/monitoring/&|" \
		"$ROLLCALL_ROOT/packaging/monitoring/prometheus.yml" >"$dir/prometheus.yml"
	printf '%s\n' 'global:' '  scrape_interval: 1s' '  evaluation_interval: 1s' >>"$dir/prometheus.yml"
	: >"$dir/prometheus.log"
	attached prometheus --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/prometheus" --web.listen-address="127.0.0.1:$port" \
		</dev/null >"$dir/prometheus.out" 2>"$dir/prometheus.log" 3>&- &
	prometheus_pid=$!
	wait_for_line "$dir/prometheus.log" 'Server is ready to receive web requests' "$prometheus_pid"
}

stop_prometheus() {
	[[ -n $prometheus_pid ]] || return 0
	end_process "$prometheus_pid" TERM
	prometheus_pid=
}

# ask_prometheus QUERY: prints the value.
ask_prometheus() {
	curl --silent --show-error --max-time 30 --get --data-urlencode "query=$1" "$prometheus/api/v1/query" |
		jq -r '.data.result[0].value[1]'
}

@test "Prometheus scrapes it, and knows the alert rules" {
	serve_much
	start_prometheus
	# The third time it asks, it has kept what it got the first time.
	wait_for_line "$app_log" ' path=/metrics status=200 ' "$app_pid" 3
	[[ $(ask_prometheus 'up{job="rollcall"}') == 1 ]]
	[[ $(ask_prometheus rollcall_users) == 2 ]]
	[[ $(ask_prometheus 'rollcall_sign_ups_total{outcome="taken"}') == 1 ]]
	[[ $(ask_prometheus 'count(rollcall_store_sync_seconds_bucket)') == 17 ]]
	[[ $(ask_prometheus 'rollcall_build_info{version!=""}') == 1 ]]
	[[ $(ask_prometheus 'rollcall_store_sync_seconds_bucket{le="1.0"}') -ge 2 ]]
	# It takes OpenMetrics, where a counter is known by its family.
	[[ $(curl --silent "$prometheus/api/v1/targets/metadata?metric=rollcall_sign_ups" | jq -r '.data[0].type') == counter ]]
	[[ $(curl --silent "$prometheus/api/v1/targets" | jq -r '.data.activeTargets[] | .health + .lastError') == up ]]
	[[ $(curl --silent "$prometheus/api/v1/rules" | jq '[.data.groups[].rules[] | select(.health == "err")] | length') -eq 0 ]]
	[[ $(curl --silent "$prometheus/api/v1/rules" | jq '[.data.groups[].rules[]] | length') -gt 10 ]]
	[[ $(curl --silent "$prometheus/api/v1/alerts" | jq -c '[.data.alerts[] | select(.state == "firing")]') == '[]' ]]
}

@test "a list that cannot be written: metrics go on, and say so" {
	serve_much
	mv "$dir/data/users.log" "$dir/data/elsewhere"
	post username=Cyd
	expect_code 503
	request /metrics
	expect_text $'\nrollcall_store_ready 0\n'
	expect_text $'\nrollcall_store_failing 1\n'
	expect_text 'rollcall_sign_ups_total{outcome="unavailable"} 1'
	mv "$dir/data/elsewhere" "$dir/data/users.log"
}

@test "in a CGI process of its own: of that process" {
	GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET PATH_INFO=/metrics ROLLCALL_DATA=$dir/data "$ROLLCALL" >"$dir/answer" 2>"$dir/cgi.log"
	sed '1,/^\r$/d' "$dir/answer" >"$dir/body"
	promtool check metrics <"$dir/body"
}

# A disk that the test holds, and then one that takes 120 ms longer than it does.
@test "a slow disk is seen while it is slow, and afterwards" {
	local client

	mkdir "$dir/faults"
	export FAULTY_DISK=$dir/faults ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-}
	LD_PRELOAD=$FAULTY_DISK_LIBRARY start_rollcall
	start_nginx
	mkfifo "$dir/faults/hold"
	curl --silent --max-time 60 --unix-socket "$dir/http.sock" --output /dev/null --data username=Ada http://rollcall.test/create-user 3>&- &
	client=$!
	exec 9>"$dir/faults/hold" # fdatasync has begun
	rm "$dir/faults/hold"
	request /metrics
	expect_text $'\nrollcall_store_changes_writing 1\n'
	expect_text $'\nrollcall_users 0\n'
	expect_text $'\nrollcall_store_batch_size_count 1\n'
	expect_text $'\nrollcall_store_sync_seconds_count 0\n'
	exec 9>&-
	wait "$client"
	echo 120 >"$dir/faults/slow"
	post username=Bob
	expect_code 303
	request /metrics
	expect_text $'\nrollcall_store_changes_writing 0\n'
	expect_text $'\nrollcall_users 2\n'
	expect_text $'\nrollcall_store_sync_seconds_count 2\n'
	[[ $(value 'rollcall_store_sync_seconds_bucket{le="+Inf"}') -gt $(value 'rollcall_store_sync_seconds_bucket{le="0.1"}') ]]
	[[ $(value rollcall_store_sync_seconds_sum) == 0.[1-9]* ]]
	[[ $(value rollcall_store_write_seconds_sum) == 0.0* ]]
}

# value SAMPLE: of the last answer.
value() {
	awk -v name="$1" '$1 == name { print $2 }' "$dir/body"
}
