// The peer in Go: net/http/fcgi of the standard library, users in memory, group commit.
//
//	go-peer FILE SOCKET
//
// FILE holds a user a line: number, time and name, separated by tabs. In the environment, PEER_ICON is the icon;
// PEER_STYLE, PEER_TOUCH_ICON, PEER_FORM and PEER_LIVE say where the other assets are.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const mostBody = 49152

var username = regexp.MustCompile(`^[\p{L}\p{M}\p{N}]+(?:[ ._-][\p{L}\p{M}\p{N}]+)*$`)

type site struct {
	store     *store
	boot      string
	homePage  keptPage
	usersPage keptPage
}

func send(w http.ResponseWriter, status int, body []byte) {
	headers := w.Header()
	headers.Set("Content-Type", "text/html; charset=utf-8")
	if status < 400 {
		headers.Set("Cache-Control", "no-cache")
	} else {
		headers.Set("Cache-Control", "no-store")
	}
	headers.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	w.Write(body)
}

func (s *site) home(w http.ResponseWriter, r *http.Request) {
	newest, total := s.store.newest(latest)
	now := time.Now()
	send(w, http.StatusOK, s.homePage.get(versionAt(total, now), func() []byte {
		return homePage(total, newest, now, "", "")
	}))
}

func (s *site) users(w http.ResponseWriter, r *http.Request) {
	newest, total := s.store.newest(page)
	now := time.Now()
	version := versionAt(total, now)
	etag := fmt.Sprintf(`W/"%s-%s"`, s.boot, version)
	w.Header().Set("ETag", etag)
	if r.Header.Get("If-None-Match") == etag {
		w.Header().Set("Cache-Control", "no-cache")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	send(w, http.StatusOK, s.usersPage.get(version, func() []byte {
		return listPage(newest, s.store.firstLetters(), total, now)
	}))
}

// What is wrong with a name is said on the page it was sent from.
func (s *site) refuse(w http.ResponseWriter, status int, name, problem string) {
	send(w, status, homePage(s.store.count(), nil, time.Time{}, name, problem))
}

func (s *site) create(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, mostBody)
	if r.ParseForm() != nil {
		send(w, http.StatusBadRequest, problemPage("Bad request"))
		return
	}
	name := strings.TrimSpace(r.PostForm.Get("username"))
	if !username.MatchString(name) || utf8.RuneCountInString(name) > 64 {
		s.refuse(w, http.StatusUnprocessableEntity, name, "That is not a username.")
		return
	}
	number, err := s.store.create(name)
	switch err {
	case nil:
		w.Header().Set("Location", "/users?created="+strconv.Itoa(number))
		send(w, http.StatusSeeOther, nil)
	case errTaken:
		s.refuse(w, http.StatusConflict, name, "That name is taken.")
	default:
		send(w, http.StatusServiceUnavailable, problemPage("Temporarily unavailable"))
	}
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	headers := w.Header()
	headers.Set("Vary", "Accept")
	headers.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self' data:; "+
		"script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	headers.Set("X-Content-Type-Options", "nosniff")
	headers.Set("Referrer-Policy", "same-origin")
	switch {
	case r.URL.Path == "/" && r.Method == http.MethodGet:
		s.home(w, r)
	case r.URL.Path == "/users" && r.Method == http.MethodGet:
		s.users(w, r)
	case r.URL.Path == "/create-user" && r.Method == http.MethodPost:
		s.create(w, r)
	default:
		send(w, http.StatusNotFound, problemPage("Not found"))
	}
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: go-peer FILE SOCKET")
	}
	store, err := openStore(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	boot := strconv.FormatInt(time.Now().UnixNano(), 16)
	log.Fatal(fcgi.Serve(listener, &site{store: store, boot: boot}))
}
