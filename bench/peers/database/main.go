// The peer in Go with its users in PostgreSQL: net/http/fcgi of the standard library and pgx with its pool, a transaction for
// each sign-up, in the schema of Rollcall.
//
//	go-database ADDRESS SOCKET
package main

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const takeNumber = `UPDATE rollcall.state SET next_number = next_number + 1, users = users + 1, version = version + 1,
newest = next_number, revision = $1, changed = greatest(changed, $2) WHERE id = 1 RETURNING next_number - 1, changed`

const insertUser = `INSERT INTO rollcall.users (number, created, key, name) VALUES ($1, $2, $3, $4)`

const insertWord = `INSERT INTO rollcall.words (form, text, rank, number, shared) VALUES (0, $1, $2, $3, 0)`

type site struct {
	pool *pgxpool.Pool
}

// A user with the words of the name, or nothing of it.
func (s *site) store(name string) (number int64, err error) {
	ctx := context.Background()
	now := time.Now().UnixMilli()
	key := strings.ToLower(name)

	err = s.pool.BeginFunc(ctx, func(tx pgx.Tx) error {
		var created int64
		if err := tx.QueryRow(ctx, takeNumber, now, now).Scan(&number, &created); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		batch.Queue(insertUser, number, created, []byte(key), name)
		words := strings.ReplaceAll(key, "-", " ")
		for offset := 0; ; {
			batch.Queue(insertWord, []byte(words[offset:]), offset*2, number)
			step := strings.IndexByte(words[offset:], ' ')
			if step < 0 {
				break
			}
			offset += step + 1
		}
		return tx.SendBatch(ctx, batch).Close()
	})
	return number, err
}

func (s *site) create(w http.ResponseWriter, r *http.Request) {
	var refused *pgconn.PgError

	number, err := s.store(strings.TrimSpace(r.PostFormValue("username")))
	switch {
	case err == nil:
		w.Header().Set("Location", "/users?created="+strconv.FormatInt(number, 10))
		w.WriteHeader(http.StatusSeeOther)
	case errors.As(err, &refused) && refused.Code == "23505":
		http.Error(w, "That name is taken.", http.StatusConflict)
	default:
		log.Print(err)
		http.Error(w, "Temporarily unavailable", http.StatusServiceUnavailable)
	}
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: go-database ADDRESS SOCKET")
	}
	pool, err := pgxpool.Connect(context.Background(), os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("unix", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/create-user", (&site{pool}).create)
	log.Fatal(fcgi.Serve(listener, mux))
}
