package main

import (
	"bufio"
	"errors"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode"
)

const (
	page      = 50
	printSize = 5000 // users on a page to print
	latest    = 5
)

var errTaken = errors.New("taken")

type user struct {
	number int
	time   string
	name   string
}

type creation struct {
	user user
	done chan error
}

// Users are in memory and in a file. One goroutine writes: whoever comes while it does is in the next group, for which
// there is one write and one fdatasync.
type store struct {
	file   *os.File
	coming chan *creation

	mutex   sync.RWMutex
	users   []user
	letters map[rune]struct{}   // that words of names begin with
	keys    map[string]struct{} // of all users, and of those on their way to the disk
}

func keyOf(name string) string {
	return strings.ToLower(name)
}

func openStore(path string) (*store, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o640)
	if err != nil {
		return nil, err
	}
	s := &store{file: file, coming: make(chan *creation, 4096), keys: map[string]struct{}{}, letters: map[rune]struct{}{}}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.SplitN(lines.Text(), "\t", 3)
		number, err := strconv.Atoi(fields[0])
		if err != nil || len(fields) != 3 {
			return nil, errors.New("not a line of the file: " + lines.Text())
		}
		s.add(user{number, fields[1], fields[2]})
		s.keys[keyOf(fields[2])] = struct{}{}
	}
	if lines.Err() != nil {
		return nil, lines.Err()
	}
	go s.write()
	return s, nil
}

func (s *store) add(u user) {
	s.users = append(s.users, u)
	inWord := false
	for _, c := range u.name {
		is := unicode.In(c, unicode.L, unicode.M, unicode.N)
		if is && !inWord {
			s.letters[unicode.ToUpper(c)] = struct{}{}
		}
		inWord = is
	}
}

// In order.
func (s *store) firstLetters() []rune {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	letters := make([]rune, 0, len(s.letters))
	for c := range s.letters {
		letters = append(letters, c)
	}
	sort.Slice(letters, func(i, j int) bool { return letters[i] < letters[j] })
	return letters
}

func (s *store) count() int {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	return len(s.users)
}

// The newest users, newest last, and how many there are. Users never change, so the slice can be shared.
func (s *store) newest(most int) ([]user, int) {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	total := len(s.users)
	if total <= most {
		return s.users[:total:total], total
	}
	return s.users[total-most : total : total], total
}

func (s *store) create(name string) (int, error) {
	key := keyOf(name)
	s.mutex.Lock()
	if _, taken := s.keys[key]; taken {
		s.mutex.Unlock()
		return 0, errTaken
	}
	s.keys[key] = struct{}{}
	s.mutex.Unlock()

	c := &creation{user: user{name: name}, done: make(chan error, 1)}
	s.coming <- c
	err := <-c.done
	if err != nil {
		s.mutex.Lock()
		delete(s.keys, key)
		s.mutex.Unlock()
	}
	return c.user.number, err
}

// The first who comes, and all who are there by then.
func (s *store) group() []*creation {
	group := []*creation{<-s.coming}
	for {
		select {
		case c := <-s.coming:
			group = append(group, c)
		default:
			return group
		}
	}
}

func (s *store) write() {
	var lines []byte
	for {
		group := s.group()
		now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
		number := len(s.users) // nobody else appends
		lines = lines[:0]
		for _, c := range group {
			number++
			c.user.number = number
			c.user.time = now
			lines = strconv.AppendInt(lines, int64(number), 10)
			lines = append(lines, '\t')
			lines = append(lines, now...)
			lines = append(lines, '\t')
			lines = append(lines, c.user.name...)
			lines = append(lines, '\n')
		}
		_, err := s.file.Write(lines)
		if err == nil {
			err = syscall.Fdatasync(int(s.file.Fd()))
		}
		s.end(group, err)
	}
}

func (s *store) end(group []*creation, err error) {
	if err == nil {
		s.mutex.Lock()
		for _, c := range group {
			s.add(c.user)
		}
		s.mutex.Unlock()
	}
	for _, c := range group {
		c.done <- err
	}
}
