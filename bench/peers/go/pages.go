package main

import (
	"bytes"
	"html"
	"os"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// The icon, and where the other assets are, which have fingerprints in their names.
var (
	styleAsset     = os.Getenv("PEER_STYLE")
	iconAsset      = os.Getenv("PEER_ICON")
	touchIconAsset = os.Getenv("PEER_TOUCH_ICON")
	formAsset      = os.Getenv("PEER_FORM")
	liveAsset      = os.Getenv("PEER_LIVE")
)

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

// An error is no page to link to.
func writePreview(out *bytes.Buffer, title, page string) {
	if page == "" {
		return
	}
	out.WriteString(`<link rel="apple-touch-icon" href="` + touchIconAsset + `">
<meta property="og:type" content="website">
<meta property="og:site_name" content="Sign-up sheet">
<meta property="og:title" content="`)
	out.WriteString(strings.TrimSuffix(title, " – Sign-up sheet"))
	out.WriteString(`">
<meta property="og:description" content="A sign-up sheet: put your name on the list, and see who else is on it.">
`)
}

func layoutPage(title, page string, main func(out *bytes.Buffer)) []byte {
	var out bytes.Buffer
	out.Grow(16384)
	out.WriteString(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="A sign-up sheet: put your name on the list, and see who else is on it.">
<title>`)
	out.WriteString(title)
	out.WriteString(`</title>
<link rel="stylesheet" href="` + styleAsset + `">
<link rel="icon" href="` + iconAsset + `" type="image/svg+xml">
`)
	if page == "home" {
		out.WriteString(`<script type="module" src="` + formAsset + "\"></script>\n")
	}
	if page == "users" {
		out.WriteString(`<script type="module" src="` + liveAsset + "\"></script>\n")
	}
	writePreview(&out, title, page)
	out.WriteString(`</head>
<body>
<header class="site"><a class="brand" href="/"><bdi>Sign-up sheet</bdi></a><nav aria-label="Site"><a href="/"`)
	if page == "home" {
		out.WriteString(` aria-current="page"`)
	}
	out.WriteString(`>Sign up</a> <a href="/users"`)
	if page == "users" {
		out.WriteString(` aria-current="page"`)
	}
	out.WriteString(`>Users</a></nav></header>
<main>
`)
	main(&out)
	out.WriteString(`</main>
<footer>
<p>Rollcall, a sign-up sheet that never loses a name.</p>
</footer>
</body>
</html>
`)
	return out.Bytes()
}

// 10,000, as for people.
func writeGrouped(out *bytes.Buffer, number int) {
	digits := strconv.Itoa(number)
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteRune(digit)
	}
}

func writeCount(out *bytes.Buffer, users int) {
	out.WriteString(`<strong class="count">`)
	writeGrouped(out, users)
	if users == 1 {
		out.WriteString(` user</strong>`)
	} else {
		out.WriteString(` users</strong>`)
	}
}

// 2026-11-24T03:41:41.123Z as 24 Nov 2026, 03:41 UTC.
func writeDate(out *bytes.Buffer, time string) {
	month, _ := strconv.Atoi(time[5:7])
	out.WriteString(strings.TrimPrefix(time[8:10], "0"))
	out.WriteByte(' ')
	out.WriteString(months[month-1])
	out.WriteByte(' ')
	out.WriteString(time[:4])
	out.WriteString(", ")
	out.WriteString(time[11:16])
	out.WriteString(" UTC")
}

func writeAgo(out *bytes.Buffer, age, unit time.Duration, name string) {
	units := int64(age / unit)
	out.WriteString(strconv.FormatInt(units, 10))
	out.WriteString(" " + name)
	if units != 1 {
		out.WriteByte('s')
	}
	out.WriteString(" ago")
}

func writeRelative(out *bytes.Buffer, text string, now time.Time) {
	created, _ := time.Parse(time.RFC3339, text)
	age := now.Sub(created)
	switch {
	case age < time.Minute:
		out.WriteString("just now")
	case age < time.Hour:
		writeAgo(out, age, time.Minute, "minute")
	case age < day:
		writeAgo(out, age, time.Hour, "hour")
	case age < 7*day:
		writeAgo(out, age, day, "day")
	default:
		writeDate(out, text)
	}
}

// Users come newest last, and are shown newest first.
func writeRows(out *bytes.Buffer, users []user, now time.Time) {
	for i := len(users) - 1; i >= 0; i-- {
		out.WriteString(`<li id="user-`)
		out.WriteString(strconv.Itoa(users[i].number))
		out.WriteString(`"><a href="/users/`)
		out.WriteString(strconv.Itoa(users[i].number))
		out.WriteString(`"><bdi>`)
		out.WriteString(html.EscapeString(users[i].name))
		out.WriteString(`</bdi></a> <time datetime="`)
		out.WriteString(users[i].time)
		out.WriteString(`" title="`)
		writeDate(out, users[i].time)
		out.WriteString(`">`)
		writeRelative(out, users[i].time, now)
		out.WriteString("</time></li>\n")
	}
}

func writeLatest(out *bytes.Buffer, latest []user, now time.Time) {
	out.WriteString(`<section class="latest" aria-labelledby="latest">
<h2 id="latest">Latest</h2>
<ol class="users">
`)
	writeRows(out, latest, now)
	out.WriteString(`</ol>
<p><a href="/users">See all users</a></p>
</section>
`)
}

func homePage(users int, latest []user, now time.Time, typed, problem string) []byte {
	title, field := "Sign-up sheet", "field"
	if problem != "" {
		title, field = "Error: Sign up – Sign-up sheet", "field invalid"
	}
	return layoutPage(title, "home", func(out *bytes.Buffer) {
		out.WriteString("<h1><bdi>Sign-up sheet</bdi></h1>\n<p class=\"lead\">")
		writeCount(out, users)
		out.WriteString(` have signed up. Put your name on <a href="/users">the list</a>.</p>
<form method="post" action="/create-user">
<div class="` + field + `">
<label for="username">Your name</label>
<p class="hint" id="username-hint">Up to 64 letters and digits, with spaces, hyphens, apostrophes, full stops or underscores.</p>
`)
		if problem != "" {
			out.WriteString(`<p class="error" id="username-error"><span>Error:</span> ` + problem + "</p>\n")
		}
		out.WriteString(`<input id="username" name="username" type="text" required maxlength="128" autocomplete="name" autocapitalize="words" spellcheck="false" dir="auto" aria-describedby="username-hint" value="`)
		out.WriteString(html.EscapeString(typed))
		out.WriteString(`">
<button type="submit">Sign up</button>
</div>
</form>
`)
		if len(latest) > 0 {
			writeLatest(out, latest, now)
		}
	})
}

func listPage(newest []user, letters []rune, total int, now time.Time) []byte {
	return layoutPage("Users – Sign-up sheet", "users", func(out *bytes.Buffer) {
		out.WriteString(`<h1>Users</h1>
<p class="visually-hidden" role="status" data-live-status></p>
<form role="search" class="search" action="/users" method="get">
<label for="q">Find a name</label>
<input id="q" name="q" type="search" autocomplete="off" autocapitalize="none" spellcheck="false" dir="auto" value="">
<button type="submit">Search</button>
</form>
<p class="lead">`)
		if len(newest) < total {
			out.WriteString("1 to ")
			writeGrouped(out, len(newest))
			out.WriteString(" of ")
		}
		writeCount(out, total)
		out.WriteString(", newest first.</p>\n<ol class=\"users\" data-live=\"/users/events?after=")
		out.WriteString(strconv.Itoa(total))
		out.WriteString(`" data-most="`)
		out.WriteString(strconv.Itoa(page))
		out.WriteString("\">\n")
		writeRows(out, newest, now)
		out.WriteString("</ol>\n")
		if len(newest) < total {
			out.WriteString(`<nav class="pages" aria-label="Pages"><a rel="next" href="/users?before=`)
			out.WriteString(strconv.Itoa(newest[0].number))
			out.WriteString("\">Older</a> <a href=\"/users?after=0\">Oldest</a></nav>\n")
			out.WriteString(`<nav class="letters" aria-labelledby="letters"><h2 id="letters">By letter</h2>`)
			for _, letter := range letters {
				out.WriteString(` <a href="/users?q=` + string(letter) + `">` + string(letter) + "</a>")
			}
			out.WriteString("</nav>\n")
		}
		out.WriteString("<p class=\"print\"><a href=\"/users/print\">")
		if total <= printSize {
			out.WriteString("Print the whole list")
		} else {
			out.WriteString("Print the list, ")
			writeGrouped(out, printSize)
			out.WriteString(" users a page")
		}
		out.WriteString("</a></p>\n")
	})
}

func problemPage(title string) []byte {
	return layoutPage(title+" – Sign-up sheet", "", func(out *bytes.Buffer) {
		out.WriteString("<h1>" + title + "</h1>\n")
	})
}
