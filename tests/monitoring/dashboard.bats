#!/usr/bin/env bats
# What packaging/monitoring/ has for Prometheus and Grafana: it is valid, the alerts fire when they have to, and every metric that is
# named there is one that GET /metrics has.

# shellcheck source=../support/shell/http.bash
source "$BATS_TEST_DIRNAME/../support/shell/http.bash"

monitoring=$ROLLCALL_ROOT/packaging/monitoring

setup() {
	prepare
}

teardown() {
	finish
}

@test "the rules are valid" {
	promtool check rules "$monitoring/rollcall.rules.yml"
	promtool check config "$monitoring/prometheus.yml"
}

@test "each alert fires when it has to, and not when it must not" {
	local alert

	promtool test rules "$BATS_TEST_DIRNAME/rules_test.yml"
	while read -r alert; do
		grep -q -F "name: $alert fires" "$BATS_TEST_DIRNAME/rules_test.yml" || fail "no test has $alert firing"
		grep -q -F "name: $alert is quiet" "$BATS_TEST_DIRNAME/rules_test.yml" || fail "no test has $alert quiet"
	done < <(sed -n 's/.*- alert: //p' "$monitoring/rollcall.rules.yml")
}

# Grafana puts values in place of its variables; promtool knows the language behind them.
# shellcheck disable=SC2016 # the variables are Grafana's
expressions() {
	jq -r '.. | .expr? // empty' "$monitoring/grafana-dashboard.json" |
		sed -e 's/\$__rate_interval/5m/g' -e 's/\$instance/.+/g'
}

# shellcheck disable=SC2016
@test "the dashboard is valid, and every expression of it can be read" {
	jq --exit-status '.title == "Rollcall" and .uid == "rollcall" and .schemaVersion > 30' "$monitoring/grafana-dashboard.json"
	# Each panel has a place, says what it shows, and asks the data source that is chosen.
	jq --exit-status '[.panels[] | select(.type != "row")] | length > 20 and all(.title != "" and .description != "" and
		.gridPos.x + .gridPos.w <= 24 and all(.targets[]; .datasource.uid == "${datasource}"))' "$monitoring/grafana-dashboard.json"
	[[ $(jq '[.panels[].id] | length == (unique | length)' "$monitoring/grafana-dashboard.json") == true ]]
	expressions >"$dir/expressions"
	[[ $(wc -l <"$dir/expressions") -gt 40 ]]
	! grep -F '$' "$dir/expressions" || fail 'a variable that is not known'
	jq -R '{record: "panel:\(input_line_number)", expr: .}' "$dir/expressions" | jq -s '{groups: [{name: "dashboard", rules: .}]}' \
		>"$dir/expressions.json"
	promtool check rules "$dir/expressions.json"
}

@test "every metric that is named is there" {
	local name

	start_rollcall
	start_nginx
	post username=Ada
	request /users
	request /metrics
	sed -n -E '/^[^#]/s/^([a-z_]+).*/\1/p' "$dir/body" | sort -u >"$dir/there"
	{
		expressions
		cat -- "$monitoring/rollcall.rules.yml"
	} | grep -o -E '\b(rollcall|process)_[a-z_]+' | grep -v '^rollcall_watcher$' | sort -u >"$dir/named"
	[[ $(wc -l <"$dir/named") -gt 30 ]]
	for name in $(<"$dir/named"); do
		grep -q -x "$name" "$dir/there" || fail "$name is not in GET /metrics"
	done
}

# And operators find each in the document.
@test "every metric is documented" {
	local name

	start_rollcall
	start_nginx
	request /metrics
	while read -r name; do
		grep -q -F "\`$name" "$ROLLCALL_ROOT/docs/operate.md" || fail "docs/operate.md does not have $name"
	done < <(sed -n -E 's/^# TYPE ([a-z_]+) .*/\1/p' "$dir/body")
}
