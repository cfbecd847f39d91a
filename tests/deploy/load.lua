-- What wrk sends through nginx while the application is replaced: the list, the home page and a sign-up in turn, each
-- sign-up of another name. Every answer is written down, a line each, in the file DEPLOY_ANSWERS: its status, and the
-- number of the user who was created.

local number = 0
local turn = 0
local answers
local host = "Host: rollcall.test\r\n"
local gets = {
	[0] = "GET /users HTTP/1.1\r\n" .. host .. "\r\n",
	"GET / HTTP/1.1\r\n" .. host .. "\r\n",
}
local post = "POST /create-user HTTP/1.1\r\n" .. host
	.. "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "

function init()
	answers = assert(io.open(os.getenv("DEPLOY_ANSWERS"), "w"))
end

function request()
	turn = (turn + 1) % 3
	if turn < 2 then
		return gets[turn]
	end
	number = number + 1
	local body = "username=user-" .. number
	return post .. #body .. "\r\n\r\n" .. body
end

function response(status, headers)
	local created = (headers["Location"] or ""):match("created=(%d+)")
	answers:write(status, " ", created or "-", "\n")
end

function done(summary)
	local errors = summary.errors
	io.write(string.format("requests %d errors %d\n", summary.requests,
		errors.connect + errors.read + errors.write + errors.timeout))
end
