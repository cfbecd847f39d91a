package main

import (
	"html"
	"strconv"
	"strings"
)

var months = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

func layoutPage(title, page string, main func(out *strings.Builder)) string {
	var out strings.Builder
	out.Grow(8192)
	out.WriteString(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>`)
	out.WriteString(title)
	out.WriteString(` – Rollcall</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<header class="site"><a class="brand" href="/">Rollcall</a><nav aria-label="Site"><a href="/"`)
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
<footer>Rollcall, a sign-up sheet that never loses a name.</footer>
</body>
</html>
`)
	return out.String()
}

func writeCount(out *strings.Builder, users int) {
	out.WriteString(`<strong class="count">`)
	out.WriteString(strconv.Itoa(users))
	if users == 1 {
		out.WriteString(` user</strong>`)
	} else {
		out.WriteString(` users</strong>`)
	}
}

func homePage(users int, typed, problem string) string {
	title, field := "Sign up", "field"
	if problem != "" {
		title, field = "Error: Sign up", "field invalid"
	}
	return layoutPage(title, "home", func(out *strings.Builder) {
		out.WriteString("<h1>Welcome to Rollcall</h1>\n<p class=\"lead\">")
		writeCount(out, users)
		out.WriteString(` have signed up. Put your name on <a href="/users">the list</a>.</p>
<form method="post" action="/create-user">
<div class="` + field + `">
<label for="username">Username</label>
<p class="hint" id="username-hint">1 to 64 letters and digits, with single spaces, dots, hyphens or underscores between them.</p>
`)
		if problem != "" {
			out.WriteString(`<p class="error" id="username-error"><span>Error:</span> ` + problem + "</p>\n")
		}
		out.WriteString(`<input id="username" name="username" type="text" required autocomplete="username" autocapitalize="none" spellcheck="false" dir="auto" aria-describedby="username-hint" value="`)
		out.WriteString(html.EscapeString(typed))
		out.WriteString(`">
<button type="submit">Sign up</button>
</div>
</form>
`)
	})
}

// 2026-11-24T03:41:41.123Z as 24 Nov 2026, 03:41 UTC.
func writeShown(out *strings.Builder, time string) {
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

func listPage(newest []user, total int) string {
	return layoutPage("Users", "users", func(out *strings.Builder) {
		out.WriteString("<h1>Users</h1>\n<p class=\"lead\">")
		writeCount(out, total)
		out.WriteString(", newest first.</p>\n<ol class=\"users\">\n")
		for i := len(newest) - 1; i >= 0; i-- {
			out.WriteString("<li><bdi>")
			out.WriteString(html.EscapeString(newest[i].name))
			out.WriteString(`</bdi> <time datetime="`)
			out.WriteString(newest[i].time)
			out.WriteString(`">`)
			writeShown(out, newest[i].time)
			out.WriteString("</time></li>\n")
		}
		out.WriteString("</ol>\n")
		if len(newest) < total {
			out.WriteString(`<nav class="pages" aria-label="Pages"><a rel="next" href="/users?before=`)
			out.WriteString(strconv.Itoa(newest[0].number))
			out.WriteString("\">Older</a></nav>\n")
		}
	})
}

func problemPage(title string) string {
	return layoutPage(title, "", func(out *strings.Builder) {
		out.WriteString("<h1>" + title + "</h1>\n")
	})
}
