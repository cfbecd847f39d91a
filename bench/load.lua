-- What wrk sends. In the environment: BENCH_KIND is get, create, or mixed (a create for nine gets), BENCH_HOST the host,
-- BENCH_PATH what is got, BENCH_ETAG what the client has of it, and BENCH_PREFIX what no other load's names begin with.
-- Prints the number of answers, the seconds it took, and the number of errors.

local kind = os.getenv("BENCH_KIND")
local host = os.getenv("BENCH_HOST")
local prefix = os.getenv("BENCH_PREFIX")
local etag = os.getenv("BENCH_ETAG") or ""

local get = "GET " .. os.getenv("BENCH_PATH") .. " HTTP/1.1\r\nHost: " .. host .. "\r\n"
if etag ~= "" then
	get = get .. "If-None-Match: " .. etag .. "\r\n"
end
get = get .. "\r\n"

local create_head = "POST /create-user HTTP/1.1\r\nHost: " .. host
	.. "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
local number = 0
local turn = 0

local function create()
	number = number + 1
	local body = "username=" .. prefix .. "-" .. number
	return create_head .. #body .. "\r\n\r\n" .. body
end

local requests = {
	get = function() return get end,
	create = create,
	mixed = function()
		turn = turn + 1
		if turn % 10 == 0 then
			return create()
		end
		return get
	end,
}
request = requests[kind]

function done(summary, latency, _)
	local errors = summary.errors
	io.write(string.format("result %d %.6f %d\n", summary.requests, summary.duration / 1e6,
		errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
