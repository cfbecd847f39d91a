package main

import (
	"strconv"
	"sync/atomic"
	"time"
)

// What there is to be shown at a time: the users, and how long ago things were, which pages say by the minute.
type version struct {
	users  int
	minute int64
}

func versionAt(users int, now time.Time) version {
	return version{users, now.Unix() / 60}
}

func (v version) String() string {
	return strconv.Itoa(v.users) + "-" + strconv.FormatInt(v.minute, 10)
}

type renderedPage struct {
	version version
	body    []byte
}

// A page as it was rendered last, for everybody who asks until there is something else to be shown. Those who find it
// outdated at once render it each, and the last one's is kept: any shows the version that it says.
type keptPage struct {
	last atomic.Pointer[renderedPage]
}

func (k *keptPage) get(v version, render func() []byte) []byte {
	if last := k.last.Load(); last != nil && last.version == v {
		return last.body
	}
	page := &renderedPage{v, render()}
	k.last.Store(page)
	return page.body
}
